"""What type checkers must accept and report of dashboards and alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2, aws_cloudwatch, aws_ivs

import stage_constructs
from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage
from stage_constructs.ivs import Stage
from stage_constructs.monitoring import StageAlarms, StageDashboard, Threshold

if TYPE_CHECKING:
    from collections.abc import Mapping


def accepted(
    scope: cdk.Stack, http: HttpStage, websocket: WebSocketStage, room: Stage, action: aws_cloudwatch.IAlarmAction
) -> None:
    """Stages of all kinds, mixed, and the thresholds of each."""
    native: aws_cloudwatch.Dashboard = StageDashboard(scope, "A", stages=[http, websocket, room]).dashboard
    native.add_widgets(aws_cloudwatch.TextWidget(markdown="mine"))
    StageDashboard(scope, "B", stages=(http,), dashboard_name="stages", log_queries=True)
    StageDashboard(scope, "C", stages={"shop": http}.values())
    made: Mapping[str, aws_cloudwatch.Alarm] = StageAlarms(scope, "D", stage=http).alarms
    made["latency_ms"].add_alarm_action(action)
    StageAlarms(scope, "E", stage=http, server_error_rate=0.01, client_error_rate=None, latency_ms=800)
    StageAlarms(scope, "F", stage=websocket, integration_error_rate=0.1, execution_error_rate=None, client_error_rate=0)
    StageAlarms(scope, "G", stage=room, publishers=12, subscribers=None, dropped_frames_percent=2.5)
    StageAlarms(scope, "M", stage=room, recording_failures=2, composition_failures=None)
    StageAlarms(scope, "H", stage=http, actions=[action], ok_actions=(action,), period=cdk.Duration.minutes(5))
    for stage in (http, websocket, room):
        StageAlarms(scope, "I", stage=stage, actions=[action], evaluation_periods=5, datapoints_to_alarm=3)
    stage_constructs.monitoring.StageDashboard(scope, "J", stages=[room])
    StageAlarms(scope, "K", stage=http, min_requests=50)
    StageAlarms(scope, "L", stage=websocket, min_requests=None)
    StageAlarms(scope, "N", stage=http, latency_ms=Threshold(critical=2500, warning=800), warning_actions=[action])
    StageAlarms(scope, "O", stage=websocket, integration_latency_ms=None, low_traffic=Threshold(warning=10))
    StageAlarms(scope, "P", stage=http, route="GET /pets", alarm_name_prefix="shop-", runbook_url="https://example.com")
    StageAlarms(scope, "Q", stage=room, publishers=Threshold(critical=12, warning=10))


def accepted_natives(scope: cdk.Stack, api: aws_apigatewayv2.HttpApi, chat: aws_apigatewayv2.WebSocketApi) -> None:
    """Native stages of all kinds, L2, L1 and imported."""
    http = aws_apigatewayv2.HttpStage(scope, "A", http_api=api)
    websocket = aws_apigatewayv2.WebSocketStage(scope, "B", web_socket_api=chat, stage_name="prod")
    imported = aws_apigatewayv2.HttpStage.from_http_stage_attributes(scope, "C", api=api, stage_name="prod")
    l1 = aws_apigatewayv2.CfnStage(scope, "D", api_id=api.api_id, stage_name="prod")
    room = aws_ivs.CfnStage(scope, "E")
    StageDashboard(scope, "F", stages=[http, websocket, imported, l1, room])
    StageAlarms(scope, "G", stage=http, latency_ms=800)
    StageAlarms(scope, "H", stage=imported, latency_ms=800)
    StageAlarms(scope, "I", stage=websocket, integration_latency_ms=800)
    StageAlarms(scope, "J", stage=l1, latency_ms=800)
    StageAlarms(scope, "K", stage=l1, integration_latency_ms=800)
    StageAlarms(scope, "L", stage=room, publishers=12)
    if api.default_stage:
        StageAlarms(scope, "M", stage=api.default_stage, server_error_rate=0.01)


def reported(scope: cdk.Stack, http: HttpStage, websocket: WebSocketStage, room: Stage) -> None:
    """What is no stage, thresholds of other kinds, values of the wrong type."""
    native = aws_apigatewayv2.HttpApi(scope, "B")
    StageDashboard(scope, "C")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    StageDashboard(scope, "D", stages=http)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    StageDashboard(scope, "E", stages=[native])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    StageDashboard(scope, "F", stages=[http], dashboard_name=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    StageAlarms(scope, "G", stage=native)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    StageAlarms(scope, "H", stage=http, publishers=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    StageAlarms(scope, "I", stage=websocket, latency_ms=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    StageAlarms(scope, "J", stage=room, client_error_rate=0.5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    StageAlarms(scope, "K", stage=http, latency_ms=cdk.Duration.seconds(1))  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    StageAlarms(scope, "L", stage=http, period=60)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    StageAlarms(scope, "M", stage=room, min_requests=5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    StageAlarms(scope, "N", stage=http, min_requests="ten")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    StageAlarms(scope, "O", stage=http, recording_failures=1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
