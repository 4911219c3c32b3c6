"""Warnings: legal values that are surely a mistake."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_kms as kms

from stage_constructs.apigatewayv2 import ACCOUNT_LIMIT, AccessLogFormat, AccessLogSettings, LoggingLevel, RouteSettings
from stage_constructs.rules.templates import all_rules

from .cloudformation import STAGE
from .conftest import HTTP, WEBSOCKET, Kind, acknowledge, reported

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
            (kind, {"default_route_settings": RouteSettings(throttling_burst_limit=5001)}, "throttleAboveQuota"),
            (kind, {"default_route_settings": RouteSettings(throttling_rate_limit=10001)}, "throttleAboveQuota"),
            (kind, {"route_settings": {"$default": RouteSettings(throttling_rate_limit=1e9)}}, "throttleAboveQuota"),
            (kind, {"access_log_settings": logging("$context.requestId" + " x" * 1600)}, "longAccessLogFormat"),
        )
    ),
    (HTTP, {"access_log_settings": logging("$context.requestId $context.resourcePath")}, "emptyAccessLogVariable"),
    (WEBSOCKET, {"access_log_settings": logging("$context.requestId $context.path")}, "unknownAccessLogVariable"),
    (HTTP, {"access_log_settings": logging("$context.requestId $input.body")}, "unknownAccessLogVariable"),
    (WEBSOCKET, {"default_route_settings": RouteSettings(data_trace_enabled=True)}, "dataTraceWithoutLogging"),
    *(
        (
            WEBSOCKET,
            {"default_route_settings": RouteSettings(data_trace_enabled=True, logging_level=level)},
            "dataTraceLogsMessages",
        )
        for level in (LoggingLevel.ERROR, LoggingLevel.INFO)
    ),
    (HTTP, {"description": "{{resolve:secretsmanager:x}}"}, "readableSecret"),
    (WEBSOCKET, {"stage_variables": {"a": "{{resolve:secretsmanager:x}}"}}, "readableSecret"),
    (WEBSOCKET, {"access_log_settings": logging("$context.requestId", FIREHOSE)}, "firehoseOnWebSocket"),
]
every_case = pytest.mark.parametrize(("kind", "props", "rule"), CASES, ids=[f"{c[0].name}-{c[2]}" for c in CASES])


@pytest.fixture(autouse=True)
def account(request: pytest.FixtureRequest) -> None:
    """The settings of the account, without which a WebSocket stage that logs warns, stand in the stack."""
    if "without_account" not in request.fixturenames:
        apigateway.CfnAccount(request.getfixturevalue("stack"), "Account")


@pytest.fixture
def without_account() -> None:
    """Asked for by the tests in whose stack there are no settings of the account."""


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


def test_the_default_stage_of_http_is_silent(stack: cdk.Stack) -> None:
    """`$default` is what an HTTP stage is called as a rule."""
    HTTP.stage(stack, stage_name="$default")
    assert warnings(stack) == []


def test_an_added_variable_warns_too(stack: cdk.Stack, kind: Kind) -> None:
    """A stage variable that is added later warns as in the constructor."""
    kind.stage(stack).add_stage_variable("a", "")
    (warning,) = warnings(stack)
    assert "[ack: stage-constructs:emptyStageVariable]" in warning


def test_an_added_route_setting_warns_too(stack: cdk.Stack, kind: Kind) -> None:
    """Settings of a route that are added later warn as in the constructor."""
    kind.stage(stack).add_route_settings("$default", RouteSettings(throttling_rate_limit=0))
    (warning,) = warnings(stack)
    assert "[ack: stage-constructs:zeroThrottle]" in warning


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


LOGGING_STAGES = [
    {"access_log_settings": logging("$context.requestId")},
    {"default_route_settings": RouteSettings(logging_level=LoggingLevel.ERROR)},
    {"default_route_settings": RouteSettings(logging_level=LoggingLevel.INFO)},
]


@pytest.mark.usefixtures("without_account")
@pytest.mark.parametrize("props", LOGGING_STAGES)
def test_a_websocket_stage_that_logs_misses_the_role_of_the_account(stack: cdk.Stack, props: dict[str, Any]) -> None:
    """Without settings of the account in its stack, a WebSocket stage that logs warns once, in the service's words."""
    WEBSOCKET.stage(stack, **props)
    (found,) = reported(stack)
    assert (found.rule, found.severity, found.construct_path) == ("accountLoggingRole", "warning", "Stack/Stage")
    assert "CloudWatch Logs role ARN must be set in account settings to enable logging" in found.text


@pytest.mark.usefixtures("without_account")
@pytest.mark.parametrize("props", LOGGING_STAGES)
def test_the_role_of_another_stack_is_acknowledged(stack: cdk.Stack, props: dict[str, Any]) -> None:
    """Where another stack has set the role, the warning is acknowledged by its id."""
    acknowledge(stack, "accountLoggingRole")
    WEBSOCKET.stage(stack, **props)
    assert reported(stack) == warnings(stack) == []


@pytest.mark.usefixtures("without_account")
@pytest.mark.parametrize(
    ("kind", "props"),
    [
        (HTTP, {"access_log_settings": logging("$context.requestId")}),
        (WEBSOCKET, {}),
        (WEBSOCKET, {"default_route_settings": RouteSettings(logging_level=LoggingLevel.OFF)}),
    ],
)
def test_who_needs_no_role_misses_none(stack: cdk.Stack, kind: Kind, props: dict[str, Any]) -> None:
    """HTTP stages, and WebSocket stages that log nothing, need no role of the account."""
    kind.stage(stack, **props)
    assert reported(stack) == warnings(stack) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda s: kms.CfnKey(s, "Key"),
        lambda s: kms.Key.from_key_arn(
            s, "Key", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        ),
    ],
    ids=["L1", "imported"],
)
def test_a_key_whose_policy_cannot_be_written_is_told(stack: cdk.Stack, kind: Kind, make: Any) -> None:
    """Of a key that is declared elsewhere the warning shows the statement that it needs."""
    kind.stage(stack, access_log_settings=AccessLogSettings(encryption_key=make(stack)))
    (warning,) = warnings(stack)
    assert "[ack: stage-constructs:logKeyPolicy]" in warning
    assert "kms:EncryptionContext:aws:logs:arn" in warning


def test_every_warning_of_one_stage_is_covered_here() -> None:
    """Each row that warns of the properties of one stage is among the cases; others need several resources."""
    rows = [row for row in all_rules() if STAGE in row.types and not row.kind.is_error and not row.across]
    assert {row.id for row in rows} - NOT_BY_CONSTRUCTORS == {rule for *_, rule in CASES}


NOT_BY_CONSTRUCTORS = {
    "clientCertificateOnHttp",
    "emptyRouteSettings",
    "incompleteAccessLogSettings",
    "logGroupArnWildcard",
}
"""What a constructor has no parameter for, or makes right."""
