"""Whatever a method is given it does its work or raises our error or a TypeError, never one of jsii."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_s3 as s3
from hypothesis import given
from hypothesis import strategies as st

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import ApiGatewayAccount, HttpStage, WebSocketStage

from . import values


class Built:
    """One of each construct."""

    def __init__(self) -> None:
        self.stack = cdk.Stack(
            cdk.App(analytics_reporting=False),
            "Built",
            env=cdk.Environment(account="123456789012", region="eu-west-1"),
        )
        self.http = HttpStage(
            self.stack, "Http", api=apigatewayv2.HttpApi(self.stack, "HttpApi", create_default_stage=False)
        )
        api = apigatewayv2.WebSocketApi(self.stack, "WebSocketApi")
        self.websocket = WebSocketStage(self.stack, "WebSocket", api=api, stage_name="live")
        self.stage = ivs.Stage(self.stack, "Stage")
        self.storage = ivs.StorageConfiguration(self.stack, "Storage", bucket=s3.Bucket(self.stack, "Bucket"))
        self.sessions = ivs.StageSessions(self.stack, "Sessions", tags={"app": "video"})
        self._number = 0

    def id(self) -> str:
        """An id that is not taken."""
        self._number += 1
        return f"Case{self._number}"


Call = Callable[[Built, Any, Any], object]

METHODS: dict[str, Call] = {
    "HttpStage.add_stage_variable": lambda built, one, other: built.http.add_stage_variable(one, other),
    "HttpStage.add_route_settings": lambda built, one, other: built.http.add_route_settings(one, other),
    "HttpStage.arn_for_execute_api": lambda built, one, other: built.http.arn_for_execute_api(one, other),
    "HttpStage.metric": lambda built, one, other: built.http.metric(one, route=other),
    "HttpStage.metric_count": lambda built, one, other: built.http.metric_count(statistic=one, label=other),
    "HttpStage.grant_invoke": lambda built, one, other: built.http.grant_invoke(one, path=other),
    "HttpStage.grant_log_delivery": lambda built, one, _: built.http.grant_log_delivery(one),
    "HttpStage.from_stage_id": lambda built, one, _: HttpStage.from_stage_id(built.stack, built.id(), one),
    "HttpStage.from_stage_arn": lambda built, one, _: HttpStage.from_stage_arn(built.stack, built.id(), one),
    "HttpStage.from_stage_ref": lambda built, one, _: HttpStage.from_stage_ref(built.stack, built.id(), one),
    "HttpStage.from_stage_attributes": lambda built, one, other: HttpStage.from_stage_attributes(
        built.stack, built.id(), api_id=one, stage_name=other
    ),
    "HttpStage.from_lookup": lambda built, one, other: HttpStage.from_lookup(
        built.stack, built.id(), api_id=one, stage_name=other
    ),
    "WebSocketStage.arn_for_route": lambda built, one, _: built.websocket.arn_for_route(one),
    "WebSocketStage.grant_manage_connections": lambda built, one, _: built.websocket.grant_manage_connections(one),
    "WebSocketStage.grant_read_logs": lambda built, one, _: built.websocket.grant_read_logs(one),
    "ApiGatewayAccount.of": lambda _, one, __: ApiGatewayAccount.of(one),
    "ivs.Stage.grant_read": lambda built, one, _: built.stage.grant_read(one),
    "ivs.Stage.grant_start_composition": lambda built, one, other: built.stage.grant_start_composition(
        one, encoder_configuration=other
    ),
    "ivs.Stage.grant_participant_replication": lambda built, one, other: built.stage.grant_participant_replication(
        one, other
    ),
    "ivs.Stage.metric": lambda built, one, other: built.stage.metric(one, statistic=other),
    "ivs.Stage.on_stage_update": lambda built, one, other: built.stage.on_stage_update(
        built.id(), event_names=one, description=other
    ),
    "ivs.Stage.from_stage_arn": lambda built, one, _: ivs.Stage.from_stage_arn(built.stack, built.id(), one),
    "ivs.Stage.from_lookup": lambda built, one, other: ivs.Stage.from_lookup(
        built.stack, built.id(), stage_arn=one, stage_name=other
    ),
    "ivs.StorageConfiguration.grant_read_recordings": lambda built, one, other: built.storage.grant_read_recordings(
        one, stage=other
    ),
    "ivs.StageSessions.grant_manage": lambda built, one, _: built.sessions.grant_manage(one),
}
ARGUMENT = values.ABSURD | st.sampled_from(["GET /pets", "$default", "abc/prod", "Count", "Average"])


@pytest.mark.parametrize("name", METHODS)
def test_it_works_or_says_what_is_wrong(name: str) -> None:
    """No argument ends in an error that speaks of JavaScript."""
    built = Built()
    call = METHODS[name]

    @given(ARGUMENT, ARGUMENT)
    def attempt(one: Any, other: Any) -> None:
        with contextlib.suppress(StageConfigurationError, TypeError):
            call(built, one, other)

    attempt()
