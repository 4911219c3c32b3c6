"""Grants of stages of API Gateway v2.

HTTP and WebSocket APIs have no resource policies: what is not in the policy of a principal of the API's account is
granted to nobody.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

from .harness import ResourcePolicies, Row, allow

API = "arn:{partition}:execute-api:{region}:{account}:a1b2c3d4e5"
LIVE = "arn:{partition}:apigateway:{region}::/apis/a1b2c3d4e5/stages/live"
LOG_GROUP = "arn:{partition}:logs:{region}:{account}:log-group"
OWN_LOG_GROUP = f"{LOG_GROUP}:/aws/vendedlogs/apis/Stack-Stage-23083AB4-{{stack id}}"
KEY = "arn:{partition}:kms:{region}:{account}:key/0b5cf28a-1c0e-4b9e-9d5c-2d5a5d6f7a8b"
READ_LOGS = (
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogGroupFields",
    "logs:StartQuery",
)
FIND_AND_QUERY = [
    allow("logs:DescribeLogGroups", on=f"{LOG_GROUP}:*"),
    allow("logs:GetQueryResults", "logs:StopQuery", on="*"),
]
DECRYPT = allow("kms:Decrypt", on=KEY, when={"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": f"{LOG_GROUP}:pets"}})
"""The key for events of this group alone."""


def http_stage(stack: cdk.Stack) -> HttpStage:
    """A stage `live` of an API that is declared elsewhere, so that other accounts can name it."""
    api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="a1b2c3d4e5")
    return HttpStage(stack, "Stage", api=api, stage_name="live", access_log_settings=_logs(stack))


def web_socket_stage(stack: cdk.Stack) -> WebSocketStage:
    """The same for a WebSocket API; with execution logs."""
    apigateway.CfnAccount(stack, "Account")
    api = apigatewayv2.WebSocketApi.from_web_socket_api_attributes(stack, "Api", web_socket_id="a1b2c3d4e5")
    return WebSocketStage(
        stack,
        "Stage",
        api=api,
        stage_name="live",
        access_log_settings=_logs(stack),
        default_route_settings=RouteSettings(logging_level=LoggingLevel.ERROR),
    )


def _logs(stack: cdk.Stack) -> AccessLogSettings:
    key_id = "0b5cf28a-1c0e-4b9e-9d5c-2d5a5d6f7a8b"
    key = kms.Key.from_key_arn(stack, "Key", stack.format_arn(service="kms", resource="key", resource_name=key_id))
    return AccessLogSettings(log_group=logs.LogGroup(stack, "Logs", log_group_name="pets", encryption_key=key))


def _with_key(stack: cdk.Stack) -> AccessLogSettings:
    return AccessLogSettings(encryption_key=kms.Key(stack, "Key"))


def _own_http_stage(stack: cdk.Stack) -> None:
    api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="a1b2c3d4e5")
    HttpStage(stack, "Stage", api=api, access_log_settings=_with_key(stack))


def _own_web_socket_stage(stack: cdk.Stack) -> None:
    api = apigatewayv2.WebSocketApi.from_web_socket_api_attributes(stack, "Api", web_socket_id="a1b2c3d4e5")
    account = ApiGatewayAccount.of(stack)
    WebSocketStage(stack, "Stage", api=api, stage_name="live", account=account, access_log_settings=_with_key(stack))


USE_OF_KEY = {
    **allow(
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        on="*",
        when={"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": OWN_LOG_GROUP}},
    ),
    "Principal": {"Service": "logs.{region}.{urlsuffix}"},
}
"""In the policy of a key `*` is the key."""

RESOURCE_POLICIES = [
    ResourcePolicies(
        "HttpStage with a log group of its own and a key",
        _own_http_stage,
        [
            USE_OF_KEY,
            {
                **allow(
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    on=f"{OWN_LOG_GROUP}:log-stream:*",
                    when={
                        "StringEquals": {"aws:SourceAccount": "{account}"},
                        "ArnLike": {"aws:SourceArn": "arn:{partition}:logs:{region}:{account}:*"},
                    },
                ),
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
            },
        ],
    ),
    ResourcePolicies(
        "WebSocketStage with the account's role, a log group of its own and a key",
        _own_web_socket_stage,
        [
            USE_OF_KEY,
            {
                "Effect": "Allow",
                "Action": ["sts:AssumeRole"],
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Condition": {},
            },
        ],
    ),
]

ROWS = [
    Row(
        method="HttpStage.grant_invoke",
        make=http_stage,
        grant=lambda stage, grantee: stage.grant_invoke(grantee),
        identity=[allow("execute-api:Invoke", on=f"{API}/live/*/*")],
    ),
    Row(
        method="HttpStage.grant_invoke",
        variant="GET /pets/{id}",
        make=http_stage,
        grant=lambda stage, grantee: stage.grant_invoke(grantee, method="GET", path="/pets/{id}"),
        identity=[allow("execute-api:Invoke", on=f"{API}/live/GET/pets/*")],
    ),
    Row(
        method="HttpStage.grant_invoke",
        variant="route=GET /pets",
        make=http_stage,
        grant=lambda stage, grantee: stage.grant_invoke(grantee, route="GET /pets"),
        identity=[allow("execute-api:Invoke", on=f"{API}/live/GET/pets")],
    ),
    Row(
        method="HttpStage.grant",
        make=http_stage,
        grant=lambda stage, grantee: stage.grant(grantee, "execute-api:Invoke", "apigateway:GET"),
        identity=[allow("execute-api:Invoke", on=f"{API}/live/*"), allow("apigateway:GET", on=LIVE)],
    ),
    Row(
        method="HttpStage.grant_log_delivery",
        make=http_stage,
        grant=lambda stage, grantee: stage.grant_log_delivery(grantee),
        identity=[
            allow(
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                on=f"{LOG_GROUP}:*",
            ),
            allow(
                "logs:CreateLogDelivery",
                "logs:CreateLogGroup",
                "logs:DeleteLogDelivery",
                "logs:DescribeResourcePolicies",
                "logs:GetLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:UpdateLogDelivery",
                on="*",
            ),
        ],
    ),
    Row(
        method="HttpStage.grant_read_logs",
        make=http_stage,
        grant=lambda stage, grantee: stage.grant_read_logs(grantee),
        identity=[allow(*READ_LOGS, on=f"{LOG_GROUP}:pets:*"), *FIND_AND_QUERY, DECRYPT],
    ),
    Row(
        method="WebSocketStage.grant_invoke",
        make=web_socket_stage,
        grant=lambda stage, grantee: stage.grant_invoke(grantee),
        identity=[allow("execute-api:Invoke", on=f"{API}/live/$connect")],
    ),
    Row(
        method="WebSocketStage.grant_manage_connections",
        make=web_socket_stage,
        grant=lambda stage, grantee: stage.grant_manage_connections(grantee),
        identity=[allow("execute-api:ManageConnections", on=f"{API}/live/*/@connections/*")],
    ),
    Row(
        method="WebSocketStage.grant_management_api_access",
        make=web_socket_stage,
        grant=lambda stage, grantee: stage.grant_management_api_access(grantee),
        identity=[allow("execute-api:ManageConnections", on=f"{API}/live/*/@connections/*")],
    ),
    Row(
        method="WebSocketStage.grant",
        make=web_socket_stage,
        grant=lambda stage, grantee: stage.grant(grantee, "execute-api:*"),
        identity=[allow("execute-api:*", on=f"{API}/live/*")],
    ),
    Row(
        method="WebSocketStage.grant_read_logs",
        make=web_socket_stage,
        grant=lambda stage, grantee: stage.grant_read_logs(grantee),
        identity=[
            allow(*READ_LOGS, on=[f"{LOG_GROUP}:pets:*", f"{LOG_GROUP}:/aws/apigateway/a1b2c3d4e5/live:*"]),
            *FIND_AND_QUERY,
            DECRYPT,
        ],
    ),
]
