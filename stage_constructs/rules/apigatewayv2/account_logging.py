"""Whether the CloudWatch role of an account is there in time, and may write logs."""

from __future__ import annotations

import fnmatch
import functools
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict, as_list
from .._unknown import is_unknown
from ._apis import CLOUDFORMATION, STAGE
from ._app import app_is_complete, resources_in_app
from .account import ACCOUNT, writes_logs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .._resources import Resource

_ROLE: Final = "AWS::IAM::Role"
_ATTACHED: Final = {"AWS::IAM::Policy": "Roles", "AWS::IAM::ManagedPolicy": "Roles", "AWS::IAM::RolePolicy": "RoleName"}
"""Policies that are resources of their own, with the property that names their roles."""

_rule = functools.partial(
    rule,
    kind=Kind.RUN_TIME,
    across=True,
    source=f"{CLOUDFORMATION}aws-resource-apigateway-account.html",
    checked="2026-11",
)


@_rule(
    STAGE,
    "",
    id="stageBeforeAccount",
    service="CloudWatch Logs role ARN must be set in account settings to enable logging",
)
def stage_before_account(_: object, at: Context) -> Iterator[Problem]:
    """A WebSocket stage that writes logs is created after the resource that sets the CloudWatch role."""
    template = at.template
    accounts = [each.logical_id for each in template.of_type(ACCOUNT)]
    if not accounts or not writes_logs(at.resource):
        return
    if not template.transitive_dependencies(at.resource, accounts):
        yield Problem(
            f"should name {accounts[0]}, which sets the CloudWatch role",
            f"add {accounts[0]}, or CloudFormation may create the stage before the role is set",
            ("DependsOn",),
            value=sorted(at.resource.dependencies),
        )


@_rule(
    ACCOUNT,
    "CloudWatchRoleArn",
    id="accountRolePermissions",
    given=True,
    fix="give it the managed policy service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    service="The role ARN does not have required permissions configured. Please grant trust permission for API Gateway"
    " and add the required role policy.",
)
def account_role_permissions(value: object, at: Context) -> Iterator[Problem]:
    """The CloudWatch role of the account may write logs."""
    role = at.template.target(value)
    if role is not None and role.type == _ROLE and _cannot_write_logs(role):
        yield Problem("should be a role that may write logs, and no policy of this one allows any action on logs")


def _cannot_write_logs(role: Resource) -> bool:
    """Whether all policies of a role can be read, and none allows an action of CloudWatch Logs."""
    inline, managed = (role.properties.get(name) for name in ("Policies", "ManagedPolicyArns"))
    if managed not in (None, []) or is_unknown(inline):
        return False
    documents = [as_dict(policy).get("PolicyDocument") for policy in as_list(inline)]
    for template, policy in resources_in_app(role, *_ATTACHED):
        named = policy.properties.get(_ATTACHED[policy.type])
        if named is None:
            continue
        targets = [template.target(each) for each in as_list(named) or (named,)]
        if None in targets:
            return False
        if role in targets:
            documents.append(policy.properties.get("PolicyDocument"))
    return app_is_complete(role) and not any(_may_write_logs(document) for document in documents)


def _may_write_logs(document: object) -> bool:
    """Whether a policy allows an action of CloudWatch Logs, or is not known."""
    statements = as_dict(document).get("Statement")
    return any(_may_allow(as_dict(statement)) for statement in as_list(statements) or (statements,))


def _may_allow(statement: Mapping[str, object]) -> bool:
    if statement.get("Effect") == "Deny":
        return False
    actions: object = statement.get("Action")
    listed: Sequence[object] = as_list(actions) or (actions,)
    return any(not isinstance(each, str) or is_unknown(each) or _is_of_logs(each.lower()) for each in listed)


def _is_of_logs(action: str) -> bool:
    return action.startswith("logs:") or fnmatch.fnmatchcase("logs:putlogevents", action)
