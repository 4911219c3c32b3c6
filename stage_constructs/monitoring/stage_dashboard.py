"""A dashboard over stages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from constructs import Construct

from .._validation import raise_if_invalid, violations_of
from ..rules._resources import Resource
from ..rules.monitoring import DASHBOARD
from . import _arguments, _graphs
from ._monitored_stage import MonitoredStage

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

    from ._monitored_stage import WatchedStage


class StageDashboard(Construct):
    """Define a CloudWatch dashboard that shows how stages do, of API Gateway and of Amazon IVS side by side.

    Makes one `AWS::CloudWatch::Dashboard`. Each stage has a heading with its name and its id, and a row of graphs:

    - an HTTP stage its requests, its 4xx and 5xx responses, and its latency (p50, p90, p99, and the integration's p90);
    - a WebSocket stage its connects and messages, its client, execution and integration errors, and the latency of
      its integrations;
    - an IVS stage its publishers and subscribers below their quotas, packet loss and dropped frames, and bitrates.

    Below it stands such a row for each route that has settings of its own and detailed metrics on, those included
    that are added after the dashboard. Charts show minutes; CloudWatch takes longer periods for longer times.

    With `log_queries`, queries over the logs follow: of each API Gateway stage whose access logs go to a log group in a
    flat JSON format, the errors by route and status, the latest server errors, the slowest requests and the throttled
    ones (429); of each WebSocket stage with execution logs, the latest errors in them. Logs of imported stages are not
    known.

    Stages may be imported and may be in other Regions and accounts: their graphs say so to CloudWatch. For other
    accounts, sharing has to be set up there.

    Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html,
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html,
    https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
    """

    dashboard: cloudwatch.Dashboard
    """The native dashboard: `dashboard.add_widgets(...)` puts your own widgets below."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stages: Iterable[WatchedStage],
        dashboard_name: str | None = None,
        log_queries: bool = False,
    ) -> None:
        """Define a dashboard.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stages: The stages, in the order in which they are shown: `apigatewayv2.HttpStage`,
                `apigatewayv2.WebSocketStage` and `ivs.Stage`, made here, imported or looked up. Others are wrapped by
                `from_stage_ref` of these classes.
            dashboard_name: 1 to 255 letters, digits, hyphens and underscores. Default: one is made. A change replaces
                the dashboard.
            log_queries: Whether to show Logs Insights queries over access and execution logs. Default: False.
                Of API Gateway stages. Each view and refresh of the dashboard runs the queries, which are billed by the
                data that they scan.

        Raises:
            StageConfigurationError: A stage is none, or named twice; there is none at all, or more than fit on one
                dashboard of 500 widgets and 2,500 metrics; CloudWatch would refuse the name.
        """
        if isinstance(stages, Iterable) and not isinstance(stages, str):
            stages = list(stages)
        violations = [
            *_arguments.stages(stages),
            *_arguments.dashboard_name(dashboard_name),
            *violations_of(Resource(DASHBOARD, {"DashboardName": dashboard_name})),
            *_arguments.log_queries(log_queries),
        ]
        raise_if_invalid(scope, id, violations)
        monitored_stages = [MonitoredStage.of(stage) for stage in stages]
        size = _graphs.size_of(monitored_stages, queries=log_queries)
        violations = [
            *_arguments.distinct(monitored_stages),
            *_arguments.dashboard_size(*size, len(monitored_stages)),
        ]
        raise_if_invalid(scope, id, violations)
        super().__init__(scope, id)

        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415  loaded by whoever makes a dashboard

        from ._widgets import StageWidgets  # noqa: PLC0415  likewise

        widgets = StageWidgets(self, monitored_stages, log_queries=log_queries)
        self.dashboard = cloudwatch.Dashboard(self, "Resource", dashboard_name=dashboard_name, widgets=[[widgets]])
        self.node.add_validation(widgets)
