"""`examples/ivs_realtime.py` in native constructs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs as ivs
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_apigatewayv2_authorizers import HttpIamAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from benchmarks import native

PUBLIC_KEY = Path(__file__).parents[2] / "examples" / "participant_tokens_public_key.pem"
Cfn = ivs.CfnStage


class IvsRealtime(cdk.Stack):
    """One stage with all that a backend needs around it."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        recordings = s3.Bucket(
            self,
            "Recordings",
            enforce_ssl=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        )
        hls = Cfn.ParticipantRecordingHlsConfigurationProperty(target_segment_duration_seconds=6)
        thumbnails = Cfn.ParticipantThumbnailConfigurationProperty(
            recording_mode="INTERVAL", storage=["SEQUENTIAL"], target_interval_seconds=10
        )
        recording = Cfn.AutoParticipantRecordingConfigurationProperty(
            storage_configuration_arn=native.storage_configuration(self, recordings).attr_arn,
            media_types=["AUDIO_VIDEO"],
            recording_reconnect_window_seconds=30,
            hls_configuration=Cfn.HlsConfigurationProperty(participant_recording_hls_configuration=hls),
            thumbnail_configuration=Cfn.ThumbnailConfigurationProperty(participant_thumbnail_configuration=thumbnails),
        )
        name = self.node.try_get_context("room") or "room"
        room = Cfn(self, "Room", name=name, auto_participant_recording_configuration=recording)
        arn = room.attr_arn
        self._log_events(arn)
        ivs.CfnPublicKey(self, "TokenKey", public_key_material=PUBLIC_KEY.read_text())
        tokens = self._function("Tokens", arn, "ivs:CreateParticipantToken")
        self._function("Moderation", arn, "ivs:DisconnectParticipant")

        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False, default_authorizer=HttpIamAuthorizer())
        integration = HttpLambdaIntegration("TokensIntegration", tokens)
        api.add_routes(path="/tokens", methods=[apigatewayv2.HttpMethod.POST], integration=integration)
        throttle = apigatewayv2.ThrottleSettings(burst_limit=20, rate_limit=10)
        door = apigatewayv2.HttpStage(
            self, "Door", http_api=api, auto_deploy=True, throttle=throttle, detailed_metrics_enabled=False
        )
        log_group_arn = native.log_group(self, "ivsrealtime-Door-5AF517AF", resource_policy=True)
        resource: Any = door.node.default_child
        resource.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group_arn, format=native.HTTP_FORMAT
        )
        for name, value in (("RoomArn", arn), ("TokensUrl", f"{door.url}tokens")):
            cdk.CfnOutput(self, name, value=value)
        cdk.CfnOutput(self, "RecordingsBucket", value=recordings.bucket_name)
        native.acknowledge(self, "S1")

    def _log_events(self, stage_arn: str) -> None:
        year = logs.RetentionDays.ONE_YEAR
        group = logs.LogGroup(self, "EventLog", retention=year, removal_policy=native.RETAIN)
        arn = native.log_group_arn(self, group.log_group_name)
        compositions = "IVS Composition State Change"
        rules = []
        for pattern in (
            {"detail-type": ["IVS Stage Update", "IVS Participant Recording State Change"], "resources": [stage_arn]},
            {"detail-type": [compositions], "detail": {"stage_arn": [stage_arn]}},
        ):
            target = events.CfnRule.TargetProperty(arn=arn, id="Target0")
            rules.append(
                events.CfnRule(
                    self,
                    f"Rule{len(rules)}",
                    event_pattern={"source": ["aws.ivs"], **pattern},
                    state="ENABLED",
                    targets=[target],
                )
            )
        account = {"StringEqualsIfExists": {"aws:SourceAccount": self.account}}
        source = {"ArnEquals": {"aws:SourceArn": [rule.attr_arn for rule in rules]}}
        statements = [
            iam.PolicyStatement(
                actions=[action],
                principals=[iam.ServicePrincipal(f"{name}.amazonaws.com") for name in ("events", "delivery.logs")],
                resources=[f"{arn}:*"],
                conditions=conditions,
            )
            for action, conditions in (("logs:CreateLogStream", account), ("logs:PutLogEvents", account | source))
        ]
        name = f"ivsrealtime-Events-AD65D25D-{cdk.Fn.select(2, cdk.Fn.split('/', self.stack_id))}"
        logs.ResourcePolicy(self, "Policy", resource_policy_name=name, policy_statements=statements)

    def _function(self, id: str, stage_arn: str, action: str) -> lambda_.Function:
        function = lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(native.CODE),
            environment={"STAGE": stage_arn},
            timeout=cdk.Duration.seconds(10),
        )
        function.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[stage_arn]))
        return function
