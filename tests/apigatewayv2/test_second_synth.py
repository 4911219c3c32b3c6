"""An app that changes between two syntheses, as tests and watchers do."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs.apigatewayv2 import HttpStage, RouteSettings


def test_a_route_that_is_added_between_two_syntheses(app: cdk.App, stack: cdk.Stack) -> None:
    """The stage waits for the routes that there are now."""
    api = apigatewayv2.CfnApi(stack, "Api", name="api", protocol_type="HTTP")
    stage = HttpStage(stack, "Stage", api=api, stage_name="prod")

    def dependencies() -> list[str]:
        resources: dict[str, Any] = app.synth(force=True).get_stack_by_name("Stack").template["Resources"]
        [resource] = [one for one in resources.values() if one["Type"] == "AWS::ApiGatewayV2::Stage"]
        return list(resource.get("DependsOn", []))

    for number, key in enumerate(("GET /cats", "GET /dogs"), start=1):
        apigatewayv2.CfnRoute(stack, f"Route{number}", api_id=api.ref, route_key=key)
        stage.add_route_settings(key, RouteSettings(throttling_burst_limit=5))
        assert dependencies() == [f"Route{index}" for index in range(1, number + 1)]
