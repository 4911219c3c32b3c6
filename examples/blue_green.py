"""An HTTP API in two stages that serve two of its deployments: `green` the newest, `blue` the one before.

Deploy; try `green`; then give its deployment to `blue` by `-c blue=<id>`, the output `GreenDeployment`. Routes that
change later reach `green` alone until the next such step, and `blue` can be given the old id to go back.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from stage_constructs.apigatewayv2 import AccessLogSettings, Deployment, HttpStage

SHOP = """
def handler(event, context):
    return {"statusCode": 200, "body": event["requestContext"]["stage"]}
"""

ACCEPTED = {
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": (
        "the managed policy lets the function write its own logs"
    ),
    "APIG4": "everyone may call this example; give your routes an authorizer",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class BlueGreenExample(cdk.Stack):
    """One API, one deployment that is made anew when the routes change, two stages."""

    def __init__(self, scope: Construct, id: str, *, paths: tuple[str, ...] = ("/cart",)) -> None:
        super().__init__(scope, id)

        shop = lambda_.Function(
            self,
            "Shop",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(SHOP),
        )
        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False)
        for path in paths:
            api.add_routes(path=path, integration=HttpLambdaIntegration("ShopIntegration", shop))

        newest = Deployment(self, "Deployment", api=api, description="The newest routes")
        newest.apply_removal_policy(cdk.RemovalPolicy.RETAIN)  # blue may serve it after green has moved on

        green = HttpStage(
            self, "Green", api=api, stage_name="green", deployment=newest, access_log_settings=AccessLogSettings()
        )
        blue = HttpStage(
            self,
            "Blue",
            api=api,
            stage_name="blue",
            deployment_id=self.node.try_get_context("blue") or newest.deployment_id,
            access_log_settings=AccessLogSettings(log_group=green.log_group),
        )

        cdk.CfnOutput(self, "GreenUrl", value=green.url)
        cdk.CfnOutput(self, "BlueUrl", value=blue.url)
        cdk.CfnOutput(self, "GreenDeployment", value=newest.deployment_id)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)
