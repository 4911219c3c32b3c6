"""A video room: participants are recorded, get their tokens over HTTP, and can be put out by a moderator.

The public key is for backends that sign tokens themselves. Make a pair of your own and keep its private half:
`openssl ecparam -name secp384r1 -genkey -noout -out private.pem; openssl ec -in private.pem -pubout -out public.pem`
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_apigatewayv2_authorizers import HttpIamAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, RouteSettings
from stage_constructs.ivs import ParticipantRecording, PublicKey, Stage, StageEventLog, StorageConfiguration, Thumbnails

PUBLIC_KEY = Path(__file__).parent / "participant_tokens_public_key.pem"

TOKENS = """
import json
import os
import boto3

ivs = boto3.client("ivs-realtime")

def handler(event, context):
    made = ivs.create_participant_token(stageArn=os.environ["STAGE"], duration=60, capabilities=["SUBSCRIBE"])
    token = made["participantToken"]
    return {"statusCode": 200, "body": json.dumps({"participant": token["participantId"], "token": token["token"]})}
"""

MODERATION = """
import os
import boto3

ivs = boto3.client("ivs-realtime")

def handler(event, context):
    ivs.disconnect_participant(stageArn=os.environ["STAGE"], participantId=event["participant"], reason=event["reason"])
"""

ACCEPTED = {
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": (
        "the managed policy lets the function write its own logs"
    ),
    "S1": "who reads the recordings is not recorded in this example",
}
"""What cdk-nag's AwsSolutions pack finds here and is meant so, with the reason."""


class IvsRealtimeExample(cdk.Stack):
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
        room = Stage(
            self,
            "Room",
            stage_name=self.node.try_get_context("room") or "room",
            auto_participant_recording=ParticipantRecording(
                storage=StorageConfiguration(self, "Storage", bucket=recordings),
                reconnect_window=cdk.Duration.seconds(30),
                thumbnails=Thumbnails.interval(cdk.Duration.seconds(10)),
            ),
        )
        StageEventLog(self, "Events", stages=[room])
        PublicKey.from_pem_file(self, "TokenKey", PUBLIC_KEY)

        tokens = self._function("Tokens", TOKENS, room)
        room.grant_create_participant_token(tokens)
        moderation = self._function("Moderation", MODERATION, room)
        room.grant_disconnect_participant(moderation)

        api = apigatewayv2.HttpApi(self, "Api", create_default_stage=False, default_authorizer=HttpIamAuthorizer())
        api.add_routes(
            path="/tokens",
            methods=[apigatewayv2.HttpMethod.POST],
            integration=HttpLambdaIntegration("TokensIntegration", tokens),
        )
        door = HttpStage(
            self,
            "Door",
            api=api,
            default_route_settings=RouteSettings(throttling_burst_limit=20, throttling_rate_limit=10),
            access_log_settings=AccessLogSettings(),
        )

        cdk.CfnOutput(self, "RoomArn", value=room.stage_arn)
        cdk.CfnOutput(self, "TokensUrl", value=f"{door.url}tokens")
        cdk.CfnOutput(self, "RecordingsBucket", value=recordings.bucket_name)

        for rule, reason in ACCEPTED.items():
            accepted = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
            cdk.Validations.of(self).acknowledge(accepted)

    def _function(self, id: str, code: str, room: Stage) -> lambda_.Function:
        return lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(code),
            environment={"STAGE": room.stage_arn},
            timeout=cdk.Duration.seconds(10),
        )
