"""Warnings: legal values that are surely a mistake."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from stage_constructs.apigatewayv2 import ACCOUNT_LIMIT, AccessLogFormat, AccessLogSettings, LoggingLevel, RouteSettings

from .conftest import HTTP, WEBSOCKET, Kind

GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:name"
FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"


def logging(text: str, destination_arn: str = GROUP) -> AccessLogSettings:
    """Access logs of this format."""
    return AccessLogSettings(destination_arn=destination_arn, format=text)


CASES: list[tuple[Kind, dict[str, Any], str]] = [
    (WEBSOCKET, {"stage_name": "$default"}, "webSocketDefaultStage"),
    *(
        case
        for kind in (HTTP, WEBSOCKET)
        for case in (
            (kind, {"stage_variables": {"a": ""}}, "emptyStageVariable"),
            (kind, {"stage_variables": {"a": "v" * 513}}, "longStageVariable"),
            (kind, {"default_route_settings": RouteSettings(throttling_burst_limit=0)}, "zeroThrottle"),
            (kind, {"default_route_settings": RouteSettings(throttling_rate_limit=0)}, "zeroThrottle"),
            (kind, {"access_log_settings": logging("$context.requestId" + " x" * 600)}, "longAccessLogFormat"),
        )
    ),
    (HTTP, {"access_log_settings": logging("$context.requestId $context.resourcePath")}, "emptyAccessLogVariable"),
    (WEBSOCKET, {"access_log_settings": logging("$context.requestId $context.path")}, "unknownAccessLogVariable"),
    (WEBSOCKET, {"default_route_settings": RouteSettings(data_trace_enabled=True)}, "dataTraceWithoutLogging"),
    (WEBSOCKET, {"access_log_settings": logging("$context.requestId", FIREHOSE)}, "firehoseOnWebSocket"),
]
every_case = pytest.mark.parametrize(("kind", "props", "rule"), CASES, ids=[f"{c[0].name}-{c[2]}" for c in CASES])


def warnings(stack: cdk.Stack) -> list[str]:
    """The texts of all warnings of a stack."""
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    return [message.entry.data for message in found]


@every_case
def test_appears_once_with_its_id(stack: cdk.Stack, kind: Kind, props: dict[str, Any], rule: str) -> None:
    """The warning appears once, at the stage, with the id by which it is acknowledged."""
    kind.stage(stack, **props)
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    (message,) = found
    assert message.id == "/Stack/Stage"
    assert f"[ack: stage-constructs:{rule}]" in message.entry.data
    assert message.entry.data.startswith(next(iter(props)))


@every_case
def test_can_be_acknowledged(stack: cdk.Stack, kind: Kind, props: dict[str, Any], rule: str) -> None:
    """The warning is silent once it is acknowledged by its id."""
    stage = kind.stage(stack, **props)
    cdk.Annotations.of(stage).acknowledge_warning(f"stage-constructs:{rule}", "meant so")
    assert warnings(stack) == []


@every_case
def test_can_be_acknowledged_beforehand_for_the_tree(
    stack: cdk.Stack, kind: Kind, props: dict[str, Any], rule: str
) -> None:
    """The warning can be acknowledged for a whole stack before its stages are made."""
    cdk.Annotations.of(stack).acknowledge_warning(f"stage-constructs:{rule}", "meant so")
    kind.stage(stack, **props)
    assert warnings(stack) == []


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"description": "x", "stage_variables": {"a": "v" * 512}, "tags": {"a": ""}},
        {"default_route_settings": RouteSettings(throttling_burst_limit=1, throttling_rate_limit=0.1)},
        {
            "default_route_settings": RouteSettings(
                throttling_burst_limit=ACCOUNT_LIMIT, throttling_rate_limit=ACCOUNT_LIMIT
            )
        },
        {"access_log_settings": AccessLogSettings()},
        {"access_log_settings": AccessLogSettings(format=AccessLogFormat.xml())},
        {"deployment_id": "abc"},
    ],
)
def test_a_clean_stage_is_silent(stack: cdk.Stack, kind: Kind, props: dict[str, Any]) -> None:
    """A stage without mistakes warns of nothing."""
    kind.stage(stack, **props)
    assert warnings(stack) == []


def test_data_tracing_with_a_level_is_silent(stack: cdk.Stack) -> None:
    """Data tracing at a level of execution logs is what it is for."""
    WEBSOCKET.stage(
        stack, default_route_settings=RouteSettings(data_trace_enabled=True, logging_level=LoggingLevel.ERROR)
    )
    assert warnings(stack) == []


def test_the_default_stage_of_http_is_silent(stack: cdk.Stack) -> None:
    """`$default` is what an HTTP stage is called as a rule."""
    HTTP.stage(stack, stage_name="$default")
    assert warnings(stack) == []


def test_an_added_variable_warns_too(stack: cdk.Stack, kind: Kind) -> None:
    """A stage variable that is added later warns as in the constructor."""
    kind.stage(stack).add_stage_variable("a", "")
    (warning,) = warnings(stack)
    assert "[ack: stage-constructs:emptyStageVariable]" in warning


def test_both_throttles_are_named(stack: cdk.Stack, kind: Kind) -> None:
    """Two settings with the same mistake are two warnings."""
    kind.stage(stack, default_route_settings=RouteSettings(throttling_burst_limit=0, throttling_rate_limit=0))
    texts = sorted(text.split()[0] for text in warnings(stack))
    assert texts == [f"default_route_settings.throttling_{name}_limit" for name in ("burst", "rate")]


def test_a_refused_stage_warns_of_nothing(stack: cdk.Stack, kind: Kind) -> None:
    """Beside an error no warning is left behind."""
    with pytest.raises(ValueError, match="description"):
        kind.stage(stack, description=5, stage_variables={"a": ""})
    cdk.CfnWaitConditionHandle(stack, "Something")
    assert warnings(stack) == []
