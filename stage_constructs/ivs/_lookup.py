"""A live stage, as Cloud Control tells it to the CDK CLI at synth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import _checks, _lookup
from . import _rules
from ._place import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

    from ._place import Place

_TYPE = "AWS::IVS::Stage"
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
    _checks.refuse(scope, id, list(_faults(stage_arn, stage_name)))
    _lookup.require_environment(scope, id)
    place = place_of(scope)
    asked = ("stage_arn", stage_arn) if stage_arn is not None else ("stage_name", stage_name)
    try:
        answer = _lookup.look_up(
            scope,
            _TYPE,
            _query(place, *asked),
            required=["Arn"],
            optional=["Name", "Tags", "ActiveSessionId"],
            placeholder=_placeholder(place, *asked),
        )
    except _lookup.LookupFailedError as failure:
        raise _checks.refusal(scope, id, _not_found(*asked, str(failure))) from None
    if len(answer) != 1:
        raise _checks.refusal(scope, id, _not_found(*asked, _found(answer)))
    return _read(answer[0])


def _faults(stage_arn: str | None, stage_name: str | None) -> Iterator[_checks.Fault]:
    if (stage_arn is None) == (stage_name is None):
        yield _checks.Fault(
            rule="lookup",
            prop="stage_arn",
            value=stage_arn,
            tells_value=False,
            problem="must be given, or stage_name in its place",
            remedy="drop one of the two" if stage_arn is not None else "write stage_name=... for instance",
        )
    for prop, value in (("stage_arn", stage_arn), ("stage_name", stage_name)):
        if value is not None and _checks.is_token(value):
            yield _checks.Fault(
                rule="lookup",
                prop=prop,
                value=value,
                problem="must be known at synth",
                remedy="a lookup cannot wait for a deployment; use Stage.from_stage_arn(...) instead",
            )
    if stage_arn is not None:
        yield from _rules.arn("stage_arn", stage_arn, "stage")
    if stage_name is not None:
        yield from _rules.name("stage_name", stage_name)


def _query(place: Place, prop: str, value: str | None) -> dict[str, object]:
    if prop == "stage_name":
        return {"propertyMatch": {"Name": value}}
    region, account = str(value).split(":")[3:5]
    elsewhere = {"account": account, "region": region} if (region, account) != (place.region, place.account) else {}
    return {"exactIdentifier": value, **elsewhere}


def _placeholder(place: Place, prop: str, value: str | None) -> dict[str, Any]:
    arn = (
        value
        if prop == "stage_arn"
        else f"arn:{_rules.PARTITION}:ivs:{place.region}:{place.account}:stage/{_PLACEHOLDER_ID}"
    )
    name = value if prop == "stage_name" else "placeholder"
    return {"Arn": arn, "Name": name, "Tags": [], "ActiveSessionId": ""}


def _not_found(prop: str, value: str | None, found: str) -> _checks.Fault:
    return _checks.Fault(
        rule="lookup",
        prop=prop,
        value=value,
        problem="must be that of exactly one stage",
        remedy=f"{found}; if that has changed, forget the answer by `cdk context --reset`",
    )


def _found(answer: list[dict[str, Any]]) -> str:
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
