"""A WebSocket API whose function answers each message through the stage's `callback_url`."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from constructs import Construct

from stage_constructs.apigatewayv2 import RouteSettings, WebSocketStage

ECHO = """
import os
import boto3

connections = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["CALLBACK_URL"])

def handler(event, context):
    sender = event["requestContext"]["connectionId"]
    connections.post_to_connection(ConnectionId=sender, Data=event["body"].encode())
    return {"statusCode": 200}
"""

ACCEPTED = {
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": (
        "the managed policy lets the function write its own logs"
    ),
    "APIG4": "everyone may call this example; give your routes an authorizer",
    "IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ApiF70053CD>/live/*/@connections/*]": (
        "the ids of connections are not known before they connect"
    ),
    "APIG1": "the minimal example logs nothing; websocket_chat does, with the role that this takes",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class WebSocketEchoExample(cdk.Stack):
    """One API, one function that sends each message back, one stage."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)

        echo = lambda_.Function(
            self,
            "Echo",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(ECHO),
            timeout=cdk.Duration.seconds(10),
        )
        api = apigatewayv2.WebSocketApi(self, "Api")
        api.add_route("$default", integration=WebSocketLambdaIntegration("EchoIntegration", echo))

        stage = WebSocketStage(
            self,
            "Live",
            api=api,
            stage_name="live",
            description="Sends back whatever it is sent",
            default_route_settings=RouteSettings(throttling_burst_limit=100, throttling_rate_limit=50),
        )
        stage.grant_manage_connections(echo)
        echo.add_environment("CALLBACK_URL", stage.callback_url)

        cdk.CfnOutput(self, "Url", value=stage.url)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)
