"""What a grant writes, for each kind of principal: the rows, the principals, and how their statements are read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import aws_cdk as cdk
from aws_cdk import assertions
from aws_cdk import aws_iam as iam

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
REGIONS = {"aws": "eu-west-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}

Statement: TypeAlias = dict[str, Any]
"""One statement in the form of `allow(...)`, whatever CloudFormation makes of it."""


def allow(*actions: str, on: str | list[str], when: Mapping[str, Mapping[str, Any]] | None = None) -> Statement:
    """A statement of an identity policy; `{partition}`, `{region}` and `{account}` stand for those of the stack."""
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": _sorted(on), "Condition": dict(when or {})}


def allow_principal(statement: Statement, principal: Statement) -> Statement:
    """The same statement in a resource policy, with what names the principal there."""
    conditions: dict[str, dict[str, Any]] = {name: dict(of) for name, of in statement["Condition"].items()}
    for operator, values in principal.get("Condition", {}).items():
        conditions[operator] = {**conditions.get(operator, {}), **values}
    return {**statement, "Principal": principal["Principal"], "Condition": conditions}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call of one grant method, and what it lets a principal do."""

    method: str
    """Class and method, `HttpStage.grant_invoke`."""
    make: Callable[[cdk.Stack], Any]
    """Makes the construct in a stack."""
    grant: Callable[[Any, iam.IGrantable], Any]
    """Lets the construct give the permission to a principal."""
    identity: list[Statement]
    """Statements in the policy of the principal."""
    resource: list[Statement] = field(default_factory=list)
    """Statements in the policy of a resource, for a principal that needs them there; empty where there is no such
    policy: nothing is written then."""
    variant: str = ""
    """What is special about the call."""
    partitions: tuple[str, ...] = tuple(REGIONS)
    """Partitions that have the service."""
    warns: bool = True
    """Whether a principal gets a warning that is neither let in by a policy of its own account nor by a resource."""
    open_finding: str = ""
    """Why the row does not hold yet for principals that a resource policy would have to let in."""

    def __str__(self) -> str:
        return f"{self.method}({self.variant})"


NAMED = {"Logs": "pets", "Bucket.Arn": "arn:{partition}:s3:::recordings"}
"""What the resources of the rows are that have a name, so that other accounts can name them."""


class Principal(NamedTuple):
    """One kind of principal."""

    make: Callable[[cdk.Stack, cdk.Stack, str], Any]
    """Makes one in this stack or in that one, which is in another account; in this partition."""
    attached_to: str | None
    """Role that its identity policy is attached to; None where there is none that this app can write."""
    known_as: Statement | None
    """What names it in a resource policy; None where its identity policy is enough."""


def _role(stack: cdk.Stack, *_: object) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def _role_elsewhere(_stack: cdk.Stack, elsewhere: cdk.Stack, _partition: str) -> iam.Role:
    name = "backend-of-another-account"
    return iam.Role(elsewhere, "Role", role_name=name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def _imported(account: str, **options: Any) -> Callable[..., iam.IRole]:
    def make(stack: cdk.Stack, _elsewhere: cdk.Stack, partition: str) -> iam.IRole:
        return iam.Role.from_role_arn(stack, "Role", f"arn:{partition}:iam::{account}:role/imported", **options)

    return make


def _aws(principal: str) -> Statement:
    return {"Principal": {"AWS": principal}}


PRINCIPALS = {
    "role of the stack": Principal(_role, "{Role}", None),
    "imported role": Principal(_imported(ACCOUNT), "imported", None),
    "imported role that is not changed": Principal(_imported(ACCOUNT, mutable=False), None, None),
    "imported role of another account": Principal(
        _imported(OTHER_ACCOUNT), None, _aws("arn:{partition}:iam::{other account}:role/imported")
    ),
    "role of another account of the app": Principal(
        _role_elsewhere, "{Role}", _aws("arn:{partition}:iam::{other account}:role/backend-of-another-account")
    ),
    "account": Principal(
        lambda *_: iam.AccountPrincipal(OTHER_ACCOUNT), None, _aws("arn:{partition}:iam::{other account}:root")
    ),
    "ARN": Principal(
        lambda _stack, _elsewhere, partition: iam.ArnPrincipal(f"arn:{partition}:iam::{OTHER_ACCOUNT}:user/anna"),
        None,
        _aws("arn:{partition}:iam::{other account}:user/anna"),
    ),
    "service": Principal(
        lambda *_: iam.ServicePrincipal("mediaconvert.amazonaws.com"),
        None,
        {
            "Principal": {"Service": "mediaconvert.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": "{account}"}},
        },
    ),
    "organization": Principal(
        lambda *_: iam.OrganizationPrincipal("o-a1b2c3d4e5"),
        None,
        {**_aws("*"), "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
    ),
}


class ResourcePolicies(NamedTuple):
    """What a construct writes into the policies of resources, keys and trust policies of roles included."""

    name: str
    make: Callable[[cdk.Stack], Any]
    """Makes the construct in a stack."""
    statements: list[Statement]
    """All of them, but for the one by which a key belongs to its account."""

    def __str__(self) -> str:
        return self.name


def resource_statements(policies: ResourcePolicies, partition: str) -> list[Statement]:
    """What a construct writes into policies, in a stack of its own."""
    environment = cdk.Environment(account=ACCOUNT, region=REGIONS[partition])
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack", env=environment)
    policies.make(stack)
    found = read_statements(assertions.Template.from_stack(stack).to_json()["Resources"], partition)
    return [each for each in found if each["Action"] != ["kms:*"]]


class Granted(NamedTuple):
    """What one call wrote."""

    identity: list[Statement]
    """Statements of identity policies."""
    roles: set[str]
    """Roles that these are attached to."""
    resource: list[Statement]
    """Statements of resource policies, beside those that are there without the grant."""
    warnings: list[str]
    """Warnings on the constructs."""


def granted(row: Row, principal: Principal, partition: str) -> Granted:
    """Give the permission of a row to a principal, and read all that it wrote in the stacks of both accounts."""
    before = _synthesized(row, None, partition)
    after = _synthesized(row, principal, partition)
    return Granted(
        after.identity,
        after.roles,
        [each for each in after.resource if each not in before.resource],
        [each for each in after.warnings if each not in before.warnings],
    )


def _synthesized(row: Row, principal: Principal | None, partition: str) -> Granted:
    app = cdk.App(analytics_reporting=False)
    region = REGIONS[partition]
    here, elsewhere = (
        cdk.Stack(
            app,
            name,
            env=cdk.Environment(account=account, region=region),
            synthesizer=cdk.BootstraplessSynthesizer(),
        )
        for name, account in (("Here", ACCOUNT), ("Elsewhere", OTHER_ACCOUNT))
    )
    construct = row.make(here)
    if principal is not None:
        row.grant(construct, principal.make(here, elsewhere, partition))
    found = Granted([], set(), [], [])
    for stack in (here, elsewhere):
        for resource in assertions.Template.from_stack(stack).to_json().get("Resources", {}).values():
            if resource["Type"] in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
                found.identity.extend(read_statements(resource, partition))
                found.roles.update(_text(each, partition) for each in resource["Properties"]["Roles"])
            elif resource["Type"] != "AWS::IAM::Role":
                found.resource.extend(read_statements(resource, partition))
        for message in assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value()):
            found.warnings.append(str(message.entry.data))
    return found


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement of every policy document; one that is text is read."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Statement":
                yield from item
            elif key == "PolicyDocument" and not isinstance(item, dict):
                yield from statements(json.loads(item))
            else:
                yield from statements(item)
    elif isinstance(value, list):
        for item in value:
            yield from statements(item)


def listed(value: Any) -> list[Any]:
    """A value as the list that it may be left out of where there is one."""
    return value if isinstance(value, list) else [value]


def ordered(found: list[Statement]) -> list[Statement]:
    """Statements in an order of their own, to be compared."""
    return sorted(found, key=lambda each: json.dumps(each, sort_keys=True))


def read_statements(value: Any, partition: str) -> list[Statement]:
    """Every statement of a template, or of a part of it, in the form of `allow(...)`."""
    return [_read(each, partition) for each in statements(value)]


def _read(statement: dict[str, Any], partition: str) -> Statement:
    """A statement of a template in the form of `allow(...)`."""
    read = {key: _texts(value, partition) for key, value in statement.items() if key != "Sid"}
    return {
        "Condition": {},
        **read,
        "Action": _sorted(read["Action"]),
        **({"Resource": _sorted(read["Resource"])} if "Resource" in read else {}),
    }


def _texts(value: Any, partition: str) -> Any:
    if isinstance(value, dict) and not _is_function(value):
        return {_text(key, partition): _texts(item, partition) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item, partition) for item in value]
    return _text(value, partition)


def _is_function(value: dict[str, Any]) -> bool:
    return len(value) == 1 and any(key == "Ref" or key.startswith("Fn::") for key in value)


def _text(value: Any, partition: str) -> str:
    """A value as a reviewer reads it: `{Role}` is what `Ref` is for the resource made as `Role`."""
    if isinstance(value, dict):
        ((function, argument),) = value.items()
        if function == "Fn::Join":
            return argument[0].join(_text(each, partition) for each in argument[1])
        if function == "Ref":
            return NAMED.get(_name(argument)) or f"{{{_name(argument)}}}"
        if function == "Fn::GetAtt":
            name = f"{_name(argument[0])}.{argument[1]}"
            return NAMED.get(name) or f"{{{name}}}"
        return "{stack id}" if "AWS::StackId" in json.dumps(value) else json.dumps(value)
    text = str(value)
    for known, name in (
        (REGIONS[partition], "region"),
        (ACCOUNT, "account"),
        (OTHER_ACCOUNT, "other account"),
        (f"arn:{partition}:", "partition"),
    ):
        text = text.replace(known, "arn:{partition}:" if name == "partition" else f"{{{name}}}")
    return text


def _name(logical_id: str) -> str:
    if logical_id.startswith("AWS::"):
        return logical_id.removeprefix("AWS::").lower()
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)


def _sorted(value: Any) -> list[str]:
    return sorted(listed(value))
