"""Individual recording of a stage's participants."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_ivs as ivs

from .. import _checks, _wording
from . import _rules
from ._references import arn_of
from .recording_media import MediaType, ThumbnailStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import aws_cdk as cdk
    from aws_cdk.interfaces.aws_ivs import IStorageConfigurationRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Thumbnails:
    """Pictures taken of a recording; made by `Thumbnails.interval(...)` or `Thumbnails.disabled()`.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-individual-participant-recording.html
    """

    every: cdk.Duration | None = None
    """Time between two pictures, 1 second to 24 hours. Default: none are taken."""
    storage: Sequence[ThumbnailStorage] = ()
    """Which of them the bucket keeps: all, the latest, or both. Default: none."""

    @classmethod
    def interval(
        cls, every: cdk.Duration, storage: Sequence[ThumbnailStorage] = (ThumbnailStorage.SEQUENTIAL,)
    ) -> Thumbnails:
        """Take a picture at an interval.

        Args:
            every: Time between two pictures, in whole seconds from 1 second to 24 hours.
            storage: Which pictures the bucket keeps: all, the latest, or both. Default: `SEQUENTIAL`, all.
        """
        return cls(every=every, storage=tuple(storage) if isinstance(storage, list) else storage)

    @classmethod
    def disabled(cls) -> Thumbnails:
        """Take no pictures."""
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
    media_type: MediaType = MediaType.AUDIO_VIDEO
    """What of a participant is recorded. Default: `MediaType.AUDIO_VIDEO`, sound and picture."""
    reconnect_window: cdk.Duration | None = None
    """How long one may be away and the recording goes on as one, 0 to 300 whole seconds. Default: 0 seconds.

    The event that tells of the recording's end comes later by as much. With 0 seconds each connection is a recording
    of its own.
    """
    hls_segment_duration: cdk.Duration | None = None
    """Length of the segments that the recording is cut into, in whole seconds from 2 to 10. Default: 6 seconds."""
    thumbnails: Thumbnails | None = None
    """Pictures taken of the recording. Default: none."""


_PROP = "auto_participant_recording"


def faults_of(recording: object) -> Iterator[_checks.Fault]:
    """What is wrong with the recording of a stage."""
    if recording is None:
        return
    if not isinstance(recording, ParticipantRecording):
        remedy = _recording_meant(recording)
        yield _checks.wrong_type(
            _PROP, recording, "ParticipantRecording(...)", rule="participantRecording", remedy=remedy
        )
        return
    yield from _rules.reference(
        f"{_PROP}.storage",
        recording.storage,
        arn_of(recording.storage, "storage_configuration"),
        "storage-configuration",
    )
    yield from _rules.media_type(f"{_PROP}.media_type", recording.media_type)
    yield from _length(f"{_PROP}.reconnect_window", recording.reconnect_window, _rules.reconnect_window)
    yield from _length(f"{_PROP}.hls_segment_duration", recording.hls_segment_duration, _rules.hls_segment_duration)
    thumbnails = recording.thumbnails
    if isinstance(thumbnails, Thumbnails):
        yield from _length(f"{_PROP}.thumbnails.every", thumbnails.every, _rules.thumbnail_interval)
        prop, storage = f"{_PROP}.thumbnails.storage", cast("object", thumbnails.storage)
        if isinstance(storage, (list, tuple)):
            yield from _rules.thumbnail_storage(prop, thumbnails.storage, recorded=thumbnails.every is not None)
        else:  # a token too: the template holds a list
            yield _checks.wrong_type(prop, storage, "a list of ThumbnailStorage", rule="thumbnailStorage")
    elif thumbnails is not None:
        expected, remedy = "Thumbnails.interval(...) or Thumbnails.disabled()", _thumbnails_meant(thumbnails)
        yield _checks.wrong_type(f"{_PROP}.thumbnails", thumbnails, expected, rule="thumbnails", remedy=remedy)


def _recording_meant(value: object) -> str:
    if _checks.plays(value, "storage_configuration_ref"):
        return "write ParticipantRecording(storage=...) with the storage configuration in it"
    if _checks.plays(value, "bucket_ref"):
        return "write ParticipantRecording(storage=StorageConfiguration(scope, id, bucket=...))"
    by_arn = "ParticipantRecording(storage=StorageConfiguration.from_storage_configuration_arn(scope, id, {}))"
    names = [each.name for each in fields(ParticipantRecording)]
    call = _wording.as_call("ParticipantRecording", value, names, storageconfigurationarn="storage")
    by_name = "ParticipantRecording(storage=StorageConfiguration(scope, id, bucket=...)) with bucket {}"
    return _wording.imported(value, by_arn=by_arn, by_name=by_name) or call or "write ParticipantRecording(storage=...)"


def _thumbnails_meant(value: object) -> str:
    if value is False:
        return "write Thumbnails.disabled()"
    if _checks.plays(value, "to_seconds") or (isinstance(value, (int, float)) and value is not True):
        length = _wording.written(value) if _checks.plays(value, "to_seconds") else f"Duration.seconds({value})"
        return f"write Thumbnails.interval({length})"
    call = _wording.as_call("Thumbnails.interval", value, ["every", "storage"], targetintervalseconds="every")
    return call or "write Thumbnails.interval(Duration.seconds(60)) for instance"


def render(recording: ParticipantRecording | None) -> ivs.CfnStage.AutoParticipantRecordingConfigurationProperty:
    """The recording with every default spelled out, so that a value that is taken back again really goes."""
    if recording is None:
        # The empty ARN switches recording off; without a word the service might keep what it had.
        return ivs.CfnStage.AutoParticipantRecordingConfigurationProperty(storage_configuration_arn="")
    thumbnails = recording.thumbnails or Thumbnails.disabled()
    return ivs.CfnStage.AutoParticipantRecordingConfigurationProperty(
        storage_configuration_arn=recording.storage.storage_configuration_ref.storage_configuration_arn,
        media_types=[str.__str__(recording.media_type)],
        recording_reconnect_window_seconds=_whole_seconds(recording.reconnect_window, 0),
        hls_configuration=ivs.CfnStage.HlsConfigurationProperty(
            participant_recording_hls_configuration=ivs.CfnStage.ParticipantRecordingHlsConfigurationProperty(
                target_segment_duration_seconds=_whole_seconds(recording.hls_segment_duration, 6)
            )
        ),
        thumbnail_configuration=ivs.CfnStage.ThumbnailConfigurationProperty(
            participant_thumbnail_configuration=ivs.CfnStage.ParticipantThumbnailConfigurationProperty(
                recording_mode="DISABLED" if thumbnails.every is None else "INTERVAL",
                target_interval_seconds=None if thumbnails.every is None else _whole_seconds(thumbnails.every, 60),
                storage=None if thumbnails.every is None else [str.__str__(kind) for kind in thumbnails.storage],
            )
        ),
    )


def _length(
    prop: str, duration: object, rule: Callable[[str, object], Iterator[_checks.Fault]]
) -> Iterator[_checks.Fault]:
    """What a rule about seconds says of a duration."""
    if duration is None:
        return
    if not _checks.plays(duration, "to_seconds"):
        remedy = _wording.duration(duration)
        yield _checks.wrong_type(prop, duration, "a Duration", rule="duration", remedy=remedy)
        return
    try:
        seconds = cast("cdk.Duration", duration).to_seconds(integral=False)
    except RuntimeError:  # a token in another unit than seconds
        remedy = "write Duration.seconds(...) with the token"
        yield _checks.wrong_type(prop, duration, "a Duration in seconds", rule="duration", remedy=remedy)
        return
    for fault in rule(prop, seconds):
        yield replace(fault, value=duration)


def _whole_seconds(duration: cdk.Duration | None, default: int) -> int | float:
    return default if duration is None else duration.to_seconds()
