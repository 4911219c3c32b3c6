"""Stages to watch."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_ivs as native_ivs
from aws_cdk.interfaces.aws_ivs import IStageRef, StageReference

from stage_constructs import ivs
from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage


@jsii.implements(IStageRef)
class StageOfOthers(cdk.Resource):
    """A stage of Amazon IVS of another library."""

    @property
    def stage_ref(self) -> StageReference:
        """Its reference."""
        return StageReference(stage_arn="arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456")


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
def native(stack: cdk.Stack) -> dict[str, Callable[[], Any]]:
    """Makers of native stages, by what they are; the L1s are of APIs of the app."""
    shop = apigatewayv2.HttpApi(stack, "Shop", api_name="shop")
    chat = apigatewayv2.WebSocketApi(stack, "Chat")
    ids = (f"Native{number}" for number in itertools.count())
    http, websocket = apigatewayv2.HttpStage, apigatewayv2.WebSocketStage
    return {
        "default": lambda: shop.default_stage,
        "http": lambda: http(stack, next(ids), http_api=shop, stage_name="live"),
        "http_l1": lambda: apigatewayv2.CfnStage(stack, next(ids), api_id=shop.api_id, stage_name="live"),
        "http_imported": lambda: http.from_http_stage_attributes(stack, next(ids), api=shop, stage_name="live"),
        "websocket": lambda: websocket(stack, next(ids), web_socket_api=chat, stage_name="live"),
        "websocket_l1": lambda: apigatewayv2.CfnStage(stack, next(ids), api_id=chat.api_id, stage_name="live"),
        "websocket_imported": lambda: websocket.from_web_socket_stage_attributes(
            stack, next(ids), api=chat, stage_name="live"
        ),
        "ivs_l1": lambda: native_ivs.CfnStage(stack, next(ids), name="town-hall"),
        "ivs_reference": lambda: StageOfOthers(stack, next(ids)),
    }


@pytest.fixture
def agnostic(app: cdk.App) -> cdk.Stack:
    """A stack that can be deployed anywhere."""
    return cdk.Stack(app, "Agnostic", synthesizer=cdk.BootstraplessSynthesizer())
