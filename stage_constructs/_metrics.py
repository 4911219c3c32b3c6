"""What every `metric_*` method takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, cast

from ._arguments import has_member, native_enum, text, violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch

    from .errors import Violation


class MetricOptions(TypedDict, total=False):
    """The keywords of CloudWatch's own `MetricOptions`, passed on to `aws_cloudwatch.Metric` as they are."""

    account: str | None
    """Account that the metric comes from. Default: that of the stage."""
    color: str | None
    """Color in a graph, as `#rrggbb`."""
    dimensions_map: Mapping[str, str] | None
    """Dimensions in place of the stage's own."""
    id: str | None
    """Identifier in metric math."""
    label: str | None
    """Label in a graph."""
    period: Duration | None
    """Period over which the statistic is taken, in whole minutes. Default: five minutes."""
    region: str | None
    """Region that the metric comes from. Default: that of the stage."""
    stack_account: str | None
    """Account of the stack that uses the metric."""
    stack_region: str | None
    """Region of the stack that uses the metric."""
    statistic: str | None
    """Statistic, such as `Average`, `Sum` or `p99`. Default: that of the metric."""
    unit: cloudwatch.Unit | None
    """Unit that the data points must have. Default: all of them."""
    visible: bool | None
    """Whether the metric is drawn in a graph. Default: True."""


_TEXTS = ("account", "color", "id", "label", "region", "stack_account", "stack_region", "statistic")
_MAX_DIMENSION = 255
_MAX_DIMENSIONS = 30
_MINUTE = 60
_BELOW_A_MINUTE = (1, 5, 10, 30)


def validate_options(options: MetricOptions) -> Iterator[Violation]:
    """What CDK would refuse of the keywords, which is more than CloudWatch itself would."""
    dimensions = cast("object", options.get("dimensions_map"))
    if isinstance(dimensions, Mapping):
        yield from _validate_dimensions(cast("Mapping[object, object]", dimensions))
    elif dimensions is not None:
        problem, fix = "must be a dict of names and values", "write such a dict"
        yield violation("dimensions", "dimensions_map", dimensions, problem, fix)
    yield from _validate_period(options.get("period"))
    for name in _TEXTS:
        value = options.get(name)
        if value is not None and not isinstance(value, str):
            yield violation("metricOptions", name, value, "must be a string", "write a text")
    visible, unit = cast("object", options.get("visible")), options.get("unit")
    if not isinstance(visible, (bool, type(None))):
        yield violation("metricOptions", "visible", visible, "must be True or False", "write one of them")
    if unit is not None:
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415  heavy, and wanted by few stages

        yield from native_enum("unit", unit, cloudwatch.Unit.COUNT, "cloudwatch.", rule="metricOptions")


def _validate_dimensions(dimensions: Mapping[object, object]) -> Iterator[Violation]:
    for name, value in dimensions.items():
        yield from text("dimensions_map", name, _MAX_DIMENSION, rule="dimensions")
        yield from text(f'dimensions_map["{name}"]', value, _MAX_DIMENSION, rule="dimensions")
    if len(dimensions) > _MAX_DIMENSIONS:
        problem, fix = f"must hold at most {_MAX_DIMENSIONS} dimensions", "remove some"
        yield violation("dimensions", "dimensions_map", len(dimensions), problem, fix)


def _validate_period(period: object) -> Iterator[Violation]:
    if period is None:
        return
    if not has_member(period, "to_seconds"):
        yield violation("period", "period", period, "must be a Duration", "write Duration.minutes(5)")
        return
    known = cast("Duration", period)
    seconds = None if known.is_unresolved() else known.to_seconds(integral=False)
    if seconds is None or not (seconds in _BELOW_A_MINUTE or (seconds >= _MINUTE and seconds % _MINUTE == 0)):
        problem = "must be a whole number of minutes, or 1, 5, 10 or 30 seconds"
        yield violation("period", "period", period, problem, "write Duration.minutes(5) for instance")
