"""What every `metric_*` method takes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

from . import _checks
from ._checks import Fault, plays, text, wrong_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch

    from .errors import Violation


class MetricOptions(TypedDict, total=False):
    """The keywords of CloudWatch's own `MetricOptions`, passed on to `aws_cloudwatch.Metric` as they are."""

    account: str | None
    """Account that the metric comes from. Default: that of the stage."""
    color: str | None
    """Colour in a graph, as `#rrggbb`."""
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


_LONGEST_DIMENSION = 255
_MOST_DIMENSIONS = 30
_MINUTE = 60
_BELOW_A_MINUTE = (1, 5, 10, 30)


def faults_of(options: MetricOptions) -> Iterator[Fault]:
    """What CDK would refuse of the keywords, which is more than CloudWatch itself would."""
    dimensions = cast("object", options.get("dimensions_map"))
    if isinstance(dimensions, Mapping):
        yield from _dimension_faults(cast("Mapping[object, object]", dimensions))
    elif dimensions is not None:
        yield wrong_type("dimensions_map", dimensions, "a dict of names and values", rule="dimensions")
    yield from _period_faults(options.get("period"))


def validate_options(options: MetricOptions) -> list[Violation]:
    """The same, as violations."""
    return [_checks._violation(fault) for fault in faults_of(options)]


def _dimension_faults(dimensions: Mapping[object, object]) -> Iterator[Fault]:
    for name, value in dimensions.items():
        yield from text("dimensions_map", name, rule="dimensions", least=1, most=_LONGEST_DIMENSION)
        yield from text(f'dimensions_map["{name}"]', value, rule="dimensions", least=1, most=_LONGEST_DIMENSION)
    if len(dimensions) > _MOST_DIMENSIONS:
        yield Fault(
            rule="dimensions",
            prop="dimensions_map",
            value=len(dimensions),
            problem=f"must hold at most {_MOST_DIMENSIONS} dimensions",
            remedy=f"remove {len(dimensions) - _MOST_DIMENSIONS} of them",
        )


def _period_faults(period: object) -> Iterator[Fault]:
    if period is None:
        return
    if not plays(period, "to_seconds"):
        yield wrong_type("period", period, "a Duration", rule="period", remedy="write Duration.minutes(5)")
        return
    known = cast("Duration", period)
    seconds = None if known.is_unresolved() else known.to_seconds(integral=False)
    if seconds is None or not (seconds in _BELOW_A_MINUTE or (seconds >= _MINUTE and seconds % _MINUTE == 0)):
        yield Fault(
            rule="period",
            prop="period",
            value=period if seconds is None else f"{seconds:g} seconds",
            problem="must be a whole number of minutes, or 1, 5, 10 or 30 seconds",
            remedy="write Duration.minutes(5) for instance",
        )


_Method = TypeVar("_Method", bound="Callable[..., Any]")


def takes_metric_options(method: _Method) -> _Method:
    """Name each option in the signature of a method: of a call from JavaScript, jsii hands over what is named."""
    signature = inspect.signature(method)
    named = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in MetricOptions.__annotations__.items()
    ]
    vars(method)["__signature__"] = signature.replace(parameters=[*named, *options])
    return method
