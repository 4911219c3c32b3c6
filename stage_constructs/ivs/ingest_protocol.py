"""Protocols by which streaming software sends video into a stage."""

from __future__ import annotations

import enum


class IngestProtocol(str, enum.Enum):
    """How streaming software such as OBS sends its video.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-rtmp-publishing.html
    """

    RTMP = "RTMP"
    """Not encrypted; needs `insecure_ingest=True`."""
    RTMPS = "RTMPS"
    """Encrypted by TLS."""
