"""Patterns of the events of stages, which differ in where they name the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_events as events

from .._arguments import plain
from ..rules.ivs.events import StageEventType


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
