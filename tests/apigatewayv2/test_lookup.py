"""Looking a live stage up: what is asked, the placeholder, the answer, and what is said when there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from stage_constructs import StageConfigurationError

from .conftest import Kind

LIVE = {
    "StageName": "prod",
    "Description": "live",
    "AutoDeploy": False,
    "DeploymentId": "abc123",
    "StageVariables": {"table": "pets"},
    "Tags": {"team": "pets", "aws:cloudformation:stack-name": "x"},
    "Identifier": "aabbccddee|prod",
}
OPTIONAL = ["Description", "AutoDeploy", "DeploymentId", "StageVariables", "Tags"]


def stack_with(context: dict[str, Any], **env: str) -> cdk.Stack:
    """A stack of a new app with this context."""
    environment = env or {"account": "123456789012", "region": "eu-west-1"}
    app = cdk.App(context=context, analytics_reporting=False)
    return cdk.Stack(app, "Stack", env=cdk.Environment(**environment))


def missing(stack: cdk.Stack) -> list[dict[str, Any]]:
    """What the CDK CLI is asked to look up."""
    app: Any = stack.node.root
    manifest = json.loads((Path(app.synth().directory) / "manifest.json").read_text())
    return list(manifest.get("missing", []))


def look_up(stack: cdk.Stack, kind: Kind, **identity: str) -> Any:
    """A stage that is looked up."""
    return kind.cls.from_lookup(stack, "Stage", **{"api_id": "aabbccddee", "stage_name": "prod", **identity})


def asked(kind: Kind, context: dict[str, Any] | None = None) -> dict[str, Any]:
    """The only question of a lookup that knows no more than this context."""
    stack = stack_with(context or {})
    look_up(stack, kind)
    (question,) = missing(stack)
    return question


def test_the_question(kind: Kind) -> None:
    """Cloud Control is asked for one stage in the account and Region of the stack, by its identifier."""
    question = asked(kind)
    assert question["provider"] == "cc-api-provider"
    props = question["props"]
    assert (props["typeName"], props["exactIdentifier"]) == ("AWS::ApiGatewayV2::Stage", "aabbccddee|prod")
    assert props["propertiesToReturn"] == ["StageName", *OPTIONAL]
    assert (props["account"], props["region"]) == ("123456789012", "eu-west-1")


def test_the_placeholder(kind: Kind) -> None:
    """Before the answer the stage knows what it was given, and nothing else; URLs and ARNs work."""
    stage = look_up(stack_with({}), kind)
    assert (stage.api_id, stage.stage_name) == ("aabbccddee", "prod")
    assert (stage.description, stage.auto_deploy, stage.deployment_id) == (None, None, None)
    assert (stage.stage_variables, stage.tags) == ({}, {})
    assert "aabbccddee.execute-api.eu-west-1" in stage.url


def test_the_answer(kind: Kind) -> None:
    """With the answer in the context the stage knows what is live, without AWS's own tags, and asks no more."""
    stack = stack_with({asked(kind)["key"]: [LIVE]})
    stage = look_up(stack, kind)
    assert (stage.description, stage.auto_deploy, stage.deployment_id) == ("live", False, "abc123")
    assert (stage.stage_variables, stage.tags) == ({"table": "pets"}, {"team": "pets"})
    assert missing(stack) == []


@pytest.mark.parametrize("absent", OPTIONAL)
def test_a_property_that_the_stage_does_not_have(kind: Kind, absent: str) -> None:
    """The CLI fails on a property that a stage lacks and names it: it is asked for the others."""
    failure = {"$providerError": f"Cannot read field {absent}. Did you mean ...", "$dontSaveContext": True}
    again = asked(kind, {asked(kind)["key"]: failure})
    assert again["props"]["propertiesToReturn"] == ["StageName", *(name for name in OPTIONAL if name != absent)]


def test_all_properties_may_be_absent(kind: Kind) -> None:
    """A stage with a name alone is found in the end, and all else is empty."""
    context: dict[str, Any] = {}
    for absent in reversed(OPTIONAL):
        context[asked(kind, context)["key"]] = {"$providerError": f"Cannot read field {absent}."}
    context[asked(kind, context)["key"]] = [{"StageName": "prod"}]
    stack = stack_with(context)
    stage = look_up(stack, kind)
    assert (stage.description, stage.stage_variables, stage.tags) == (None, {}, {})
    assert missing(stack) == []


def test_an_answer_that_was_kept_needs_no_failures(kind: Kind) -> None:
    """Of an earlier run only the answer is kept, not the failures before it: it is found all the same."""
    first = asked(kind)["key"]
    second = asked(kind, {first: {"$providerError": "Cannot read field Tags."}})["key"]
    assert first != second
    stack = stack_with({second: [{"StageName": "prod", "Description": "kept"}]})
    assert look_up(stack, kind).description == "kept"
    assert missing(stack) == []


@pytest.mark.parametrize(
    "said", ["Could not find resource aabbccddee|prod", "Cannot read field StageName.", "AccessDeniedException"]
)
def test_fails_where_there_is_none(kind: Kind, said: str) -> None:
    """The words of Cloud Control are in the error, with stage and API."""
    stack = stack_with({asked(kind)["key"]: {"$providerError": said}})
    with pytest.raises(StageConfigurationError, match="must be that of a stage of API aabbccddee") as refused:
        look_up(stack, kind)
    assert said in str(refused.value)
    assert (refused.value.prop, refused.value.construct_path) == ("stage_name", "Stack/Stage")


def test_answers_of_other_stages_are_not_taken(kind: Kind) -> None:
    """An answer for another stage, API or environment is no answer for this one."""
    context = {asked(kind)["key"]: [LIVE]}
    for identity in ({"stage_name": "beta"}, {"api_id": "other"}):
        stack = stack_with(context)
        assert look_up(stack, kind, **identity).description is None
        assert len(missing(stack)) == 1
    stack = stack_with(context, account="123456789012", region="us-east-1")
    assert look_up(stack, kind).description is None


@pytest.mark.parametrize("env", [{"region": "eu-west-1"}, {"account": "123456789012"}])
def test_fails_in_a_stack_without_environment(kind: Kind, env: dict[str, str]) -> None:
    """The CLI has to know whom to ask."""
    with pytest.raises(StageConfigurationError, match="must name an account and a Region for a lookup") as refused:
        look_up(stack_with({}, **env), kind)
    assert refused.value.prop == "env"


@pytest.mark.parametrize(
    ("identity", "prop"),
    [
        ({"api_id": cdk.Fn.import_value("Api")}, "api_id"),
        ({"stage_name": cdk.Fn.import_value("Name")}, "stage_name"),
        ({"api_id": ""}, "api_id"),
        ({"api_id": 5}, "api_id"),
        ({"stage_name": "bad stage"}, "stage_name"),
        ({"stage_name": None}, "stage_name"),
    ],
)
def test_fails_for_what_cannot_be_asked(kind: Kind, identity: dict[str, Any], prop: str) -> None:
    """Tokens and wrong names are refused before the CLI is asked."""
    stack = stack_with({})
    with pytest.raises(StageConfigurationError) as refused:
        look_up(stack, kind, **identity)
    assert refused.value.prop == prop


def test_the_stage_cannot_be_changed(kind: Kind) -> None:
    """A stage that was looked up is an imported one."""
    stage = look_up(stack_with({}), kind)
    with pytest.raises(StageConfigurationError, match="cannot be added to an imported stage"):
        stage.add_stage_variable("a", "b")


def test_two_lookups_of_one_stage_are_one_question(kind: Kind) -> None:
    """Another construct for the same stage asks nothing more."""
    stack = stack_with({})
    look_up(stack, kind)
    kind.cls.from_lookup(stack, "Again", api_id="aabbccddee", stage_name="prod")
    assert len(missing(stack)) == 1
