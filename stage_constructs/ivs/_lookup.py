"""A live stage, as the CDK CLI reads it from Cloud Control at synth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _lookup
from .._arguments import violation
from .._synthesis import environment_of
from .._validation import configuration_error, raise_if_invalid, violations_of
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.ivs._types import STAGE
from ._references import invalid_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

    from .._synthesis import Environment
    from ..errors import Violation

_PARTITION = "aws"
"""The one partition that has the service."""


def look_up(scope: Construct, id: str, *, stage_arn: str | None, stage_name: str | None) -> dict[str, Any]:
    """The one stage with this ARN or this name, as Cloud Control has it."""
    raise_if_invalid(scope, id, list(_invalid_identity(stage_arn, stage_name)))
    _lookup.require_environment(scope, id)
    environment = environment_of(scope)
    arn = f"arn:{_PARTITION}:ivs:{environment.region}:{environment.account}:stage/placeholder0"
    try:
        answer = _lookup.look_up(
            scope,
            STAGE,
            {"propertyMatch": {"Name": stage_name}} if stage_arn is None else _query_by_arn(environment, stage_arn),
            required=["Arn"],
            optional=["Name", "Tags", "ActiveSessionId"],
            placeholder={
                "Arn": stage_arn or arn,
                "Name": stage_name or "placeholder",
                "Tags": [],
                "ActiveSessionId": "",
            },
        )
        reason = "none was found in the account and Region of the stack"
        if len(answer) > 1:
            arns = ", ".join(str(stage.get("Arn")) for stage in answer)
            reason = f"{len(answer)} were found, choose by stage_arn among {arns}"
    except _lookup.LookupFailedError as failure:
        answer, reason = [], str(failure)
    if len(answer) != 1:
        prop, value = ("stage_name", stage_name) if stage_arn is None else ("stage_arn", stage_arn)
        fix = f"{reason}; if that has changed, remove the answer by `cdk context --reset`"
        not_found = violation("lookup", prop, value, "must be that of exactly one stage", fix)
        raise configuration_error(scope, id, not_found)
    return answer[0]


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


def _query_by_arn(environment: Environment, stage_arn: str) -> dict[str, object]:
    """The stage, in another account or Region where its ARN is of one."""
    region, account = stage_arn.split(":")[3:5]
    is_here = (region, account) == (environment.region, environment.account)
    return {"exactIdentifier": stage_arn, **({} if is_here else {"account": account, "region": region})}
