"""What type checkers must accept of API Gateway stages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_apigateway, aws_apigatewayv2, aws_cloudwatch, aws_iam, aws_kms, aws_logs

import stage_constructs
from stage_constructs.apigatewayv2 import (
    ACCOUNT_LIMIT,
    AccessLogFormat,
    AccessLogSettings,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    StageSettings,
    WebSocketStage,
)

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_apigatewayv2 as references


def apis(scope: cdk.Stack, imported_http: aws_apigatewayv2.IHttpApi, any_api: references.IApiRef) -> None:
    """Native, imported and L1 APIs, and any reference."""
    HttpStage(scope, "A", api=aws_apigatewayv2.HttpApi(scope, "B"))
    HttpStage(scope, "C", api=imported_http)
    HttpStage(scope, "D", api=aws_apigatewayv2.CfnApi(scope, "E"))
    HttpStage(scope, "F", api=any_api)
    WebSocketStage(scope, "G", api=aws_apigatewayv2.WebSocketApi(scope, "H"), stage_name="prod")
    WebSocketStage(scope, "I", api=any_api, stage_name="prod")


def every_prop(scope: cdk.Stack, api: references.IApiRef, certificate: aws_apigateway.CfnClientCertificate) -> None:
    """Every property, with values of each type that it takes."""
    HttpStage(
        scope,
        "A",
        api=api,
        stage_name=cdk.Fn.import_value("Name"),
        description=None,
        auto_deploy=None,
        deployment_id="abc",
        default_route_settings=RouteSettings(
            data_trace_enabled=False,
            detailed_metrics_enabled=True,
            throttling_burst_limit=ACCOUNT_LIMIT,
            throttling_rate_limit=0.5,
        ),
        access_log_settings=AccessLogSettings(),
        stage_variables=MappingProxyType({"a": "b"}),
        tags={"a": "b"},
    )
    WebSocketStage(
        scope,
        "B",
        api=api,
        stage_name="prod",
        default_route_settings=RouteSettings(
            logging_level=LoggingLevel.INFO, throttling_burst_limit=5, throttling_rate_limit=ACCOUNT_LIMIT
        ),
        client_certificate_id=certificate,
    )
    WebSocketStage(scope, "C", api=api, stage_name="prod", client_certificate_id="abc")


def stage_settings(scope: cdk.Stack, native: aws_apigatewayv2.HttpStage, l1: aws_apigatewayv2.CfnStage) -> None:
    """Settings for stages that exist are a mixin; `ACCOUNT_LIMIT` stands for settings without throttles."""
    native.with_(StageSettings(default_route_settings=ACCOUNT_LIMIT, access_log_settings=AccessLogSettings()))
    l1.with_(StageSettings(route_settings={"GET /": RouteSettings()}, stage_variables={"a": "b"}, description="x"))
    cdk.Mixins.of(scope).apply(StageSettings(tags={"a": "b"}, client_certificate_id="abc", keep_existing=True))
    HttpStage(scope, "A", api=native.api, default_route_settings=ACCOUNT_LIMIT)


def access_logs(
    log_group: aws_logs.ILogGroup, l1: aws_logs.CfnLogGroup, key: aws_kms.IKey, l1_key: aws_kms.CfnKey
) -> list[AccessLogSettings]:
    """Every kind of destination and of format."""
    return [
        AccessLogSettings(log_group=log_group, format=AccessLogFormat.json(id="$context.requestId")),
        AccessLogSettings(log_group=l1, format=aws_apigateway.AccessLogFormat.clf()),
        AccessLogSettings(destination_arn="arn", format="$context.requestId"),
        AccessLogSettings(
            retention=aws_logs.RetentionDays.ONE_DAY, removal_policy=cdk.RemovalPolicy.DESTROY, encryption_key=key
        ),
        AccessLogSettings(encryption_key=l1_key),
    ]


def as_http_stage(stage: aws_apigatewayv2.IHttpStage) -> str:
    """Something that takes a native HTTP stage."""
    return stage.url


def as_websocket_stage(stage: aws_apigatewayv2.IWebSocketStage) -> str:
    """Something that takes a native WebSocket stage."""
    return stage.callback_url


def as_stage(stage: aws_apigatewayv2.IStage) -> str:
    """Something that takes any native stage."""
    return stage.stage_name


def as_reference(stage: references.IStageRef) -> str:
    """Something that takes a reference."""
    return stage.stage_ref.api_id


def stages_are_native_stages(
    scope: cdk.Stack, http: HttpStage, websocket: WebSocketStage, domain: aws_apigatewayv2.IDomainName
) -> None:
    """A stage is the native interface of its protocol, a stage, and a reference, owned or imported."""
    imported = HttpStage.from_stage_id(scope, "I", "aabbccddee/example-stage")
    as_http_stage(http)
    as_http_stage(imported)
    as_websocket_stage(websocket)
    as_websocket_stage(WebSocketStage.from_stage_attributes(scope, "J", api_id="a", stage_name="b"))
    for stage in (http, websocket, imported):
        as_stage(stage)
        as_reference(stage)
    aws_apigatewayv2.ApiMapping(scope, "M", api=http.api, domain_name=domain, stage=http)
    aws_apigatewayv2.UsagePlanPerApiStage(api=websocket.api, stage=websocket)


def imports_keep_their_class(
    scope: cdk.Stack, native: aws_apigatewayv2.HttpStage, l1: aws_apigatewayv2.CfnStage
) -> tuple[HttpStage, WebSocketStage]:
    """An import is of the class that was asked for."""
    HttpStage.from_stage_ref(scope, "A", native)
    HttpStage.from_stage_ref(scope, "B", l1)
    return (
        HttpStage.from_stage_arn(scope, "C", "arn"),
        WebSocketStage.from_stage_ref(scope, "D", WebSocketStage.from_stage_id(scope, "E", "a/b")),
    )


def metrics(http: HttpStage, route: aws_apigatewayv2.HttpRoute, l1: aws_apigatewayv2.CfnRoute) -> None:
    """Metrics take routes of each kind, and the native options."""
    metric: aws_cloudwatch.Metric = http.metric_count(route=route, statistic="p99", period=cdk.Duration.minutes(1))
    http.metric("Count", route=l1, label="x", unit=aws_cloudwatch.Unit.COUNT)
    http.metric_latency(route="GET /pets", dimensions_map={"a": "b"}, visible=True)
    metric.create_alarm(http, "Alarm", threshold=1, evaluation_periods=1)


def grants(
    http: HttpStage, websocket: WebSocketStage, role: aws_iam.IRole, route: aws_apigatewayv2.HttpRoute
) -> list[aws_iam.Grant]:
    """Grants take any grantee and give a Grant."""
    return [
        http.grant(role, "execute-api:Invoke"),
        http.grant_invoke(role, route="GET /pets"),
        http.grant_invoke(role, route=route),
        http.grant_invoke(role, method="GET", path="/pets"),
        http.grant_invoke(role, method=aws_apigatewayv2.HttpMethod.GET),
        http.grant_read_logs(role),
        http.grant_log_delivery(role),
        websocket.grant_invoke(role, route_key="*"),
        websocket.grant_manage_connections(role),
        websocket.grant_management_api_access(role),
    ]


def errors(error: stage_constructs.StageConfigurationError) -> tuple[ValueError, str, str, object]:
    """The error is a ValueError with path, property and value."""
    return error, error.construct_path, error.prop, error.value


def lazy_sub_package() -> type[HttpStage]:
    """The sub-package is an attribute of the package."""
    return stage_constructs.apigatewayv2.HttpStage
