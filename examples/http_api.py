"""An HTTP API with two stages: `$default` for everyone, `beta` for those who try the next version.

Both run the same function, which greets in the words of the stage that it was called through.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from stage_constructs.apigatewayv2 import AccessLogFormat, AccessLogSettings, HttpStage, RouteSettings

GREETER = """
def handler(event, context):
    variables = event.get("stageVariables") or {}
    return {"statusCode": 200, "body": variables.get("greeting", "no greeting")}
"""

ACCEPTED = {
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": (
        "the managed policy lets the function write its own logs"
    ),
    "APIG4": "everyone may call this example; give your routes an authorizer",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class HttpApiExample(cdk.Stack):
    """One API, one function, two stages."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)

        greeter = lambda_.Function(
            self,
            "Greeter",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(GREETER),
        )
        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False)
        greeting = api.add_routes(
            path="/greeting",
            methods=[apigatewayv2.HttpMethod.GET],
            integration=HttpLambdaIntegration("GreeterIntegration", greeter),
        )

        stable = HttpStage(
            self,
            "Stable",
            api=api,
            route_settings={greeting[0]: RouteSettings(throttling_burst_limit=50, throttling_rate_limit=25)},
            stage_variables={"greeting": "good day"},
            access_log_settings=AccessLogSettings(),
        )
        beta = HttpStage(
            self,
            "Beta",
            api=api,
            stage_name="beta",
            description="The next version, for those who try it",
            default_route_settings=RouteSettings(
                throttling_burst_limit=20, throttling_rate_limit=10, detailed_metrics_enabled=True
            ),
            stage_variables={"greeting": "hello there"},
            access_log_settings=AccessLogSettings(
                log_group=stable.log_group,
                format=AccessLogFormat.json(
                    requestId="$context.requestId", routeKey="$context.routeKey", status="$context.status"
                ),
            ),
        )

        cdk.CfnOutput(self, "StableUrl", value=stable.url)
        cdk.CfnOutput(self, "BetaUrl", value=beta.url)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)
