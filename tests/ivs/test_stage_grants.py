"""What backends may do: each job its actions and its resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, resources, statements, warnings

ENCODER_ARN = "arn:aws:ivs:eu-west-1:123456789012:encoder-configuration/AbCdEf123456"
CHANNEL_ARN = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456"

JOBS: dict[str, list[str]] = {
    "grant_read": ["ivs:GetStage", "ivs:ListTagsForResource"],
    "grant_update": [
        "ivs:GetStage",
        "ivs:ListTagsForResource",
        "ivs:TagResource",
        "ivs:UntagResource",
        "ivs:UpdateStage",
    ],
    "grant_delete": ["ivs:DeleteStage", "ivs:UntagResource"],
    "grant_create_participant_token": ["ivs:CreateParticipantToken"],
    "grant_disconnect_participant": ["ivs:DisconnectParticipant"],
    "grant_observe": [
        "ivs:GetParticipant",
        "ivs:GetStage",
        "ivs:GetStageSession",
        "ivs:ListParticipantEvents",
        "ivs:ListParticipantReplicas",
        "ivs:ListParticipants",
        "ivs:ListStageSessions",
    ],
}


@pytest.fixture
def imported(stack: cdk.Stack) -> ivs.Stage:
    """A stage that was made elsewhere."""
    return ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN)


@pytest.mark.parametrize("job", JOBS)
def test_jobs_on_a_stage(stack: cdk.Stack, stage: ivs.Stage, grantee: iam.IGrantable, job: str) -> None:
    """Each job allows its actions on the stage and on nothing else."""
    grant: Callable[[iam.IGrantable], iam.Grant] = getattr(stage, job)
    grant(grantee).assert_success()
    (statement,) = statements(stack)
    actions = JOBS[job]
    assert statement == {
        "Effect": "Allow",
        "Action": actions if len(actions) > 1 else actions[0],
        "Resource": {"Fn::GetAtt": ["Stage0E8C2AF5", "Arn"]},
    }


@pytest.mark.parametrize("job", JOBS)
def test_jobs_on_an_imported_stage(stack: cdk.Stack, imported: ivs.Stage, role: iam.Role, job: str) -> None:
    """An imported stage is named by its ARN."""
    getattr(imported, job)(role)
    (statement,) = statements(stack)
    assert statement["Resource"] == STAGE_ARN


def test_grants_to_a_service_principal(stack: cdk.Stack, stage: ivs.Stage) -> None:
    """A service has no policy to add to, and a stage has none either: the grant fails and a warning says why."""
    grant = stage.grant_read(iam.ServicePrincipal("events.amazonaws.com"))
    assert not grant.success
    assert resources(stack, "AWS::IAM::Policy") == {}
    (warning,) = warnings(stack)
    assert "Amazon IVS has no resource policies" in warning
    assert "grant to a role of account 123456789012, and allow the grantee to assume it" in warning
    assert "stage-constructs:grantWithoutEffect" in warning


def test_grants_on_a_stage_of_another_account(stack: cdk.Stack, role: iam.Role) -> None:
    """A stage of another account takes no role of this one: the warning names the account whose role does."""
    stage = ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN.replace("123456789012", "210987654321"))
    stage.grant_create_participant_token(role)
    (warning,) = warnings(stack)
    assert "it is of account 123456789012" in warning
    assert "grant to a role of account 210987654321" in warning


def test_grant(stack: cdk.Stack, imported: ivs.Stage, role: iam.Role) -> None:
    """Any other action can be granted on the stage by its name."""
    imported.grant(role, "ivs:GetStage", "ivs:GetParticipant").assert_success()
    (statement,) = statements(stack)
    assert statement["Action"] == ["ivs:GetStage", "ivs:GetParticipant"]
    assert statement["Resource"] == STAGE_ARN


def encoder(stack: cdk.Stack) -> ivs.EncoderConfiguration:
    """An encoder configuration that was made elsewhere."""
    return ivs.EncoderConfiguration.from_encoder_configuration_arn(stack, "Encoder", ENCODER_ARN)


def test_start_composition(stack: cdk.Stack, imported: ivs.Stage, grantee: iam.IGrantable) -> None:
    """Starting a composition names the stage and the encoder configuration."""
    imported.grant_start_composition(grantee, encoder_configuration=encoder(stack)).assert_success()
    assert statements(stack) == [
        {"Effect": "Allow", "Action": "ivs:StartComposition", "Resource": [STAGE_ARN, ENCODER_ARN]}
    ]


def test_start_composition_to_storage_and_channel(
    stack: cdk.Stack, imported: ivs.Stage, storage: ivs.StorageConfiguration, role: iam.Role
) -> None:
    """Destinations are named as well."""
    imported.grant_start_composition(
        role, encoder_configuration=encoder(stack), storage_configuration=storage, channel_arn=CHANNEL_ARN
    )
    (statement,) = statements(stack)
    assert statement["Resource"] == [STAGE_ARN, ENCODER_ARN, storage.storage_configuration_arn, CHANNEL_ARN]


def test_start_composition_to_a_channel(stack: cdk.Stack, imported: ivs.Stage, role: iam.Role) -> None:
    """A channel may be given as a construct."""
    channel = aws_ivs.CfnChannel(stack, "Channel")
    imported.grant_start_composition(role, encoder_configuration=encoder(stack), channel_arn=channel)
    (statement,) = statements(stack)
    assert statement["Resource"] == [STAGE_ARN, ENCODER_ARN, {"Ref": "Channel"}]


def test_start_composition_with_generated_constructs(stack: cdk.Stack, imported: ivs.Stage, role: iam.Role) -> None:
    """Generated constructs are taken as well."""
    bucket = aws_ivs.CfnStorageConfiguration.S3StorageConfigurationProperty(bucket_name="recordings")
    imported.grant_start_composition(
        role,
        encoder_configuration=aws_ivs.CfnEncoderConfiguration(stack, "Encoder"),
        storage_configuration=aws_ivs.CfnStorageConfiguration(stack, "Storage", s3=bucket),
    )
    (statement,) = statements(stack)
    assert statement["Resource"] == [STAGE_ARN, {"Ref": "Encoder"}, {"Ref": "Storage"}]


@pytest.mark.parametrize("prop", ["encoder_configuration", "storage_configuration", "channel_arn"])
@pytest.mark.parametrize("value", [STAGE_ARN, 5])
def test_start_composition_with_something_else(
    stack: cdk.Stack, imported: ivs.Stage, role: iam.Role, prop: str, value: Any
) -> None:
    """What is not the resource that is meant is refused."""
    given: dict[str, Any] = {"encoder_configuration": encoder(stack), prop: value}
    with pytest.raises(StageConfigurationError, match=rf"Stack/Stage: {prop} must be"):
        imported.grant_start_composition(role, **given)


@pytest.mark.parametrize(
    ("part", "other", "place"), [("eu-west-1", "us-east-1", "Region"), ("123456789012", "210987654321", "account")]
)
def test_start_composition_with_what_is_elsewhere(
    stack: cdk.Stack, imported: ivs.Stage, role: iam.Role, part: str, other: str, place: str
) -> None:
    """A composition cannot use what is in another Region or account than its stage."""
    channel_arn = CHANNEL_ARN.replace(part, other)
    imported.grant_start_composition(role, encoder_configuration=encoder(stack), channel_arn=channel_arn)
    (warning,) = warnings(stack)
    assert f'channel_arn should be in the {place} of the stage, {part}, got "{other}"' in warning
    assert "stage-constructs:referenceElsewhere" in warning


def test_start_composition_in_a_stack_that_may_be_anywhere(app: cdk.App) -> None:
    """Nothing is elsewhere where the Region and the account are known at deploy time only."""
    agnostic = cdk.Stack(app, "Agnostic")
    role = iam.Role(agnostic, "Role", assumed_by=iam.AccountRootPrincipal())
    ivs.Stage(agnostic, "Stage").grant_start_composition(role, encoder_configuration=encoder(agnostic))
    assert warnings(agnostic) == []


def test_manage_compositions(stack: cdk.Stack, imported: ivs.Stage, grantee: iam.IGrantable) -> None:
    """Looking at and stopping compositions names compositions, listing them the stage."""
    imported.grant_manage_compositions(grantee).assert_success()
    looking, listing = statements(stack)
    assert looking["Action"] == ["ivs:GetComposition", "ivs:StopComposition"]
    assert looking["Resource"] == {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":ivs:eu-west-1:123456789012:composition/*"]]
    }
    assert listing == {"Effect": "Allow", "Action": "ivs:ListCompositions", "Resource": STAGE_ARN}


def test_compositions_of_a_stage_elsewhere(stack: cdk.Stack, role: iam.Role) -> None:
    """Compositions are in the Region and account of the stage."""
    arn = "arn:aws:ivs:us-west-2:210987654321:stage/AbCdEf123456"
    ivs.Stage.from_stage_arn(stack, "Stage", arn).grant_manage_compositions(role)
    assert ":ivs:us-west-2:210987654321:composition/*" in str(statements(stack)[0]["Resource"])


def test_participant_replication(stack: cdk.Stack, imported: ivs.Stage, grantee: iam.IGrantable) -> None:
    """Replication names both stages."""
    imported.grant_participant_replication(grantee, aws_ivs.CfnStage(stack, "Destination")).assert_success()
    assert statements(stack) == [
        {
            "Effect": "Allow",
            "Action": ["ivs:StartParticipantReplication", "ivs:StopParticipantReplication"],
            "Resource": [STAGE_ARN, {"Ref": "Destination"}],
        }
    ]


def test_participant_replication_to_something_else(imported: ivs.Stage, role: iam.Role) -> None:
    """What is no stage is refused as destination."""
    destination: Any = STAGE_ARN
    with pytest.raises(StageConfigurationError, match="destination must be a stage of Amazon IVS"):
        imported.grant_participant_replication(role, destination)


def test_grants_over_stacks(app: cdk.App, stage: ivs.Stage) -> None:
    """A role of another stack gets the ARN by an export."""
    other = cdk.Stack(
        app,
        "Other",
        env=cdk.Environment(account="123456789012", region="eu-west-1"),
        synthesizer=cdk.BootstraplessSynthesizer(),
    )
    stage.grant_create_participant_token(iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal()))
    (statement,) = statements(other)
    assert statement["Resource"]["Fn::ImportValue"].startswith("Stack:ExportsOutputFnGetAttStage")


def test_no_grant_reaches_everything(
    stack: cdk.Stack, stage: ivs.Stage, storage: ivs.StorageConfiguration, role: iam.Role
) -> None:
    """No statement that a stage writes has `*` as its resource or among its actions."""
    for job in [*JOBS, "grant_manage_compositions"]:
        getattr(stage, job)(role)
    stage.grant_start_composition(role, encoder_configuration=encoder(stack), storage_configuration=storage)
    stage.grant_participant_replication(role, ivs.Stage(stack, "Destination"))
    ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}).grant_manage(role)
    for statement in statements(stack):
        assert statement["Resource"] != "*"
        assert "*" not in str(statement["Action"])


def test_a_wildcard_that_cdk_does_not_accept(imported: ivs.Stage, role: iam.Role) -> None:
    """IAM takes ? in an action, and aws-cdk-lib does not: the error says so."""
    with pytest.raises(StageConfigurationError, match=r"without a \?"):
        imported.grant(role, "ivs:Get?tage")
