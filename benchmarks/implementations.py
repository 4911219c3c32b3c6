"""The ways to build each kind of stage to the same template: ours, the native L2 with escape hatches, the bare L1."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_ivs
from aws_cdk import aws_logs as logs

from stage_constructs import ivs
from stage_constructs.apigatewayv2 import (
    AccessLogFormat,
    AccessLogSettings,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

APIS_IN_A_STACK = 40
FORMAT = {"http": AccessLogFormat.json()._http, "websocket": AccessLogFormat.json()._websocket}
VARIABLES = {"table": "pets", "backend": "pets.example"}
TAGS = {"team": "pets"}

Build = Callable[["Surroundings", int], object]


@dataclass
class Surroundings:
    """What the stages of one stack share."""

    stack: cdk.Stack
    http: list[apigatewayv2.IHttpApi]
    websocket: list[apigatewayv2.IWebSocketApi]
    log_group: logs.ILogGroup
    destination_arn: str

    @staticmethod
    def of(app: cdk.App, number: int) -> Surroundings:
        """A stack with forty APIs of each kind."""
        account = f"{number:012}"  # below the quotas of one account
        stack = cdk.Stack(app, f"Stack{number}", env=cdk.Environment(account=account, region="eu-west-1"))
        log_group = logs.LogGroup.from_log_group_name(stack, "Logs", "/aws/vendedlogs/apis/shared")
        arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/apis/shared"
        many = range(APIS_IN_A_STACK)
        http = [apigatewayv2.HttpApi.from_http_api_attributes(stack, f"H{n}", http_api_id=f"h{n}") for n in many]
        websocket = [
            apigatewayv2.WebSocketApi.from_web_socket_api_attributes(stack, f"W{n}", web_socket_id=f"w{n}")
            for n in many
        ]
        return Surroundings(stack, http, websocket, log_group, arn)


@jsii.implements(apigatewayv2.IAccessLogDestination)
class _Destination:
    def __init__(self, arn: str) -> None:
        self._arn = arn

    def bind(self, stage: apigatewayv2.IStage) -> apigatewayv2.AccessLogDestinationConfig:  # noqa: ARG002
        return apigatewayv2.AccessLogDestinationConfig(destination_arn=self._arn)


@jsii.implements(apigatewayv2.IAccessLogSettings)
class _Settings:
    def __init__(self, arn: str) -> None:
        self._arn = arn

    @property
    def destination(self) -> apigatewayv2.IAccessLogDestination:
        return _Destination(self._arn)

    @property
    def format(self) -> None:
        return None


def _our_http(around: Surroundings, number: int) -> object:
    return HttpStage(around.stack, f"S{number}", api=around.http[number % APIS_IN_A_STACK], stage_name=f"s{number}")


def _native_http(around: Surroundings, number: int) -> object:
    return apigatewayv2.HttpStage(
        around.stack,
        f"S{number}",
        http_api=around.http[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
    )


def _l1_http(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"h{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            detailed_metrics_enabled=False, throttling_burst_limit=5000, throttling_rate_limit=10000
        ),
    )


def _our_http_full(around: Surroundings, number: int) -> object:
    return HttpStage(
        around.stack,
        f"S{number}",
        api=around.http[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        route_settings={"$default": RouteSettings(throttling_rate_limit=5, detailed_metrics_enabled=True)},
        access_log_settings=AccessLogSettings(destination_arn=around.destination_arn),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _native_http_full(around: Surroundings, number: int) -> object:
    stage = apigatewayv2.HttpStage(
        around.stack,
        f"S{number}",
        http_api=around.http[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
        access_log_settings=_Settings(around.destination_arn),
        stage_variables=VARIABLES,
    )
    resource: Any = stage.node.default_child
    resource.add_property_override("AccessLogSettings.Format", FORMAT["http"])
    resource.route_settings = _ROUTE["http"]
    cdk.Tags.of(stage).add("team", "pets")
    return stage


def _l1_http_full(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"h{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            detailed_metrics_enabled=False, throttling_burst_limit=5000, throttling_rate_limit=10000
        ),
        route_settings=_ROUTE["http"],
        access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=around.destination_arn, format=FORMAT["http"]
        ),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _our_websocket(around: Surroundings, number: int) -> object:
    return WebSocketStage(
        around.stack, f"S{number}", api=around.websocket[number % APIS_IN_A_STACK], stage_name=f"s{number}"
    )


def _native_websocket(around: Surroundings, number: int) -> object:
    stage = apigatewayv2.WebSocketStage(
        around.stack,
        f"S{number}",
        web_socket_api=around.websocket[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
    )
    resource: Any = stage.node.default_child
    resource.add_property_override("DefaultRouteSettings.LoggingLevel", "OFF")
    resource.add_property_override("DefaultRouteSettings.DataTraceEnabled", False)
    return stage


def _l1_websocket(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"w{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            data_trace_enabled=False,
            detailed_metrics_enabled=False,
            logging_level="OFF",
            throttling_burst_limit=5000,
            throttling_rate_limit=10000,
        ),
    )


def _our_websocket_full(around: Surroundings, number: int) -> object:
    return WebSocketStage(
        around.stack,
        f"S{number}",
        api=around.websocket[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        route_settings={
            "$default": RouteSettings(throttling_rate_limit=5, logging_level=LoggingLevel.OFF),
        },
        access_log_settings=AccessLogSettings(destination_arn=around.destination_arn),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _native_websocket_full(around: Surroundings, number: int) -> object:
    stage = apigatewayv2.WebSocketStage(
        around.stack,
        f"S{number}",
        web_socket_api=around.websocket[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
        access_log_settings=_Settings(around.destination_arn),
        stage_variables=VARIABLES,
    )
    resource: Any = stage.node.default_child
    resource.add_property_override("AccessLogSettings.Format", FORMAT["websocket"])
    resource.add_property_override("DefaultRouteSettings.LoggingLevel", "OFF")
    resource.add_property_override("DefaultRouteSettings.DataTraceEnabled", False)
    resource.route_settings = _ROUTE["websocket"]
    cdk.Tags.of(stage).add("team", "pets")
    return stage


def _l1_websocket_full(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"w{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            data_trace_enabled=False,
            detailed_metrics_enabled=False,
            logging_level="OFF",
            throttling_burst_limit=5000,
            throttling_rate_limit=10000,
        ),
        route_settings=_ROUTE["websocket"],
        access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=around.destination_arn, format=FORMAT["websocket"]
        ),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _our_ivs(around: Surroundings, number: int) -> object:
    return ivs.Stage(around.stack, f"S{number}")


def _l1_ivs(around: Surroundings, number: int) -> object:
    return aws_ivs.CfnStage(
        around.stack,
        f"S{number}",
        auto_participant_recording_configuration=aws_ivs.CfnStage.AutoParticipantRecordingConfigurationProperty(
            storage_configuration_arn=""
        ),
    )


def _our_ivs_full(around: Surroundings, number: int) -> object:
    return ivs.Stage(around.stack, f"S{number}", stage_name=f"s{number}", tags=TAGS)


def _l1_ivs_full(around: Surroundings, number: int) -> object:
    return aws_ivs.CfnStage(
        around.stack,
        f"S{number}",
        name=f"s{number}",
        auto_participant_recording_configuration=aws_ivs.CfnStage.AutoParticipantRecordingConfigurationProperty(
            storage_configuration_arn=""
        ),
        tags=[cdk.CfnTag(key=key, value=value) for key, value in TAGS.items()],
    )


_ROUTE: dict[str, dict[str, dict[str, object]]] = {
    "http": {
        "$default": {"DetailedMetricsEnabled": True, "ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 5},
    },
    "websocket": {
        "$default": {
            "DataTraceEnabled": False,
            "DetailedMetricsEnabled": False,
            "LoggingLevel": "OFF",
            "ThrottlingBurstLimit": 5000,
            "ThrottlingRateLimit": 5,
        },
    },
}

KINDS: dict[str, dict[str, Build]] = {
    "HTTP": {"ours": _our_http, "native": _native_http, "L1": _l1_http},
    "HTTP, everything on": {"ours": _our_http_full, "native": _native_http_full, "L1": _l1_http_full},
    "WebSocket": {"ours": _our_websocket, "native": _native_websocket, "L1": _l1_websocket},
    "WebSocket, everything on": {
        "ours": _our_websocket_full,
        "native": _native_websocket_full,
        "L1": _l1_websocket_full,
    },
    "IVS": {"ours": _our_ivs, "L1": _l1_ivs},
    "IVS, name and tags": {"ours": _our_ivs_full, "L1": _l1_ivs_full},
}


def _templates(build: Build) -> list[Any]:
    app = cdk.App(analytics_reporting=False, context={"aws:cdk:disable-path-metadata": True})
    around = Surroundings.of(app, 0)
    for number in range(3):
        build(around, number)
    template = app.synth().get_stack_by_name("Stack0").template
    return list(template["Resources"].values())


def require_equal_templates(kind: str) -> None:
    """End unless all ways to build a kind give the same resources."""
    given = {way: _templates(build) for way, build in KINDS[kind].items()}
    for way, resources in given.items():
        if json.dumps(resources, sort_keys=True) != json.dumps(given["L1"], sort_keys=True):
            sys.exit(f"benchmark: the template of {way} for {kind} is not that of L1: {resources[0]} {given['L1'][0]}")
