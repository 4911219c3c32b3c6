"""What only stages of HTTP APIs have."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import (
    AccessLogFormat,
    AccessLogSettings,
    HttpStage,
    LoggingLevel,
    RouteSettings,
)

from .cloudformation import deployed, properties, statements, template
from .conftest import HTTP, WEBSOCKET


def test_defaults(stack: cdk.Stack) -> None:
    """A stage with nothing but its API is `$default`, deploys by itself and has the three settings of HTTP."""
    HttpStage(stack, "Stage", api=HTTP.imported_api(stack))
    assert properties(stack) == {
        "ApiId": "aabbccddee",
        "StageName": "$default",
        "AutoDeploy": True,
        "DefaultRouteSettings": {
            "DetailedMetricsEnabled": False,
            "ThrottlingBurstLimit": 5000,
            "ThrottlingRateLimit": 10000,
        },
    }


def test_default_stage_is_served_at_the_root(stack: cdk.Stack) -> None:
    """The URL of `$default` ends with the host and a slash; its ARNs name it."""
    stage = HttpStage(stack, "Stage", api=HTTP.imported_api(stack))
    assert deployed(stack.resolve(stage.url)) == "https://aabbccddee.execute-api.eu-west-1.amazonaws.com/"
    assert deployed(stack.resolve(stage.execution_arn)).endswith(":aabbccddee/$default")
    assert deployed(stack.resolve(stage.stage_arn)).endswith("/apis/aabbccddee/stages/$default")


@pytest.mark.parametrize(
    ("arguments", "ending"),
    [
        ({}, "*/*"),
        ({"method": "GET"}, "GET/*"),
        ({"method": "ANY", "path": "/"}, "*/"),
        ({"path": "/pets"}, "*/pets"),
        ({"path": "pets"}, "*/pets"),
        ({"method": "POST", "path": "/pets/{id}/toys/{toy+}"}, "POST/pets/*/toys/*"),
        ({"method": apigatewayv2.HttpMethod.DELETE, "path": "/a"}, "DELETE/a"),
        ({"method": apigatewayv2.HttpMethod.ANY}, "*/*"),
        ({"path": "*"}, "*/*"),
        ({"path": "/*"}, "*/*"),
        ({"method": "get"}, "GET/*"),
        ({"method": "any"}, "*/*"),
        ({"path": "/pets/{proxy+}"}, "*/pets/*"),
        ({"path": "/p-1_~.!@'()=&+,;%20/$default"}, "*/p-1_~.!@'()=&+,;%20/$default"),
    ],
)
def test_arn_for_execute_api(stack: cdk.Stack, arguments: dict[str, Any], ending: str) -> None:
    """A method and a path become the end of the ARN: ANY and parameters match anything."""
    arn = deployed(stack.resolve(HTTP.stage(stack).arn_for_execute_api(**arguments)))
    assert arn == f"arn:aws:execute-api:eu-west-1:123456789012:aabbccddee/prod/{ending}"


@pytest.mark.parametrize(
    ("settings", "prop"),
    [
        *((RouteSettings(logging_level=level), "logging_level") for level in LoggingLevel),
        (RouteSettings(data_trace_enabled=True), "data_trace_enabled"),
    ],
)
def test_fails_with_execution_logs(stack: cdk.Stack, settings: RouteSettings, prop: str) -> None:
    """A logging level of any kind, and data tracing, are refused in the service's words."""
    with pytest.raises(StageConfigurationError, match="not supported on protocolType HTTP") as refused:
        HTTP.stage(stack, default_route_settings=settings)
    assert refused.value.prop == f"default_route_settings.{prop}"
    assert "access_log_settings" in str(refused.value)


def test_client_certificates_are_no_parameter(stack: cdk.Stack) -> None:
    """An HTTP stage has no client certificate to set."""
    with pytest.raises(TypeError, match="client_certificate_id"):
        HTTP.stage(stack, client_certificate_id="abc")


def test_native_constructs_know_the_kind(stack: cdk.Stack) -> None:
    """The stage tells native constructs that it is an HTTP stage."""
    assert HTTP.stage(stack).is_http_stage is True


def test_metrics_of_a_native_route(stack: cdk.Stack) -> None:
    """A native HttpRoute and an L1 route stand for their key."""
    api = HTTP.api(stack)
    stage = HTTP.stage(stack, api=api)
    integration = apigatewayv2.CfnIntegration(stack, "I", api_id=api.api_id, integration_type="HTTP_PROXY")
    native = apigatewayv2.HttpRoute(
        stack,
        "Route",
        http_api=api,
        route_key=apigatewayv2.HttpRouteKey.with_("/pets", apigatewayv2.HttpMethod.GET),
        integration=_Url("Url"),
    )
    l1 = apigatewayv2.CfnRoute(stack, "L1", api_id=api.api_id, route_key="POST /pets", target=integration.ref)
    assert stage.metric_count(route=native).dimensions["Route"] == "GET /pets"  # type: ignore[index]
    assert stage.metric_count(route=l1).dimensions["Route"] == "POST /pets"  # type: ignore[index]


class _Url(apigatewayv2.HttpRouteIntegration):
    def bind(self, *, route: Any, scope: Any) -> apigatewayv2.HttpRouteIntegrationConfig:
        return apigatewayv2.HttpRouteIntegrationConfig(
            type=apigatewayv2.HttpIntegrationType.HTTP_PROXY,
            payload_format_version=apigatewayv2.PayloadFormatVersion.VERSION_1_0,
            method=apigatewayv2.HttpMethod.GET,
            uri="https://example.com",
        )


def test_grant_log_delivery(stack: cdk.Stack) -> None:
    """The deployer gets the twelve actions of vended log delivery, the log group ones on log groups only."""
    HTTP.stage(stack).grant_log_delivery(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    on_groups, on_all = statements(stack)
    assert on_groups["Action"] == [
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
    ]
    assert deployed(on_groups["Resource"]) == "arn:aws:logs:eu-west-1:123456789012:log-group:*"
    assert on_all["Action"] == [
        "logs:CreateLogDelivery",
        "logs:CreateLogGroup",
        "logs:DeleteLogDelivery",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ]
    assert on_all["Resource"] == "*"


def test_grant_log_delivery_counts_as_granted(stack: cdk.Stack) -> None:
    """The grant of both statements can be asserted and waited for."""
    grant = HTTP.stage(stack).grant_log_delivery(iam.User(stack, "User"))
    grant.assert_success()


def test_fails_to_grant_reading_logs_without_any(stack: cdk.Stack) -> None:
    """An HTTP stage without access logs has nothing to read."""
    with pytest.raises(StageConfigurationError, match="access_log_settings must be given for grant_read_logs"):
        HTTP.stage(stack).grant_read_logs(iam.User(stack, "User"))


def test_a_websocket_stage_does_not_pass_for_one() -> None:
    """The two kinds are different classes."""
    assert not issubclass(WEBSOCKET.cls, HttpStage)


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """A stage with every property has this template."""
    key = kms.Key(stack, "Key")
    stage = HttpStage(
        stack,
        "Stage",
        api=HTTP.api(stack),
        stage_name="live",
        description="everything",
        auto_deploy=False,
        deployment_id="abc123",
        default_route_settings=RouteSettings(
            detailed_metrics_enabled=True, throttling_burst_limit=50, throttling_rate_limit=0.5
        ),
        access_log_settings=AccessLogSettings(
            format=AccessLogFormat.clf(),
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            encryption_key=key,
        ),
        stage_variables={"table": "pets"},
        tags={"team": "chat"},
    )
    reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    stage.grant_invoke(reader, method="GET", path="/pets")
    stage.grant_read_logs(reader)
    stage.grant_log_delivery(reader)
    for name in ("url", "stage_arn", "execution_arn"):
        cdk.CfnOutput(stack, name.replace("_", ""), value=getattr(stage, name))
    assert template(stack).to_json() == snapshot


@pytest.mark.parametrize(
    "method", ["G*", "GET/admin", "GET /admin", "*?", "${aws:PrincipalTag/method}", "GET POST", "-"]
)
def test_a_method_is_one_or_all(stack: cdk.Stack, method: str) -> None:
    """A method that would match others, or hold a path, is refused."""
    stage = HTTP.stage(stack)
    with pytest.raises(StageConfigurationError, match="method must be one HTTP method"):
        stage.grant_invoke(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), method=method)


def test_a_method_with_a_path_is_taken_apart(stack: cdk.Stack) -> None:
    """The message says the call that was meant."""
    with pytest.raises(StageConfigurationError, match=re.escape('write method="GET", path="/admin"')):
        HTTP.stage(stack).arn_for_execute_api("get /admin")


def test_an_unknown_method_warns(stack: cdk.Stack) -> None:
    """HTTP APIs have no route for PROPFIND; IAM takes it."""
    assert HTTP.stage(stack).arn_for_execute_api("propfind").endswith("/PROPFIND/*")
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    assert ["unknownHttpMethod" in str(each.entry.data) for each in found] == [True]


@pytest.mark.parametrize(
    "path",
    ["/pets/*", "*/pets", "/pe?s", "/${aws:username}", "/pets/${x}", "GET /pets", "/a b", "/{id", "/id}", "/{{id}}"],
)
def test_a_path_matches_no_more_than_it_says(stack: cdk.Stack, path: str) -> None:
    """Wildcards, policy variables, blanks and odd braces are refused."""
    with pytest.raises(StageConfigurationError, match="path must be a path such as"):
        HTTP.stage(stack).arn_for_execute_api("GET", path)


def test_tokens_in_methods_and_paths_stay(stack: cdk.Stack) -> None:
    """A token is no parameter; a wildcard beside it is still refused."""
    stage = HTTP.stage(stack)
    token = cdk.Fn.import_value("Part")
    known = {"Part": "x"}
    arn = deployed(stack.resolve(stage.arn_for_execute_api(token, f"/pets/{token}/{{id}}")), known)
    assert arn.endswith("/prod/x/pets/x/*")
    with pytest.raises(StageConfigurationError):
        stage.arn_for_execute_api("GET", f"/{token}/*")


@pytest.mark.parametrize(
    ("name", "url", "origin_path"), [("$default", "https://h/", ""), ("prod", "https://h/prod", "/prod")]
)
@pytest.mark.parametrize("imported", [False, True])
def test_the_default_stage_is_at_the_root(
    stack: cdk.Stack, name: str, url: str, origin_path: str, imported: bool
) -> None:
    """`$default` has neither a path in its URL nor an origin path, other stages have their name."""
    if imported:
        stage = HttpStage.from_stage_attributes(stack, "Stage", api_id="aabbccddee", stage_name=name)
    else:
        stage = HTTP.stage(stack, stage_name=name)
    assert (stage.url.replace(stage.host, "h"), stage.origin_path) == (url, origin_path)


@pytest.mark.parametrize("options", [{"default": "$default"}, {"allowed_values": ["$default", "prod"]}])
def test_a_parameter_may_name_the_default_stage(stack: cdk.Stack, options: dict[str, Any]) -> None:
    """Where a parameter of the template may name `$default`, a condition decides about the path at deploy time."""
    stage = HTTP.stage(stack, stage_name=cdk.CfnParameter(stack, "Name", **options).value_as_string)
    assert stack.resolve(stage.origin_path) == {
        "Fn::If": ["StageIsDefault69A770AF", "", {"Fn::Join": ["", ["/", {"Ref": "Name"}]]}]
    }
    assert {"Fn::If": ["StageIsDefault69A770AF", "", {"Ref": "Name"}]} in stack.resolve(stage.url)["Fn::Join"][1]
    (condition,) = template(stack).to_json()["Conditions"].values()
    assert condition == {"Fn::Equals": [{"Ref": "Name"}, "$default"]}


def test_other_names_that_are_tokens_are_a_path(stack: cdk.Stack) -> None:
    """A parameter that does not speak of `$default`, and any other token, makes no condition."""
    for number, name in enumerate((cdk.CfnParameter(stack, "Name").value_as_string, cdk.Fn.import_value("Name"))):
        assert HTTP.stage(stack, f"Stage{number}", stage_name=name).origin_path == f"/{name}"
    assert "Conditions" not in template(stack).to_json()


def test_grants_on_a_route(stack: cdk.Stack) -> None:
    """A route is granted by its construct as by its key."""
    stage, role = HTTP.stage(stack), iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    stage.grant_invoke(role, route=apigatewayv2.CfnRoute(stack, "L1", api_id="a", route_key="POST /pets/{id}"))
    (statement,) = statements(stack)
    assert deployed(statement["Resource"]).endswith(":aabbccddee/prod/POST/pets/*")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"route": "GET /pets", "path": "/pets"}, "route cannot be combined with method and path"),
        ({"route": "$default"}, "route must be a route with a method and a path"),
        ({"route": "GET /a*"}, "path must be a path"),
        ({"route": 5}, "route must be a route whose key is known"),
    ],
)
def test_fails_to_grant_on_other_routes(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """A route has a method and a path, and is given in place of them."""
    with pytest.raises(StageConfigurationError, match=re.escape(message)):
        HTTP.stage(stack).grant_invoke(iam.User(stack, "User"), **arguments)


def test_a_parameter_of_another_stack_is_a_path(stack: cdk.Stack, other_stack: cdk.Stack) -> None:
    """A condition cannot refer to a parameter of another template, so there is none."""
    name = cdk.CfnParameter(other_stack, "Name", default="$default").value_as_string
    assert HTTP.stage(stack, stage_name=name).origin_path == f"/{name}"
