"""Rules of Amazon IVS real-time."""

from . import encoder, events, every_resource, ingest, public_key, recording, storage

__all__ = ["encoder", "events", "every_resource", "ingest", "public_key", "recording", "storage"]
