"""The events that stages send to EventBridge, and how many logs of them an account can have."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from .._values import values_of
from ._types import quota_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

LOG_POLICY: Final = "AWS::Logs::ResourcePolicy"
MAX_LOG_POLICIES: Final = 10


class StageEventType(str, enum.Enum):
    """Kinds of events, as EventBridge's `detail-type`.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/eventbridge.html
    """

    STAGE_UPDATE = "IVS Stage Update"
    """A participant publishes, stops, or fails to."""
    PARTICIPANT_RECORDING_STATE_CHANGE = "IVS Participant Recording State Change"
    """The recording of a participant starts, ends, or fails to."""
    COMPOSITION_STATE_CHANGE = "IVS Composition State Change"
    """A composition of a stage, or one of its destinations, starts, ends, or fails."""


class StageUpdateEvent(str, enum.Enum):
    """Names of the events of `StageEventType.STAGE_UPDATE`."""

    PARTICIPANT_PUBLISHED = "Participant Published"
    """A participant started publishing."""
    PARTICIPANT_UNPUBLISHED = "Participant Unpublished"
    """A participant stopped publishing."""
    PARTICIPANT_PUBLISH_ERROR = "Participant Publish Error"
    """A participant failed to publish, over RTMP for instance."""


class ParticipantRecordingEvent(str, enum.Enum):
    """Names of the events of `StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE`."""

    RECORDING_START = "Recording Start"
    """Recording of a participant started."""
    RECORDING_END = "Recording End"
    """Recording of a participant ended; the event comes after the reconnect window."""
    RECORDING_START_FAILURE = "Recording Start Failure"
    """Recording failed to start, for instance because IVS cannot write to the bucket."""
    RECORDING_END_FAILURE = "Recording End Failure"
    """Recording ended with an error."""


class CompositionEvent(str, enum.Enum):
    """Names of the events of `StageEventType.COMPOSITION_STATE_CHANGE`."""

    SESSION_START = "Session Start"
    """A composition became active."""
    SESSION_END = "Session End"
    """A composition stopped."""
    SESSION_FAILURE = "Session Failure"
    """A composition failed."""
    DESTINATION_START = "Destination Start"
    """A destination of a composition became active."""
    DESTINATION_END = "Destination End"
    """A destination of a composition stopped."""
    DESTINATION_FAILURE = "Destination Failure"
    """A destination of a composition failed."""
    DESTINATION_RECONNECTING = "Destination Reconnecting"
    """A destination of a composition lost its connection and reconnects."""


EVENT_NAMES: Final[Mapping[StageEventType, tuple[str, ...]]] = {
    StageEventType.STAGE_UPDATE: values_of(StageUpdateEvent),
    StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE: values_of(ParticipantRecordingEvent),
    StageEventType.COMPOSITION_STATE_CHANGE: values_of(CompositionEvent),
}
"""Names of events that AWS documents."""

UNCONFIRMED_EVENT_NAMES: Final = frozenset(
    {"Participant Replication Start", "Participant Replication End", "Token Exchanged"}
)
"""Of events that the API has since 2026-11, whose names on EventBridge AWS does not document."""


quota_rule(
    LOG_POLICY,
    MAX_LOG_POLICIES,
    "log resource policies",
    id="eventLogQuota",
    doc=f"An account has at most {MAX_LOG_POLICIES} log resource policies in a Region; each `StageEventLog` needs one.",
    fix="AWS does not raise this quota; write one StageEventLog for several stages",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
)
