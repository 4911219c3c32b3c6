"""A chat over a WebSocket API: whoever connects hears what anyone says.

Connections are kept in a table; execution logs are on, so the stage waits for the account's CloudWatch role.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from constructs import Construct

from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

CHAT = """
import json
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
connections = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["CALLBACK_URL"])

def handler(event, context):
    own = event["requestContext"]["connectionId"]
    route = event["requestContext"]["routeKey"]
    if route == "$connect":
        table.put_item(Item={"id": own})
    elif route == "$disconnect":
        table.delete_item(Key={"id": own})
    else:
        words = json.loads(event["body"])["words"].encode()
        for each in table.scan()["Items"]:
            try:
                connections.post_to_connection(ConnectionId=each["id"], Data=words)
            except connections.exceptions.GoneException:
                table.delete_item(Key={"id": each["id"]})
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
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]": (
        "API Gateway asks for this policy on the role of the account"
    ),
    "DDB3": "connections come and go, a backup of them is of no use",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class WebSocketChatExample(cdk.Stack):
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
            code=lambda_.Code.from_inline(CHAT),
            environment={"TABLE": table.table_name},
            timeout=cdk.Duration.seconds(10),
        )
        table.grant_read_write_data(chat)

        api = apigatewayv2.WebSocketApi(self, "Api", route_selection_expression="$request.body.action")
        for name, key in (("Connect", "$connect"), ("Disconnect", "$disconnect"), ("Say", "say")):
            api.add_route(key, integration=WebSocketLambdaIntegration(f"{name}Integration", chat))

        stage = WebSocketStage(
            self,
            "Live",
            api=api,
            stage_name="live",
            account=ApiGatewayAccount.of(self),
            default_route_settings=RouteSettings(
                logging_level=LoggingLevel.ERROR, throttling_burst_limit=100, throttling_rate_limit=50
            ),
            route_settings={"say": RouteSettings(throttling_rate_limit=10, detailed_metrics_enabled=True)},
            access_log_settings=AccessLogSettings(),
        )
        stage.grant_manage_connections(chat)
        chat.add_environment("CALLBACK_URL", stage.callback_url)

        cdk.CfnOutput(self, "Url", value=stage.url)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)
