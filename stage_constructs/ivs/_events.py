"""Patterns of the events of stages, which differ in where they name the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_events as events

from .event_names import StageEventType


def pattern(
    event_types: Sequence[StageEventType], stage_arns: Sequence[str] | None, event_names: Sequence[str] | None = None
) -> events.EventPattern:
    """The pattern for events of these types, all of which name the stage in the same place.

    Composition events have the composition under `resources`, and the stage in their detail.
    """
    from aws_cdk import aws_events as events

    of_compositions = StageEventType.COMPOSITION_STATE_CHANGE in event_types
    detail: dict[str, list[str]] = {}
    if event_names:
        detail["event_name"] = [str.__str__(name) for name in event_names]
    if stage_arns and of_compositions:
        detail["stage_arn"] = list(stage_arns)
    return events.EventPattern(
        source=["aws.ivs"],
        detail_type=[str.__str__(event_type) for event_type in event_types],
        resources=list(stage_arns) if stage_arns and not of_compositions else None,
        detail=detail or None,
    )
