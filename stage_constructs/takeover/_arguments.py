"""The arguments with which a construct declares what is live, as code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..rules.apigatewayv2.route_settings import LoggingLevel
from ._python import call, dictionary, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._live_stages import LiveStage

Arguments = dict[str, "str | None"]
"""Code by the name of the argument; None is left out."""


def api_stage_arguments(stage: LiveStage) -> Arguments:
    """Arguments of an `HttpStage` or `WebSocketStage`, its API apart. What has none is noted on the stage."""
    live, websocket = stage.properties, stage.protocol == "WEBSOCKET"
    deploys = live.get("AutoDeploy") is True
    if deploys and "DeploymentId" in live:
        stage.notes.append("deployment_id: the stage deploys by itself (auto_deploy), which sets it")
    if not websocket:
        _note_what_http_lacks(stage)
    routes = {key: _route_settings(stage, each) for key, each in live.get("RouteSettings", {}).items()}
    return {
        "stage_name": literal(live["StageName"]),
        "description": _optional(live.get("Description")),
        "auto_deploy": None if deploys or "DeploymentId" in live else "False",
        "deployment_id": None if deploys else _optional(live.get("DeploymentId")),
        "default_route_settings": _default_settings(stage, live.get("DefaultRouteSettings", {})),
        "route_settings": dictionary(routes) if routes else None,
        "access_log_settings": _access_logs(live.get("AccessLogSettings")),
        "stage_variables": _texts(live.get("StageVariables")),
        "client_certificate_id": _optional(live.get("ClientCertificateId") if websocket else None),
        "tags": _tags(stage),
    }


def _access_logs(live: Mapping[str, Any] | None) -> str | None:
    if live is None:
        return None
    destination, text = literal(live.get("DestinationArn")), literal(live.get("Format"))
    return call("AccessLogSettings", destination_arn=destination, format=text)


def _note_what_http_lacks(stage: LiveStage) -> None:
    live = stage.properties
    for settings in (live.get("DefaultRouteSettings", {}), *live.get("RouteSettings", {}).values()):
        if settings.get("DataTraceEnabled") or settings.get("LoggingLevel", "OFF") != "OFF":
            stage.notes.append("data_trace_enabled, logging_level: stages of HTTP APIs have no execution logs")
            break
    if "ClientCertificateId" in stage.properties:
        stage.notes.append("client_certificate_id: API Gateway supports it on stages of WebSocket APIs only")


def _default_settings(stage: LiveStage, live: Mapping[str, Any]) -> str:
    """The default settings: what they leave out is False, `OFF`, and a limit."""
    whole = _settings(stage, live)
    given = {name: code for name, code in whole.items() if code not in ("False", "LoggingLevel.OFF")}
    return "ACCOUNT_LIMIT" if set(given.values()) == {"ACCOUNT_LIMIT"} else call("RouteSettings", **given)


def _route_settings(stage: LiveStage, live: Mapping[str, Any]) -> str:
    """The settings of a route, each of them: what they leave out comes from the default settings."""
    return call("RouteSettings", **_settings(stage, live))


def _settings(stage: LiveStage, live: Mapping[str, Any]) -> Arguments:
    settings: Arguments = {"detailed_metrics_enabled": literal(live.get("DetailedMetricsEnabled", False))}
    if stage.protocol == "WEBSOCKET":
        level = str(live.get("LoggingLevel", "OFF"))
        if level not in LoggingLevel.__members__:
            stage.notes.append(f"logging_level {level}: this release of stage-constructs does not know it")
            level = "OFF"
        settings["data_trace_enabled"] = literal(live.get("DataTraceEnabled", False))
        settings["logging_level"] = f"LoggingLevel.{level}"
    for name, key in (
        ("throttling_burst_limit", "ThrottlingBurstLimit"),
        ("throttling_rate_limit", "ThrottlingRateLimit"),
    ):
        settings[name] = literal(live[key]) if key in live else "ACCOUNT_LIMIT"
    return settings


def ivs_stage_arguments(stage: LiveStage, storage: str | None) -> Arguments:
    """Arguments of a stage of IVS; `storage` is the code of its storage configuration."""
    name = _optional(stage.properties.get("Name"))
    return {"stage_name": name, "auto_participant_recording": _recording(stage, storage), "tags": _tags(stage)}


def _recording(stage: LiveStage, storage: str | None) -> str | None:
    live = stage.properties.get("AutoParticipantRecordingConfiguration", {})
    if storage is None:
        return None
    if live.get("RecordParticipantReplicas") is False:
        stage.notes.append("recordParticipantReplicas, which is False: CloudFormation has no property for it")
    media_types: list[Any] = live.get("MediaTypes", [])
    if len(media_types) > 1 or "NONE" in media_types:
        stage.notes.append(
            f"mediaTypes {', '.join(map(str, media_types))}: CloudFormation takes AUDIO_VIDEO or AUDIO_ONLY"
        )
        media_types = []
    hls = live.get("HlsConfiguration", {})
    hls = hls.get("ParticipantRecordingHlsConfiguration", hls)
    thumbnails = live.get("ThumbnailConfiguration", {})
    thumbnails = thumbnails.get("ParticipantThumbnailConfiguration", thumbnails)
    return call(
        "ivs.ParticipantRecording",
        storage=storage,
        media_type=_optional(media_types[0] if media_types else None),
        reconnect_window=_seconds(live.get("RecordingReconnectWindowSeconds")),
        hls_segment_duration=_seconds(hls.get("TargetSegmentDurationSeconds")),
        thumbnails=_thumbnails(thumbnails) if thumbnails.get("RecordingMode") == "INTERVAL" else None,
    )


def _thumbnails(live: Mapping[str, Any]) -> str:
    every = _seconds(live.get("TargetIntervalSeconds", 60))
    return call("ivs.Thumbnails.interval", str(every), storage=_optional(live.get("Storage")))


def _seconds(value: object) -> str | None:
    return None if value is None else f"cdk.Duration.seconds({literal(value)})"


def _optional(value: object) -> str | None:
    return None if value is None else literal(value)


def _texts(values: Mapping[str, object] | None) -> str | None:
    return dictionary({key: literal(value) for key, value in values.items()}) if values else None


def _tags(stage: LiveStage) -> str | None:
    tags = stage.properties.get("Tags", {})
    reserved = [key for key in tags if key.startswith("aws:")]
    if reserved:
        stage.notes.append(f"tags {', '.join(reserved)}: only AWS sets tags whose keys begin with aws:")
    return _texts({key: value for key, value in tags.items() if key not in reserved})
