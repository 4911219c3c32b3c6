"""Rules on the events of a stage: each type its pattern, known names, and where the rule stands."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, properties, resources, warnings

RULE = "AWS::Events::Rule"
OF_STAGE = {"resources": [STAGE_ARN]}
OF_COMPOSITION = {"detail": {"stage_arn": [STAGE_ARN]}}
METHODS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "on_stage_update": ("IVS Stage Update", OF_STAGE, ivs.StageUpdateEvent),
    "on_participant_recording_state_change": (
        "IVS Participant Recording State Change",
        OF_STAGE,
        ivs.ParticipantRecordingEvent,
    ),
    "on_composition_state_change": ("IVS Composition State Change", OF_COMPOSITION, ivs.CompositionEvent),
}


@pytest.fixture
def imported(stack: cdk.Stack) -> ivs.Stage:
    """A stage that was made elsewhere."""
    return ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN)


@pytest.mark.parametrize("method", METHODS)
def test_patterns(stack: cdk.Stack, imported: ivs.Stage, method: str) -> None:
    """A rule matches all events of its type of this stage: compositions name it in the detail, others as resource."""
    getattr(imported, method)("Rule")
    detail_type, place, _ = METHODS[method]
    assert properties(stack, RULE) == {
        "EventPattern": {"source": ["aws.ivs"], "detail-type": [detail_type], **place},
        "State": "ENABLED",
    }


@pytest.mark.parametrize("method", METHODS)
def test_event_names(stack: cdk.Stack, imported: ivs.Stage, method: str) -> None:
    """Each documented name can be chosen, from the enum or as text."""
    names = METHODS[method][2]
    getattr(imported, method)("Rule", event_names=[*names])
    getattr(imported, method)("Text", event_names=[name.value for name in names])
    for rule in resources(stack, RULE).values():
        detail = rule["Properties"]["EventPattern"]["detail"]
        assert detail["event_name"] == [name.value for name in names]
        assert detail.get("stage_arn", [STAGE_ARN]) == [STAGE_ARN]
    assert warnings(stack) == []


@pytest.mark.parametrize("method", METHODS)
def test_unknown_event_names_warn(stack: cdk.Stack, imported: ivs.Stage, method: str) -> None:
    """A name that AWS does not document may be new, or misspelt: a warning names those that it may be."""
    getattr(imported, method)("Rule", event_names=["Participant Joined"])
    (warning,) = warnings(stack)
    assert "should name events that AWS documents" in warning
    assert "stage-constructs:unknownEventName" in warning
    assert properties(stack, RULE)["EventPattern"]["detail"]["event_name"] == ["Participant Joined"]


@pytest.mark.parametrize("name", ["Participant Replication Start", "Participant Replication End", "Token Exchanged"])
def test_event_names_that_may_be(stack: cdk.Stack, imported: ivs.Stage, name: str) -> None:
    """Events of the API whose names on EventBridge are not documented do not warn."""
    imported.on_stage_update("Rule", event_names=[name])
    assert warnings(stack) == []


def test_any_event(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """A generic rule matches what names the stage as its resource."""
    imported.on_event("Rule")
    assert properties(stack, RULE)["EventPattern"] == {"source": ["aws.ivs"], **OF_STAGE}


def test_an_event_of_a_pattern(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """A generic rule adds a pattern, and names the stage where events of the type name it."""
    topic = sns.Topic(stack, "Topic")
    pattern = events.EventPattern(detail_type=["IVS Composition State Change"], detail={"event_name": ["Session End"]})
    imported.on_event("Rule", event_pattern=pattern, target=targets.SnsTopic(topic), rule_name="ends")
    rendered = properties(stack, RULE)
    assert rendered["EventPattern"] == {
        "source": ["aws.ivs"],
        "detail-type": ["IVS Composition State Change"],
        "detail": {"stage_arn": [STAGE_ARN], "event_name": ["Session End"]},
    }
    assert (rendered["Name"], len(rendered["Targets"])) == ("ends", 1)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({"detail-type": ["IVS Stage Update"]}, r"must be EventPattern\("),
        (events.EventPattern(detail_type=[each.value for each in ivs.StageEventType]), "must not mix these types"),
    ],
)
def test_patterns_that_are_refused(imported: ivs.Stage, pattern: Any, message: str) -> None:
    """A pattern is one of CDK, and of types that name the stage in one field."""
    with pytest.raises(StageConfigurationError, match=message):
        imported.on_event("Rule", event_pattern=pattern)


def test_a_misspelt_event_name(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """The warning of a misspelt name says which was meant."""
    imported.on_stage_update("Rule", event_names=["Participant published"])
    (warning,) = warnings(stack)
    assert 'did you mean "Participant Published"' in warning


def test_unknown_event_names_are_one_warning(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """Several names that AWS does not document are told together, with those that were meant."""
    names = ["Participant publishd", "Participant unpublishd", "Joined"]
    imported.on_stage_update("Rule", event_names=[*names, *(f"Joined {number}" for number in range(20))])
    (warning,) = warnings(stack)
    assert 'got ["Participant publishd", "Participant unpublishd", "Joined"' in warning
    assert 'did you mean "Participant Published" or "Participant Unpublished"?' in warning


LONG = [f"Event {number:040}" for number in range(100)]


def test_long_patterns_warn(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """AWS raises the quota of 2,048 characters to 4,096; what is known at deploy time only counts for nothing."""
    imported.on_stage_update("Longer", event_names=LONG[:50])
    pattern = events.EventPattern(detail={"event_name": LONG[:50]})
    imported.on_event("Own", event_pattern=pattern)
    imported.on_event(
        "Token", event_pattern=events.EventPattern(detail={"event_name": events.Match.prefix("e" * 5000)})
    )
    found = [warning for warning in warnings(stack) if "longEventPattern" in warning]
    assert len(found) == 2
    assert all("event_pattern should have at most 2,048 characters, got 2" in warning for warning in found)


@pytest.mark.parametrize("method", METHODS)
def test_patterns_that_no_quota_allows_are_refused(imported: ivs.Stage, method: str) -> None:
    """More than 4,096 characters are refused."""
    with pytest.raises(StageConfigurationError, match="event_pattern must have at most 4,096 characters") as raised:
        getattr(imported, method)("Rule", event_names=LONG)
    assert raised.value.construct_path == "Stack/Stage/Rule"
    with pytest.raises(StageConfigurationError, match="eventPattern"):
        imported.on_event("Rule", event_pattern=events.EventPattern(detail={"event_name": LONG}))


@pytest.mark.parametrize("names", [[], "Participant Published", 5, [5]])
def test_event_names_that_are_refused(imported: ivs.Stage, names: Any) -> None:
    """An empty list would match nothing, and a text is no list."""
    with pytest.raises(StageConfigurationError, match="event_names must") as raised:
        imported.on_stage_update("Rule", event_names=names)
    assert raised.value.construct_path == "Stack/Stage/Rule"


def test_an_event_name_may_be_a_token(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """A name that is known at deploy only passes unchecked."""
    imported.on_stage_update("Rule", event_names=[cdk.CfnParameter(stack, "P").value_as_string])
    assert properties(stack, RULE)["EventPattern"]["detail"]["event_name"] == [{"Ref": "P"}]
    assert warnings(stack) == []


@pytest.mark.parametrize("method", METHODS)
def test_targets_and_the_rest(stack: cdk.Stack, imported: ivs.Stage, method: str) -> None:
    """Target, description and name go to the rule, which is returned."""
    topic = sns.Topic(stack, "Topic")
    rule = getattr(imported, method)("Rule", target=targets.SnsTopic(topic), description="tell us", rule_name="tell-us")
    rendered = properties(stack, RULE)
    assert (rendered["Description"], rendered["Name"]) == ("tell us", "tell-us")
    (target,) = rendered["Targets"]
    assert target["Arn"] == {"Ref": "TopicBFC7AF6E"}
    assert stack.resolve(rule.rule_name)["Ref"].startswith("StageRule")


def test_the_arn_of_a_stage_of_the_stack(stack: cdk.Stack, stage: ivs.Stage) -> None:
    """The pattern of a stage that is only just made takes its ARN at deploy."""
    stage.on_composition_state_change("Rule")
    detail = properties(stack, RULE)["EventPattern"]["detail"]
    assert detail == {"stage_arn": [{"Fn::GetAtt": ["Stage0E8C2AF5", "Arn"]}]}


def test_a_rule_in_another_region_warns(stack: cdk.Stack) -> None:
    """A stage sends its events in its own Region: a rule elsewhere would never match."""
    elsewhere = ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN.replace("eu-west-1", "us-east-1"))
    elsewhere.on_stage_update("Rule")
    (warning,) = warnings(stack)
    assert "should be in the Region of the rule, eu-west-1" in warning
    assert "stage-constructs:eventsOfAnotherRegion" in warning


def test_a_rule_in_another_stack(app: cdk.App, stack: cdk.Stack, stage: ivs.Stage) -> None:
    """The rule can stand in the stack of its target."""
    other = cdk.Stack(
        app,
        "Other",
        env=cdk.Environment(account="123456789012", region="eu-west-1"),
        synthesizer=cdk.BootstraplessSynthesizer(),
    )
    stage.on_stage_update("Rule", cross_stack_scope=other)
    assert resources(stack, RULE) == {}
    assert len(resources(other, RULE)) == 1
