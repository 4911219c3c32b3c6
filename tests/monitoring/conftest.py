"""Stages to watch."""

from __future__ import annotations

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs import ivs
from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage


@pytest.fixture
def http(stack: cdk.Stack) -> HttpStage:
    """A stage of an HTTP API."""
    return HttpStage(stack, "Http", api=apigatewayv2.HttpApi(stack, "HttpApi", create_default_stage=False))


@pytest.fixture
def websocket(stack: cdk.Stack) -> WebSocketStage:
    """A stage of a WebSocket API."""
    return WebSocketStage(stack, "Chat", api=apigatewayv2.WebSocketApi(stack, "ChatApi"), stage_name="prod")


@pytest.fixture
def room(stack: cdk.Stack) -> ivs.Stage:
    """A stage of Amazon IVS."""
    return ivs.Stage(stack, "Room", stage_name="town-hall")


@pytest.fixture(params=["http", "websocket", "room"])
def stage(request: pytest.FixtureRequest) -> HttpStage | WebSocketStage | ivs.Stage:
    """A stage of each kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def agnostic(app: cdk.App) -> cdk.Stack:
    """A stack that can be deployed anywhere."""
    return cdk.Stack(app, "Agnostic", synthesizer=cdk.BootstraplessSynthesizer())
