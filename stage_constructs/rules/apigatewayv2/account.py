"""The CloudWatch role of an account, through which WebSocket and REST APIs write logs."""

from __future__ import annotations

import functools
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict, as_list
from .._unknown import is_unknown
from ._apis import CLOUDFORMATION, STAGE, WEBSOCKET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .._resources import Resource

ACCOUNT: Final = "AWS::ApiGateway::Account"
_ACCOUNTS: Final = (ACCOUNT, "Custom::ApiGatewayAccount")
"""How the types begin that set the role; Serverless Framework does it by a custom resource."""

_rule = functools.partial(
    rule, across=True, source=f"{CLOUDFORMATION}aws-resource-apigateway-account.html", checked="2026-11"
)


def writes_logs(stage: Resource) -> bool:
    """Whether a stage is known to need the role: a WebSocket stage with access logs or a logging level.

    Where the API is not in the app, a stage with a logging level is one of a WebSocket API.
    """
    default = as_dict(stage.properties.get("DefaultRouteSettings"))
    if stage.protocol != WEBSOCKET and (stage.protocol or not isinstance(default.get("LoggingLevel"), str)):
        return False
    settings = (default, *as_dict(stage.properties.get("RouteSettings")).values())
    levels = [as_dict(each).get("LoggingLevel") for each in settings]
    return bool(as_dict(stage.properties.get("AccessLogSettings"))) or "ERROR" in levels or "INFO" in levels


@_rule(
    STAGE,
    "",
    id="accountLoggingRole",
    kind=Kind.RUN_TIME,
    service="CloudWatch Logs role ARN must be set in account settings to enable logging",
)
def account_logging_role(properties: Mapping[str, object], at: Context) -> Iterator[Problem]:
    """Logging on a WebSocket stage requires the account-level CloudWatch role."""
    together = at.template.deployed_together
    has_account = any(each.startswith(_ACCOUNTS) for template in together for each in template.types)
    if not has_account and writes_logs(at.resource):
        access_logs = properties.get("AccessLogSettings") is not None
        yield Problem(
            "should go with an AWS::ApiGateway::Account in the stack",
            "add one with the ARN of a role by which API Gateway may write logs, or accept this rule if another stack"
            " has set the role",
            ("AccessLogSettings",) if access_logs else ("DefaultRouteSettings", "LoggingLevel"),
            show_value=False,
        )


def _environment(account: Resource) -> str:
    """The account and Region of a resource, within the cloud assembly of one `cdk.Stage`.

    The stages of a pipeline are deployed one after the other, and each may bring a role that can write logs.
    """
    template = account.template
    assert template is not None  # noqa: S101  rules across resources are evaluated in templates only
    known = template.region and template.account
    place = f"{template.region}/{template.account}" if known else template.deployed_together[0].path
    return f"{PurePath(template.path).parent}/{place}"


@_rule(ACCOUNT, "", id="secondAccount", kind=Kind.PRACTICE)
def second_account(_: object, at: Context) -> Iterator[Problem]:
    """One resource sets the CloudWatch role of an account in a Region: the one that is deployed last wins."""
    others = at.template.assembly.grouped(ACCOUNT, _environment)[_environment(at.resource)]
    unconditional = [each for each in others if not each.is_conditional]
    if at.resource in unconditional[1:]:
        yield Problem(
            "should be the only resource that sets the CloudWatch role of its account and Region",
            "keep one and use it everywhere, and create a RestApi with"
            " {CloudWatchRole: false|cloud_watch_role=False}; or accept this rule if all of them set a role that"
            " may write logs",
        )


@_rule(
    ACCOUNT,
    "CloudWatchRoleArn",
    id="accountRoleTrust",
    kind=Kind.RUN_TIME,
    given=True,
    service="The role ARN does not have required permissions configured. Please grant trust permission for API Gateway"
    " and add the required role policy.",
)
def account_role_trust(value: object, at: Context) -> Iterator[Problem]:
    """API Gateway can assume the CloudWatch role of the account."""
    trust = _trust(at.template.target(value))
    if trust is not None and "apigateway" not in trust and '"*"' not in trust:
        yield Problem(
            "should be a role that API Gateway can assume", "let the service principal of API Gateway assume it"
        )


def _trust(role: Resource | None) -> str | None:
    """Who may assume a role, as text; None where that is not known."""
    if role is None or role.type != "AWS::IAM::Role":
        return None
    statements = as_list(as_dict(role.properties.get("AssumeRolePolicyDocument")).get("Statement"))
    principals = [as_dict(each).get("Principal") for each in statements]
    services = [as_dict(principal).get("Service") for principal in principals]
    names = [name for service in services for name in as_list(service)]
    computed = any(is_unknown(each) for each in (*statements, *principals, *services, *names))
    return json.dumps(principals) if principals and not computed else None
