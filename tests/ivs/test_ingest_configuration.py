"""Ingest configurations: props, defaults, protocols, and the stream key."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ivs
from aws_cdk import aws_secretsmanager as secretsmanager

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, properties, template, warnings

INGEST = "AWS::IVS::IngestConfiguration"
ARN = "arn:aws:ivs:eu-west-1:123456789012:ingest-configuration/AbCdEf123456"


def ingest(stack: cdk.Stack, **props: Any) -> dict[str, Any]:
    """The rendered properties of an ingest configuration."""
    ivs.IngestConfiguration(stack, "Ingest", **props)
    return properties(stack, INGEST)


def test_defaults(stack: cdk.Stack) -> None:
    """By default video comes encrypted; without a stage none is named, since the service takes no empty one."""
    assert ingest(stack) == {"IngestProtocol": "RTMPS", "InsecureIngest": False}


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of an ingest configuration with nothing given does not change unnoticed."""
    ivs.IngestConfiguration(stack, "Ingest")
    assert template(stack) == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of an ingest configuration with everything given does not change unnoticed."""
    ivs.IngestConfiguration(
        stack,
        "Ingest",
        stage=ivs.Stage(stack, "Stage"),
        ingest_protocol=ivs.IngestProtocol.RTMP,
        insecure_ingest=True,
        user_id="studio",
        ingest_configuration_name="studio",
        tags={"team": "chat"},
    )
    assert template(stack) == snapshot


@pytest.mark.parametrize(
    ("protocol", "insecure"), [("RTMPS", False), ("RTMPS", True), (ivs.IngestProtocol.RTMPS, False), ("RTMP", True)]
)
def test_protocols(stack: cdk.Stack, protocol: Any, insecure: bool) -> None:
    """RTMPS needs nothing more, RTMP asks for insecure ingest."""
    rendered = ingest(stack, ingest_protocol=protocol, insecure_ingest=insecure)
    assert (rendered["IngestProtocol"], rendered["InsecureIngest"]) == (str.__str__(protocol), insecure)


@pytest.mark.parametrize("protocol", [ivs.IngestProtocol.RTMP, "RTMP"])
def test_rtmp_without_insecure_ingest_is_refused(stack: cdk.Stack, protocol: Any) -> None:
    """RTMP without insecure ingest is refused, with both ways out."""
    with pytest.raises(
        StageConfigurationError, match=r"insecure_ingest must be True for RTMP.*RTMPS.*insecure_ingest=True"
    ):
        ingest(stack, ingest_protocol=protocol)


@pytest.mark.parametrize("protocol", ["SRT", "rtmps", 5])
def test_protocols_that_are_refused(stack: cdk.Stack, protocol: Any) -> None:
    """The service knows two protocols."""
    with pytest.raises(
        StageConfigurationError,
        match=r"ingest_protocol must be RTMPS or RTMP.*write IngestProtocol\.RTMPS.*if AWS",
    ):
        ingest(stack, ingest_protocol=protocol)


def test_insecure_ingest_must_be_a_boolean(stack: cdk.Stack) -> None:
    """A text in place of a boolean is refused."""
    with pytest.raises(StageConfigurationError, match="insecure_ingest must be True or False"):
        ingest(stack, insecure_ingest="yes")


@pytest.mark.parametrize("user_id", ["", "studio", "x" * 128])
def test_user_ids(stack: cdk.Stack, user_id: str) -> None:
    """A user id has up to 128 characters."""
    assert ingest(stack, user_id=user_id)["UserId"] == user_id


@pytest.mark.parametrize("user_id", ["x" * 129, 5])
def test_user_ids_that_are_refused(stack: cdk.Stack, user_id: Any) -> None:
    """A longer one, and what is no text, is refused."""
    with pytest.raises(StageConfigurationError, match="user_id must"):
        ingest(stack, user_id=user_id)


def test_stage(stack: cdk.Stack) -> None:
    """The stage is named by its ARN."""
    assert ingest(stack, stage=ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN))["StageArn"] == STAGE_ARN


@pytest.mark.parametrize(
    ("part", "other", "place"), [("eu-west-1", "us-east-1", "Region"), ("123456789012", "210987654321", "account")]
)
def test_a_stage_elsewhere_warns(stack: cdk.Stack, part: str, other: str, place: str) -> None:
    """A stage of another Region or account cannot be published into."""
    ingest(stack, stage=ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN.replace(part, other)))
    (warning,) = warnings(stack)
    assert f'stage should be in the {place} of this construct, {part}, got "{other}"' in warning
    assert "stage-constructs:referenceElsewhere" in warning


def test_a_generated_stage(stack: cdk.Stack) -> None:
    """A generated stage is taken as well."""
    assert ingest(stack, stage=aws_ivs.CfnStage(stack, "Generated"))["StageArn"] == {"Ref": "Generated"}


@pytest.mark.parametrize("stage", ["", STAGE_ARN])
def test_a_stage_must_be_a_construct(stack: cdk.Stack, stage: Any) -> None:
    """A text in place of a stage is refused."""
    with pytest.raises(StageConfigurationError, match=r"stage must be a stage of Amazon IVS.*from_stage_arn"):
        ingest(stack, stage=stage)


@pytest.mark.parametrize("name", ["x" * 129, "a b"])
def test_names_that_are_refused(stack: cdk.Stack, name: str) -> None:
    """A name has up to 128 letters, digits, hyphens and underscores."""
    with pytest.raises(StageConfigurationError, match="ingest_configuration_name must have at most 128"):
        ingest(stack, ingest_configuration_name=name)


def test_name_and_tags(stack: cdk.Stack) -> None:
    """Name and tags are emitted."""
    rendered = ingest(stack, ingest_configuration_name="studio", tags={"team": "chat"})
    assert (rendered["Name"], rendered["Tags"]) == ("studio", [{"Key": "team", "Value": "chat"}])


def test_tokens_pass(stack: cdk.Stack) -> None:
    """Values that are known at deploy only pass unchecked."""
    parameter = cdk.CfnParameter(stack, "P").value_as_string
    rendered = ingest(
        stack, ingest_protocol=parameter, user_id=parameter, ingest_configuration_name=parameter, insecure_ingest=False
    )
    assert rendered["IngestProtocol"] == rendered["UserId"] == rendered["Name"] == {"Ref": "P"}


def test_attributes(stack: cdk.Stack) -> None:
    """ARN, participant and reference are those of the resource."""
    configuration = ivs.IngestConfiguration(stack, "Ingest")
    assert stack.resolve(configuration.ingest_configuration_arn)["Fn::GetAtt"][1] == "Arn"
    assert stack.resolve(configuration.participant_id)["Fn::GetAtt"][1] == "ParticipantId"
    assert stack.resolve(configuration.ingest_configuration_ref.ingest_configuration_arn)["Fn::GetAtt"][1] == "Arn"


def test_the_stream_key_is_a_secret_value(stack: cdk.Stack) -> None:
    """The stream key goes to what stores secrets."""
    configuration = ivs.IngestConfiguration(stack, "Ingest")
    secretsmanager.Secret(stack, "Secret", secret_string_value=configuration.stream_key)
    secret = properties(stack, "AWS::SecretsManager::Secret")["SecretString"]
    assert secret["Fn::GetAtt"][1] == "StreamKey"


def test_import(stack: cdk.Stack) -> None:
    """An imported ingest configuration knows its ARN and no secrets."""
    configuration = ivs.IngestConfiguration.from_ingest_configuration_arn(stack, "Ingest", ARN)
    assert configuration.ingest_configuration_ref.ingest_configuration_arn == ARN
    assert (configuration.stream_key, configuration.participant_id) == (None, None)
    assert (configuration.ingest_configuration_name, configuration.tags) == (None, {})


def test_import_by_another_arn(stack: cdk.Stack) -> None:
    """An ARN of anything else is refused."""
    with pytest.raises(StageConfigurationError, match="another kind of resource, stage"):
        ivs.IngestConfiguration.from_ingest_configuration_arn(stack, "Ingest", STAGE_ARN)
