"""What `StageSettings` knows of a stage that somebody else has declared."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import constructs
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, StageSettings

from .cloudformation import properties, statements
from .conftest import HTTP

GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:mine"
LOGGING = StageSettings(access_log_settings=AccessLogSettings())


def l1(scope: Any, id: str = "Stage", **props: Any) -> apigatewayv2.CfnStage:
    """An L1 stage of an HTTP API in the same scope."""
    return apigatewayv2.CfnStage(scope, id, api_id=HTTP.cfn_api(scope).ref, stage_name="prod", **props)


@pytest.mark.parametrize("id", ["Resource", "Default"])
def test_the_l1_of_a_construct(stack: cdk.Stack, id: str) -> None:
    """A construct with a stage as its default child is the stage that its users know, and holds the log group."""
    construct = constructs.Construct(stack, "Mine")
    l1(construct, id).with_(LOGGING)
    assert construct.node.try_find_child("AccessLogs") is not None


def test_an_l1_below_a_stack(stack: cdk.Stack) -> None:
    """A stack is no stage, whatever the id of the L1."""
    stage = l1(stack, "Resource")
    stage.with_(LOGGING)
    assert stage.node.try_find_child("AccessLogs") is not None


def test_an_api_without_a_protocol(stack: cdk.Stack) -> None:
    """An API of an OpenAPI definition names no protocol, and is HTTP."""
    api = apigatewayv2.CfnApi(stack, "Api", body={"openapi": "3.0.1"})
    apigatewayv2.CfnStage(stack, "Stage", api_id=api.ref, stage_name="prod").with_(LOGGING)
    assert "$context.httpMethod" in properties(stack)["AccessLogSettings"]["Format"]


def test_the_log_group_of_settings_that_were_replaced(stack: cdk.Stack) -> None:
    """The log group that was created for a stage is not its own any more once it has another one."""
    stage = l1(stack)
    stage.with_(LOGGING)
    other = AccessLogSettings(log_group=logs.LogGroup(stack, "Logs"))
    stage.with_(StageSettings(access_log_settings=other))
    assert HttpStage.from_stage_ref(stack, "Wrapped", stage).log_group is None


@pytest.mark.parametrize("destination", [GROUP, f"{GROUP}:*"])
def test_the_destination_of_a_grant(stack: cdk.Stack, destination: str) -> None:
    """The events are granted once below the log group, however its ARN ends."""
    stage = l1(stack, access_log_settings={"destinationArn": destination, "format": "$context.requestId"})
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    HttpStage.from_stage_ref(stack, "Wrapped", stage).grant_read_logs(role)
    assert statements(stack)[0]["Resource"] == f"{GROUP}:*"


def test_half_of_the_access_logs(stack: cdk.Stack) -> None:
    """A stage with a destination and without a format writes no access logs."""
    stage = l1(stack, access_log_settings={"destinationArn": GROUP})
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    with pytest.raises(StageConfigurationError, match="the stage writes no logs that are known here"):
        HttpStage.from_stage_ref(stack, "Wrapped", stage).grant_read_logs(role)


def test_nothing_is_merged_into_an_intrinsic_function(stack: cdk.Stack) -> None:
    """Free JSON may hold a function of CloudFormation, whose entries are known at deploy time only."""
    stage = l1(stack, stage_variables={"Fn::Transform": "Shop"})
    with pytest.raises(RuntimeError, match=r"^Stack/Stage: stage_variables cannot be merged with a token"):
        stage.with_(StageSettings(stage_variables={"a": "b"}))


def test_nothing_is_merged_into_a_token_of_this_library(stack: cdk.Stack) -> None:
    """A stage of this library may have a token for all its variables."""
    token: Any = cdk.Token.as_any({"Fn::Transform": {"Name": "Shop"}})
    stage = HTTP.stage(stack, stage_variables=token)
    with pytest.raises(RuntimeError, match=r"^Stack/Stage: stage_variables cannot be merged with a token"):
        stage.with_(StageSettings(stage_variables={"a": "b"}))
