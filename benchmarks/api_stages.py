"""HTTP and WebSocket stages, to the same template by this library, by the native L2 with escape hatches, by the L1.

The escape hatch is the cheapest there is: the L1 in the stage, read once, and its properties set at one request each;
property overrides, and an `IAccessLogSettings` that JavaScript calls back, take more.
"""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_logs as logs
from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration, WebSocketMockIntegration

from . import native

SETTINGS: Any = {"detailed_metrics_enabled": False, "throttling_burst_limit": 5000, "throttling_rate_limit": 10000}
ERROR_LOGS: Any = SETTINGS | {"logging_level": "ERROR", "data_trace_enabled": False}
RouteSettings = apigatewayv2.CfnStage.RouteSettingsProperty
AccessLogs = apigatewayv2.CfnStage.AccessLogSettingsProperty
THROTTLED: Any = {"detailed_metrics_enabled": False, "throttle": {"burst_limit": 5000, "rate_limit": 10000}}
ROUTE: Any = {"GET /pets": {"DetailedMetricsEnabled": True, "ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 5}}
EVERYTHING: Any = {"description": "One of many", "stage_variables": {"table": "pets", "backend": "pets.example"}}
TAGS = {"team": "pets"}
LOG_GROUP = "/aws/vendedlogs/apis/shared"


class Stages:
    """A stack with APIs of one route and integration each, or with imported ones, and a way to build their stages."""

    def __init__(self, stack: cdk.Stack, kind: str, way: str, apis: int, *, imported: bool) -> None:
        self.stack = stack
        make: Any = self._websocket_api if kind == "websocket" else self._http_api
        self.apis: Any
        self.routes: Any
        self.apis, self.routes = zip(*[make(f"Api{number}", imported) for number in range(apis)], strict=True)
        self.build = getattr(self, f"{way}_{kind}")
        if way == "ours" and kind == "websocket":
            from stage_constructs.apigatewayv2 import ApiGatewayAccount

            self.account: Any = ApiGatewayAccount.of(stack)
        elif kind == "websocket":
            self.account = native.account(stack)
        if way != "ours" and kind == "everything" and not imported:
            self.routes = [route.node.default_child for route in self.routes]
        if kind != "http":
            self.log_group = logs.LogGroup.from_log_group_name(stack, "Logs", LOG_GROUP) if way == "ours" else None
            self.arn = native.log_group_arn(stack, LOG_GROUP) if way != "ours" else None

    def _http_api(self, id: str, imported: bool) -> Any:
        if imported:
            return apigatewayv2.HttpApi.from_http_api_attributes(self.stack, id, http_api_id=id), None
        api = apigatewayv2.HttpApi(self.stack, id, create_default_stage=False)
        url = HttpUrlIntegration("Url", "https://pets.example")
        return api, api.add_routes(path="/pets", methods=[apigatewayv2.HttpMethod.GET], integration=url)[0]

    def _websocket_api(self, id: str, imported: bool) -> Any:
        if imported:
            return apigatewayv2.WebSocketApi.from_web_socket_api_attributes(self.stack, id, web_socket_id=id), None
        api = apigatewayv2.WebSocketApi(self.stack, id)
        return api, api.add_route("$default", integration=WebSocketMockIntegration("Mock"))

    def ours_http(self, id: str, number: int) -> None:
        """Only the API and a name."""
        from stage_constructs.apigatewayv2 import HttpStage

        HttpStage(self.stack, id, api=self.apis[number], stage_name=id)

    def native_http(self, id: str, number: int) -> None:
        """The properties of the L2 suffice."""
        api = self.apis[number]
        apigatewayv2.HttpStage(self.stack, id, http_api=api, stage_name=id, auto_deploy=True, **THROTTLED)

    def l1_http(self, id: str, number: int) -> None:
        """All in one request, and one for the id of the API."""
        self._l1(id, number, default_route_settings=RouteSettings(**SETTINGS))

    def ours_everything(self, id: str, number: int) -> None:
        """All that an HTTP stage has."""
        from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, RouteSettings

        HttpStage(
            self.stack,
            id,
            api=self.apis[number],
            stage_name=id,
            access_log_settings=AccessLogSettings(log_group=self.log_group),
            route_settings={"GET /pets": RouteSettings(throttling_rate_limit=5, detailed_metrics_enabled=True)},
            tags=TAGS,
            **EVERYTHING,
        )

    def native_everything(self, id: str, number: int) -> None:
        """Access logs without a callback, route settings and the order of creation by the L1."""
        props = THROTTLED | EVERYTHING
        api = self.apis[number]
        stage = apigatewayv2.HttpStage(self.stack, id, http_api=api, stage_name=id, auto_deploy=True, **props)
        cdk.Tags.of(stage).add("team", "pets")
        node = stage.node
        resource: Any = node.default_child
        resource.access_log_settings = AccessLogs(destination_arn=self.arn, format=native.HTTP_FORMAT)
        resource.route_settings = ROUTE
        if self.routes[number]:
            node.add_dependency(self.routes[number])

    def l1_everything(self, id: str, number: int) -> None:
        """All in one request, but for the order of creation."""
        logs = AccessLogs(destination_arn=self.arn, format=native.HTTP_FORMAT)
        settings = RouteSettings(**SETTINGS)
        props = {"default_route_settings": settings, "route_settings": ROUTE, "tags": TAGS, **EVERYTHING}
        stage = self._l1(id, number, access_log_settings=logs, **props)
        if self.routes[number]:
            stage.node.add_dependency(self.routes[number])

    def ours_websocket(self, id: str, number: int) -> None:
        """A log level and access logs beside the account."""
        from stage_constructs.apigatewayv2 import AccessLogSettings, LoggingLevel, RouteSettings, WebSocketStage

        WebSocketStage(
            self.stack,
            id,
            api=self.apis[number],
            stage_name=id,
            account=self.account,
            default_route_settings=RouteSettings(logging_level=LoggingLevel.ERROR),
            access_log_settings=AccessLogSettings(log_group=self.log_group),
        )

    def native_websocket(self, id: str, number: int) -> None:
        """The log level, which the L2 does not have, and with it the other settings by the L1."""
        api = self.apis[number]
        stage = apigatewayv2.WebSocketStage(self.stack, id, web_socket_api=api, stage_name=id, auto_deploy=True)
        node = stage.node
        resource: Any = node.default_child
        resource.default_route_settings = RouteSettings(**ERROR_LOGS)
        resource.access_log_settings = AccessLogs(destination_arn=self.arn, format=native.WEBSOCKET_FORMAT)
        node.add_dependency(self.account)

    def l1_websocket(self, id: str, number: int) -> None:
        """All in one request, but for the order of creation."""
        logs = AccessLogs(destination_arn=self.arn, format=native.WEBSOCKET_FORMAT)
        stage = self._l1(id, number, default_route_settings=RouteSettings(**ERROR_LOGS), access_log_settings=logs)
        stage.node.add_dependency(self.account)

    def _l1(self, id: str, number: int, **props: Any) -> apigatewayv2.CfnStage:
        api_id = self.apis[number].api_id
        return apigatewayv2.CfnStage(self.stack, id, api_id=api_id, stage_name=id, auto_deploy=True, **props)
