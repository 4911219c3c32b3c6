"""Patterns of the events of stages, which differ in where they name the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._arguments import plain, warning
from .._validation import violations_of
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.ivs.event_patterns import RULE
from ..rules.ivs.events import StageEventType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_events as events

    from ..errors import Violation


def pattern(
    event_types: Sequence[StageEventType | str] | None,
    stage_arns: Sequence[str] | None,
    event_names: Sequence[str] | None = None,
    *,
    of_compositions: bool = False,
) -> events.EventPattern:
    """The pattern for events of these types, all of which name the stage in the same place.

    Composition events have the composition under `resources`, and the stage in their detail.
    """
    from aws_cdk import aws_events as events

    in_detail = of_compositions or StageEventType.COMPOSITION_STATE_CHANGE in (event_types or ())
    detail: dict[str, list[str]] = {}
    if event_names:
        detail["event_name"] = [plain(name) for name in event_names]
    if stage_arns and in_detail:
        detail["stage_arn"] = list(stage_arns)
    return events.EventPattern(
        source=["aws.ivs"],
        detail_type=None if event_types is None else [plain(event_type) for event_type in event_types],
        resources=list(stage_arns) if stage_arns and not in_detail else None,
        detail=detail or None,
    )


def of_another_region(region_of_stage: str, region_of_rule: str) -> Iterator[Violation]:
    """Events of a stage are sent in its own Region."""
    if region_of_stage != region_of_rule and not is_unknown(region_of_stage) and not is_unknown(region_of_rule):
        fix = (
            "events are sent in the Region of the stage, so this rule will not match; put it into a stack in"
            f" {region_of_stage}"
        )
        text = f"should be in the Region of the rule, {region_of_rule}"
        yield warning("eventsOfAnotherRegion", "stage", region_of_stage, text, fix)


def too_long(event_pattern: events.EventPattern | None) -> list[Violation]:
    """What EventBridge refuses of a pattern for its length."""
    members: dict[str, Any] = getattr(event_pattern, "_values", None) or {}
    rendered = {**{name.replace("_", "-"): value for name, value in members.items()}, "source": ["aws.ivs"]}
    violations = violations_of(Resource(RULE, {"EventPattern": rendered}))
    return [each for each in violations if each.rule != "tokenType"]  # a matcher of CDK is a token in any place
