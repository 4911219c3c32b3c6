"""An HTTP API whose live stage moves to new routes when it is told to, and back.

`$default` serves the deployment that the context value `live` names; `preview` serves the newest one. Deploy, try
`preview`, then write its deployment (the output `PreviewDeployment`) into `cdk.json` as `live` and deploy again. The id
before it takes production back. Without a value nothing is synthesized, so production cannot move by accident.
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


NEWEST = "newest"
"""The value of `live` for the first deploy, when there is no deployment yet."""


class BlueGreenExample(cdk.Stack):
    """One API, one deployment that is replaced when the routes change, two stages."""

    def __init__(self, scope: Construct, id: str, *, live: str, paths: tuple[str, ...] = ("/cart",)) -> None:
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
        newest.apply_removal_policy(cdk.RemovalPolicy.RETAIN)  # the live stage may serve it after preview has moved on

        preview = HttpStage(
            self, "Preview", api=api, stage_name="preview", deployment=newest, access_log_settings=AccessLogSettings()
        )
        production = HttpStage(
            self,
            "Live",
            api=api,
            deployment_id=newest.deployment_id if live == NEWEST else live,
            access_log_settings=AccessLogSettings(log_group=preview.log_group),
        )

        cdk.CfnOutput(self, "LiveUrl", value=production.url)
        cdk.CfnOutput(self, "PreviewUrl", value=preview.url)
        cdk.CfnOutput(self, "PreviewDeployment", value=newest.deployment_id)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)
