"""Grants on resources that have a policy of their own, with the same conditions in both policies.

`iam.Grant.add_to_principal_or_resource` writes the conditions into the policy of the principal and leaves them out of
the policy of the resource (seen with aws-cdk-lib 2.275).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from aws_cdk import aws_iam as iam

from .._arguments import warning
from .._validation import warn
from ..rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from ..errors import Violation


class ResourceGrant(NamedTuple):
    """What became of a grant."""

    grant: iam.Grant
    unwritten: iam.PolicyStatement | None = None
    """The statement that the policy of the resource lacks, if this app cannot write it."""
    in_resource: bool = False
    """Whether the policy of the resource has the statement."""


def grant(
    grantee: iam.IGrantable,
    resource: s3.IBucket | kms.IKey,
    action: str,
    resource_arns: Sequence[str],
    *,
    conditions: Mapping[str, Mapping[str, object]] | None = None,
    resource_self_arns: Sequence[str] | None = None,
) -> ResourceGrant:
    """Write the statement into the policy of the principal, and into that of the resource where IAM needs it there.

    Within one account the policy of the principal is enough. Another account needs both, and a principal without a
    policy of its own (an account, a service, an organization, an ARN) has only that of the resource.
    """
    owner = cast("iam.IResourceWithPolicyV2", resource)
    in_identity = iam.Grant.add_to_principal(
        grantee=grantee, actions=[action], resource_arns=list(resource_arns), conditions=conditions
    )
    principal = grantee.grant_principal
    account = owner.env.account
    if in_identity.success and _same_account(account, principal.principal_account):
        return ResourceGrant(in_identity)
    statement = iam.PolicyStatement(
        actions=[action],
        resources=list(resource_self_arns or resource_arns),
        principals=[principal],
        conditions=_with_source_account(conditions, principal, account),
    )
    if not owner.add_to_resource_policy(statement).statement_added:
        return ResourceGrant(in_identity, unwritten=statement)
    # The statement is in the policy already, which holds equal ones once: this makes the grant that knows of it.
    in_resource = iam.Grant.add_statement_to_resource_policy(
        grantee=grantee, actions=[action], resource_arns=list(resource_arns), resource=owner, statement=statement
    )
    return ResourceGrant(in_identity.combine(in_resource), in_resource=True)


def combine(
    construct: cdk.Resource, grantee: iam.IGrantable, parts: Mapping[str, Sequence[ResourceGrant]]
) -> iam.Grant:
    """One grant of several, which are listed by the names of their resources.

    Attaches warnings to the construct: for statements that this app cannot write, and for a grant to everyone.
    """
    violations: list[Violation] = []
    for owner, grants in parts.items():
        unwritten = [show(each.unwritten, construct.stack) for each in grants if each.unwritten]
        if unwritten:
            text = (
                f"should be a role or user of the account of the bucket, for the policy of the {owner} cannot be"
                " written here"
            )
            fix = f"make sure that this policy has {', '.join(unwritten)}"
            violations.append(warning("grantWithoutEffect", "grantee", grantee, text, fix))
    all_grants = [each for grants in parts.values() for each in grants]
    if any(each.in_resource for each in all_grants) and _is_everyone(grantee):
        fix = (
            "all recordings could be read without credentials, and S3 refuses such a bucket policy unless Block"
            " Public Access is off; grant to a role, an account or an organization"
        )
        violations.append(warning("publicRecordings", "grantee", grantee, "should not be everyone", fix))
    warn(construct, violations)
    combined, *others = (each.grant for each in all_grants)
    for other in others:
        combined = combined.combine(other)
    return combined


def show(statement: iam.PolicyStatement, stack: cdk.Stack) -> str:
    """A statement for people, to be copied into a policy: `<partition>` in place of what is known at deploy time."""
    return json.dumps(_readable(stack.resolve(statement.to_statement_json())))


def _readable(value: Any) -> Any:
    if isinstance(value, list):
        return [_readable(item) for item in cast("Sequence[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    if "Fn::Join" in members:
        separator, parts = members["Fn::Join"]
        return str(separator).join(str(_readable(part)) for part in parts)
    if "Ref" in members:
        name = str(members["Ref"])
        return f"<{name.removeprefix('AWS::').lower()}>" if name.startswith("AWS::") else f"<{name}>"
    if len(members) == 1 and next(iter(members)).startswith("Fn::"):
        return "<known at deploy time>"
    return {key: _readable(item) for key, item in members.items()}


def _is_everyone(grantee: iam.IGrantable) -> bool:
    """Whether a grantee is everyone, without a condition."""
    fragment = grantee.grant_principal.policy_fragment
    names = [name for names in fragment.principal_json.values() for name in names]
    return "*" in names and not fragment.conditions


def _same_account(account: str, other: str | None) -> bool:
    return account == other or (is_unknown(account) and is_unknown(other))


def _with_source_account(
    conditions: Mapping[str, Mapping[str, object]] | None, principal: iam.IPrincipal, account: str
) -> dict[str, Any]:
    """The conditions, and for a service that names no source of its own the account of the resource."""
    merged: dict[str, Any] = {operator: dict(keys) for operator, keys in (conditions or {}).items()}
    fragment = principal.policy_fragment
    own = cast("dict[str, dict[str, object]]", fragment.conditions)
    names_source = any(key.lower().startswith("aws:source") for keys in own.values() for key in keys)
    kinds = fragment.principal_json.keys()
    if "Service" in kinds and not names_source:
        # Others than services, in a composite principal, send no source.
        operator = "StringEquals" if len(kinds) == 1 else "StringEqualsIfExists"
        merged.setdefault(operator, {})["aws:SourceAccount"] = account
    return merged
