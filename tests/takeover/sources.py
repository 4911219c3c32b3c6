"""Live stages as Terraform and the AWS CLI print them."""

from __future__ import annotations

import json
from typing import Any

REGION = "eu-west-1"
ACCOUNT = "123456789012"
FORMAT = '{"requestId":"$context.requestId","ip":"$context.identity.sourceIp","status":"$context.status"}'
LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/pets"
STORAGE = f"arn:aws:ivs:{REGION}:{ACCOUNT}:storage-configuration/AbCdEf123456"
ROOM = f"arn:aws:ivs:{REGION}:{ACCOUNT}:stage/AbCdEf123456"
SECRET = "hunter2"


def resource(address: str, values: dict[str, Any], kind: str = "aws_apigatewayv2_stage") -> dict[str, Any]:
    """A resource as `terraform show -json` prints it."""
    name = address.rpartition(".")[2].partition("[")[0]
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values, "sensitive_values": {}}


def terraform(*resources: dict[str, Any], modules: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """What `terraform show -json` prints of a state."""
    root = {"resources": list(resources), "child_modules": list(modules)}
    return {"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": root}}


def settings(**given: Any) -> dict[str, Any]:
    """A block of settings as the provider writes it: with a value for each that is not set."""
    return {
        "data_trace_enabled": False,
        "detailed_metrics_enabled": False,
        "logging_level": "",
        "throttling_burst_limit": 0,
        "throttling_rate_limit": 0,
        **given,
    }


def api_stage(*, protocol: str = "HTTP", name: str = "example-stage", api_id: str = "aabbccddee", **given: Any) -> Any:
    """The values of an `aws_apigatewayv2_stage` as the provider writes them."""
    return {
        "access_log_settings": [],
        "api_id": api_id,
        "arn": f"arn:aws:apigateway:{REGION}::/apis/{api_id}/stages/{name}",
        "auto_deploy": False,
        "client_certificate_id": "",
        "default_route_settings": [settings(logging_level="OFF" if protocol == "WEBSOCKET" else "")],
        "deployment_id": "",
        "description": "",
        "execution_arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api_id}/{name}",
        "id": name,
        "invoke_url": f"{'wss' if protocol == 'WEBSOCKET' else 'https'}://{api_id}.execute-api.{REGION}.amazonaws.com",
        "name": name,
        "route_settings": [],
        "stage_variables": {},
        "tags": {},
        "tags_all": {},
        **given,
    }


HTTP = api_stage(
    access_log_settings=[{"destination_arn": LOG_GROUP, "format": FORMAT}],
    auto_deploy=True,
    default_route_settings=[
        settings(detailed_metrics_enabled=True, throttling_burst_limit=100, throttling_rate_limit=50)
    ],
    deployment_id="abc123",
    description='For "everyone"',
    route_settings=[settings(route_key="GET /pets", throttling_burst_limit=5, throttling_rate_limit=2.5)],
    stage_variables={"table": "pets", "password": SECRET},
    tags={"team": "pets"},
    tags_all={"team": "pets", "Ref": "main"},
)
"""A stage of an HTTP API with all that it can have."""
HTTP_PROPERTIES = {
    "AccessLogSettings": {"DestinationArn": LOG_GROUP, "Format": FORMAT},
    "ApiId": "aabbccddee",
    "AutoDeploy": True,
    "DefaultRouteSettings": {
        "DetailedMetricsEnabled": True,
        "ThrottlingBurstLimit": 100,
        "ThrottlingRateLimit": 50,
    },
    "Description": 'For "everyone"',
    "RouteSettings": {
        "GET /pets": {"DetailedMetricsEnabled": False, "ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 2.5}
    },
    "StageName": "example-stage",
    "StageVariables": {"table": "pets", "password": SECRET},
    "Tags": {"team": "pets", "Ref": "main"},
}
WEBSOCKET = api_stage(
    protocol="WEBSOCKET",
    api_id="wwbbccddee",
    access_log_settings=[{"destination_arn": LOG_GROUP, "format": FORMAT}],
    client_certificate_id="a1b2c3",
    default_route_settings=[settings(logging_level="ERROR", throttling_burst_limit=100, throttling_rate_limit=50)],
    deployment_id="abc123",
    description="Chat",
    route_settings=[settings(route_key="say", data_trace_enabled=True, logging_level="INFO")],
    stage_variables={"table": "messages"},
    tags={"team": "chat"},
    tags_all={"team": "chat"},
)
"""A stage of a WebSocket API with all that it can have."""
WEBSOCKET_PROPERTIES = {
    "AccessLogSettings": {"DestinationArn": LOG_GROUP, "Format": FORMAT},
    "ApiId": "wwbbccddee",
    "AutoDeploy": False,
    "ClientCertificateId": "a1b2c3",
    "DefaultRouteSettings": {
        "DataTraceEnabled": False,
        "DetailedMetricsEnabled": False,
        "LoggingLevel": "ERROR",
        "ThrottlingBurstLimit": 100,
        "ThrottlingRateLimit": 50,
    },
    "DeploymentId": "abc123",
    "Description": "Chat",
    "RouteSettings": {"say": {"DataTraceEnabled": True, "DetailedMetricsEnabled": False, "LoggingLevel": "INFO"}},
    "StageName": "example-stage",
    "StageVariables": {"table": "messages"},
    "Tags": {"team": "chat"},
}
IVS = {
    "arn": ROOM,
    "active_session_id": "",
    "auto_participant_recording_configuration": {
        "storage_configuration_arn": STORAGE,
        "media_types": ["AUDIO_ONLY"],
        "recording_reconnect_window_seconds": 60,
        "hls_configuration": {"participant_recording_hls_configuration": {"target_segment_duration_seconds": 10}},
        "thumbnail_configuration": {
            "participant_thumbnail_configuration": {
                "recording_mode": "INTERVAL",
                "storage": ["SEQUENTIAL", "LATEST"],
                "target_interval_seconds": 30,
            }
        },
    },
    "name": "room",
    "tags": [{"key": "team", "value": "video"}],
}
"""A stage of IVS with all that it can have, as the values of an `awscc_ivs_stage`."""
IVS_LIVE = {
    "stage": {
        "arn": ROOM,
        "activeSessionId": "st-1234",
        "autoParticipantRecordingConfiguration": {
            "storageConfigurationArn": STORAGE,
            "mediaTypes": ["AUDIO_ONLY"],
            "recordingReconnectWindowSeconds": 60,
            "hlsConfiguration": {"targetSegmentDurationSeconds": 10},
            "thumbnailConfiguration": {
                "recordingMode": "INTERVAL",
                "storage": ["SEQUENTIAL", "LATEST"],
                "targetIntervalSeconds": 30,
            },
        },
        "endpoints": {"whip": "https://abc.global-bm.whip.live-video.net"},
        "name": "room",
        "tags": {"team": "video"},
    }
}
"""The same as `aws ivs-realtime get-stage` prints it."""
IVS_PROPERTIES = {
    "AutoParticipantRecordingConfiguration": {
        "HlsConfiguration": {"ParticipantRecordingHlsConfiguration": {"TargetSegmentDurationSeconds": 10}},
        "MediaTypes": ["AUDIO_ONLY"],
        "RecordingReconnectWindowSeconds": 60,
        "StorageConfigurationArn": STORAGE,
        "ThumbnailConfiguration": {
            "ParticipantThumbnailConfiguration": {
                "RecordingMode": "INTERVAL",
                "Storage": ["SEQUENTIAL", "LATEST"],
                "TargetIntervalSeconds": 30,
            }
        },
    },
    "Name": "room",
    "Tags": [{"Key": "team", "Value": "video"}],
}


def raw_state(shown: dict[str, Any]) -> dict[str, Any]:
    """The `terraform.tfstate` of what `terraform show -json` prints."""
    return {
        "version": 4,
        "terraform_version": "1.9.8",
        "resources": [_raw(each) for each in shown["values"]["root_module"]["resources"]],
    }


def _raw(shown: dict[str, Any]) -> dict[str, Any]:
    index = shown["address"].partition("[")[2].rstrip("]")
    instance = {"attributes": shown["values"], **({"index_key": json.loads(index)} if index else {})}
    return {"mode": shown["mode"], "type": shown["type"], "name": shown["name"], "instances": [instance]}
