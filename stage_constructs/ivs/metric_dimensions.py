"""Dimensions of the metrics of a participant."""

from __future__ import annotations

import enum


class SimulcastLayer(str, enum.Enum):
    """Layer of a participant's video, as dimension `SimulcastLayer`.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html
    """

    HI = "hi"
    """The best of the layers."""
    MID = "mid"
    """The middle one."""
    LOW = "low"
    """The smallest."""
    NONE = "none"
    """The stream has no layers."""
    DISABLED = "disabled"
    """The participant publishes without simulcast."""


class Track(str, enum.Enum):
    """Track of a participant's stream, as dimension `MediaType`."""

    VIDEO = "video"
    """The picture."""
    AUDIO = "audio"
    """The sound."""
