"""Stages of Amazon IVS real-time, and what goes with them."""

from ..rules.ivs.events import CompositionEvent, ParticipantRecordingEvent, StageEventType, StageUpdateEvent
from ..rules.ivs.ingest import IngestProtocol
from ..rules.ivs.metrics import SimulcastLayer, Track
from ..rules.ivs.recording import MediaType, ThumbnailStorage
from .encoder_configuration import EncoderConfiguration
from .ingest_configuration import IngestConfiguration
from .participant_recording import ParticipantRecording, Thumbnails
from .public_key import PublicKey
from .stage import Stage
from .stage_event_log import StageEventLog
from .stage_sessions import StageSessions
from .storage_configuration import StorageConfiguration

__all__ = [
    "CompositionEvent",
    "EncoderConfiguration",
    "IngestConfiguration",
    "IngestProtocol",
    "MediaType",
    "ParticipantRecording",
    "ParticipantRecordingEvent",
    "PublicKey",
    "SimulcastLayer",
    "Stage",
    "StageEventLog",
    "StageEventType",
    "StageSessions",
    "StageUpdateEvent",
    "StorageConfiguration",
    "ThumbnailStorage",
    "Thumbnails",
    "Track",
]
