"""One dashboard over an HTTP, a WebSocket and an IVS stage, and alarms that a topic hears of."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, WebSocketStage
from stage_constructs.ivs import Stage
from stage_constructs.monitoring import StageAlarms, StageDashboard

ACCEPTED = {"APIG1": "Access logs of a WebSocket stage need the account's role: the chat example shows both"}


class WatchedExample(cdk.Stack):
    """Three stages and those who watch them."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)

        shop = HttpStage(
            self,
            "Shop",
            api=apigatewayv2.HttpApi(self, "ShopApi", create_default_stage=False),
            access_log_settings=AccessLogSettings(),
        )
        chat = WebSocketStage(
            self,
            "Chat",
            api=apigatewayv2.WebSocketApi(self, "ChatApi"),
            stage_name="live",
        )
        room = Stage(self, "Room", stage_name="watched-room")

        topic = sns.Topic(self, "OnCall", enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        StageDashboard(self, "Dashboard", stages=[shop, chat, room])
        StageAlarms(self, "ShopAlarms", stage=shop, actions=[SnsAction(topic)], latency_ms=800, client_error_rate=None)
        StageAlarms(self, "ChatAlarms", stage=chat, actions=[SnsAction(topic)])
        StageAlarms(self, "RoomAlarms", stage=room, actions=[SnsAction(topic)])

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)
