"""IVS stages whose participants are recorded, to the same template by this library and by the L1; there is no L2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ivs as ivs
from aws_cdk import aws_s3 as s3

from . import native

if TYPE_CHECKING:
    import aws_cdk as cdk

Cfn = ivs.CfnStage
HLS = Cfn.ParticipantRecordingHlsConfigurationProperty(target_segment_duration_seconds=6)
THUMBNAILS = Cfn.ParticipantThumbnailConfigurationProperty(recording_mode="DISABLED")
RECORDING: Any = {
    "media_types": ["AUDIO_VIDEO"],
    "recording_reconnect_window_seconds": 0,
    "hls_configuration": Cfn.HlsConfigurationProperty(participant_recording_hls_configuration=HLS),
    "thumbnail_configuration": Cfn.ThumbnailConfigurationProperty(participant_thumbnail_configuration=THUMBNAILS),
}


class Stages:
    """A stack with a bucket and its storage configuration, and a way to build stages that refer to it."""

    def __init__(self, stack: cdk.Stack, kind: str, way: str, apis: int, *, imported: bool) -> None:  # noqa: ARG002
        self.stack = stack
        self.build = getattr(self, f"{way}_{kind}")
        bucket = s3.Bucket(stack, "Bucket")
        if way == "ours":
            from stage_constructs.ivs import StorageConfiguration

            self.storage: Any = StorageConfiguration(stack, "Storage", bucket=bucket)
        else:
            self.storage = native.storage_configuration(stack, bucket)

    def ours_ivs(self, id: str, _: int) -> None:
        """Recording by a reference to the storage configuration."""
        from stage_constructs.ivs import ParticipantRecording, Stage

        recording = ParticipantRecording(storage=self.storage)
        Stage(self.stack, id, stage_name=id, auto_participant_recording=recording)

    def l1_ivs(self, id: str, _: int) -> None:
        """All in one request, and one for the ARN of the storage configuration."""
        recording = Cfn.AutoParticipantRecordingConfigurationProperty(
            storage_configuration_arn=self.storage.attr_arn, **RECORDING
        )
        Cfn(self.stack, id, name=id, auto_participant_recording_configuration=recording)
