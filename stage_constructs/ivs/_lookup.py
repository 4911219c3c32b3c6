"""A live stage, as the CDK CLI reads it from Cloud Control at synth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import _lookup
from .._arguments import violation
from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of
from ..errors import StageConfigurationError
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.ivs._types import STAGE
from ._resources import invalid_arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

    from .._synthesis import Environment
    from ..errors import Violation

_PARTITION = "aws"
"""The one partition that has the service."""
_PLACEHOLDER_ID = "placeholder0"


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveStage:
    """A stage as it was when it was looked up."""

    stage_arn: str
    stage_name: str | None
    tags: dict[str, str]
    active_session_id: str | None


def look_up(scope: Construct, id: str, *, stage_arn: str | None, stage_name: str | None) -> LiveStage:
    """Find the one stage with this ARN or this name."""
    raise_if_invalid(scope, id, list(_invalid_identity(stage_arn, stage_name)))
    _lookup.require_environment(scope, id)
    environment = environment_of(scope)
    identity = ("stage_arn", stage_arn) if stage_arn is not None else ("stage_name", stage_name)
    try:
        answer = _lookup.look_up(
            scope,
            STAGE,
            _query(environment, *identity),
            required=["Arn"],
            optional=["Name", "Tags", "ActiveSessionId"],
            placeholder=_placeholder(environment, *identity),
        )
    except _lookup.LookupFailedError as failure:
        raise _not_found(scope, id, *identity, str(failure)) from None
    if len(answer) != 1:
        raise _not_found(scope, id, *identity, _matches(answer))
    return _read(answer[0])


def _invalid_identity(stage_arn: str | None, stage_name: str | None) -> Iterator[Violation]:
    if (stage_arn is None) == (stage_name is None):
        fix = "remove one of the two" if stage_arn is not None else "write stage_name=... for instance"
        text = "must be given, or stage_name in its place"
        yield violation("lookup", "stage_arn", stage_arn, text, fix, show_value=False)
    for prop, value in (("stage_arn", stage_arn), ("stage_name", stage_name)):
        if value is not None and is_unknown(value):
            fix = "a lookup cannot wait for a deployment; use Stage.from_stage_arn(...) instead"
            yield violation("lookup", prop, value, "must be known at synth", fix)
    if stage_arn is not None:
        yield from invalid_arn("stage_arn", stage_arn, "stage")
    yield from violations_of(Resource(STAGE, {"Name": stage_name}))


def _query(environment: Environment, prop: str, value: str | None) -> dict[str, object]:
    if prop == "stage_name":
        return {"propertyMatch": {"Name": value}}
    region, account = str(value).split(":")[3:5]
    elsewhere = (
        {"account": account, "region": region} if (region, account) != (environment.region, environment.account) else {}
    )
    return {"exactIdentifier": value, **elsewhere}


def _placeholder(environment: Environment, prop: str, value: str | None) -> dict[str, Any]:
    arn = (
        value
        if prop == "stage_arn"
        else f"arn:{_PARTITION}:ivs:{environment.region}:{environment.account}:stage/{_PLACEHOLDER_ID}"
    )
    name = value if prop == "stage_name" else "placeholder"
    return {"Arn": arn, "Name": name, "Tags": [], "ActiveSessionId": ""}


def _not_found(scope: Construct, id: str, prop: str, value: str | None, reason: str) -> StageConfigurationError:
    fix = f"{reason}; if that has changed, remove the answer by `cdk context --reset`"
    found = violation("lookup", prop, value, "must be that of exactly one stage", fix)
    return StageConfigurationError(f"{scope.node.path}/{id}".lstrip("/"), [found])


def _matches(answer: list[dict[str, Any]]) -> str:
    if not answer:
        return "none was found in the account and Region of the stack"
    arns = ", ".join(str(stage.get("Arn")) for stage in answer)
    return f"{len(answer)} were found, choose by stage_arn among {arns}"


def _read(answer: Mapping[str, Any]) -> LiveStage:
    return LiveStage(
        stage_arn=answer["Arn"],
        stage_name=answer.get("Name") or None,
        tags={tag["Key"]: tag["Value"] for tag in answer.get("Tags") or ()},
        active_session_id=answer.get("ActiveSessionId") or None,
    )
