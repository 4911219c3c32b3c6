"""A stage that is there already is taken into a stack of ours by `cdk import`, without being replaced."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, WaiterError

from emulator.live_state import outputs
from tests.ivs.keys import P384

if TYPE_CHECKING:
    from emulator.cdk import Cdk

HERE = """
api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="{api_id}")
stage = HttpStage(stack, "Stage", api=api, stage_name="by-hand", description="{description}",
                  default_route_settings=RouteSettings(throttling_rate_limit=20))
stage.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
"""


def test_a_stage_made_by_hand_is_imported_and_then_changed_in_place(emulator, make_app):
    """The live stage keeps its date of creation through the import and the first deploy behind it."""
    service = emulator.client("apigatewayv2")
    api_id = service.create_api(Name="by-hand", ProtocolType="HTTP")["ApiId"]
    service.create_stage(ApiId=api_id, StageName="by-hand", AutoDeploy=True, Description="made by hand")
    created = service.get_stage(ApiId=api_id, StageName="by-hand")["CreatedDate"]

    cdk = make_app(HERE.format(api_id=api_id, description="made by hand"), stack="adopting")
    cdk("synth", "--quiet")
    template = json.loads((cdk.output / "adopting.template.json").read_text())
    [logical_id] = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    mapping = cdk.folder / "mapping.json"
    mapping.write_text(json.dumps({logical_id: {"ApiId": api_id, "StageName": "by-hand"}}))
    cdk("import", "adopting", "--force", "--resource-mapping", str(mapping))

    assert "AWS::ApiGatewayV2::Stage" not in cdk("diff", "adopting")
    drifted = re.findall(r"\[~\] (/\w+)", cdk("drift", "adopting"))
    assert set(drifted) == {"/DefaultRouteSettings"}

    resources = emulator.client("cloudformation").describe_stack_resources(StackName="adopting")["StackResources"]
    assert {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}[logical_id] == "by-hand"

    cdk = make_app(HERE.format(api_id=api_id, description="kept by a stack"), stack="adopting")
    cdk.deploy()
    live = service.get_stage(ApiId=api_id, StageName="by-hand")
    assert live["Description"] == "kept by a stack"
    assert live["DefaultRouteSettings"]["ThrottlingRateLimit"] == 20
    assert live["CreatedDate"] == created
    cdk.destroy()
    assert service.get_stage(ApiId=api_id, StageName="by-hand")["CreatedDate"] == created
    service.delete_api(ApiId=api_id)


ROOM = """
from stage_constructs.ivs import EncoderConfiguration, ParticipantRecording, Stage, StorageConfiguration
storage = StorageConfiguration.from_storage_configuration_arn(stack, "Storage", "{storage}")
recording = ParticipantRecording(storage=storage, reconnect_window=cdk.Duration.seconds(60))
room = Stage(stack, "Room", stage_name="{name}", auto_participant_recording={recording}, tags={tags})
{more}
"""
ROOM_ID = "Room4AB29A70"
KEPT = "room.apply_removal_policy(cdk.RemovalPolicy.RETAIN)"
MORE = f'{KEPT}; EncoderConfiguration(stack, "Encoder")'


@pytest.fixture
def service(emulator):
    """The API of Amazon IVS real-time."""
    return emulator.client("ivs-realtime")


@pytest.fixture(scope="module")
def storage(emulator) -> str:
    """A storage configuration made by hand."""
    emulator.client("s3").create_bucket(Bucket="by-hand")
    made = emulator.client("ivs-realtime").create_storage_configuration(s3={"bucketName": "by-hand"})
    return made["storageConfiguration"]["arn"]


@pytest.fixture
def room(service, storage):
    """A stage made by hand, with tags, that records."""
    recording = {
        "storageConfigurationArn": storage,
        "mediaTypes": ["AUDIO_VIDEO"],
        "recordingReconnectWindowSeconds": 60,
        "hlsConfiguration": {"targetSegmentDurationSeconds": 6},
        "thumbnailConfiguration": {"recordingMode": "DISABLED"},
    }
    made = service.create_stage(name="room", tags={"team": "video"}, autoParticipantRecordingConfiguration=recording)
    yield made["stage"]
    with contextlib.suppress(service.exceptions.ResourceNotFoundException):
        service.delete_stage(arn=made["stage"]["arn"])


@pytest.fixture
def make_room(make_app, storage):
    """The app that declares that stage, or one that differs from it."""

    def make(stack: str, *, name="room", recording="recording", tags="{'team': 'video'}", more=KEPT) -> Cdk:
        return make_app(ROOM.format(storage=storage, name=name, recording=recording, tags=tags, more=more), stack=stack)

    return make


def _adopt(cdk: Cdk, stack: str, identifiers: dict[str, str]) -> str:
    mapping = cdk.folder / "mapping.json"
    mapping.write_text(json.dumps({logical_id: {"Arn": arn} for logical_id, arn in identifiers.items()}))
    return cdk("import", stack, "--resource-mapping", str(mapping))


def _arns(emulator, stack: str) -> dict[str, str]:
    resources = emulator.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources
        if each["ResourceType"].startswith("AWS::IVS::")
    }


def test_an_ivs_stage_made_by_hand_is_imported_and_then_changed_in_place(emulator, make_room, service, room):
    """The import changes nothing of it, a deploy behind it neither; a later change leaves its ARN, destroy keeps it."""
    cdk = make_room("ivs-adopting")
    _adopt(cdk, "ivs-adopting", {ROOM_ID: room["arn"]})
    assert _arns(emulator, "ivs-adopting") == {ROOM_ID: room["arn"]}
    cdk("drift", "ivs-adopting", "--fail")
    assert "AWS::IVS::Stage" not in cdk("diff", "ivs-adopting")
    cdk.deploy()
    assert "There were no differences" in cdk("diff", "ivs-adopting", "--fail")
    assert service.get_stage(arn=room["arn"])["stage"] == room

    cdk = make_room("ivs-adopting", name="hall", tags="{'team': 'video', 'floor': '2'}")
    cdk.deploy()
    assert _arns(emulator, "ivs-adopting") == {ROOM_ID: room["arn"]}
    changed = service.get_stage(arn=room["arn"])["stage"]
    assert changed == {**room, "name": "hall", "tags": {"team": "video", "floor": "2"}}
    cdk.destroy()
    assert service.get_stage(arn=room["arn"])["stage"] == changed


def test_the_cli_asks_for_the_arn_and_writes_the_policy_that_is_not_declared(make_room, service, room):
    """Without a mapping it asks; without a removal policy it imports with one that the next deploy takes away."""
    cdk = make_room("ivs-asking", more="")
    said = cdk.answering({"Room/Resource (AWS::IVS::Stage): enter Arn": room["arn"]}, "import", "ivs-asking")
    assert "ivs-asking/Room/Resource (AWS::IVS::Stage): enter Arn (empty to skip)" in said
    change = cdk("diff", "ivs-asking").partition("[~] AWS::IVS::Stage")[2].split()
    assert change[:7] == ["Room", ROOM_ID, "└─", "[-]", "DeletionPolicy", "└─", "Retain"]
    cdk.deploy()
    cdk.destroy()
    with pytest.raises(service.exceptions.ResourceNotFoundException):
        service.get_stage(arn=room["arn"])


def test_what_is_declared_otherwise_is_seen_by_drift_and_written_by_the_next_change(emulator, make_room, service, room):
    """A diff compares templates. What the mapping does not name is made by the deploy."""
    cdk = make_room("ivs-otherwise", recording="None", more=MORE)
    assert "ivs-otherwise/Encoder/Resource: skipping" in _adopt(cdk, "ivs-otherwise", {ROOM_ID: room["arn"]})
    assert "AWS::IVS::Stage" not in cdk("diff", "ivs-otherwise")
    assert "[~] /AutoParticipantRecordingConfiguration/StorageConfigurationArn" in cdk("drift", "ivs-otherwise")
    cdk.deploy()
    assert service.get_stage(arn=room["arn"])["stage"] == room
    assert len(_arns(emulator, "ivs-otherwise")) == 2

    make_room("ivs-otherwise", name="hall", recording="None", more=MORE).deploy()
    changed = service.get_stage(arn=room["arn"])["stage"]
    assert changed["autoParticipantRecordingConfiguration"] == {"storageConfigurationArn": ""}
    cdk.destroy()


EVERYTHING = """
from aws_cdk import aws_s3 as s3
from stage_constructs.ivs import (
    EncoderConfiguration, IngestConfiguration, ParticipantRecording, PublicKey, Stage, StorageConfiguration
)
storage = StorageConfiguration(stack, "Storage", bucket=s3.Bucket.from_bucket_name(stack, "Bucket", "by-hand"))
room = Stage(stack, "Room", auto_participant_recording=ParticipantRecording(storage=storage))
ingest = IngestConfiguration(stack, "Ingest", stage=room)
key = PublicKey(stack, "Key", public_key_material={key!r})
for each in (storage, room, ingest, key, EncoderConfiguration(stack, "Encoder")):
    each.apply_removal_policy(cdk.RemovalPolicy.{policy})
cdk.CfnOutput(stack, "Attributes", value="|".join([room.stage_id, ingest.participant_id, key.public_key_fingerprint]))
"""


def test_every_type_moves_from_one_stack_to_another(emulator, make_app, storage):
    """A stack that retains them forgets them, and another takes them over with all that they know of each other."""
    cdk = make_app(EVERYTHING.format(key=P384, policy="RETAIN"), stack="ivs-leaving")
    cdk.deploy()
    arns, attributes = _arns(emulator, "ivs-leaving"), outputs(emulator, "ivs-leaving")
    assert len(arns) == 5
    cdk.destroy()
    cdk = make_app(EVERYTHING.format(key=P384, policy="DESTROY"), stack="ivs-taking")
    _adopt(cdk, "ivs-taking", arns)
    assert _arns(emulator, "ivs-taking") == arns
    cdk.deploy()
    assert (_arns(emulator, "ivs-taking"), outputs(emulator, "ivs-taking")) == (arns, attributes)
    cdk.destroy()


NO_ROOM = "arn:aws:ivs:us-east-1:000000000000:stage/nowhere"


@pytest.fixture
def review(emulator):
    """Ask CloudFormation for an import without the CLI, and say what becomes of the request."""
    cloudformation = emulator.client("cloudformation")

    def ask(identifier: dict[str, str], **policy: str) -> str:
        room = {"ResourceType": "AWS::IVS::Stage", "LogicalResourceId": "Room", "ResourceIdentifier": identifier}
        cloudformation.create_change_set(
            StackName="ivs-refused",
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            ResourcesToImport=[room],
            TemplateBody=json.dumps({"Resources": {"Room": {"Type": "AWS::IVS::Stage", **policy}}}),
        )
        with contextlib.suppress(WaiterError):
            waiter = cloudformation.get_waiter("change_set_create_complete")
            waiter.wait(StackName="ivs-refused", ChangeSetName="import", WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        made = cloudformation.describe_change_set(StackName="ivs-refused", ChangeSetName="import")
        return f"{made['Status']}: {made.get('StatusReason')}"

    yield ask
    cloudformation.delete_stack(StackName="ivs-refused")


def test_without_the_cli_a_deletion_policy_and_an_arn_must_be_given(review, room):
    """CloudFormation refuses a template without a policy, and an identifier that is none."""
    with pytest.raises(ClientError, match=r"\[Room\] must have DeletionPolicy attribute specified in the template"):
        review({"Arn": room["arn"]})
    with pytest.raises(ClientError, match=r"Invalid resource identifier.*AWS::IVS::Stage. Expected \[Arn\]"):
        review({"Name": "room"}, DeletionPolicy="Retain")
    assert review({"Arn": room["arn"]}, DeletionPolicy="Retain").startswith("CREATE_COMPLETE")


def test_a_stage_that_is_not_there_is_not_imported(review):
    """The change set fails and says which."""
    assert review({"Arn": NO_ROOM}, DeletionPolicy="Retain") == (
        f"FAILED: Resource of type 'AWS::IVS::Stage' with identifier '{NO_ROOM}' was not found."
    )


def test_a_stage_of_another_stack_is_not_imported(emulator, make_room, review):
    """The other stack must forget it first."""
    cdk = make_room("ivs-owning", more="")
    cdk.deploy()
    [arn] = _arns(emulator, "ivs-owning").values()
    said = review({"Arn": arn}, DeletionPolicy="Retain")
    assert said.startswith(f"FAILED: {arn} already exists in stack ")
    assert "ivs-owning" in said
    cdk.destroy()
