"""ARNs of Amazon IVS, and the constructs that stand for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aws_cdk as cdk

from .._arguments import NOT_SET, has_member, violation
from .._suggestions import suggest_import, with_article
from .._validation import report
from ..rules._unknown import is_unknown
from ..rules.ivs import every_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import IConstruct

    from ..errors import Violation


def invalid_arn(prop: str, value: object, kind: str) -> Iterator[Violation]:
    """What is not the ARN of a kind of resource, such as `stage`."""
    if isinstance(value, str) and is_unknown(value):
        return
    for problem in every_resource.arn(value if isinstance(value, str) else "", kind):
        fix = problem.fix or (NOT_SET if value is None else every_resource.ARN_FIX)
        yield violation("arn", prop, value, problem.text, fix)


def arn_of(value: object, kind: str) -> str | None:
    """The ARN behind an `I<Kind>Ref` of Amazon IVS, whoever made it; None where the object is none."""
    name = kind.replace("-", "_")
    if not has_member(value, f"{name}_ref"):
        return None
    arn: str | None = getattr(getattr(value, f"{name}_ref"), f"{name}_arn", None)
    return arn


def invalid_reference(prop: str, value: object, arn: str | None, kind: str) -> Iterator[Violation]:
    """What does not stand for a kind of resource, by its ARN as `arn_of` reads it."""
    if arn is not None:
        yield from invalid_arn(prop, arn, kind)
        return
    name = kind.replace("-", "_")
    by_arn = f'ivs.{name.title().replace("_", "")}.from_{name}_arn(self, "Id", {{}})'
    expected = f"{with_article(kind.replace('-', ' '))} of Amazon IVS"
    otherwise = NOT_SET if value is None else f"give the construct, or {by_arn.format('...')}"
    fix = suggest_import(value, by_arn=by_arn) or otherwise
    yield violation("reference", prop, value, f"must be {expected}", fix)


def arns_of(construct: IConstruct, **given: tuple[object, str]) -> list[str]:
    """The ARNs of the references that a method is given, each with its kind; a channel may be given by its ARN."""
    arns: list[str] = []
    violations: list[Violation] = []
    for prop, (value, kind) in given.items():
        arn = value if kind == "channel" and isinstance(value, str) else arn_of(value, kind)
        violations += invalid_reference(prop, value, arn, kind)
        arns.append(str(arn))
    report(construct, violations)
    return arns


def has_wildcard(name: object) -> bool:
    """Whether a name or ARN has a wildcard or a policy variable of IAM, so that a policy would match several."""
    return isinstance(name, str) and not is_unknown(name) and re.search(r"[*?]|\$\{", name) is not None


def stage_id_of(arn: str) -> str:
    """The id in the ARN of a stage, which may be known at deploy time only."""
    return cdk.Fn.select(1, cdk.Fn.split("/", arn)) if cdk.Token.is_unresolved(arn) else arn.partition("/")[2]
