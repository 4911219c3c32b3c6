"""Stages that boto3 made are taken over: `stage-constructs takeover`, then `cdk import` and a change in place."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from emulator import aws
from emulator.cdk import Cdk
from stage_constructs.checks._command import main
from tests.takeover.sources import FORMAT, api_stage, resource, settings, terraform

LOG_GROUP = f"arn:aws:logs:{aws.REGION}:{aws.ACCOUNT}:log-group:taken-over"
HTTP = {
    "AutoDeploy": True,
    "AccessLogSettings": {"DestinationArn": LOG_GROUP, "Format": FORMAT},
    "DefaultRouteSettings": {"DetailedMetricsEnabled": True, "ThrottlingBurstLimit": 100, "ThrottlingRateLimit": 50.5},
    "Description": "made by hand",
    "RouteSettings": {
        "GET /pets": {"DetailedMetricsEnabled": False, "ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 2.5}
    },
    "StageVariables": {"table": "pets", "password": "hunter2"},
    "Tags": {"team": "pets"},
}
WEBSOCKET = {
    "AutoDeploy": False,
    "AccessLogSettings": {"DestinationArn": LOG_GROUP, "Format": "$context.requestId $context.status"},
    "ClientCertificateId": "a1b2c3",
    "DefaultRouteSettings": {
        "DataTraceEnabled": False,
        "DetailedMetricsEnabled": False,
        "LoggingLevel": "ERROR",
        "ThrottlingBurstLimit": 100,
        "ThrottlingRateLimit": 50.5,
    },
    "Description": "made by hand",
    "RouteSettings": {"say": {"DataTraceEnabled": True, "DetailedMetricsEnabled": True, "LoggingLevel": "INFO"}},
    "StageVariables": {"table": "messages"},
    "Tags": {"team": "chat"},
}


@pytest.fixture
def made_by_hand(emulator):
    """Creates an API with a route and a stage; returns the id of the API and how to read the stage."""
    service = emulator.client("apigatewayv2")
    created = []

    def make(protocol: str, route_key: str, stage: dict[str, Any]):
        selection = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}
        api_id = service.create_api(Name="by-hand", ProtocolType=protocol, **selection)["ApiId"]
        created.append(api_id)
        service.create_route(ApiId=api_id, RouteKey=route_key)
        deployment = {}
        if not stage["AutoDeploy"]:
            deployment["DeploymentId"] = service.create_deployment(ApiId=api_id)["DeploymentId"]
        service.create_stage(ApiId=api_id, StageName="example-stage", **stage, **deployment)
        return api_id, lambda: _live(service.get_stage(ApiId=api_id, StageName="example-stage"))

    yield make
    for api_id in created:
        service.delete_api(ApiId=api_id)


def _live(response: dict[str, Any]) -> dict[str, Any]:
    """A stage as the AWS CLI prints it."""
    del response["ResponseMetadata"]
    return json.loads(json.dumps(response, default=str))


def _state(api_id: str, protocol: str, live: dict[str, Any]) -> dict[str, Any]:
    """The state of Terraform that has this stage, as the provider writes it."""
    values = api_stage(
        protocol=protocol,
        api_id=api_id,
        access_log_settings=[_block(live["AccessLogSettings"])],
        auto_deploy=live["AutoDeploy"],
        client_certificate_id=live.get("ClientCertificateId", ""),
        default_route_settings=[settings(**_block(live["DefaultRouteSettings"]))],
        deployment_id=live.get("DeploymentId", ""),
        description=live["Description"],
        execution_arn=f"arn:aws:execute-api:{aws.REGION}:{aws.ACCOUNT}:{api_id}/example-stage",
        route_settings=[settings(route_key=key, **_block(each)) for key, each in live["RouteSettings"].items()],
        stage_variables=live["StageVariables"],
        tags=live["Tags"],
        tags_all=live["Tags"],
    )
    return terraform(resource("aws_apigatewayv2_stage.example", values))


_SNAKE = {
    "DestinationArn": "destination_arn",
    "Format": "format",
    "DataTraceEnabled": "data_trace_enabled",
    "DetailedMetricsEnabled": "detailed_metrics_enabled",
    "LoggingLevel": "logging_level",
    "ThrottlingBurstLimit": "throttling_burst_limit",
    "ThrottlingRateLimit": "throttling_rate_limit",
}


def _block(members: dict[str, Any]) -> dict[str, Any]:
    return {_SNAKE[name]: value for name, value in members.items()}


@pytest.fixture
def take_over(emulator, tmp_path):
    """Takes the stages of a JSON file over; returns the CDK CLI for the app that was written."""

    def take_over(content: dict[str, Any], *arguments: str) -> Cdk:
        (tmp_path / "live.json").write_text(json.dumps(content))
        folder = tmp_path / "takeover"
        assert main(["takeover", str(tmp_path / "live.json"), "--output", str(folder), *arguments]) == 0
        command = f"{sys.executable} stages.py"
        return Cdk(emulator, log=tmp_path / "cdk.log", output=tmp_path / "cdk.out", folder=folder, app=command)

    return take_over


@pytest.mark.parametrize(
    ("protocol", "route_key", "stage", "terraform_state"),
    [("HTTP", "GET /pets", HTTP, True), ("WEBSOCKET", "say", WEBSOCKET, False)],
    ids=["http", "websocket"],
)
def test_a_stage_of_api_gateway(take_over, made_by_hand, protocol, route_key, stage, terraform_state) -> None:
    """The import changes nothing of the stage, a later change is made in place, and `cdk destroy` keeps it."""
    api_id, read = made_by_hand(protocol, route_key, stage)
    before = read()
    assert {name: before[name] for name in stage} == stage
    if terraform_state:
        cdk = take_over(_state(api_id, protocol, before))
    else:
        cdk = take_over({"Items": [before]}, "--api-id", api_id, "--region", aws.REGION, "--account", aws.ACCOUNT)
    cdk("import", "Stages", "--resource-mapping", "import.json")
    changes = [line.split()[:3] for line in cdk("diff", "Stages").splitlines() if line.startswith("[")]
    assert changes == [["[+]", "Parameter", "BootstrapVersion"]]
    cdk("drift", "Stages", "--fail")
    assert read() == before

    app = cdk.folder / "stages.py"
    app.write_text(app.read_text().replace('"made by hand"', '"owned by a stack"'))
    cdk.deploy()
    assert "There were no differences" in cdk("diff", "Stages", "--fail")
    after = read()
    unchanged = before.keys() - {"Description", "LastUpdatedDate"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert after["Description"] == "owned by a stack"
    cdk.destroy()
    assert read()["CreatedDate"] == before["CreatedDate"]


def test_a_stage_of_ivs(emulator, take_over) -> None:
    """So it is with a stage of IVS, which keeps its ARN."""
    service = emulator.client("ivs-realtime")
    emulator.client("s3").create_bucket(Bucket="taken-over")
    storage = service.create_storage_configuration(s3={"bucketName": "taken-over"})["storageConfiguration"]["arn"]
    recording = {
        "storageConfigurationArn": storage,
        "mediaTypes": ["AUDIO_ONLY"],
        "recordingReconnectWindowSeconds": 60,
        "hlsConfiguration": {"targetSegmentDurationSeconds": 10},
        "thumbnailConfiguration": {"recordingMode": "INTERVAL", "storage": ["LATEST"], "targetIntervalSeconds": 30},
    }
    live = {"name": "taken-over", "tags": {"team": "video"}, "autoParticipantRecordingConfiguration": recording}
    before = service.create_stage(**live)["stage"]
    arn = before["arn"]
    cdk = take_over({"stage": before})
    cdk("import", "Stages", "--resource-mapping", "import.json")
    cdk("drift", "Stages", "--fail")
    app = cdk.folder / "stages.py"
    app.write_text(app.read_text().replace("seconds(60)", "seconds(90)"))
    cdk.deploy()
    recording["recordingReconnectWindowSeconds"] = 90
    live = service.get_stage(arn=arn)["stage"]
    assert live == {**before, "autoParticipantRecordingConfiguration": recording}
    cdk.destroy()
    assert service.get_stage(arn=arn)["stage"] == live
    service.delete_stage(arn=arn)
