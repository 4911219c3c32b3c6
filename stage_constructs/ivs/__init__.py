"""Stages of Amazon IVS real-time, and what goes with them."""

from .encoder_configuration import EncoderConfiguration
from .event_names import CompositionEvent, ParticipantRecordingEvent, StageEventType, StageUpdateEvent
from .ingest_configuration import IngestConfiguration
from .ingest_protocol import IngestProtocol
from .metric_dimensions import SimulcastLayer, Track
from .participant_recording import ParticipantRecording, Thumbnails
from .public_key import PublicKey
from .recording_media import MediaType, ThumbnailStorage
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
