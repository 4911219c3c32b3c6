"""Keywords as the native CDK constructs, CloudFormation, Terraform and SAM name them, and what they are named here.

Whoever writes another tool's word gets Python's own TypeError, with one sentence that says what to write.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTINGS: Final = "default_route_settings=RouteSettings({})"
_STAGE: Final = {
    "access_log_destination": "access_log_settings=AccessLogSettings(log_group=...)",
    "api_id": "api=..., the construct; HttpApi.from_http_api_attributes(...) imports one by its id",
    "data_trace_enabled": _SETTINGS.format("data_trace_enabled=True"),
    "detailed_metrics_enabled": _SETTINGS.format("detailed_metrics_enabled=True"),
    "domain": "domain_mapping=apigatewayv2.DomainMappingOptions(domain_name=...)",
    "domain_name": "domain_mapping=apigatewayv2.DomainMappingOptions(domain_name=...)",
    "http_api": "api",
    "logging_level": _SETTINGS.format("logging_level=LoggingLevel.INFO"),
    "name": "stage_name",
    "throttle": _SETTINGS.format("throttling_burst_limit=..., throttling_rate_limit=..."),
    "throttling_burst_limit": _SETTINGS.format("throttling_burst_limit=..."),
    "throttling_rate_limit": _SETTINGS.format("throttling_rate_limit=..."),
    "variables": "stage_variables",
    "web_socket_api": "api",
}
_RECORDING: Final = "auto_participant_recording=ParticipantRecording(storage=...)"

OTHER_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "HttpStage": _STAGE,
    "WebSocketStage": {**_STAGE, "cloud_watch_role": "account=ApiGatewayAccount.of(self)"},
    "RouteSettings": {
        "burst_limit": "throttling_burst_limit",
        "log_level": "logging_level",
        "metrics_enabled": "detailed_metrics_enabled",
        "rate_limit": "throttling_rate_limit",
    },
    "AccessLogSettings": {
        "access_log_format": "format",
        "destination": "log_group=..., a construct, or destination_arn",
        "log_group_name": "log_group=logs.LogGroup.from_log_group_name(...)",
        "retention_in_days": "retention=logs.RetentionDays.ONE_MONTH",
    },
    "Deployment": {"api_id": "api", "http_api": "api"},
    "ApiGatewayAccount": {"cloud_watch_role": "role", "cloud_watch_role_arn": "role=iam.Role.from_role_arn(...)"},
    "Stage": {
        "auto_participant_recording_configuration": _RECORDING,
        "name": "stage_name",
        "recording": _RECORDING,
        "storage_configuration": _RECORDING,
    },
    "ParticipantRecording": {
        "hls_configuration": "hls_segment_duration=Duration.seconds(6)",
        "media_types": "media_type=MediaType.AUDIO_VIDEO",
        "recording_reconnect_window_seconds": "reconnect_window=Duration.seconds(60)",
        "storage_configuration": "storage",
        "storage_configuration_arn": "storage=StorageConfiguration.from_storage_configuration_arn(...)",
        "target_segment_duration_seconds": "hls_segment_duration=Duration.seconds(6)",
        "thumbnail_configuration": "thumbnails=Thumbnails.interval(...)",
    },
    "StorageConfiguration": {
        "bucket_name": "bucket=s3.Bucket.from_bucket_name(...)",
        "name": "storage_configuration_name",
        "s3": "bucket",
    },
    "EncoderConfiguration": {"name": "encoder_configuration_name", "video": "width, height, framerate and bitrate"},
    "PublicKey": {"material": "public_key_material", "name": "public_key_name"},
    "IngestConfiguration": {"name": "ingest_configuration_name", "stage_arn": "stage=Stage.from_stage_arn(...)"},
    "StageEventLog": {"stage": "stages=[stage]"},
    "StageAlarms": {"alarm_actions": "actions", "stages": "stage=..., one StageAlarms for each stage"},
    "StageDashboard": {"name": "dashboard_name", "stage": "stages=[stage]"},
}
"""By the class, then by the other tool's word in snake_case: the keyword here, or the whole argument."""


class KeywordNames:
    """A class whose TypeError for an unknown keyword says what the keyword is named here."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __new__(cls, *_: Any, **keywords: Any) -> Any:
            for keyword in keywords:
                if ours := _name_here(cls, keyword):
                    message = f"{cls.__name__}.__init__() got an unexpected keyword argument '{keyword}': write {ours}"
                    raise TypeError(message)
            return super().__new__(cls)


def _name_here(cls: Any, keyword: str) -> str | None:
    """The keyword to write in place of another tool's word; None where the word is a keyword, or nobody's."""
    code = getattr(cls.__init__, "__code__", None)
    if code is None or not cls.__init__.__module__.startswith(__package__):
        return None
    keywords = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if keyword in keywords:
        return None
    names: Mapping[str, str] = {}
    for each in reversed(cls.__mro__):
        names = OTHER_NAMES.get(each.__name__, names)
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", keyword).lower()
    ours = names.get(word, word if word in keywords else None)
    return f"{ours}=..." if ours is not None and ours.isidentifier() else ours
