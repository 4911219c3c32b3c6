"""Grants on resources that have a policy of their own, with the same conditions in both policies.

`iam.Grant.add_to_principal_or_resource` writes the conditions into the policy of the principal and leaves them out of
the policy of the resource (seen with aws-cdk-lib 2.275).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aws_cdk import aws_iam as iam

from .. import _checks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def grant_on_resource(
    grantee: iam.IGrantable,
    resource: iam.IResourceWithPolicyV2,
    *,
    actions: Sequence[str],
    resource_arns: Sequence[str],
    conditions: Mapping[str, Mapping[str, object]] | None = None,
    resource_self_arns: Sequence[str] | None = None,
) -> tuple[iam.Grant, iam.PolicyStatement | None]:
    """Write the statement into the policy of the principal, and into that of the resource where IAM needs it there.

    Within one account the policy of the principal is enough. Another account needs both, and a principal without a
    policy of its own (an account, a service, an organization, an ARN) has only that of the resource.

    Returns:
        The grant, and the statement that the policy of the resource lacks, if it is imported.
    """
    grant = iam.Grant.add_to_principal(
        grantee=grantee, actions=list(actions), resource_arns=list(resource_arns), conditions=conditions
    )
    principal = grantee.grant_principal
    if grant.success and _same_account(resource, principal):
        return grant, None
    statement = iam.PolicyStatement(
        actions=list(actions),
        resources=list(resource_self_arns or resource_arns),
        principals=[principal],
        conditions=_with_source_account(conditions, principal, resource),
    )
    if not resource.add_to_resource_policy(statement).statement_added:
        return grant, statement
    # The statement is in the policy already, which holds equal ones once: this makes the grant that knows of it.
    added = iam.Grant.add_statement_to_resource_policy(
        grantee=grantee,
        actions=list(actions),
        resource_arns=list(resource_arns),
        resource=resource,
        statement=statement,
    )
    return grant.combine(added), None


def _same_account(resource: iam.IResourceWithPolicyV2, principal: iam.IPrincipal) -> bool:
    account, other = resource.env.account, principal.principal_account
    return account == other or (_checks.is_token(account) and _checks.is_token(other))


def _with_source_account(
    conditions: Mapping[str, Mapping[str, object]] | None,
    principal: iam.IPrincipal,
    resource: iam.IResourceWithPolicyV2,
) -> dict[str, Any]:
    """The conditions, and for a service that names no source of its own the account of the resource."""
    merged: dict[str, Any] = {operator: dict(keys) for operator, keys in (conditions or {}).items()}
    fragment = principal.policy_fragment
    own = cast("dict[str, dict[str, object]]", fragment.conditions)
    names_source = any(key.lower().startswith("aws:source") for keys in own.values() for key in keys)
    if "Service" in fragment.principal_json and not names_source:
        merged.setdefault("StringEquals", {})["aws:SourceAccount"] = resource.env.account
    return merged
