"""What stages need beside them, as an author with the native constructs writes it; the apps of `twins` use it too."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk


def _format(fields: str) -> str:
    pairs = (field.partition("=") for field in fields.split())
    return json.dumps({name: f"$context.{variable or name}" for name, _, variable in pairs}, separators=(",", ":"))


HTTP_FORMAT = _format(
    "requestId ip=identity.sourceIp requestTime httpMethod routeKey status protocol responseLength extendedRequestId"
    " responseLatency integrationLatency integrationStatus=integration.status integrationErrorMessage"
    " errorMessage=error.message errorResponseType=error.responseType authorizerError=authorizer.error"
)
WEBSOCKET_FORMAT = _format(
    "requestId ip=identity.sourceIp requestTime eventType routeKey status connectionId extendedRequestId"
    " integrationLatency integrationStatus=integration.status integrationError=integration.error"
    " errorMessage=error.message errorResponseType=error.responseType authorizerError=authorizer.error"
    " authorizerStatus=authorizer.status"
)
CODE = "def handler(event, context):\n    pass\n"
"""The code of all functions of the twins; that of the examples is left out where templates are compared."""
RETAIN = cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE


def log_group_arn(stack: cdk.Stack, name: str) -> str:
    """The ARN of a log group as API Gateway takes it: without the `:*` that CDK ends it with."""
    colon = cdk.ArnFormat.COLON_RESOURCE_NAME
    return stack.format_arn(service="logs", resource="log-group", resource_name=name, arn_format=colon)


def log_group(stack: cdk.Stack, name: str, *, resource_policy: bool = False) -> str:
    """A log group for access logs, under a name that no other stack takes; its ARN."""
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs

    guid = cdk.Fn.select(0, cdk.Fn.split("-", cdk.Fn.select(2, cdk.Fn.split("/", stack.stack_id))))
    full = f"/aws/vendedlogs/apis/{name}-{guid}"
    year = logs.RetentionDays.ONE_YEAR
    group = logs.LogGroup(stack, "AccessLogs", log_group_name=full, retention=year, removal_policy=RETAIN)
    if resource_policy:
        source = {"aws:SourceArn": stack.format_arn(service="logs", resource="*")}
        statement = iam.PolicyStatement(
            sid="ApiGatewayAccessLogs",
            principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[f"{log_group_arn(stack, full)}:log-stream:*"],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": source},
        )
        resource: Any = group.node.default_child
        resource.resource_policy_document = iam.PolicyDocument(statements=[statement])
    return log_group_arn(stack, group.log_group_name)


def acknowledge(stack: cdk.Stack, *rules: str) -> None:
    """Acknowledge as many rules of cdk-nag as the example does."""
    for rule in ("IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]", *rules):
        accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason="as the example does")
        cdk.Validations.of(stack).acknowledge(accepted)


def account(stack: cdk.Stack) -> cdk.CfnResource:
    """The account of API Gateway with its CloudWatch role."""
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_iam as iam

    policy = iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
    role = iam.Role(
        stack,
        "CloudWatchRole",
        assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
        description="API Gateway writes the logs of all REST and WebSocket APIs of this Region with it",
        managed_policies=[policy],
    )
    resource = apigateway.CfnAccount(stack, "Account", cloud_watch_role_arn=role.role_arn)
    role.apply_removal_policy(RETAIN)
    resource.apply_removal_policy(RETAIN)
    return resource


def storage_configuration(stack: cdk.Stack, bucket: Any) -> Any:
    """A storage configuration, and the statement that lets IVS write into its bucket."""
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_ivs as ivs

    acl = {"s3:x-amz-acl": "bucket-owner-full-control"}
    statement = iam.PolicyStatement(
        actions=["s3:PutObject", "s3:PutObjectAcl"],
        principals=[iam.ServicePrincipal(f"ivs-composite.{stack.region}.amazonaws.com")],
        resources=[bucket.arn_for_objects("*")],
        conditions={"StringEquals": acl, "Bool": {"aws:SecureTransport": "true"}},
    )
    added: Any = bucket.add_to_resource_policy(statement)
    s3 = ivs.CfnStorageConfiguration.S3StorageConfigurationProperty(bucket_name=bucket.bucket_name)
    storage = ivs.CfnStorageConfiguration(stack, "RecordingStorage", s3=s3)
    storage.node.add_dependency(added.policy_dependable)
    return storage
