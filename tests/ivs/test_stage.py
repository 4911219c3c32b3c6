"""Stages: props, defaults, refusals, attributes, imports, and where they may stand."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs
from aws_cdk import aws_s3 as s3

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import HttpStage
from stage_constructs.checks import StageChecks

from .template_helpers import STAGE, STAGE_ARN, properties, reported, resource, resources, template, warnings

OFF = {"StorageConfigurationArn": ""}


def test_defaults(stack: cdk.Stack) -> None:
    """A stage with nothing given has no name, no tags, and says that nothing is recorded."""
    ivs.Stage(stack, "Stage")
    assert properties(stack) == {"AutoParticipantRecordingConfiguration": OFF}


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a stage with nothing given does not change unnoticed."""
    ivs.Stage(stack, "Stage")
    assert template(stack) == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a stage with everything given does not change unnoticed."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    ivs.Stage(
        stack,
        "Stage",
        stage_name="lobby",
        auto_participant_recording=ivs.ParticipantRecording(
            storage=storage,
            media_type=ivs.MediaType.AUDIO_ONLY,
            reconnect_window=cdk.Duration.minutes(1),
            hls_segment_duration=cdk.Duration.seconds(4),
            thumbnails=ivs.Thumbnails.interval(cdk.Duration.seconds(30), list(ivs.ThumbnailStorage)),
        ),
        tags={"team": "chat"},
    )
    assert template(stack) == snapshot


def test_the_resource_is_the_default_child(stack: cdk.Stack) -> None:
    """The generated construct is at hand for what this library does not offer."""
    stage = ivs.Stage(stack, "Stage")
    child = stage.node.default_child
    assert isinstance(child, aws_ivs.CfnStage)
    child.add_property_override("Name", "other")
    assert properties(stack)["Name"] == "other"


def test_a_stage_costs_two_kernel_requests(stack: cdk.Stack, kernel_requests: Any) -> None:
    """A stage is two requests, its own and its resource's, once the Region of the stack is known."""
    ivs.Stage(stack, "First")
    with kernel_requests as sent:
        ivs.Stage(stack, "Second")
    assert sent.count == 2


def test_a_stack_is_asked_for_its_environment_once(app: cdk.App, stack: cdk.Stack, kernel_requests: Any) -> None:
    """The first stage of another stack asks for its environment and its app."""
    ivs.Stage(stack, "First")
    other = cdk.Stack(app, "Other")
    with kernel_requests as sent:
        ivs.Stage(other, "First")
    assert sent.sent == ["GetRequest", "GetRequest", "GetRequest", "CreateRequest", "CreateRequest"]


@pytest.mark.parametrize("name", ["", "a", "A-b_9", "x" * 128])
def test_names(stack: cdk.Stack, name: str) -> None:
    """A name has up to 128 letters, digits, hyphens and underscores."""
    stage = ivs.Stage(stack, "Stage", stage_name=name)
    assert stage.stage_name == name
    assert properties(stack)["Name"] == name


@pytest.mark.parametrize("name", ["x" * 129, "my stage", "stage.one", "größe", "a\n"])
def test_names_that_are_refused(stack: cdk.Stack, name: str) -> None:
    """Any other name is refused with its prop, its value and what is accepted."""
    with pytest.raises(StageConfigurationError, match=r"stage_name must have at most 128 letters, digits") as raised:
        ivs.Stage(stack, "Stage", stage_name=name)
    assert raised.value.prop == "stage_name"
    assert raised.value.value == name
    assert raised.value.construct_path == "Stack/Stage"


def test_a_name_must_be_a_string(stack: cdk.Stack) -> None:
    """A name of another type is refused."""
    name: Any = 5
    with pytest.raises(StageConfigurationError, match="stage_name must be a string, got 5"):
        ivs.Stage(stack, "Stage", stage_name=name)


def test_a_refused_stage_leaves_nothing_behind(stack: cdk.Stack) -> None:
    """After a refusal the id is free again."""
    with pytest.raises(StageConfigurationError):
        ivs.Stage(stack, "Stage", stage_name="my stage")
    assert stack.node.try_find_child("Stage") is None
    ivs.Stage(stack, "Stage", stage_name="my-stage")


def test_tokens_pass(stack: cdk.Stack) -> None:
    """A name and tags that are known at deploy only pass unchecked."""
    parameter = cdk.CfnParameter(stack, "Name").value_as_string
    ivs.Stage(stack, "Stage", stage_name=parameter, tags={"team": parameter})
    assert properties(stack)["Name"] == {"Ref": "Name"}
    assert properties(stack)["Tags"] == [{"Key": "team", "Value": {"Ref": "Name"}}]


def test_tags(stack: cdk.Stack) -> None:
    """Tags of the stage stand beside those of the tree."""
    stage = ivs.Stage(stack, "Stage", tags={"team": "chat"})
    cdk.Tags.of(stack).add("cost", "42")
    assert stage.tags == {"team": "chat"}
    assert properties(stack)["Tags"] == [{"Key": "cost", "Value": "42"}, {"Key": "team", "Value": "chat"}]


@pytest.mark.parametrize(
    "tags",
    [
        {f"k{number}": "" for number in range(51)},
        {"aws:team": "chat"},
        {"k" * 129: "v"},
        {"": "v"},
        {"k": "v" * 257},
        {"k": 5},
        ["k"],
        {"a\nb": "v"},
    ],
    ids=["51", "aws", "long-key", "empty-key", "long-value", "number", "list", "line-end"],
)
def test_tags_that_are_refused(stack: cdk.Stack, tags: Any) -> None:
    """Tags are at most 50, with keys of 1 to 128 characters, values of up to 256, and none of AWS's own."""
    with pytest.raises(StageConfigurationError, match="tags"):
        ivs.Stage(stack, "Stage", tags=tags)


@pytest.mark.parametrize("plugins", [0, 1], ids=["alone", "with StageChecks"])
def test_tags_of_the_tree_are_reported_once(app: cdk.App, stack: cdk.Stack, plugins: int) -> None:
    """Tags that `Tags.of` adds are judged on the template, by this library and by StageChecks together."""
    cdk.Validations.of(app).add_plugins(*(StageChecks() for _ in range(plugins)))
    full = ivs.Stage(stack, "Full", tags={f"k{number}": "v" for number in range(49)})
    for number in range(2):
        cdk.Tags.of(full).add(f"z{number}", "v")
    cdk.Tags.of(ivs.EncoderConfiguration(stack, "Encoder")).add("aws:team", "chat")
    api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
    cdk.Tags.of(HttpStage(stack, "Http", api=api)).add("aws:team", "chat")
    assert sorted(reported(app)) == [
        (f"Stack/{name}/Resource", "tags", "error") for name in ("Encoder", "Full", "Http")
    ]


def test_tags_cannot_be_changed(stack: cdk.Stack) -> None:
    """The tags of a construct are read-only, for a change would not reach the template."""
    tags: Any = ivs.Stage(stack, "Stage", tags={"team": "chat"}).tags
    with pytest.raises(TypeError):
        tags["team"] = "video"


def test_as_many_tags_as_there_may_be(stack: cdk.Stack) -> None:
    """50 tags with the longest keys and values are accepted."""
    ivs.Stage(stack, "Stage", tags={f"{number:0128}": "v" * 256 for number in range(50)})
    assert len(properties(stack)["Tags"]) == 50


@pytest.mark.parametrize("region", ["us-east-2", "eu-west-2", "cn-north-1", "us-gov-west-1"])
@pytest.mark.parametrize(
    "make",
    [
        lambda scope: ivs.Stage(scope, "It"),
        lambda scope: ivs.EncoderConfiguration(scope, "It"),
        lambda scope: ivs.IngestConfiguration(scope, "It"),
        lambda scope: ivs.StorageConfiguration(scope, "It", bucket=s3.Bucket(scope, "Bucket")),
    ],
    ids=["stage", "encoder", "ingest", "storage"],
)
def test_a_region_without_the_service_is_refused(app: cdk.App, region: str, make: Any) -> None:
    """A resource of IVS in a Region without the service is refused, with the Regions that have it."""
    stack = cdk.Stack(app, "Elsewhere", env=cdk.Environment(account="123456789012", region=region))
    with pytest.raises(StageConfigurationError, match=r"env\.region must be a Region with .*ap-northeast-1.*us-west-2"):
        make(stack)


@pytest.mark.parametrize(
    "make",
    [
        lambda scope: ivs.StageEventLog(scope, "It"),
        lambda scope: ivs.StageSessions(scope, "It", tags={"a": "b"}),
        lambda scope: ivs.Stage.from_stage_arn(scope, "It", STAGE_ARN),
    ],
    ids=["event-log", "sessions", "imported"],
)
def test_what_makes_no_resource_of_the_service_is_in_any_region(app: cdk.App, make: Any) -> None:
    """Only resources of IVS need a Region with the service: a log and permissions deploy anywhere."""
    stack = cdk.Stack(app, "Elsewhere", env=cdk.Environment(account="123456789012", region="eu-west-2"))
    make(stack)
    iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    assert warnings(stack) == []


@pytest.mark.parametrize(
    "region",
    ["ap-northeast-1", "ap-northeast-2", "ap-south-1", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"],
)
def test_regions_with_the_service(app: cdk.App, region: str) -> None:
    """Each Region that has stages is accepted, and known to the stage."""
    stage = ivs.Stage(cdk.Stack(app, "There", env=cdk.Environment(region=region)), "Stage")
    assert stage.region == region


def test_an_unknown_region_passes(agnostic: cdk.Stack) -> None:
    """A stack that can be deployed anywhere is not asked where."""
    stage = ivs.Stage(agnostic, "Stage")
    assert agnostic.resolve(stage.region) == {"Ref": "AWS::Region"}
    assert resources(agnostic, STAGE)


def test_attributes(stack: cdk.Stack) -> None:
    """ARN, id, session and reference are those of the resource."""
    stage = ivs.Stage(stack, "Stage")
    logical_id = stack.get_logical_id(stage.node.default_child)  # type: ignore[arg-type]
    arn = {"Fn::GetAtt": [logical_id, "Arn"]}
    assert stack.resolve(stage.stage_arn) == arn
    assert stack.resolve(stage.stage_id) == {"Fn::Select": [1, {"Fn::Split": ["/", arn]}]}
    assert stack.resolve(stage.active_session_id) == {"Fn::GetAtt": [logical_id, "ActiveSessionId"]}
    assert stack.resolve(stage.stage_ref.stage_arn) == arn
    assert stack.resolve(aws_ivs.CfnStage.arn_for_stage(stage)) == arn
    assert stage.stage_name is None
    assert stage.tags == {}


def test_import_by_arn(stack: cdk.Stack) -> None:
    """A stage imported by its ARN knows id, Region and account, and nothing else."""
    arn = "arn:aws:ivs:us-west-2:210987654321:stage/AbCdEf123456"
    stage = ivs.Stage.from_stage_arn(stack, "Stage", arn)
    assert (stage.stage_arn, stage.stage_id) == (arn, "AbCdEf123456")
    assert (stage.region, stage.env.account) == ("us-west-2", "210987654321")
    assert (stage.stage_name, stage.active_session_id, stage.tags) == (None, None, {})
    assert aws_ivs.CfnStage.arn_for_stage(stage) == arn


@pytest.mark.parametrize(
    "arn",
    [
        "AbCdEf123456",
        "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456",
        "arn:aws:ivs:eu-west-1:123456789012:stage/",
        "arn:aws:ivs:eu-west-1::stage/AbCdEf123456",
        "arn:aws:apigateway:eu-west-1::/apis/a/stages/b",
        "arn:azure:ivs:eu-west-1:123456789012:stage/AbCdEf123456",
        f"arn:aws:ivs:eu-west-1:123456789012:stage/{'a' * 90}",
        "",
        None,
    ],
)
def test_arns_that_are_refused(stack: cdk.Stack, arn: Any) -> None:
    """An ARN of anything but a stage is refused."""
    with pytest.raises(StageConfigurationError, match="stage_arn must"):
        ivs.Stage.from_stage_arn(stack, "Stage", arn)


def test_import_by_an_arn_that_is_a_token(stack: cdk.Stack) -> None:
    """An ARN that is known at deploy only is taken apart by CloudFormation."""
    stage = ivs.Stage.from_stage_arn(stack, "Stage", cdk.Fn.import_value("StageArn"))
    assert stack.resolve(stage.stage_id) == {
        "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::ImportValue": "StageArn"}]}],
    }


@pytest.mark.parametrize("arn", ["{{resolve:ssm:/video/stage}}", "dummy-value-for-/video/stage"])
def test_import_by_an_arn_that_is_resolved_later(stack: cdk.Stack, role: iam.Role, arn: str) -> None:
    """A dynamic reference, and a lookup without an answer, stand for an ARN."""
    stage = ivs.Stage.from_stage_arn(stack, "Stage", arn)
    statement = stage.grant_read(role).principal_statements[0]
    assert statement.resources == [arn]


def test_the_id_of_a_dynamic_reference(stack: cdk.Stack) -> None:
    """CloudFormation cannot split a dynamic reference, so that metrics would have another dimension."""
    stage = ivs.Stage.from_stage_arn(stack, "Stage", "{{resolve:ssm:/video/stage}}")
    with pytest.raises(StageConfigurationError, match="must not be a dynamic reference"):
        stage.metric_publishers()


@pytest.mark.parametrize(
    ("props", "prop"),
    [
        ({"stage_name": "\ud800"}, "stage_name"),
        ({"tags": {"team": "\ud800"}}, "tags"),
    ],
)
def test_what_the_template_cannot_hold(stack: cdk.Stack, props: dict[str, Any], prop: str) -> None:
    """A text that is not valid Unicode is refused."""
    with pytest.raises(StageConfigurationError) as raised:
        ivs.Stage(stack, "Stage", **props)
    assert raised.value.prop.startswith(prop)


@pytest.mark.parametrize(
    "token",
    [cdk.Token.as_any({"Ref": "Name"}), cdk.Token.as_number({"Ref": "Name"}), {"Ref": "Name"}],
    ids=["object", "number", "intrinsic"],
)
def test_a_token_has_any_form(stack: cdk.Stack, token: Any) -> None:
    """A token that is an object passes in place of a text."""
    cdk.CfnParameter(stack, "Name")
    ivs.Stage(stack, "Stage", stage_name=token, tags={"team": token})
    assert properties(stack, STAGE)["Name"] == {"Ref": "Name"}
    assert properties(stack, STAGE)["Tags"] == [{"Key": "team", "Value": {"Ref": "Name"}}]


def test_the_type_test(stack: cdk.Stack) -> None:
    """`is_stage` knows defined and imported stages."""
    assert ivs.Stage.is_stage(ivs.Stage(stack, "Stage"))
    assert ivs.Stage.is_stage(ivs.Stage.from_stage_arn(stack, "Imported", STAGE_ARN))
    assert not ivs.Stage.is_stage(aws_ivs.CfnStage(stack, "Generated"))


def test_import_of_a_generated_stage(stack: cdk.Stack) -> None:
    """A generated stage gets the methods of this one, and keeps its name."""
    generated = aws_ivs.CfnStage(stack, "Generated", name="lobby")
    stage = ivs.Stage.from_stage_ref(stack, "Stage", generated)
    assert stack.resolve(stage.stage_arn) == {"Ref": "Generated"}
    assert stage.stage_name == "lobby"
    assert stage.region == "eu-west-1"


def test_import_of_a_stage_of_this_library(stack: cdk.Stack) -> None:
    """A stage of this library can be wrapped as well."""
    original = ivs.Stage(stack, "Original", stage_name="lobby")
    stage = ivs.Stage.from_stage_ref(stack, "Stage", original)
    assert (stage.stage_arn, stage.stage_name) == (original.stage_arn, "lobby")


def test_import_of_something_else(stack: cdk.Stack) -> None:
    """What is no stage of IVS is refused."""
    other: Any = s3.Bucket(stack, "Bucket")
    with pytest.raises(StageConfigurationError, match="stage must be a stage of Amazon IVS, got a Bucket"):
        ivs.Stage.from_stage_ref(stack, "Stage", other)


def test_a_stage_of_another_stack(app: cdk.App, stack: cdk.Stack) -> None:
    """Other stacks reach the stage by an export."""
    stage = ivs.Stage(stack, "Stage")
    other = cdk.Stack(app, "Other", env=stack_environment(stack), synthesizer=cdk.BootstraplessSynthesizer())
    ivs.IngestConfiguration(other, "Ingest", stage=stage)
    (arn,) = properties(other, "AWS::IVS::IngestConfiguration")["StageArn"].values()
    assert arn.startswith("Stack:ExportsOutputFnGetAttStage")


def test_a_stage_of_another_region(app: cdk.App) -> None:
    """Stacks of other Regions reach the stage when they are asked to."""
    env = cdk.Environment(account="123456789012", region="eu-west-1")
    stage = ivs.Stage(cdk.Stack(app, "Here", env=env, cross_region_references=True), "Stage")
    other = cdk.Stack(
        app, "Other", env=cdk.Environment(account="123456789012", region="us-east-1"), cross_region_references=True
    )
    cdk.CfnOutput(other, "Arn", value=stage.stage_arn)
    assert "Custom::CrossRegionExportReader" in str(template(other))


def stack_environment(stack: cdk.Stack) -> cdk.Environment:
    """The environment of a stack."""
    return cdk.Environment(account=stack.account, region=stack.region)


def test_under_a_cdk_stage(app: cdk.App) -> None:
    """A stage can stand in a stack of a cdk.Stage."""
    parent = cdk.Stage(app, "Prod", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    stack = cdk.Stack(parent, "Stack")
    ivs.Stage(stack, "Stage")
    assert resource(stack)["Properties"] == {"AutoParticipantRecordingConfiguration": OFF}


def test_in_a_nested_stack(app: cdk.App) -> None:
    """A stage can stand in a nested stack, whose Region is that of its parent."""
    parent = cdk.Stack(app, "Parent", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    nested = cdk.NestedStack(parent, "Nested")
    stage = ivs.Stage(nested, "Stage")
    assert stage.region == "eu-west-1"
    assert resources(nested, STAGE)


def test_below_another_construct(stack: cdk.Stack, kernel_requests: Any) -> None:
    """The stack of a construct is asked for once."""
    scope = cdk.Resource(stack, "Scope")
    ivs.Stage(scope, "First")
    with kernel_requests as sent:
        ivs.Stage(scope, "Second")
    assert sent.count == 2


def test_no_warnings(stack: cdk.Stack) -> None:
    """A stage with defaults warns of nothing."""
    ivs.Stage(stack, "Stage")
    assert warnings(stack) == []


def test_the_arn_constant_is_one(stack: cdk.Stack) -> None:
    """The ARN that the other tests use is accepted."""
    assert ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN).stage_id == "AbCdEf123456"
