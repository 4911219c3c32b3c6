"""The events that stages send to EventBridge."""

from __future__ import annotations

import enum


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
    """A participant began to publish."""
    PARTICIPANT_UNPUBLISHED = "Participant Unpublished"
    """A participant stopped publishing."""
    PARTICIPANT_PUBLISH_ERROR = "Participant Publish Error"
    """A participant tried to publish and could not, over RTMP for instance."""


class ParticipantRecordingEvent(str, enum.Enum):
    """Names of the events of `StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE`."""

    RECORDING_START = "Recording Start"
    """Recording of a participant began."""
    RECORDING_END = "Recording End"
    """Recording of a participant ended; the event comes after the reconnect window."""
    RECORDING_START_FAILURE = "Recording Start Failure"
    """Recording could not begin, for want of access to the bucket for instance."""
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
    """A destination of a composition lost its connection and tries again."""
