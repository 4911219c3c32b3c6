"""What a construct costs in requests to the jsii kernel, which are what a synthesis waits for."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import constructs
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_logs as logs

from stage_constructs.apigatewayv2 import (
    ACCOUNT_LIMIT,
    AccessLogFormat,
    AccessLogSettings,
    ApiGatewayAccount,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

from .kernel import KernelRequests


@pytest.fixture(params=[HttpStage, WebSocketStage])
def make(request: pytest.FixtureRequest, stack: cdk.Stack) -> Any:
    """Makes stages of one API, which is known."""
    api: Any = (
        apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
        if request.param is HttpStage
        else apigatewayv2.WebSocketApi(stack, "Api")
    )

    def made(name: str, **props: Any) -> Any:
        return request.param(stack, name, api=api, stage_name=name, **props)

    made("first")
    return made


def test_a_default_stage_costs_two_requests(make: Any, kernel_requests: KernelRequests) -> None:
    """A stage of an API that is known costs its Resource and its CfnStage."""
    with kernel_requests as sent:
        make("second")
    assert sent.sent == ["CreateRequest", "CreateRequest"]


def test_the_first_stage_of_an_api_costs_three_requests(
    make: Any, stack: cdk.Stack, kernel_requests: KernelRequests
) -> None:
    """The id of an API is read once."""
    first = make("second")
    other = type(first.api)(stack, "Other", **({"create_default_stage": False} if isinstance(first, HttpStage) else {}))
    with kernel_requests as sent:
        type(first)(stack, "Third", api=other, stage_name="third")
    assert sent.sent == ["GetRequest", "CreateRequest", "CreateRequest"]


def test_stages_in_constructs_of_their_own_ask_for_the_stack_once(
    make: Any, stack: cdk.Stack, kernel_requests: KernelRequests
) -> None:
    """Where the scope is no stack, the API is asked for its stack, once."""
    first = make("second")
    one, other = constructs.Construct(stack, "One"), constructs.Construct(stack, "Other")
    with kernel_requests as sent:
        type(first)(one, "Stage", api=first.api, stage_name="third")
    assert sent.sent == ["StaticInvokeRequest", "CreateRequest", "CreateRequest"]
    with kernel_requests as sent:
        type(first)(other, "Stage", api=first.api, stage_name="fourth")
    assert sent.sent == ["CreateRequest", "CreateRequest"]


def test_a_stage_that_logs_costs_three_requests(stack: cdk.Stack, kernel_requests: KernelRequests) -> None:
    """The account of the stack is found without a search; depending on it costs one request."""
    api = apigatewayv2.WebSocketApi(stack, "Api")
    settings = RouteSettings(logging_level=LoggingLevel.ERROR)

    def make(name: str) -> None:
        account = ApiGatewayAccount.of(stack)
        WebSocketStage(stack, name, api=api, stage_name=name, default_route_settings=settings, account=account)

    make("first")
    with kernel_requests as sent:
        make("second")
    assert sent.sent == ["CreateRequest", "CreateRequest", "InvokeRequest"]


def test_values_cost_nothing(make: Any, kernel_requests: KernelRequests) -> None:
    """Settings, variables, tags and checks add no requests."""
    with kernel_requests as sent:
        make(
            "second",
            description="x",
            deployment_id="abc",
            default_route_settings=RouteSettings(throttling_burst_limit=ACCOUNT_LIMIT, throttling_rate_limit=0.5),
            stage_variables={"a": "b"},
            tags={"c": "d"},
        )
    assert sent.count == 2


def test_access_logs_into_a_shared_log_group_cost_at_most_one_more(
    make: Any, stack: cdk.Stack, kernel_requests: KernelRequests
) -> None:
    """What there is to know of a log group is read once, not by each stage that writes to it."""
    settings = AccessLogSettings(log_group=logs.LogGroup(stack, "Logs"), format=AccessLogFormat.clf())
    make("second", access_log_settings=settings)
    with kernel_requests as sent:
        make("third", access_log_settings=settings)
    assert sent.count <= 3


def test_names_and_references_cost_nothing(make: Any, kernel_requests: KernelRequests) -> None:
    """Reading the name and the reference of a stage asks JavaScript for nothing."""
    stage = make("second")
    with kernel_requests as sent:
        assert stage.stage_name == stage.stage_ref.stage_name
        assert stage.api_id == stage.stage_ref.api_id
        _ = stage.log_group
    assert sent.count == 0


def test_urls_are_cheap_once_the_environment_is_known(make: Any, kernel_requests: KernelRequests) -> None:
    """Region, account and URL suffix are read once for each stage."""
    stage = make("second")
    assert stage.url
    with kernel_requests as sent:
        assert stage.url
    assert sent.count == 0


def test_the_counter_counts(stack: cdk.Stack, kernel_requests: KernelRequests) -> None:
    """One native L1 is one request, so that the numbers above mean something."""
    with kernel_requests as sent:
        cdk.CfnWaitConditionHandle(stack, "Handle")
    assert sent.count == 1
    cdk.CfnWaitConditionHandle(stack, "Uncounted")
    assert sent.count == 1
