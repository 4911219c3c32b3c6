"""Grants of Amazon IVS real-time.

IVS has no resource policies; the bucket of a storage configuration has one.
"""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from stage_constructs import ivs

from .harness import Row as AnyRow
from .harness import allow

IVS = "arn:{partition}:ivs:{region}:{account}"
STAGE, OTHER_STAGE = f"{IVS}:stage/AbCdEf123456", f"{IVS}:stage/XyZ123456789"
ENCODER, STORAGE = f"{IVS}:encoder-configuration/AbCdEf123456", f"{IVS}:storage-configuration/AbCdEf123456"
CHANNEL = f"{IVS}:channel/AbCdEf123456"
BUCKET = "arn:{partition}:s3:::recordings"
OBSERVE = (
    "ivs:GetParticipant",
    "ivs:GetStage",
    "ivs:GetStageSession",
    "ivs:ListParticipantEvents",
    "ivs:ListParticipantReplicas",
    "ivs:ListParticipants",
    "ivs:ListStageSessions",
)
FENCE = {"StringEquals": {"aws:ResourceTag/app": "video"}}

Row = functools.partial(AnyRow, partitions=("aws",))


def _arn(resource: str) -> str:
    return f"arn:aws:ivs:eu-west-1:123456789012:{resource}/AbCdEf123456"


def stage(stack: cdk.Stack) -> ivs.Stage:
    """A stage that is declared elsewhere, so that other accounts can name it."""
    return ivs.Stage.from_stage_arn(stack, "Stage", _arn("stage"))


def other_stage(stack: cdk.Stack) -> ivs.Stage:
    """Another one."""
    return ivs.Stage.from_stage_arn(stack, "Other", "arn:aws:ivs:eu-west-1:123456789012:stage/XyZ123456789")


def encoder(stack: cdk.Stack) -> ivs.EncoderConfiguration:
    """An encoder configuration that is declared elsewhere."""
    return ivs.EncoderConfiguration.from_encoder_configuration_arn(stack, "Encoder", _arn("encoder-configuration"))


def storage(stack: cdk.Stack) -> ivs.StorageConfiguration:
    """A storage configuration that is declared elsewhere, with a bucket of this stack."""
    return ivs.StorageConfiguration.from_storage_configuration_arn(
        stack,
        "Storage",
        _arn("storage-configuration"),
        bucket=s3.Bucket(stack, "Bucket", bucket_name="recordings"),
    )


def _start_composition(stage: ivs.Stage, grantee: iam.IGrantable) -> iam.Grant:
    return stage.grant_start_composition(
        grantee,
        encoder_configuration=encoder(stage.stack),
        storage_configuration=storage(stage.stack),
        channel_arn=_arn("channel"),
    )


def _media(recording: str) -> list[str]:
    return [f"{BUCKET}/{recording}/events/*", f"{BUCKET}/{recording}/media/*"]


def _recordings(recording: str) -> list[dict[str, Any]]:
    return [
        allow("s3:GetObject", on=_media(recording)),
        allow("s3:ListBucket", on=BUCKET, when={"StringLike": {"s3:prefix": recording}}),
    ]


ROWS = [
    Row(
        method="Stage.grant",
        make=stage,
        grant=lambda stage, grantee: stage.grant(grantee, "ivs:GetStage"),
        identity=[allow("ivs:GetStage", on=STAGE)],
    ),
    Row(
        method="Stage.grant_read",
        make=stage,
        grant=lambda stage, grantee: stage.grant_read(grantee),
        identity=[allow("ivs:GetStage", "ivs:ListTagsForResource", on=STAGE)],
    ),
    Row(
        method="Stage.grant_update",
        make=stage,
        grant=lambda stage, grantee: stage.grant_update(grantee),
        identity=[
            allow(
                "ivs:GetStage",
                "ivs:ListTagsForResource",
                "ivs:TagResource",
                "ivs:UntagResource",
                "ivs:UpdateStage",
                on=STAGE,
            )
        ],
    ),
    Row(
        method="Stage.grant_delete",
        make=stage,
        grant=lambda stage, grantee: stage.grant_delete(grantee),
        identity=[allow("ivs:DeleteStage", "ivs:UntagResource", on=STAGE)],
    ),
    Row(
        method="Stage.grant_create_participant_token",
        make=stage,
        grant=lambda stage, grantee: stage.grant_create_participant_token(grantee),
        identity=[allow("ivs:CreateParticipantToken", on=STAGE)],
    ),
    Row(
        method="Stage.grant_disconnect_participant",
        make=stage,
        grant=lambda stage, grantee: stage.grant_disconnect_participant(grantee),
        identity=[allow("ivs:DisconnectParticipant", on=STAGE)],
    ),
    Row(
        method="Stage.grant_observe",
        make=stage,
        grant=lambda stage, grantee: stage.grant_observe(grantee),
        identity=[allow(*OBSERVE, on=STAGE)],
    ),
    Row(
        method="Stage.grant_start_composition",
        make=stage,
        grant=_start_composition,
        identity=[allow("ivs:StartComposition", on=[STAGE, ENCODER, STORAGE, CHANNEL])],
    ),
    Row(
        method="Stage.grant_manage_compositions",
        make=stage,
        grant=lambda stage, grantee: stage.grant_manage_compositions(grantee),
        identity=[
            allow("ivs:GetComposition", "ivs:StopComposition", on=f"{IVS}:composition/*"),
            allow("ivs:ListCompositions", on=STAGE),
        ],
    ),
    Row(
        method="Stage.grant_participant_replication",
        make=stage,
        grant=lambda stage, grantee: stage.grant_participant_replication(grantee, other_stage(stage.stack)),
        identity=[
            allow("ivs:StartParticipantReplication", "ivs:StopParticipantReplication", on=[STAGE, OTHER_STAGE]),
        ],
    ),
    Row(
        method="StageSessions.grant_manage",
        make=lambda stack: ivs.StageSessions(stack, "Sessions", tags={"app": "video"}),
        grant=lambda sessions, grantee: sessions.grant_manage(grantee),
        identity=[
            allow("ivs:CreateStage", on=f"{IVS}:stage/*", when={"StringEquals": {"aws:RequestTag/app": "video"}}),
            allow(
                "ivs:TagResource",
                on=f"{IVS}:stage/*",
                when={
                    "StringEquals": {"aws:RequestTag/app": "video"},
                    "StringEqualsIfExists": {"aws:ResourceTag/app": "video"},
                },
            ),
            allow(
                "ivs:CreateParticipantToken",
                "ivs:DeleteStage",
                "ivs:DisconnectParticipant",
                "ivs:GetStage",
                "ivs:ListTagsForResource",
                "ivs:UpdateStage",
                on=f"{IVS}:stage/*",
                when=FENCE,
            ),
        ],
    ),
    Row(
        method="StageSessions.grant_list",
        make=lambda stack: ivs.StageSessions(stack, "Sessions", tags={"app": "video"}),
        grant=lambda sessions, grantee: sessions.grant_list(grantee),
        identity=[allow("ivs:ListStages", on=f"{IVS}:stage/*")],
    ),
    Row(
        method="StorageConfiguration.grant_read_recordings",
        make=storage,
        grant=lambda storage, grantee: storage.grant_read_recordings(grantee),
        identity=_recordings("*/*/*/*"),
        resource=_recordings("*/*/*/*"),
    ),
    Row(
        method="StorageConfiguration.grant_read_recordings",
        variant="stage",
        make=storage,
        grant=lambda storage, grantee: storage.grant_read_recordings(grantee, stage=stage(storage.stack)),
        identity=_recordings("AbCdEf123456/*/*/*"),
        resource=_recordings("AbCdEf123456/*/*/*"),
    ),
]
