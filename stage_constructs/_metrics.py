"""What every `metric_*` method takes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch


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
