"""Grants, with a warning where they have no effect, and the policy of a KMS key that CloudWatch Logs uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ._arguments import construct as construct_argument
from ._arguments import has_member, warning
from ._jsii import identity
from ._synthesis import environment_of
from ._validation import warn
from .errors import StageConfigurationError
from .rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from constructs import IConstruct

_USED_BY_LOGS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


class Permission(NamedTuple):
    """One statement of an identity policy."""

    actions: Sequence[str]
    resource_arns: Sequence[str]
    conditions: Mapping[str, Mapping[str, object]] | None = None


def add_to_principal(
    construct: IConstruct, grantee: object, *permissions: Permission, account: str, reason: str
) -> iam.Grant:
    """Add permissions to the policy of a principal, and warn where that has no effect.

    Args:
        construct: The construct that grants; a warning is attached to it.
        grantee: The principal.
        permissions: The statements, at least one.
        account: Account of the resources.
        reason: Why an identity policy is needed, for the warning, such as "Amazon IVS has no resource policies".
    """
    from aws_cdk import aws_iam as iam  # noqa: PLC0415  heavy, and used by few stages

    require_grantee(construct, grantee)
    principal = cast("iam.IGrantable", grantee)
    first, *others = (
        iam.Grant.add_to_principal(
            grantee=principal,
            actions=list(each.actions),
            resource_arns=list(each.resource_arns),
            conditions=cast("Any", each.conditions),
        )
        for each in permissions
    )
    warn_without_effect(construct, principal, first, account=account, reason=reason)
    for other in others:
        first = first.combine(other)
    return first


def require_grantee(granting: IConstruct, value: object) -> None:
    """Raise unless a value is a principal."""
    by_arn, by_name = 'iam.Role.from_role_arn(self, "Role", {})', 'iam.Role.from_role_name(self, "Role", {})'
    expected = "a principal, such as a role or a function"
    violations = construct_argument(
        "grantee", value, "grant_principal", expected, rule="grantee", by_arn=by_arn, by_name=by_name
    )
    for violation in violations:
        raise StageConfigurationError(granting.node.path, [violation])


def warn_without_effect(
    construct: IConstruct, grantee: iam.IGrantable, grant: iam.Grant, *, account: str, reason: str
) -> None:
    """Warn if the identity policy of a principal cannot be written, or the principal is of another account.

    The grant of a role that is imported with `mutable=False` succeeds: its policy is written elsewhere.
    """
    their_account = grantee.grant_principal.principal_account
    known = their_account is not None and not is_unknown(their_account) and not is_unknown(account)
    elsewhere = known and their_account != account
    if grant.success and not elsewhere:
        return
    of_account = "its account" if is_unknown(account) else f"account {account}"
    problem = f"should be a role or user of {of_account} whose policy this app can write"
    fix = f"{reason}; grant to a role of {of_account}, and allow the grantee to assume it"
    if elsewhere:
        fix = f"it is of account {their_account}, and {fix}"
    warn(construct, [warning("grantWithoutEffect", "grantee", grantee, problem, fix)])


def allow_logs_to_use_key(
    construct: IConstruct, key: IKeyRef, *, prop: str, log_group_name: str, log_group_name_pattern: str | None = None
) -> None:
    """Allow CloudWatch Logs to use a key for a log group of the construct's stack, by the policy of the key.

    Where the policy cannot be written, a warning shows the statement.

    Args:
        construct: The construct that creates the log group; the warning is attached to it.
        key: The key.
        prop: The property that has the key, for the warning.
        log_group_name: Name of the log group. It may refer to the construct's stack, and not to the log group.
        log_group_name_pattern: Name for a key that is not declared in the same stack: its policy must not refer to
            the construct's stack, which refers to the key. `*` and `?` stand for unknown parts. Default: the name.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    import aws_cdk as cdk  # noqa: PLC0415  heavy, and used by few stages
    from aws_cdk import aws_iam as iam  # noqa: PLC0415
    from aws_cdk import region_info  # noqa: PLC0415

    environment = environment_of(construct)
    region, account = environment.region, environment.account
    pattern = log_group_name_pattern or log_group_name
    added = False
    if has_member(key, "add_to_resource_policy"):
        name = log_group_name if _stack_id(key) == _stack_id(construct) else pattern
        place = (cdk.Aws.PARTITION, region or cdk.Aws.REGION, account or cdk.Aws.ACCOUNT_ID, cdk.Aws.URL_SUFFIX)
        statement = iam.PolicyStatement.from_json(_statement(name, *place))
        added = cast("kms.IKey", key).add_to_resource_policy(statement).statement_added
    if not added:
        facts = region_info.RegionInfo.get(region or "unknown")
        partition, url_suffix = facts.partition or "<partition>", facts.domain_suffix or "<URL suffix>"
        shown = _statement(pattern, partition, region or "<region>", account or "<account>", url_suffix)
        text = json.dumps(environment.stack.resolve(shown))
        fix = f"add this statement to its policy, or the log group cannot be created: {text}"
        warn(construct, [warning("logKeyPolicy", prop, key, "should be a key whose policy can be written here", fix)])


def _stack_id(construct: object) -> str:
    """The same for all Python objects that stand for the stack of a construct."""
    return identity(environment_of(construct).stack)


def _statement(log_group_name: str, partition: str, region: str, account: str, url_suffix: str) -> dict[str, object]:
    """The statement in the policy of a key that allows CloudWatch Logs to use it for one log group."""
    arn = f"arn:{partition}:logs:{region}:{account}:log-group:{log_group_name}"
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.{url_suffix}"},
        "Action": list(_USED_BY_LOGS),
        "Resource": "*",  # in the policy of a key, the key itself
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": arn}},
    }
