"""Names of CloudFormation properties and values in Python: snake_case, but for the properties in a table."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Final

from . import _suggestions
from .rules._engine import Key
from .rules._messages import Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .rules._engine import Path

_RECORDING: Final = "AutoParticipantRecordingConfiguration"
_THUMBNAILS: Final = f"{_RECORDING}.ThumbnailConfiguration.ParticipantThumbnailConfiguration"

PYTHON_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::ApiGatewayV2::Stage": {"ApiId": "api"},
    "AWS::ApiGatewayV2::Deployment": {"ApiId": "api"},
    "AWS::ApiGatewayV2::ApiMapping": {
        "DomainName": "domain_mapping.domain_name",
        "ApiMappingKey": "domain_mapping.mapping_key",
    },
    "AWS::ApiGateway::Account": {"CloudWatchRoleArn": "role"},
    "AWS::IVS::Stage": {
        "": "env.region",
        "Name": "stage_name",
        _RECORDING: "auto_participant_recording",
        f"{_RECORDING}.StorageConfigurationArn": "auto_participant_recording.storage",
        f"{_RECORDING}.MediaTypes": "auto_participant_recording.media_type",
        f"{_RECORDING}.RecordingReconnectWindowSeconds": "auto_participant_recording.reconnect_window",
        f"{_RECORDING}.HlsConfiguration.ParticipantRecordingHlsConfiguration.TargetSegmentDurationSeconds": (
            "auto_participant_recording.hls_segment_duration"
        ),
        _THUMBNAILS: "auto_participant_recording.thumbnails",
        f"{_THUMBNAILS}.TargetIntervalSeconds": "auto_participant_recording.thumbnails.every",
        f"{_THUMBNAILS}.Storage": "auto_participant_recording.thumbnails.storage",
    },
    "AWS::IVS::StorageConfiguration": {
        "": "env.region",
        "Name": "storage_configuration_name",
        "S3.BucketName": "bucket",
    },
    "AWS::IVS::EncoderConfiguration": {
        "": "env.region",
        "Name": "encoder_configuration_name",
        "Video": "",
        "Video.Width": "width",
        "Video.Height": "height",
        "Video.Framerate": "framerate",
        "Video.Bitrate": "bitrate",
    },
    "AWS::IVS::PublicKey": {"": "env.region", "Name": "public_key_name"},
    "AWS::IVS::IngestConfiguration": {
        "": "env.region",
        "Name": "ingest_configuration_name",
        "StageArn": "stage",
    },
}
"""Properties that have another name in Python than in CloudFormation."""
_ENUMS: Final = {"logging_level": "LoggingLevel", "ingest_protocol": "IngestProtocol"}


@functools.lru_cache(maxsize=256)
def snake_case(name: str) -> str:
    """`ThrottlingRateLimit` as `throttling_rate_limit`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class PythonSpelling(Spelling):
    """As in Python: `default_route_settings.throttling_rate_limit`, `auto_deploy=True`."""

    python = True

    def prop(self, resource_type: str, path: Path) -> str:
        """The names with dots, keys of maps in brackets."""
        table = PYTHON_NAMES.get(resource_type, {})
        known = len(path)
        while known and ".".join(path[:known]) not in table:
            known -= 1
        head = table.get(".".join(path[:known]), "") if known or not path else ""
        rest = "".join(
            f"[{json.dumps(str(name), ensure_ascii=False)}]" if isinstance(name, Key) else f".{snake_case(name)}"
            for name in path[known:]
        )
        return f"{head}{rest}".removeprefix(".") or "the construct"

    def value(self, value: object) -> str:
        """The value as the caller writes it."""
        return _suggestions.format_value(value)

    def equals(self, prop: str, value: str) -> str:
        """A keyword argument."""
        kind = _ENUMS.get(prop.rpartition(".")[2])
        python = {"true": "True", "false": "False"}.get(value) or (f"{kind}.{value}" if kind else value)
        return f"{prop}={python}" if prop else python


PYTHON: Final = PythonSpelling()
