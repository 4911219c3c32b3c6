"""What the recording of a participant holds."""

from __future__ import annotations

import enum


class MediaType(str, enum.Enum):
    """What of a participant is recorded."""

    AUDIO_VIDEO = "AUDIO_VIDEO"
    """Sound and picture."""
    AUDIO_ONLY = "AUDIO_ONLY"
    """Sound alone."""


class ThumbnailStorage(str, enum.Enum):
    """Which thumbnails the bucket keeps."""

    SEQUENTIAL = "SEQUENTIAL"
    """All of them, numbered, under `media/thumbnails`."""
    LATEST = "LATEST"
    """The latest alone, under `media/latest_thumbnail`."""
