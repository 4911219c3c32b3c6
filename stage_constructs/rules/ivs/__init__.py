"""Rules of Amazon IVS real-time."""

from . import encoder, every_resource, ingest, public_key, recording, storage

__all__ = ["encoder", "every_resource", "ingest", "public_key", "recording", "storage"]
