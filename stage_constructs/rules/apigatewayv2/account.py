"""The CloudWatch role of an account, through which WebSocket and REST APIs write logs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict, as_list
from .._unknown import is_unknown
from ._apis import STAGE, WEBSOCKET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .._resources import Resource, Template

ACCOUNT: Final = "AWS::ApiGateway::Account"
_ACCOUNTS: Final = (ACCOUNT, "Custom::ApiGatewayAccount")
"""How the types begin that set the role; Serverless Framework does it by a custom resource."""
_PAGE: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-account.html"
_LOGGING: Final = ("ERROR", "INFO")


def writes_logs(properties: Mapping[str, object]) -> bool:
    """Whether a WebSocket stage needs the role: it has access logs or a logging level."""
    settings = (properties.get("DefaultRouteSettings"), *as_dict(properties.get("RouteSettings")).values())
    levels = [as_dict(each).get("LoggingLevel") for each in settings]
    return bool(as_dict(properties.get("AccessLogSettings"))) or any(level in _LOGGING for level in levels)


def _is_web_socket(stage: Resource) -> bool:
    """Whether a stage is one of a WebSocket API: where the API is not in the app, stages with a logging level are."""
    if stage.protocol is not None:
        return stage.protocol == WEBSOCKET
    return isinstance(as_dict(stage.properties.get("DefaultRouteSettings")).get("LoggingLevel"), str)


def _has_account(template: Template) -> bool:
    return any(each.startswith(_ACCOUNTS) for one in template.deployed_together for each in one.types)


@rule(
    STAGE,
    "",
    id="accountLoggingRole",
    kind=Kind.RUN_TIME,
    across=True,
    doc="Logging on a WebSocket stage requires the account-level CloudWatch role.",
    fix="Put an `AWS::ApiGateway::Account` into the stack, as `ApiGatewayAccount.of(self)` does; accept the rule where"
    " another stack has set the role.",
    service="CloudWatch Logs role ARN must be set in account settings to enable logging",
    source=_PAGE,
    checked="2026-11",
)
def account_logging_role(properties: Mapping[str, object], at: Context) -> Iterator[Problem]:
    template = at.resource.template
    assert template is not None  # noqa: S101  judged in templates
    if not _is_web_socket(at.resource) or not writes_logs(properties) or _has_account(template):
        return
    access_logs = properties.get("AccessLogSettings") is not None
    yield Problem(
        "should go with an AWS::ApiGateway::Account in the stack",
        "add one with the ARN of a role by which API Gateway may write logs, or accept this rule if another stack has"
        " set the role",
        ("AccessLogSettings",) if access_logs else ("DefaultRouteSettings", "LoggingLevel"),
        show_value=False,
    )


@rule(
    ACCOUNT,
    "",
    id="secondAccount",
    kind=Kind.PRACTICE,
    across=True,
    doc="One resource sets the CloudWatch role of an account in a Region: the one that is deployed last wins.",
    fix="keep one and use it everywhere, and create a RestApi with {CloudWatchRole: false|cloud_watch_role=False}; or"
    " accept this rule if all of them set a role that may write logs",
    source=_PAGE,
    checked="2026-11",
)
def second_account(_: object, at: Context) -> Iterator[Problem]:
    template = at.resource.template
    assert template is not None  # noqa: S101  judged in templates
    if template.assembly.position(at.resource) > 1:
        yield Problem("should be the only resource that sets the CloudWatch role of its account and Region")


@rule(
    ACCOUNT,
    "CloudWatchRoleArn",
    id="accountRoleTrust",
    kind=Kind.RUN_TIME,
    across=True,
    given=True,
    doc="API Gateway can assume the CloudWatch role of the account.",
    fix="let the service principal of API Gateway assume it",
    service="The role ARN does not have required permissions configured. Please grant trust permission for API Gateway"
    " and add the required role policy.",
    source=_PAGE,
    checked="2026-11",
)
def account_role_trust(value: object, at: Context) -> Iterator[Problem]:
    trust = _trust(value, at.resource)
    if trust is not None and "apigateway" not in trust and '"*"' not in trust:
        yield Problem("should be a role that API Gateway can assume")


def _trust(role_arn: object, account: Resource) -> str | None:
    """Who may assume the role, as text; None where that is not known."""
    role = account.template.target(role_arn) if account.template else None
    if role is None or role.type != "AWS::IAM::Role":
        return None
    statements = as_list(as_dict(role.properties.get("AssumeRolePolicyDocument")).get("Statement"))
    principals = [as_dict(each).get("Principal") for each in statements]
    services: list[object] = []
    for principal in principals:
        service = as_dict(principal).get("Service")
        services += [service, *as_list(service)]
    computed = any(is_unknown(each) for each in (*statements, *principals, *services))
    return json.dumps(principals) if principals and not computed else None
