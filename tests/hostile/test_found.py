"""What hostile cases have found: each of these ended in an error of jsii or of Python, or half-built."""

from __future__ import annotations

import math
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch

from stage_constructs import StageConfigurationError, ivs, monitoring
from stage_constructs.apigatewayv2 import ApiGatewayAccount, Deployment, HttpStage

from .yard import Yard

TOKEN = cdk.Token.as_string({"Ref": "Text"})
MINUTES = cdk.Duration.minutes(cdk.Token.as_number({"Ref": "Number"}))


def _mapped(yard: Yard) -> object:
    mapping = apigatewayv2.DomainMappingOptions(domain_name=None)
    return HttpStage(yard.stack, "New", api=yard.http_api, domain_mapping=mapping)


def _recorded(yard: Yard, **fields) -> object:
    recording = ivs.ParticipantRecording(storage=yard.storage, **fields)
    return ivs.Stage(yard.stack, "New", auto_participant_recording=recording)


REFUSED: dict[str, Callable[[Yard], object]] = {
    "an id that is empty": lambda yard: ivs.Stage(yard.stack, ""),
    "an id that is a token": lambda yard: HttpStage(yard.stack, TOKEN, api=yard.http_api),
    "an id that is no text": lambda yard: ApiGatewayAccount(yard.stack, 5),
    "an id that is taken": lambda yard: monitoring.StageDashboard(yard.stack, "Stage", stages=[yard.stage]),
    "an id that is taken, imported": lambda yard: ivs.Stage.from_stage_arn(yard.stack, "Stage", yard.stage.stage_arn),
    "no stack, stage": lambda yard: HttpStage(yard.app, "New", api=yard.http_api),
    "no stack": lambda yard: Deployment(yard.app, "New", api=yard.http_api),
    "no stack, IVS": lambda yard: ivs.Stage(yard.app, "New"),
    "no stack, alarms": lambda yard: monitoring.StageAlarms(yard.app, "New", stage=yard.stage),
    "no removal policy": lambda yard: ApiGatewayAccount(yard.stack, "New", removal_policy=None),
    "no domain name": _mapped,
    "a trigger that JSON cannot hold": lambda yard: Deployment(
        yard.stack, "New", api=yard.http_api, triggers={"a": math.nan}
    ),
    "a token as the key of a trigger": lambda yard: Deployment(
        yard.stack, "New", api=yard.http_api, triggers={TOKEN: "a"}
    ),
    "a token as the key of a tag": lambda yard: HttpStage(yard.stack, "New", api=yard.http_api, tags={TOKEN: "a"}),
    "a token as the key of a tag of sessions": lambda yard: ivs.StageSessions(yard.stack, "New", tags={TOKEN: "a"}),
    "dimensions that are none": lambda yard: yard.http_stage.metric("Count", dimensions_map=("",)),
    "too many dimensions": lambda yard: yard.stage.metric("Any", dimensions_map={f"d{i}": "a" for i in range(31)}),
    "an empty dimension": lambda yard: yard.stage.metric("Any", dimensions_map={"a": ""}),
    "a period of 7 seconds": lambda yard: yard.http_stage.metric("Count", period=cdk.Duration.seconds(7)),
    "a period that is a token": lambda yard: yard.stage.metric_publishers(period=MINUTES),
    "a participant that is no text": lambda yard: yard.stage.metric_dropped_frames(participant_id=yard.app),
    "a method that is no text": lambda yard: yard.http_stage.arn_for_execute_api(method=["GET"]),
    "a path that is no text": lambda yard: yard.http_stage.arn_for_execute_api(path=5),
    "a route key that is no text": lambda yard: yard.websocket_stage.arn_for_route(5),
    "an action that is none": lambda yard: yard.stage.grant(yard.role, "GetStage"),
    "no action": lambda yard: yard.stage.grant(yard.role),
    "a target that is none": lambda yard: yard.stage.on_stage_update("New", target="arn:aws:sqs:::x"),
    "a rule's name with a space": lambda yard: yard.stage.on_stage_update("New", rule_name="a b"),
    "events as a token of a text": lambda yard: yard.stage.on_stage_update("New", event_names=TOKEN),
    "thumbnails as a token of a text": lambda yard: _recorded(
        yard, thumbnails=ivs.Thumbnails.interval(cdk.Duration.seconds(60), TOKEN)
    ),
    "minutes that are a token": lambda yard: _recorded(yard, reconnect_window=MINUTES),
    "a threshold as a token of a text": lambda yard: monitoring.StageAlarms(
        yard.stack, "New", stage=yard.stage, publishers=TOKEN
    ),
    "alarms over a period that is a token": lambda yard: monitoring.StageAlarms(
        yard.stack, "New", stage=yard.stage, period=MINUTES
    ),
    "a file that is not there": lambda yard: ivs.PublicKey.from_pem_file(yard.stack, "New", "/nowhere/public.pem"),
    "a path that no file can have": lambda yard: ivs.PublicKey.from_pem_file(yard.stack, "New", "a\0b"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_words_of_ours(case: str) -> None:
    """And nothing of it is left in the tree."""
    yard = Yard()
    assert yard.stage.node.path
    with pytest.raises(StageConfigurationError):
        REFUSED[case](yard)
    for scope in (yard.app, yard.stack, yard.stage):
        assert scope.node.try_find_child("New") is None


@pytest.mark.parametrize("scope", [None, 5, "Stack", cloudwatch.Unit.COUNT])
def test_a_scope_is_a_construct(scope: object) -> None:
    """Whatever else is wrong, that is said first."""
    with pytest.raises(TypeError):
        ivs.Stage(scope, "Stage")
    with pytest.raises(TypeError, match="scope must be a construct"):
        HttpStage.from_stage_id(scope, "Stage", 5)


def test_tokens_that_become_texts_at_synth_may_be_keys() -> None:
    """As those of a lazy value can."""
    stack = Yard().stack
    key = cdk.Token.as_string("team")
    api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="aabbccddee")
    stage = HttpStage(stack, "Stage", api=api, tags={key: "chat"})
    assert stack.resolve(stage.tags) == {"team": "chat"}


def test_tokens_in_seconds_may_wait() -> None:
    """A duration in seconds needs no conversion."""
    yard = Yard()
    seconds = cdk.Duration.seconds(cdk.Token.as_number({"Ref": "Number"}))
    assert _recorded(yard, reconnect_window=seconds)
