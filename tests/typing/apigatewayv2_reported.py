"""What type checkers must report of API Gateway stages; a line that is not reported is an error itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2, aws_logs

from stage_constructs.apigatewayv2 import AccessLogFormat, AccessLogSettings, HttpStage, RouteSettings, WebSocketStage

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_apigatewayv2 as references


def props(scope: cdk.Stack, api: references.IApiRef) -> None:
    """Values of the wrong type, unknown props, and props that are missing."""
    HttpStage(scope, "A")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    HttpStage(scope, "B", api)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    HttpStage(scope, "C", api="aabbccddee")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "D", api=api, stage_name=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "E", api=api, stage_name=None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "F", api=api, stagename="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    HttpStage(scope, "G", api=api, auto_deploy="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "H", api=api, default_route_settings={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "I", api=api, access_log_settings={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "J", api=api, stage_variables={"a": 5})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "K", api=api, tags=["a"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage(scope, "L", api=api, client_certificate_id="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    WebSocketStage(scope, "M", api=api)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    WebSocketStage(scope, "N", api=api, stage_name="x", client_certificate_id=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def values(log_group: aws_logs.ILogGroup) -> None:
    """Value objects take keywords of the right type, and cannot be changed."""
    RouteSettings(True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    RouteSettings(throttling_burst_limit="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    RouteSettings(throttling_burst_limit=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    RouteSettings(logging_level="INFO")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    RouteSettings(level="INFO")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    RouteSettings().logging_level = None  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    AccessLogSettings(log_group)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    AccessLogSettings(log_group="name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AccessLogSettings(format=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AccessLogSettings(retention=365)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AccessLogFormat.json(id=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def as_http_stage(stage: aws_apigatewayv2.IHttpStage) -> str:
    """Something that takes a native HTTP stage."""
    return stage.url


def as_websocket_stage(stage: aws_apigatewayv2.IWebSocketStage) -> str:
    """Something that takes a native WebSocket stage."""
    return stage.callback_url


def protocols(http: HttpStage, websocket: WebSocketStage) -> None:
    """A stage of one protocol is none of the other."""
    as_http_stage(websocket)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    as_websocket_stage(http)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    _ = http.callback_url  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    http.arn_for_route("x")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def methods(scope: cdk.Stack, http: HttpStage) -> None:
    """Options are by keyword, and of the native names and types."""
    http.metric_count("GET /pets")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    http.metric_count(stat="Sum")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    http.metric_count(period=60)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    http.metric_count(route=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    http.grant_invoke("role")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    http.add_stage_variable("a", 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    HttpStage.from_stage_attributes(scope, "A", "api", "stage")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    HttpStage.from_stage_ref(scope, "B", "a/b")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    http.stage_name = "x"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
