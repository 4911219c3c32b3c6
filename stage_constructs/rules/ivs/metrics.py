"""Metrics of stages: statistics and dimensions that the service publishes.

Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class SimulcastLayer(str, enum.Enum):
    """Layer of a participant's video, as dimension `SimulcastLayer`.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html
    """

    HI = "hi"
    """The highest quality."""
    MID = "mid"
    """The medium quality."""
    LOW = "low"
    """The lowest quality."""
    NONE = "none"
    """The stream has no layers."""
    DISABLED = "disabled"
    """The participant publishes without simulcast."""


class Track(str, enum.Enum):
    """Track of a participant's stream, as dimension `MediaType`."""

    VIDEO = "video"
    """Video."""
    AUDIO = "audio"
    """Audio."""


STATISTICS: Final = frozenset({"average", "avg", "minimum", "min", "maximum", "max"})
"""In small letters, as CDK spells them."""

_WHOLE_STAGE: Final[frozenset[str]] = frozenset()
_PARTICIPANT: Final = frozenset({"participant_id"})
_TRACK: Final = frozenset({"participant_id", "track"})
_LAYER: Final = frozenset({"participant_id", "simulcast_layer", "track"})
DIMENSIONS: Final[Mapping[str, Sequence[frozenset[str]]]] = {
    "Publishers": (_WHOLE_STAGE,),
    "Subscribers": (_WHOLE_STAGE,),
    "DownloadPacketLoss": (_WHOLE_STAGE, _PARTICIPANT),
    "DroppedFrames": (_WHOLE_STAGE, _PARTICIPANT),
    "SubscribeBitrate": (_WHOLE_STAGE, _TRACK),
    "PublishBitrate": (_WHOLE_STAGE, _LAYER),
    "PublishFramerate": (_PARTICIPANT, _LAYER),
    "PublishResolution": (_LAYER,),
    "ConcurrentPublishers": (),
    "ConcurrentSubscriptions": (),
}
"""The combinations of dimensions that each metric has beside the stage; none for metrics of the whole Region."""
