"""Metrics of HTTP and WebSocket stages."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aws_cdk import aws_cloudwatch as cloudwatch

from .._arguments import text
from .._metrics import validate_options
from .._validation import report
from ._stage_attributes import StageAttributes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import aws_cdk as cdk
    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef

    from .._metrics import MetricOptions


def _named_metric(  # noqa: D417  a function to be a method
    self: StageMetrics,
    *,
    route: str | IRouteRef | None = None,
    account: str | None = None,
    color: str | None = None,
    dimensions_map: Mapping[str, str] | None = None,
    id: str | None = None,
    label: str | None = None,
    period: cdk.Duration | None = None,
    region: str | None = None,
    stack_account: str | None = None,
    stack_region: str | None = None,
    statistic: str | None = None,
    unit: cloudwatch.Unit | None = None,
    visible: bool | None = None,
) -> cloudwatch.Metric:
    """A CloudWatch metric of the stage.

    Args:
        route: Only this route, by key such as `GET /pets` or as construct. Default: all routes.
            There are metrics of each route only where `detailed_metrics_enabled` is set.
        account: Account that the metric comes from. Default: that of the stage.
        color: Color in a graph, as `#rrggbb`. Default: one that CloudWatch chooses.
        dimensions_map: Dimensions in place of the stage's own. Default: API and stage.
        id: Identifier in metric math. Default: none.
        label: Label in a graph. Default: the name of the metric.
        period: Period of the statistic, in whole minutes. Default: five minutes.
        region: Region that the metric comes from. Default: that of the stage.
        stack_account: Account of the stack that uses the metric. Default: that of the stage's stack.
        stack_region: Region of the stack that uses the metric. Default: that of the stage's stack.
        statistic: Statistic, such as `Average`, `Sum` or `p99`. Default: that of the metric.
        unit: Unit that the data points must have. Default: all of them.
        visible: Whether the metric is drawn in a graph. Default: True.
    """
    raise NotImplementedError(self)


_Method = TypeVar("_Method")


def _like(template: _Method) -> Callable[[str, str], _Method]:
    """A function that returns methods with the signature of a template.

    Type checkers, editors and, for calls from JavaScript, jsii read the keywords from that signature.
    """

    def named_metric(metric_name: str, default_statistic: str) -> _Method:
        @functools.wraps(cast("Callable[..., Any]", template))
        def metric(self: StageMetrics, **options: Any) -> cloudwatch.Metric:
            options["statistic"] = options.get("statistic") or default_statistic
            return self.metric(metric_name, **options)

        metric.__doc__ = f"Metric `{metric_name}`, `{default_statistic}` over five minutes; keywords as of `metric`."
        return cast("_Method", metric)

    return named_metric


stage_metric = _like(_named_metric)
"""Returns the method for a metric, by its name and its default statistic."""


class StageMetrics(StageAttributes):
    """The metrics that each stage has."""

    def metric(
        self,
        metric_name: str,
        *,
        route: str | IRouteRef | None = None,
        account: str | None = None,
        color: str | None = None,
        dimensions_map: Mapping[str, str] | None = None,
        id: str | None = None,
        label: str | None = None,
        period: cdk.Duration | None = None,
        region: str | None = None,
        stack_account: str | None = None,
        stack_region: str | None = None,
        statistic: str | None = None,
        unit: cloudwatch.Unit | None = None,
        visible: bool | None = None,
    ) -> cloudwatch.Metric:
        """A CloudWatch metric of the stage, in namespace `AWS/ApiGateway`.

        The methods of single metrics, such as `metric_client_error`, take the same keywords.

        Args:
            metric_name: Name of the metric.
            route: Only this route, by key such as `GET /pets` or as construct. Default: all routes.
                There are metrics of each route only where `detailed_metrics_enabled` is set.
            account: Account that the metric comes from. Default: that of the stage.
            color: Color in a graph, as `#rrggbb`. Default: one that CloudWatch chooses.
            dimensions_map: Dimensions in place of the stage's own. Default: API and stage.
            id: Identifier in metric math. Default: none.
            label: Label in a graph. Default: the name of the metric.
            period: Period of the statistic, in whole minutes. Default: five minutes.
            region: Region that the metric comes from. Default: that of the stage.
            stack_account: Account of the stack that uses the metric. Default: that of the stage's stack.
            stack_region: Region of the stack that uses the metric. Default: that of the stage's stack.
            statistic: Statistic, such as `Average`, `Sum` or `p99`. Default: `Average`.
            unit: Unit that the data points must have. Default: all of them.
            visible: Whether the metric is drawn in a graph. Default: True.
        """
        given = {
            "account": account,
            "color": color,
            "dimensions_map": dimensions_map,
            "id": id,
            "label": label,
            "period": period,
            "region": region,
            "stack_account": stack_account,
            "stack_region": stack_region,
            "statistic": statistic,
            "unit": unit,
            "visible": visible,
        }
        options = cast("MetricOptions", {name: value for name, value in given.items() if value is not None})
        report(self, [*text("metric_name", metric_name, 255, rule="metricName"), *validate_options(options)])
        dimensions = dict(dimensions_map or {"ApiId": self.api_id, "Stage": self._stage_name})
        if route is not None:
            dimensions["Route"] = self._known_route_key(route)
        options = cast("MetricOptions", {**self._location, **options, "dimensions_map": dimensions})
        return cloudwatch.Metric(namespace="AWS/ApiGateway", metric_name=metric_name, **options).attach_to(self)
