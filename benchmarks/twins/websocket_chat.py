"""`examples/websocket_chat.py` in native constructs."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from constructs import Construct

from benchmarks import native

SETTINGS: Any = {"data_trace_enabled": False, "logging_level": "ERROR", "throttling_burst_limit": 100}
SAY = {"DataTraceEnabled": False, "DetailedMetricsEnabled": True, "LoggingLevel": "ERROR", "ThrottlingBurstLimit": 100}
CfnStage = apigatewayv2.CfnStage


class WebSocketChat(cdk.Stack):
    """One API, one function behind three routes, one stage that logs."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        table = dynamodb.Table(
            self,
            "Connections",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        chat = lambda_.Function(
            self,
            "Chat",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(native.CODE),
            environment={"TABLE": table.table_name},
            timeout=cdk.Duration.seconds(10),
        )
        table.grant_read_write_data(chat)
        api = apigatewayv2.WebSocketApi(self, "Api", route_selection_expression="$request.body.action")
        for name, key in (("Connect", "$connect"), ("Disconnect", "$disconnect"), ("Say", "say")):
            say = api.add_route(key, integration=WebSocketLambdaIntegration(f"{name}Integration", chat))

        stage = apigatewayv2.WebSocketStage(self, "Live", web_socket_api=api, stage_name="live", auto_deploy=True)
        resource: Any = stage.node.default_child
        resource.default_route_settings = CfnStage.RouteSettingsProperty(
            detailed_metrics_enabled=False, throttling_rate_limit=50, **SETTINGS
        )
        resource.route_settings = {"say": SAY | {"ThrottlingRateLimit": 10}}
        resource.access_log_settings = CfnStage.AccessLogSettingsProperty(
            destination_arn=native.log_group(self, "websocketchat-Live-CE3B1A67"), format=native.WEBSOCKET_FORMAT
        )
        resource.node.add_dependency(say.node.default_child, native.account(self))
        stage.grant_management_api_access(chat)
        chat.add_environment("CALLBACK_URL", stage.callback_url)

        cdk.CfnOutput(self, "Url", value=stage.url)
        native.acknowledge(self, "APIG4", "IAM5", "IAM4", "DDB3")
