"""Individual recording of a stage's participants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .. import _arguments, _suggestions
from .._arguments import plain
from ..rules.ivs.recording import MediaType, ThumbnailStorage
from ._resources import arn_of, invalid_reference, with_default

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import aws_cdk as cdk
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
class ParticipantRecording:
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


def arguments_of(recording: object) -> list[Violation]:
    """What is wrong with the types of a recording; without any it can be rendered."""
    if not isinstance(recording, ParticipantRecording):
        return list(_invalid_recording(recording)) if recording is not None else []
    storage = recording.storage
    arn = arn_of(storage, "storage_configuration")
    violations = [
        *(() if arn is not None else invalid_reference(f"{_PROP}.storage", storage, arn, "storage-configuration")),
        *_arguments.duration(f"{_PROP}.reconnect_window", recording.reconnect_window),
        *_arguments.duration(f"{_PROP}.hls_segment_duration", recording.hls_segment_duration),
    ]
    thumbnails = recording.thumbnails
    if isinstance(thumbnails, Thumbnails):
        prop = f"{_PROP}.thumbnails"
        expected = "a list of ThumbnailStorage"
        violations += _arguments.duration(f"{prop}.every", thumbnails.every)
        violations += _arguments.sequence(f"{prop}.storage", thumbnails.storage, expected, rule="thumbnailStorage")
    elif thumbnails is not None:
        violations += _invalid_thumbnails(thumbnails)
    return violations


def _invalid_recording(value: object) -> Iterator[Violation]:
    storage = 'ivs.StorageConfiguration(self, "Id", bucket={})'
    if _arguments.has_member(value, "storage_configuration_ref"):
        fix = "write ParticipantRecording(storage=...) with the storage configuration in it"
    elif _arguments.has_member(value, "bucket_ref"):
        fix = f"write ParticipantRecording(storage={storage.format('...')})"
    elif isinstance(value, str):
        by_arn = 'ivs.StorageConfiguration.from_storage_configuration_arn(self, "Id", {})'
        by_name = storage.format('s3.Bucket.from_bucket_name(self, "Bucket", {})')
        call = _suggestions.suggest_import(
            value, by_arn=f"ParticipantRecording(storage={by_arn})", by_name=f"ParticipantRecording(storage={by_name})"
        )
        fix = call or "write ParticipantRecording(storage=...)"
    else:
        yield from _arguments.value_object(
            _PROP, value, ParticipantRecording, rule="participantRecording", storageconfigurationarn="storage"
        )
        return
    yield _arguments.violation("participantRecording", _PROP, value, "must be ParticipantRecording(...)", fix)


def _invalid_thumbnails(value: object) -> Iterator[Violation]:
    fix = _suggestions.suggest_call("Thumbnails.interval", value, ["every", "storage"], targetintervalseconds="every")
    if value is False:
        fix = "write Thumbnails.disabled()"
    elif _arguments.has_member(value, "to_seconds"):
        fix = f"write Thumbnails.interval({_suggestions.format_argument(value)})"
    elif isinstance(value, (int, float)) and value is not True:
        fix = f"write Thumbnails.interval(Duration.seconds({value}))"
    expected = "must be Thumbnails.interval(...) or Thumbnails.disabled()"
    fix = fix or "write Thumbnails.interval(Duration.seconds(60)) for instance"
    yield _arguments.violation("thumbnails", f"{_PROP}.thumbnails", value, expected, fix)


def to_cloudformation(recording: ParticipantRecording | None) -> dict[str, object]:
    """The recording with every default, so that a value that is no longer given is reset."""
    if recording is None:
        # The empty ARN switches recording off; without it the service might keep the former recording.
        return {"StorageConfigurationArn": ""}
    thumbnails = recording.thumbnails or Thumbnails.disabled()
    storage = [plain(kind) for kind in thumbnails.storage]
    return {
        "StorageConfigurationArn": arn_of(recording.storage, "storage_configuration"),
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


def leave_out_unused_storage(properties: dict[str, Any]) -> None:
    """Remove the storage of thumbnails that are disabled, which a rule has warned of."""
    for settings in properties[_PROPERTY].get("ThumbnailConfiguration", {}).values():
        if settings["RecordingMode"] == "DISABLED":
            settings["Storage"] = None


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
