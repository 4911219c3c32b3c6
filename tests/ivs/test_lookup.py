"""Looking a live stage up: what is asked, the placeholder, answers, and what is said when there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN

ENVIRONMENT = {"account": "123456789012", "region": "eu-west-1"}
LIVE = {
    "Arn": STAGE_ARN,
    "Name": "lobby",
    "Tags": [{"Key": "team", "Value": "chat"}],
    "ActiveSessionId": "st-a1b2c3d4e5f6g",
    "Identifier": STAGE_ARN,
}


def stack_with(context: dict[str, Any], **env: str) -> cdk.Stack:
    """A stack of a new app with this context."""
    app = cdk.App(context=context, analytics_reporting=False)
    return cdk.Stack(app, "Stack", env=cdk.Environment(**(env or ENVIRONMENT)))


def missing(stack: cdk.Stack) -> list[dict[str, Any]]:
    """What the CDK CLI is asked to look up."""
    app: Any = stack.node.root
    manifest = json.loads((Path(app.synth().directory) / "manifest.json").read_text())
    return list(manifest.get("missing", []))


def asked(**identity: str) -> dict[str, Any]:
    """The question of a lookup in a stack that knows no answer."""
    stack = stack_with({})
    ivs.Stage.from_lookup(stack, "Stage", **identity)
    (question,) = missing(stack)
    return question


def answered(answer: object, **identity: str) -> ivs.Stage:
    """A stage that is looked up where the answer is known."""
    stack = stack_with({asked(**identity)["key"]: answer})
    stage = ivs.Stage.from_lookup(stack, "Stage", **identity)
    assert missing(stack) == []
    return stage


IDENTITIES = [{"stage_arn": STAGE_ARN}, {"stage_name": "lobby"}]


def test_the_question_by_arn() -> None:
    """By its ARN the stage is asked of Cloud Control as one resource."""
    question = asked(stage_arn=STAGE_ARN)
    assert question["provider"] == "cc-api-provider"
    props = question["props"]
    assert (props["typeName"], props["exactIdentifier"]) == ("AWS::IVS::Stage", STAGE_ARN)
    assert props["propertiesToReturn"] == ["Arn", "Name", "Tags", "ActiveSessionId"]
    assert (props["account"], props["region"]) == ("123456789012", "eu-west-1")


def test_the_question_by_name() -> None:
    """By its name the stage is asked of Cloud Control among all stages."""
    props = asked(stage_name="lobby")["props"]
    assert props["propertyMatch"] == {"Name": "lobby"}
    assert "exactIdentifier" not in props


@pytest.mark.parametrize(
    ("account", "region"), [("210987654321", "us-west-2"), ("210987654321", "eu-west-1"), ("123456789012", "us-west-2")]
)
def test_a_stage_of_another_environment(account: str, region: str) -> None:
    """An ARN names the Region and the account to ask, also where only one of the two is another."""
    props = asked(stage_arn=f"arn:aws:ivs:{region}:{account}:stage/AbCdEf123456")["props"]
    assert (props["account"], props["region"]) == (account, region)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_placeholder(identity: dict[str, str]) -> None:
    """Before the answer the stage has what was given, and placeholders of the right form."""
    stack = stack_with({})
    stage = ivs.Stage.from_lookup(stack, "Stage", **identity)
    assert stage.stage_arn == identity.get("stage_arn", "arn:aws:ivs:eu-west-1:123456789012:stage/placeholder0")
    assert stage.stage_name == identity.get("stage_name", "placeholder")
    assert (stage.tags, stage.active_session_id, stage.region) == ({}, None, "eu-west-1")


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_answer(identity: dict[str, str]) -> None:
    """The stage is as it was found."""
    stage = answered([LIVE], **identity)
    assert (stage.stage_arn, stage.stage_id, stage.stage_name) == (STAGE_ARN, "AbCdEf123456", "lobby")
    assert (stage.tags, stage.active_session_id, stage.region) == ({"team": "chat"}, "st-a1b2c3d4e5f6g", "eu-west-1")
    assert stage.env.account == "123456789012"


@pytest.mark.parametrize("empty", [{}, {"Name": "", "ActiveSessionId": "", "Tags": []}, {"Name": None, "Tags": None}])
def test_an_answer_with_little_in_it(empty: dict[str, Any]) -> None:
    """A stage without name, tags and session has none of them."""
    stage = answered([{"Arn": STAGE_ARN, **empty}], stage_arn=STAGE_ARN)
    assert (stage.stage_name, stage.tags, stage.active_session_id) == (None, {}, None)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_match(identity: dict[str, str]) -> None:
    """Where there is no such stage the error says so, and how to ask again."""
    with pytest.raises(StageConfigurationError, match=r"exactly one stage.*none was found.*cdk context --reset"):
        answered([], **identity)


def test_several_matches() -> None:
    """Where several stages have the name the error lists their ARNs."""
    other = {**LIVE, "Arn": STAGE_ARN.replace("AbC", "XyZ")}
    with pytest.raises(
        StageConfigurationError, match=r"2 were found.*stage/AbCdEf123456, .*stage/XyZdEf123456"
    ) as raised:
        answered([LIVE, other], stage_name="lobby")
    assert (raised.value.prop, raised.value.value) == ("stage_name", "lobby")
    assert raised.value.construct_path == "Stack/Stage"


def failure(text: str) -> dict[str, Any]:
    """What the CDK CLI puts into the context when a lookup fails."""
    return {"$providerError": text, "$dontSaveContext": True}


def test_a_stage_without_a_session() -> None:
    """The CDK CLI fails on a property that the stage does not have: it is asked once more without."""
    context = {
        asked(stage_arn=STAGE_ARN)["key"]: failure("Cannot read field ActiveSessionId. ActiveSessionId is not found.")
    }
    stack = stack_with(context)
    ivs.Stage.from_lookup(stack, "Stage", stage_arn=STAGE_ARN)
    (question,) = missing(stack)
    assert question["props"]["propertiesToReturn"] == ["Arn", "Name", "Tags"]

    context[question["key"]] = [{key: LIVE[key] for key in ("Arn", "Name", "Tags")}]
    stage = ivs.Stage.from_lookup(stack_with(context), "Stage", stage_arn=STAGE_ARN)
    assert (stage.stage_name, stage.tags, stage.active_session_id) == ("lobby", {"team": "chat"}, None)

    kept = {question["key"]: context[question["key"]]}
    stack = stack_with(kept)
    ivs.Stage.from_lookup(stack, "Stage", stage_arn=STAGE_ARN)
    assert missing(stack) == []


def test_a_stage_without_anything() -> None:
    """One property after the other is left out, until only the ARN is asked for."""
    context: dict[str, Any] = {}
    absent = ["ActiveSessionId", "Name", "Tags"]
    for name in absent:
        stack = stack_with(context)
        ivs.Stage.from_lookup(stack, "Stage", stage_arn=STAGE_ARN)
        (question,) = missing(stack)
        assert name in question["props"]["propertiesToReturn"]
        context[question["key"]] = failure(f"Cannot read field {name}. {name} is not found.")
    stack = stack_with(context)
    ivs.Stage.from_lookup(stack, "Stage", stage_arn=STAGE_ARN)
    (question,) = missing(stack)
    assert question["props"]["propertiesToReturn"] == ["Arn"]


@pytest.mark.parametrize("text", ["No resource of type AWS::IVS::Stage with identifier", "Access denied"])
def test_a_lookup_that_fails(text: str) -> None:
    """Any other failure of the lookup is passed on."""
    with pytest.raises(StageConfigurationError, match=text):
        answered(failure(text), stage_arn=STAGE_ARN)


@pytest.mark.parametrize("env", [{}, {"region": "eu-west-1"}, {"account": "123456789012"}])
def test_an_unknown_environment_is_refused(env: dict[str, str]) -> None:
    """Where a stack that can be deployed anywhere would look is not known."""
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack", env=cdk.Environment(**env))
    with pytest.raises(StageConfigurationError, match=r"env must name an account and a Region.*from_stage_arn"):
        ivs.Stage.from_lookup(stack, "Stage", stage_arn=STAGE_ARN)


@pytest.mark.parametrize("identity", [{}, {"stage_arn": STAGE_ARN, "stage_name": "lobby"}])
def test_one_of_arn_and_name(stack: cdk.Stack, identity: dict[str, str]) -> None:
    """A stage is looked up by its ARN or by its name."""
    with pytest.raises(StageConfigurationError, match="stage_arn must be given, or stage_name in its place"):
        ivs.Stage.from_lookup(stack, "Stage", **identity)


@pytest.mark.parametrize("prop", ["stage_arn", "stage_name"])
def test_tokens_are_refused(stack: cdk.Stack, prop: str) -> None:
    """What is known at deploy only cannot be looked up at synth."""
    identity = {prop: cdk.CfnParameter(stack, "P").value_as_string}
    with pytest.raises(StageConfigurationError, match=f"{prop} must be known at synth"):
        ivs.Stage.from_lookup(stack, "Stage", **identity)


@pytest.mark.parametrize("identity", [{"stage_arn": "lobby"}, {"stage_name": "my lobby"}])
def test_identities_that_are_refused(stack: cdk.Stack, identity: dict[str, str]) -> None:
    """What no stage can be called is not looked up."""
    with pytest.raises(StageConfigurationError, match=r"must be|must have"):
        ivs.Stage.from_lookup(stack, "Stage", **identity)


def test_a_stage_that_was_looked_up_has_grants_and_metrics() -> None:
    """A stage that was looked up is used as any other."""
    stage = answered([LIVE], stage_name="lobby")
    dimension = stage.metric_publishers().to_metric_config().metric_stat.dimensions[0]  # type: ignore[index, union-attr]
    assert dimension.value == "AbCdEf123456"
