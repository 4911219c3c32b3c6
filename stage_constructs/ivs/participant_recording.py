"""Individual recording of a stage's participants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .. import _arguments, _suggestions
from .._arguments import plain, violation
from .._other_names import KeywordNames
from ..rules.ivs.recording import MediaType, ThumbnailStorage
from ._references import arn_of, invalid_reference
from ._resource import with_default

if TYPE_CHECKING:
    from collections.abc import Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_ivs as ivs
    from aws_cdk.interfaces.aws_ivs import IStorageConfigurationRef

    from ..errors import Violation


@dataclass(frozen=True, kw_only=True, slots=True)
class Thumbnails:
    """Thumbnails of a recording, created by `Thumbnails.interval(...)` or `Thumbnails.disabled()`.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-individual-participant-recording.html
    """

    every: cdk.Duration | None = None
    """Time between two thumbnails, 1 second to 24 hours. Default: none are recorded."""
    storage: Sequence[ThumbnailStorage | str] = ()
    """Which of them the bucket keeps: all, the latest, or both. Default: none."""

    @classmethod
    def interval(
        cls, every: cdk.Duration, storage: Sequence[ThumbnailStorage | str] = (ThumbnailStorage.SEQUENTIAL,)
    ) -> Thumbnails:
        """Record a thumbnail at an interval.

        Args:
            every: Time between two thumbnails, in whole seconds from 1 second to 24 hours.
            storage: Which thumbnails the bucket keeps: all, the latest, or both. Default: `SEQUENTIAL`, all.
        """
        return cls(every=every, storage=tuple(storage) if isinstance(storage, list) else storage)

    @classmethod
    def disabled(cls) -> Thumbnails:
        """Record no thumbnails."""
        return cls()


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticipantRecording(KeywordNames):
    """Recording of each participant of a stage into an S3 bucket, which starts when the participant publishes.

    The stage that takes it checks it. Everything can be changed in place, but not while a recording is running:
    CloudFormation then reports a conflict.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-individual-participant-recording.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ivs-stage-autoparticipantrecordingconfiguration.html
    """

    storage: IStorageConfigurationRef
    """Where the recordings go: a `StorageConfiguration`, a `CfnStorageConfiguration`, or an imported one."""
    media_type: MediaType | str = MediaType.AUDIO_VIDEO
    """What of a participant is recorded. Default: `MediaType.AUDIO_VIDEO`."""
    reconnect_window: cdk.Duration | None = None
    """Maximum time a participant can be disconnected and still continue the same recording. Default: 0 seconds.

    0 to 300 whole seconds. The event "Recording End" is delayed by this time. With 0 seconds each connection is a
    recording of its own.
    """
    hls_segment_duration: cdk.Duration | None = None
    """Length of the segments that the recording is cut into, in whole seconds from 2 to 10. Default: 6 seconds."""
    thumbnails: Thumbnails | None = None
    """Thumbnails of the recording. Default: none."""


_PROP: Final = "auto_participant_recording"
_PROPERTY: Final = "AutoParticipantRecordingConfiguration"
_HLS: Final = "HlsConfiguration.ParticipantRecordingHlsConfiguration.TargetSegmentDurationSeconds"
_THUMBNAILS: Final = "ThumbnailConfiguration.ParticipantThumbnailConfiguration"


def arguments_of(recording: ParticipantRecording | None) -> list[Violation]:
    """What is wrong with the types of a recording; without any it can be rendered."""
    if recording is None:
        return []
    kind, of_native = ParticipantRecording, {"storageconfigurationarn": "storage"}
    violations = list(_arguments.value_object(_PROP, recording, kind, rule="participantRecording", **of_native))
    if violations:
        return violations
    arn = arn_of(recording.storage, "storage-configuration")
    if arn is None:
        violations += invalid_reference(f"{_PROP}.storage", recording.storage, arn, "storage-configuration")
    violations += _arguments.duration(f"{_PROP}.reconnect_window", recording.reconnect_window)
    violations += _arguments.duration(f"{_PROP}.hls_segment_duration", recording.hls_segment_duration)
    thumbnails, prop = recording.thumbnails, f"{_PROP}.thumbnails"
    if isinstance(thumbnails, Thumbnails):
        expected = "a list of ThumbnailStorage"
        violations += _arguments.duration(f"{prop}.every", thumbnails.every)
        violations += _arguments.sequence(f"{prop}.storage", thumbnails.storage, expected, rule="thumbnailStorage")
    elif thumbnails is not None:
        names, example = ["every", "storage"], "Thumbnails.interval(Duration.seconds(60)) or Thumbnails.disabled()"
        call = _suggestions.suggest_call("Thumbnails.interval", thumbnails, names, targetintervalseconds="every")
        text = "must be Thumbnails.interval(...) or Thumbnails.disabled()"
        violations.append(violation("thumbnails", prop, thumbnails, text, call or f"write {example}"))
    return violations


def to_cloudformation(recording: ParticipantRecording | None) -> dict[str, object]:
    """The recording with every default, so that a value that is no longer given is reset."""
    if recording is None:
        # The empty ARN switches recording off; without it the service might keep the former recording.
        return {"StorageConfigurationArn": ""}
    thumbnails = recording.thumbnails or Thumbnails.disabled()
    storage = [plain(kind) for kind in thumbnails.storage]
    return {
        "StorageConfigurationArn": arn_of(recording.storage, "storage-configuration"),
        "MediaTypes": [plain(with_default(recording.media_type, MediaType.AUDIO_VIDEO))],
        "RecordingReconnectWindowSeconds": _seconds(recording.reconnect_window, 0),
        "HlsConfiguration": {
            "ParticipantRecordingHlsConfiguration": {
                "TargetSegmentDurationSeconds": _seconds(recording.hls_segment_duration, 6)
            }
        },
        "ThumbnailConfiguration": {
            "ParticipantThumbnailConfiguration": {
                "RecordingMode": "DISABLED" if thumbnails.every is None else "INTERVAL",
                "TargetIntervalSeconds": None if thumbnails.every is None else _seconds(thumbnails.every, 60),
                "Storage": None if thumbnails.every is None and not storage else storage,
            }
        },
    }


def leave_out_unused_storage(stage: ivs.CfnStage, recording: ParticipantRecording | None) -> None:
    """Remove the storage of thumbnails that are disabled, which a rule has warned of."""
    thumbnails = recording.thumbnails if recording else None
    if thumbnails and thumbnails.storage and thumbnails.every is None:
        stage.add_property_deletion_override(f"{_PROPERTY}.{_THUMBNAILS}.Storage")


def given_by(recording: ParticipantRecording | None) -> dict[str, object]:
    """The values as the caller wrote them, by their paths in CloudFormation."""
    if recording is None:
        return {}
    values = {
        "MediaTypes": recording.media_type,
        "RecordingReconnectWindowSeconds": recording.reconnect_window,
        _HLS: recording.hls_segment_duration,
        f"{_THUMBNAILS}.TargetIntervalSeconds": recording.thumbnails and recording.thumbnails.every,
        f"{_THUMBNAILS}.Storage": recording.thumbnails and list(recording.thumbnails.storage),
    }
    return {f"{_PROPERTY}.{path}": value for path, value in values.items()}


def _seconds(duration: cdk.Duration | None, default: int) -> int | float:
    return default if duration is None else duration.to_seconds(integral=False)
