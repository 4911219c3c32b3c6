"""What the fuzz tests have found: each of these ended in an error of jsii or of Python, or half-built."""

from __future__ import annotations

import math
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs import StageConfigurationError, ivs, monitoring
from stage_constructs.apigatewayv2 import Deployment, HttpStage

from .sandbox import Sandbox

TOKEN = cdk.Token.as_string({"Ref": "Text"})
MINUTES = cdk.Duration.minutes(cdk.Token.as_number({"Ref": "Number"}))


def _mapped(sandbox: Sandbox) -> object:
    mapping = apigatewayv2.DomainMappingOptions(domain_name=None)
    return HttpStage(sandbox.stack, "New", api=sandbox.http_api, domain_mapping=mapping)


def _recorded(sandbox: Sandbox, **fields) -> object:
    recording = ivs.ParticipantRecording(storage=sandbox.storage, **fields)
    return ivs.Stage(sandbox.stack, "New", auto_participant_recording=recording)


REFUSED: dict[str, Callable[[Sandbox], object]] = {
    "no domain name": _mapped,
    "a trigger that JSON cannot hold": lambda sandbox: Deployment(
        sandbox.stack, "New", api=sandbox.http_api, triggers={"a": math.nan}
    ),
    "a token as the key of a trigger": lambda sandbox: Deployment(
        sandbox.stack, "New", api=sandbox.http_api, triggers={TOKEN: "a"}
    ),
    "a token as the key of a tag": lambda sandbox: HttpStage(
        sandbox.stack, "New", api=sandbox.http_api, tags={TOKEN: "a"}
    ),
    "a token as the key of a tag of sessions": lambda sandbox: ivs.StageSessions(
        sandbox.stack, "New", tags={TOKEN: "a"}
    ),
    "dimensions that are none": lambda sandbox: sandbox.http_stage.metric("Count", dimensions_map=("",)),
    "too many dimensions": lambda sandbox: sandbox.stage.metric(
        "Any", dimensions_map={f"d{i}": "a" for i in range(31)}
    ),
    "an empty dimension": lambda sandbox: sandbox.stage.metric("Any", dimensions_map={"a": ""}),
    "a period of 7 seconds": lambda sandbox: sandbox.http_stage.metric("Count", period=cdk.Duration.seconds(7)),
    "a period that is a token": lambda sandbox: sandbox.stage.metric_publishers(period=MINUTES),
    "a participant that is no text": lambda sandbox: sandbox.stage.metric_dropped_frames(participant_id=sandbox.app),
    "a method that is no text": lambda sandbox: sandbox.http_stage.arn_for_execute_api(method=["GET"]),
    "a path that is no text": lambda sandbox: sandbox.http_stage.arn_for_execute_api(path=5),
    "a route key that is no text": lambda sandbox: sandbox.websocket_stage.arn_for_route(5),
    "an action that is none": lambda sandbox: sandbox.stage.grant(sandbox.role, "GetStage"),
    "no action": lambda sandbox: sandbox.stage.grant(sandbox.role),
    "a target that is none": lambda sandbox: sandbox.stage.on_stage_update("New", target="arn:aws:sqs:::x"),
    "a rule's name with a space": lambda sandbox: sandbox.stage.on_stage_update("New", rule_name="a b"),
    "events as a token of a text": lambda sandbox: sandbox.stage.on_stage_update("New", event_names=TOKEN),
    "thumbnails as a token of a text": lambda sandbox: _recorded(
        sandbox, thumbnails=ivs.Thumbnails.interval(cdk.Duration.seconds(60), TOKEN)
    ),
    "minutes that are a token": lambda sandbox: _recorded(sandbox, reconnect_window=MINUTES),
    "a threshold as a token of a text": lambda sandbox: monitoring.StageAlarms(
        sandbox.stack, "New", stage=sandbox.stage, publishers=TOKEN
    ),
    "alarms over a period that is a token": lambda sandbox: monitoring.StageAlarms(
        sandbox.stack, "New", stage=sandbox.stage, period=MINUTES
    ),
    "a file that is not there": lambda sandbox: ivs.PublicKey.from_pem_file(
        sandbox.stack, "New", "/nowhere/public.pem"
    ),
    "a path that no file can have": lambda sandbox: ivs.PublicKey.from_pem_file(sandbox.stack, "New", "a\0b"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_in_words_of_ours(case: str) -> None:
    """And nothing of it is left in the tree."""
    sandbox = Sandbox()
    assert sandbox.stage.node.path
    with pytest.raises(StageConfigurationError):
        REFUSED[case](sandbox)
    for scope in (sandbox.app, sandbox.stack, sandbox.stage):
        assert scope.node.try_find_child("New") is None


def test_tokens_that_become_texts_at_synth_may_be_keys() -> None:
    """As those of a lazy value can."""
    stack = Sandbox().stack
    key = cdk.Token.as_string("team")
    api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="aabbccddee")
    stage = HttpStage(stack, "Stage", api=api, tags={key: "chat"})
    assert stack.resolve(stage.tags) == {"team": "chat"}


def test_tokens_in_seconds_may_wait() -> None:
    """A duration in seconds needs no conversion."""
    sandbox = Sandbox()
    seconds = cdk.Duration.seconds(cdk.Token.as_number({"Ref": "Number"}))
    assert _recorded(sandbox, reconnect_window=seconds)
