"""Rules of Amazon IVS real-time."""

from . import encoder, event_patterns, events, every_resource, ingest, public_key, recording, references, storage

__all__ = [
    "encoder",
    "event_patterns",
    "events",
    "every_resource",
    "ingest",
    "public_key",
    "recording",
    "references",
    "storage",
]
