"""`examples/http_api.py` in native constructs."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from benchmarks import native

BRIEF = '{"requestId":"$context.requestId","routeKey":"$context.routeKey","status":"$context.status"}'
AccessLogs = apigatewayv2.CfnStage.AccessLogSettingsProperty


class HttpApi(cdk.Stack):
    """One API, one function, two stages."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        code = lambda_.Code.from_inline(native.CODE)
        greeter = lambda_.Function(
            self, "Greeter", runtime=lambda_.Runtime.PYTHON_3_14, handler="index.handler", code=code
        )
        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False)
        integration = HttpLambdaIntegration("GreeterIntegration", greeter)
        methods = [apigatewayv2.HttpMethod.GET]
        [greeting] = api.add_routes(path="/greeting", methods=methods, integration=integration)
        log_group_arn = native.log_group(self, "httpapi-Stable-9C57BE46", resource_policy=True)

        stable = apigatewayv2.HttpStage(
            self,
            "Stable",
            http_api=api,
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
            detailed_metrics_enabled=False,
            stage_variables={"greeting": "good day"},
        )
        stage: Any = stable.node.default_child
        stage.access_log_settings = AccessLogs(destination_arn=log_group_arn, format=native.HTTP_FORMAT)
        stage.route_settings = {
            "GET /greeting": {"DetailedMetricsEnabled": False, "ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 25}
        }
        stage.node.add_dependency(greeting.node.default_child)
        beta = apigatewayv2.HttpStage(
            self,
            "Beta",
            http_api=api,
            stage_name="beta",
            description="The next version, for those who try it",
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(burst_limit=20, rate_limit=10),
            detailed_metrics_enabled=True,
            stage_variables={"greeting": "hello there"},
        )
        stage = beta.node.default_child
        stage.access_log_settings = AccessLogs(destination_arn=log_group_arn, format=BRIEF)

        cdk.CfnOutput(self, "StableUrl", value=stable.url)
        cdk.CfnOutput(self, "BetaUrl", value=beta.url)
        native.acknowledge(self, "APIG4")
