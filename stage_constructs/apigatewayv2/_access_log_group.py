"""The log group that is created for the access logs of a stage, and its resource policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from .. import _grants
from ._api_info import Protocol

if TYPE_CHECKING:
    from constructs import Construct

    from .access_log_settings import AccessLogSettings

_HEX_DIGITS = 8
"""What the name holds of the id of the stack: the digits before the first hyphen of its UUID."""


def make_log_group(stage: Construct, settings: AccessLogSettings, protocol: Protocol) -> logs.LogGroup:
    """Create a log group that API Gateway can write to.

    Its name contains the id of the stack: a retained group must not block the next stack of the same name.
    """
    stack = cdk.Stack.of(stage)
    stack_guid = cdk.Fn.select(2, cdk.Fn.split("/", stack.stack_id))
    unique_name = cdk.Names.unique_resource_name(stage, max_length=200, separator="-")
    name = f"/aws/vendedlogs/apis/{unique_name}-{cdk.Fn.select(0, cdk.Fn.split('-', stack_guid))}"
    arn = stack.format_arn(
        service="logs", resource="log-group", resource_name=name, arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME
    )
    log_group = logs.LogGroup(
        stage,
        "AccessLogs",
        log_group_name=name,
        retention=settings.retention or logs.RetentionDays.ONE_YEAR,
        removal_policy=settings.removal_policy or cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        encryption_key=settings.encryption_key,
    )
    if protocol is Protocol.HTTP:
        resource = cast("logs.CfnLogGroup", log_group.node.default_child)
        resource.resource_policy_document = _let_log_delivery_write(stack, arn)
    if settings.encryption_key is not None:
        _grants.allow_logs_to_use_key(
            stage,
            settings.encryption_key,
            prop="access_log_settings.encryption_key",
            log_group_name=name,
            log_group_name_pattern=f"/aws/vendedlogs/apis/{unique_name}-{'?' * _HEX_DIGITS}",
        )
    return log_group


def _let_log_delivery_write(stack: cdk.Stack, log_group_arn: str) -> iam.PolicyDocument:
    """The group's own policy: the account's log resource policies, ten at the most, are left alone.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                sid="ApiGatewayAccessLogs",
                principals=[cast("iam.IPrincipal", iam.ServicePrincipal("delivery.logs.amazonaws.com"))],
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[f"{log_group_arn}:log-stream:*"],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": stack.format_arn(service="logs", resource="*")},
                },
            )
        ]
    )
