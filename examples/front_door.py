"""Stages behind names of their own: an HTTP API behind CloudFront and a web ACL, a WebSocket API on its own domain.

API Gateway offers no web ACL and no resource policy for HTTP APIs, so its own endpoint cannot be taken off the internet
while CloudFront uses it. CloudFront sends a secret header instead, and an authorizer lets only such requests in. The
WebSocket API has a domain name, and its function answers clients through that name.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_wafv2 as wafv2
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration, WebSocketLambdaIntegration
from constructs import Construct

from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    HttpStage,
    RouteSettings,
    WebSocketStage,
)

PETS = """
def handler(event, context):
    return {"statusCode": 200, "body": "cat, dog"}
"""

FROM_CLOUDFRONT = """
import hmac
import os
import boto3

secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET"])["SecretString"]

def handler(event, context):
    sent = event["headers"].get("x-from-cloudfront", "")
    return {"isAuthorized": hmac.compare_digest(sent, secret)}
"""

CHAT = """
import os
import boto3

connections = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["CALLBACK_URL"])

def handler(event, context):
    if event["requestContext"]["routeKey"] == "$default":
        own = event["requestContext"]["connectionId"]
        connections.post_to_connection(ConnectionId=own, Data=event["body"].encode())
    return {"statusCode": 200}
"""

ACCEPTED = {
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": (
        "the managed policy lets the function write its own logs"
    ),
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]": (
        "API Gateway asks for this policy on the role of the account"
    ),
    "IAM5[Resource::arn:<AWS::Partition>:execute-api:us-east-1:123456789012:<ChatApiD29796E1>/live/*/@connections/*]": (
        "the ids of connections are not known before they connect"
    ),
    "APIG4": "everyone may join this chat; give your routes an authorizer",
    "CFR1": "the pets are for all countries",
    "CFR3": "the access logs of the stage hold each request that passes the web ACL",
    "SMG4": "CloudFront gets the header at deploy: rotate it by a deploy",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class FrontDoorExample(cdk.Stack):
    """Two APIs of `example.com`: `pets.example.com` is CloudFront, `chat.example.com` the WebSocket API itself."""

    def __init__(self, scope: Construct, id: str, *, zone_id: str, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        self.zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=zone_id, zone_name="example.com"
        )
        self._pets("pets.example.com")
        self._chat("chat.example.com")
        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)

    def _pets(self, name: str) -> None:
        secret = secretsmanager.Secret(
            self, "Header", generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True)
        )
        authorizer = self._function("FromCloudFront", FROM_CLOUDFRONT, SECRET=secret.secret_arn)
        secret.grant_read(authorizer)
        api = apigatewayv2.HttpApi(self, "Pets", create_default_stage=False)
        api.add_routes(
            path="/pets",
            integration=HttpLambdaIntegration("PetsIntegration", self._function("ListPets", PETS)),
            authorizer=HttpLambdaAuthorizer(
                "Authorizer",
                authorizer,
                identity_source=["$request.header.x-from-cloudfront"],
                response_types=[HttpLambdaResponseType.SIMPLE],
            ),
        )
        stage = HttpStage(
            self,
            "Stage",
            api=api,
            stage_name="prod",
            default_route_settings=RouteSettings(throttling_burst_limit=100, throttling_rate_limit=50),
            access_log_settings=AccessLogSettings(),
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            domain_names=[name],
            certificate=self._certificate("PetsCertificate", name),
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(
                    stage.host,
                    origin_path=stage.origin_path,
                    custom_headers={"x-from-cloudfront": secret.secret_value.unsafe_unwrap()},
                ),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            ),
            web_acl_id=self._web_acl().attr_arn,
        )
        self._alias("PetsAlias", name, targets.CloudFrontTarget(distribution))

    def _web_acl(self) -> wafv2.CfnWebACL:
        """AWS's common rules; at most 1,000 requests in five minutes from one address."""
        return wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility("pets"),
            rules=[
                wafv2.CfnWebACL.RuleProperty(
                    name="common",
                    priority=0,
                    override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
                    statement=wafv2.CfnWebACL.StatementProperty(
                        managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                            vendor_name="AWS", name="AWSManagedRulesCommonRuleSet"
                        )
                    ),
                    visibility_config=_visibility("common"),
                ),
                wafv2.CfnWebACL.RuleProperty(
                    name="rate",
                    priority=1,
                    action=wafv2.CfnWebACL.RuleActionProperty(block={}),
                    statement=wafv2.CfnWebACL.StatementProperty(
                        rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                            aggregate_key_type="IP", limit=1000
                        )
                    ),
                    visibility_config=_visibility("rate"),
                ),
            ],
        )

    def _chat(self, name: str) -> None:
        domain = apigatewayv2.DomainName(
            self, "ChatDomain", domain_name=name, certificate=self._certificate("ChatCertificate", name)
        )
        chat = self._function("Chat", CHAT)
        api = apigatewayv2.WebSocketApi(self, "ChatApi")
        for key in ("$connect", "$default"):
            api.add_route(key, integration=WebSocketLambdaIntegration("ChatIntegration", chat))
        live = WebSocketStage(
            self,
            "Live",
            api=api,
            stage_name="live",
            access_log_settings=AccessLogSettings(),
            account=ApiGatewayAccount.of(self),
            domain_mapping=apigatewayv2.DomainMappingOptions(domain_name=domain),
        )
        chat.add_environment("CALLBACK_URL", live.domain_callback_url)
        live.grant_manage_connections(chat)
        alias = targets.ApiGatewayv2DomainProperties(domain.regional_domain_name, domain.regional_hosted_zone_id)
        self._alias("ChatAlias", name, alias)
        cdk.CfnOutput(self, "ChatUrl", value=live.domain_url)

    def _function(self, id: str, code: str, **environment: str) -> lambda_.Function:
        return lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(code),
            environment=environment,
        )

    def _certificate(self, id: str, name: str) -> acm.Certificate:
        validation = acm.CertificateValidation.from_dns(self.zone)
        return acm.Certificate(self, id, domain_name=name, validation=validation)

    def _alias(self, id: str, name: str, target: route53.IAliasRecordTarget) -> None:
        route53.ARecord(self, id, zone=self.zone, record_name=name, target=route53.RecordTarget.from_alias(target))


def _visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
