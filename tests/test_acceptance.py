"""No refusal without a way out: each rule can be accepted by its id, on a scope or for the app."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import HttpStage, RouteSettings, WebSocketStage

ACCOUNT = "123456789012"


def acknowledge(scope: Any, rule: str) -> None:
    """As CDK's own validations are acknowledged."""
    cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=f"stage-constructs:{rule}", reason="AWS takes it"))


def acknowledge_warning(scope: Any, rule: str) -> None:
    """As CDK's own warnings are acknowledged."""
    cdk.Annotations.of(scope).acknowledge_warning(f"stage-constructs:{rule}", "AWS takes it")


@pytest.mark.parametrize(
    ("accept", "where"), [(acknowledge, "app"), (acknowledge, "stack"), (acknowledge_warning, "stack")]
)
def test_an_error_is_accepted_on_a_scope(accept: Any, where: str) -> None:
    """A constructor that refuses a Region takes it once the rule is accepted on the stack or above it."""
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account=ACCOUNT, region="eu-north-1"))
    with pytest.raises(StageConfigurationError, match=r"\[stage-constructs:region\]") as raised:
        ivs.Stage(stack, "Room")
    assert raised.value.rule == "region"
    accept({"app": app, "stack": stack}[where], "region")
    ivs.Stage(stack, "Room")


@pytest.mark.parametrize("accepted", [["region"], {"region": "AWS has added it"}])
def test_an_error_is_accepted_in_the_context(accepted: Any) -> None:
    """The context accepts a rule for the whole app."""
    app = cdk.App(context={"stage-constructs:accept": accepted}, analytics_reporting=False)
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account=ACCOUNT, region="eu-north-1"))
    ivs.Stage(stack, "Room")


def test_another_rule_is_not_accepted(stack: cdk.Stack) -> None:
    """An acknowledgment holds for its rule, and for what is in its scope."""
    acknowledge(stack, "description")
    api: Any = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
    with pytest.raises(StageConfigurationError, match="stage_name must be") as raised:
        HttpStage(stack, "Stage", api=api, stage_name="my stage", description="d" * 1025)
    assert [violation.rule for violation in raised.value.violations] == ["stageName"]
    assert stack.node.try_find_child("Stage") is None


def test_a_warning_is_accepted_in_the_context() -> None:
    """An accepted warning is not attached to the construct."""
    app = cdk.App(context={"stage-constructs:accept": ["zeroThrottle"]}, analytics_reporting=False)
    stack = cdk.Stack(app, "Stack")
    api: Any = apigatewayv2.WebSocketApi(stack, "Api")
    closed = RouteSettings(throttling_rate_limit=0)
    stage = WebSocketStage(stack, "Stage", api=api, stage_name="prod", default_route_settings=closed)
    assert stage.node.metadata == []


def test_each_violation_is_told(stack: cdk.Stack) -> None:
    """The error has all violations, each with its rule, property, value and message."""
    with pytest.raises(StageConfigurationError) as raised:
        ivs.EncoderConfiguration(stack, "Encoder", width=719, framerate=61)
    told = [(each.rule, each.prop, each.value) for each in raised.value.violations]
    assert told == [("encoderSize", "width", 719), ("framerate", "framerate", 61)]
    assert all(each.message in str(raised.value) for each in raised.value.violations)
