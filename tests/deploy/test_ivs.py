"""IVS real-time deployed by the real CDK CLI to an emulator that asks botocore's model what is admissible."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from emulator.cdk import CdkError

ROOM = """
from aws_cdk import aws_s3 as s3
from stage_constructs.ivs import (
    EncoderConfiguration, IngestConfiguration, ParticipantRecording, Stage, StorageConfiguration, Thumbnails
)
bucket = s3.Bucket(stack, "Recordings", enforce_ssl={ssl}, removal_policy=cdk.RemovalPolicy.DESTROY)
storage = StorageConfiguration(stack, "Storage", bucket=bucket)
recording = ParticipantRecording(
    storage=storage,
    reconnect_window=cdk.Duration.seconds(60),
    hls_segment_duration=cdk.Duration.seconds(4),
    thumbnails=Thumbnails.interval(cdk.Duration.seconds(30)),
)
room = Stage(stack, "Room", stage_name="{name}", auto_participant_recording={recording}, tags={tags})
EncoderConfiguration(stack, "Encoder", encoder_configuration_name="{encoder}", width=640, height=360)
IngestConfiguration(stack, "Ingest", stage=room)
cdk.CfnOutput(stack, "RoomArn", value=room.stage_arn)
cdk.CfnOutput(stack, "BucketName", value=bucket.bucket_name)
"""


def _room(name="room", recording="recording", tags="{}", encoder="small", ssl="False") -> str:
    return ROOM.format(name=name, recording=recording, tags=tags, encoder=encoder, ssl=ssl)


@pytest.fixture
def outputs(emulator):
    """Outputs of a deployed stack."""

    def read(stack: str) -> dict[str, str]:
        described = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    return read


def _resource(emulator, stack: str, logical_id_prefix: str) -> str:
    resources = emulator.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return next(
        resource["PhysicalResourceId"]
        for resource in resources
        if resource["LogicalResourceId"].startswith(logical_id_prefix) and "::IVS::" in resource["ResourceType"]
    )


def test_a_stage_is_changed_in_place_and_deleted(emulator, make_app, outputs):
    """Name, tags and recording reach the live stage, its ARN stays, and destroy ends it."""
    make_app(_room(), stack="ivs-life").deploy()
    room = outputs("ivs-life")["RoomArn"]
    service = emulator.client("ivs-realtime")
    created = service.get_stage(arn=room)["stage"]
    assert created["autoParticipantRecordingConfiguration"]["recordingReconnectWindowSeconds"] == 60
    assert created["autoParticipantRecordingConfiguration"]["hlsConfiguration"] == {"targetSegmentDurationSeconds": 4}
    assert created["autoParticipantRecordingConfiguration"]["thumbnailConfiguration"]["targetIntervalSeconds"] == 30
    cdk = make_app(_room(name="hall", recording="None", tags="{'team': 'video'}"), stack="ivs-life")
    cdk.deploy()
    changed = service.get_stage(arn=outputs("ivs-life")["RoomArn"])["stage"]
    assert changed["arn"] == created["arn"]
    assert (changed["name"], changed["tags"]["team"]) == ("hall", "video")
    assert changed["autoParticipantRecordingConfiguration"]["storageConfigurationArn"] == ""
    cdk.destroy()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        service.get_stage(arn=room)


def test_a_create_only_property_replaces_its_resource_alone(emulator, make_app):
    """Another name makes another encoder configuration and leaves the stage."""
    make_app(_room(), stack="ivs-replace").deploy()
    before = {part: _resource(emulator, "ivs-replace", part) for part in ("Room", "Encoder", "Storage", "Ingest")}
    cdk = make_app(_room(encoder="other"), stack="ivs-replace")
    cdk.deploy()
    after = {part: _resource(emulator, "ivs-replace", part) for part in before}
    assert {part for part in before if before[part] != after[part]} == {"Encoder"}
    cdk.destroy()


def test_ivs_may_write_still_when_the_bucket_policy_has_changed(emulator, make_app, outputs):
    """A policy that is written anew by another setting of the bucket keeps the statement that recording needs."""
    make_app(_room(), stack="ivs-policy").deploy()
    cdk = make_app(_room(ssl="True"), stack="ivs-policy")
    cdk.deploy()
    policy = emulator.client("s3").get_bucket_policy(Bucket=outputs("ivs-policy")["BucketName"])["Policy"]
    effects = {
        (statement["Effect"], str(statement["Principal"]).startswith("{'Service': 'ivs-composite.us-east-1."))
        for statement in json.loads(policy)["Statement"]
    }
    assert effects == {("Deny", False), ("Allow", True)}
    cdk.destroy()


def test_the_judge_is_not_ours(emulator, make_app):
    """What an L1 lets through is refused by the model of the service, and rolled back."""
    body = """
    from aws_cdk import aws_ivs
    encoder = aws_ivs.CfnEncoderConfiguration(stack, "Encoder", name="fine")
    encoder.add_property_override("Video", {"Width": 1, "Height": 360})
    """
    with pytest.raises(CdkError, match=r"video\.width is 1, not within 2 and 1920"):
        make_app(body, stack="ivs-judged", strict=False).deploy()
    emulator.client("cloudformation").delete_stack(StackName="ivs-judged")


LOG = """
from stage_constructs.ivs import StageEventLog
app = cdk.App()
StageEventLog(cdk.Stack(app, "Video", stack_name="{name}"), "Events")
"""


def test_two_environments_of_an_account_and_one_destroyed(emulator, make_app):
    """One app deployed under two names has a log resource policy each, and what is left of one keeps its own."""

    def policies() -> dict[str, str]:
        found = emulator.client("logs").describe_resource_policies()["resourcePolicies"]
        return {policy["policyName"]: policy["policyDocument"] for policy in found}

    blue = make_app(LOG.format(name="ivs-blue"), stack="unused")
    blue.deploy()
    of_blue = policies()
    green = make_app(LOG.format(name="ivs-green"), stack="unused")
    green.deploy()
    assert len(policies()) == len(of_blue) + 1
    assert of_blue.items() <= policies().items()
    green.destroy()
    assert policies() == of_blue
    assert any("ivs-blue" in document for document in of_blue.values())
    make_app(LOG.format(name="ivs-blue"), stack="unused").destroy()
    assert not any("ivs-blue" in document for document in policies().values())
