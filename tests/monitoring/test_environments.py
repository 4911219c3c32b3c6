"""Two environments in one account: what they deploy has no physical name in common."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import constructs
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs import ivs
from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage
from stage_constructs.monitoring import StageAlarms, StageDashboard

NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Events::Rule": "Name",
}


class Environment(cdk.Stage):
    """An environment, such as test or production, with all that watches its stages."""

    def __init__(self, scope: constructs.Construct, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account="123456789012", region="eu-west-1"))
        stack = cdk.Stack(self, "Service", synthesizer=cdk.BootstraplessSynthesizer())
        stages: list[Any] = [
            HttpStage(stack, "Shop", api=apigatewayv2.HttpApi(stack, "ShopApi", create_default_stage=False)),
            WebSocketStage(stack, "Chat", api=apigatewayv2.WebSocketApi(stack, "ChatApi"), stage_name="live"),
            ivs.Stage(stack, "Room"),
        ]
        StageDashboard(stack, "Dashboard", stages=stages)
        for stage in stages:
            StageAlarms(stack, f"{stage.node.id}Alarms", stage=stage)


def test_no_physical_names(app: cdk.App) -> None:
    """CloudFormation names dashboards, alarms and rules after the stack, so two environments never meet."""
    Environment(app, "Test")
    Environment(app, "Production")
    assemblies = [nested.nested_assembly for nested in app.synth().nested_assemblies]
    templates = [stack.template for assembly in assemblies for stack in assembly.stacks]
    assert len(templates) == 2
    for template in templates:
        watching = [one for one in template["Resources"].values() if one["Type"] in NAMES]
        assert {one["Type"] for one in watching} == NAMES.keys()
        for one in watching:
            assert NAMES[one["Type"]] not in one["Properties"]
