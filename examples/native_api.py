"""The stage that a native `HttpApi` creates by itself: settings, grants and metrics without replacing it."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, RouteSettings, StageSettings

ORDERS = """
def handler(event, context):
    return {"statusCode": 201, "body": "ordered"}
"""

ACCEPTED = {
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": (
        "the managed policy lets the function write its own logs"
    ),
    "IAM5[Resource::*]": "IAM knows nothing narrower for the results of log queries",
    "IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*]": (
        "log groups are listed by name, one of them is not enough for that"
    ),
    "IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:"
    "<ApiDefaultStageAccessLogs5E2125C1>:*]": "all events of the one log group",
    "APIG4": "everyone may call this example; give your routes an authorizer",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class NativeApiExample(cdk.Stack):
    """A native API as it was, and what is added to its stage: `changed=False` leaves that out."""

    def __init__(self, scope: Construct, id: str, *, changed: bool = True) -> None:
        super().__init__(scope, id)

        orders = lambda_.Function(
            self,
            "Orders",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(ORDERS),
        )
        api = apigatewayv2.HttpApi(self, "Api")
        api.add_routes(
            path="/orders",
            methods=[apigatewayv2.HttpMethod.POST],
            integration=HttpLambdaIntegration("OrdersIntegration", orders),
        )

        cdk.CfnOutput(self, "Url", value=api.api_endpoint)
        if changed:
            self._change(api)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)

    def _change(self, api: apigatewayv2.HttpApi) -> None:
        # The stage keeps its logical id and is updated in place.
        api.default_stage.with_(
            StageSettings(
                access_log_settings=AccessLogSettings(),
                route_settings={"POST /orders": RouteSettings(throttling_burst_limit=10, throttling_rate_limit=5)},
            )
        )

        # The same stage, with grants, metrics, ARNs and its log group.
        stage = HttpStage.from_stage_ref(self, "Stage", api.default_stage)
        on_call = iam.Role(self, "OnCall", assumed_by=iam.AccountRootPrincipal())
        stage.grant_read_logs(on_call)
        alarm = stage.metric_server_error().create_alarm(self, "ServerErrors", threshold=5, evaluation_periods=1)
        alarm.add_alarm_action(SnsAction(self._topic()))

    def _topic(self) -> sns.Topic:
        """A topic that CloudWatch may publish alarms of this account to."""
        topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        return topic
