"""What only stages of WebSocket APIs have."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import (
    AccessLogFormat,
    AccessLogSettings,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

from .cloudformation import deployed, properties, resource, resources, template
from .conftest import WEBSOCKET


def test_defaults(stack: cdk.Stack) -> None:
    """A stage with API and name deploys by itself, traces and logs nothing, and has AWS's own throttles."""
    WebSocketStage(stack, "Stage", api=WEBSOCKET.imported_api(stack), stage_name="prod")
    assert properties(stack) == {
        "ApiId": "aabbccddee",
        "StageName": "prod",
        "AutoDeploy": True,
        "DefaultRouteSettings": {
            "DataTraceEnabled": False,
            "DetailedMetricsEnabled": False,
            "LoggingLevel": "OFF",
            "ThrottlingBurstLimit": 5000,
            "ThrottlingRateLimit": 10000,
        },
    }


def test_the_name_must_be_given(stack: cdk.Stack) -> None:
    """There is no default name of a WebSocket stage."""
    with pytest.raises(TypeError, match="stage_name"):
        WebSocketStage(stack, "Stage", api=WEBSOCKET.imported_api(stack))  # type: ignore[call-arg]


@pytest.mark.parametrize("level", [*LoggingLevel, "ERROR"])
def test_logging_levels(stack: cdk.Stack, level: LoggingLevel) -> None:
    """Each level of execution logs is emitted as the service spells it, from the enum or its text."""
    WEBSOCKET.stage(stack, default_route_settings=RouteSettings(logging_level=level))
    assert properties(stack)["DefaultRouteSettings"]["LoggingLevel"] == LoggingLevel(level).value


def test_a_logging_level_may_be_a_token(stack: cdk.Stack) -> None:
    """A level that is known at deploy only passes unchecked."""
    level: Any = cdk.CfnParameter(stack, "P").value_as_string
    settings = RouteSettings(logging_level=level, data_trace_enabled=True)
    WEBSOCKET.stage(stack, default_route_settings=settings)
    assert properties(stack)["DefaultRouteSettings"]["LoggingLevel"] == {"Ref": "P"}


def test_data_trace(stack: cdk.Stack) -> None:
    """Data tracing is emitted when it is asked for."""
    settings = RouteSettings(data_trace_enabled=True, logging_level=LoggingLevel.INFO)
    WEBSOCKET.stage(stack, default_route_settings=settings)
    assert properties(stack)["DefaultRouteSettings"]["DataTraceEnabled"] is True


def test_the_logging_levels_are_these() -> None:
    """Each level has the value that goes over the wire."""
    assert {level.name: level.value for level in LoggingLevel} == {"OFF": "OFF", "ERROR": "ERROR", "INFO": "INFO"}


def test_client_certificate_by_id(stack: cdk.Stack) -> None:
    """A client certificate can be named by its id, also when that is a token."""
    WEBSOCKET.stage(stack, "A", client_certificate_id="abc123")
    WEBSOCKET.stage(stack, "B", stage_name="b", client_certificate_id=cdk.Fn.import_value("Cert"))
    found = {r["Properties"]["StageName"]: r["Properties"]["ClientCertificateId"] for r in resources(stack).values()}
    assert found == {"prod": "abc123", "b": {"Fn::ImportValue": "Cert"}}


def test_client_certificate_by_construct(stack: cdk.Stack) -> None:
    """A client certificate can be given as the construct."""
    certificate = apigateway.CfnClientCertificate(stack, "Certificate")
    WEBSOCKET.stage(stack, client_certificate_id=certificate)
    assert properties(stack)["ClientCertificateId"] == {"Ref": stack.get_logical_id(certificate)}


@pytest.mark.parametrize("value", [5, {}, "", []])
def test_fails_with_a_client_certificate_that_is_none(stack: cdk.Stack, value: Any) -> None:
    """What is neither an id nor a certificate is refused before anything is made."""
    api = WEBSOCKET.imported_api(stack)
    before = len(stack.node.find_all())
    with pytest.raises(StageConfigurationError) as refused:
        WEBSOCKET.stage(stack, api=api, client_certificate_id=value)
    assert (refused.value.prop, refused.value.value) == ("client_certificate_id", value)
    assert len(stack.node.find_all()) == before


def test_urls_name_the_stage_also_when_it_is_the_default(stack: cdk.Stack) -> None:
    """A WebSocket stage is connected to by its name, `$default` too."""
    stage = WEBSOCKET.stage(stack, stage_name="$default")
    host = "aabbccddee.execute-api.eu-west-1.amazonaws.com"
    assert deployed(stack.resolve(stage.url)) == f"wss://{host}/$default"
    assert deployed(stack.resolve(stage.callback_url)) == f"https://{host}/$default"


@pytest.mark.parametrize("key", ["$connect", "sendmessage", "*"])
def test_arn_for_route(stack: cdk.Stack, key: str) -> None:
    """A route key becomes the end of the ARN as it is."""
    arn = deployed(stack.resolve(WEBSOCKET.stage(stack).arn_for_route(key)))
    assert arn == f"arn:aws:execute-api:eu-west-1:123456789012:aabbccddee/prod/{key}"


def test_execution_log_group_name(stack: cdk.Stack) -> None:
    """The log group that API Gateway makes for execution logs is known by name."""
    assert WEBSOCKET.stage(stack).execution_log_group_name == "/aws/apigateway/aabbccddee/prod"


def test_metrics_of_a_native_route(stack: cdk.Stack) -> None:
    """A native WebSocketRoute and an L1 route stand for their key."""
    api = WEBSOCKET.api(stack)
    stage = WEBSOCKET.stage(stack, api=api)

    class Mock(apigatewayv2.WebSocketRouteIntegration):
        def bind(self, *, route: Any, scope: Any) -> apigatewayv2.WebSocketRouteIntegrationConfig:
            return apigatewayv2.WebSocketRouteIntegrationConfig(
                type=apigatewayv2.WebSocketIntegrationType.MOCK, uri="mock"
            )

    native = apigatewayv2.WebSocketRoute(
        stack, "Route", web_socket_api=api, route_key="sendmessage", integration=Mock("Mock")
    )
    l1 = apigatewayv2.CfnRoute(stack, "L1", api_id=api.api_id, route_key="$disconnect")
    assert stage.metric_message_count(route=native).dimensions["Route"] == "sendmessage"
    assert stage.metric_message_count(route=l1).dimensions["Route"] == "$disconnect"


def test_a_usage_plan_takes_the_stage(stack: cdk.Stack) -> None:
    """A native UsagePlan takes the stage, reads its API and waits for it."""
    api = WEBSOCKET.api(stack)
    stage = WEBSOCKET.stage(stack, api=api)
    apigatewayv2.UsagePlan(stack, "Plan", api_stages=[apigatewayv2.UsagePlanPerApiStage(api=stage.api, stage=stage)])
    (stage_id,) = resources(stack)
    (api_id,) = resources(stack, "AWS::ApiGatewayV2::Api")
    plan = resource(stack, "AWS::ApiGateway::UsagePlan")
    assert plan["Properties"]["ApiStages"] == [{"ApiId": {"Ref": api_id}, "Stage": "prod"}]
    assert stage_id in plan["DependsOn"]


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """A stage with every property has this template."""
    stage = WebSocketStage(
        stack,
        "Stage",
        api=WEBSOCKET.api(stack),
        stage_name="live",
        description="everything",
        auto_deploy=False,
        deployment_id="abc123",
        default_route_settings=RouteSettings(
            data_trace_enabled=True,
            detailed_metrics_enabled=True,
            logging_level=LoggingLevel.INFO,
            throttling_burst_limit=50,
            throttling_rate_limit=0.5,
        ),
        access_log_settings=AccessLogSettings(
            format=AccessLogFormat.clf(),
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            encryption_key=kms.Key(stack, "Key"),
        ),
        stage_variables={"table": "pets"},
        client_certificate_id="cert01",
        tags={"team": "chat"},
    )
    backend = iam.Role(stack, "Backend", assumed_by=iam.AccountRootPrincipal())
    stage.grant_invoke(backend)
    stage.grant_manage_connections(backend)
    stage.grant_read_logs(backend)
    for name in ("url", "callback_url", "stage_arn", "execution_arn", "execution_log_group_name"):
        cdk.CfnOutput(stack, name.replace("_", ""), value=getattr(stage, name))
    assert template(stack).to_json() == snapshot


@pytest.mark.parametrize("key", ["send*", "*send", "sen?", "${aws:username}", "?"])
def test_a_route_key_is_one_or_all(stack: cdk.Stack, key: str) -> None:
    """A route key that would match others is refused."""
    with pytest.raises(StageConfigurationError, match="route_key must be the key of one route"):
        WEBSOCKET.stage(stack).arn_for_route(key)


@pytest.mark.parametrize("key", ["send message", "a/b", "a:b", "$default", "{x}", "$x"])
def test_a_route_key_may_have_other_characters(stack: cdk.Stack, key: str) -> None:
    """What is no wildcard stays as it is."""
    assert WEBSOCKET.stage(stack).arn_for_route(key).endswith(f"/prod/{key}")
