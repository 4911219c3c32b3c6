"""A live stage, as Cloud Control tells it to the CDK CLI at synth."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk

from .. import _checks
from . import _rules
from ._place import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

    from ._place import Place

_PROVIDER = "cc-api-provider"
_TYPE = "AWS::IVS::Stage"
_OPTIONAL = ("Name", "Tags", "ActiveSessionId")
_ABSENT = re.compile(r"Cannot read field (\w+)\.")
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
    place = place_of(scope)
    _checks.refuse(scope, id, list(_faults(place, stage_arn, stage_name)))
    asked = ("stage_arn", stage_arn) if stage_arn is not None else ("stage_name", stage_name)
    # The CLI fails on a property that the stage does not have, and says which: it is then asked for the others.
    questions = [["Arn", *some] for count in (3, 2, 1, 0) for some in itertools.combinations(_OPTIONAL, count)]
    absent: set[str] = set()
    known = {tuple(question): _known(scope, _props(place, question, *asked)) for question in questions}
    answer = next((value for value in known.values() if isinstance(value, list)), None)
    if answer is None:
        for question in questions:
            failure = known[tuple(question)]
            if absent.isdisjoint(question) and failure is not None:
                missing = _ABSENT.search(str(failure))
                if missing is None or missing[1] not in _OPTIONAL:
                    raise _checks.refusal(scope, id, _not_found(*asked, str(failure)))
                absent.add(missing[1])
        question = next(question for question in questions if absent.isdisjoint(question))
        answer = cdk.ContextProvider.get_value(
            scope,
            provider=_PROVIDER,
            props=_props(place, question, *asked),
            dummy_value=[_placeholder(place, *asked)],
        ).value
    if len(answer) != 1:
        raise _checks.refusal(scope, id, _not_found(*asked, _found(answer)))
    return _read(answer[0])


def _faults(place: Place, stage_arn: str | None, stage_name: str | None) -> Iterator[_checks.Fault]:
    if (stage_arn is None) == (stage_name is None):
        yield _checks.Fault(
            rule="lookup",
            prop="stage_arn",
            value=stage_arn,
            problem="must be given, or stage_name in its place",
            remedy="give one of them, not both" if stage_arn is not None else "write stage_name=... for instance",
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
    if place.region is None or place.account is None:
        yield _checks.Fault(
            rule="lookup",
            prop="env",
            value=place.environment,
            problem="must name an account and a Region for a lookup",
            remedy="write Stack(..., env=Environment(account=..., region=...)), or use Stage.from_stage_arn(...)",
        )


def _props(place: Place, question: list[str], prop: str, value: str | None) -> dict[str, Any]:
    asked: dict[str, Any] = {"typeName": _TYPE, "propertiesToReturn": question}
    if prop == "stage_name":
        return {**asked, "propertyMatch": {"Name": value}}
    region, account = str(value).split(":")[3:5]
    if (region, account) != (place.region, place.account):
        asked |= {"account": account, "region": region}
    return {**asked, "exactIdentifier": value}


def _known(scope: Construct, props: dict[str, Any]) -> list[dict[str, Any]] | str | None:
    """An answer that the context holds, the error in place of one, or None."""
    key = cdk.ContextProvider.get_key(scope, provider=_PROVIDER, props=props).key
    value = scope.node.try_get_context(key)
    failure = cast("dict[str, object]", value).get("$providerError") if isinstance(value, dict) else None
    return cast("list[dict[str, Any]] | None", value) if failure is None else str(failure)


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
