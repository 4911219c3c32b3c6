"""Individual recording of the participants of a stage."""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from .._values import closest_of, join_or, one_of, values_of
from ._types import CHECKED, DOCS, INGEST, STAGE, number_rule
from .every_resource import ARN_FIX, arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class MediaType(str, enum.Enum):
    """What of a participant is recorded."""

    AUDIO_VIDEO = "AUDIO_VIDEO"
    """Audio and video."""
    AUDIO_ONLY = "AUDIO_ONLY"
    """Audio only."""


class ThumbnailStorage(str, enum.Enum):
    """Which thumbnails the bucket keeps."""

    SEQUENTIAL = "SEQUENTIAL"
    """All of them, numbered, under `media/thumbnails`."""
    LATEST = "LATEST"
    """The latest only, under `media/latest_thumbnail`."""


_RECORDING: Final = "AutoParticipantRecordingConfiguration"
_HLS: Final = f"{_RECORDING}.HlsConfiguration.ParticipantRecordingHlsConfiguration"
_THUMBNAILS: Final = f"{_RECORDING}.ThumbnailConfiguration.ParticipantThumbnailConfiguration"
_PAGE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-properties-ivs-stage-autoparticipantrecordingconfiguration.html"
)
_recording_rule = partial(rule, STAGE, source=_PAGE, checked=CHECKED)
_recording_number = partial(number_rule, STAGE, source=_PAGE)
_arn_rule = partial(
    rule,
    id="arn",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="The ARN is one of the kind of resource that is asked for.",
    fix=ARN_FIX,
    checked=CHECKED,
)
_media_type_rule = partial(
    _recording_rule, id="mediaType", doc="One media type is recorded, `AUDIO_VIDEO` or `AUDIO_ONLY`."
)


@_arn_rule(STAGE, f"{_RECORDING}.StorageConfigurationArn", source=_PAGE)
def storage_configuration_arn(value: str, _: Context) -> Iterator[Problem]:
    if value:  # the empty one switches recording off
        yield from arn(value, "storage-configuration")


@_arn_rule(INGEST, "StageArn", source=f"{DOCS}ingestconfiguration.html")
def stage_arn(value: str, _: Context) -> Iterator[Problem]:
    yield from arn(value, "stage")


@_media_type_rule(
    f"{_RECORDING}.MediaTypes.*",
    kind=Kind.SET,
    fix="write {|MediaType.}AUDIO_VIDEO for instance; only the UpdateStage API accepts NONE",
)
def media_type(value: object, at: Context) -> Iterator[Problem]:
    for problem in one_of(value, values_of(MediaType)):
        closest = closest_of(value, values_of(MediaType))
        yield Problem(problem.text, f"write {{|MediaType.}}{closest}" if closest else "", at.path[:-1])


@_media_type_rule(
    f"{_RECORDING}.MediaTypes",
    kind=Kind.GRAMMAR,
    value_type=list,
    fix="write AUDIO_VIDEO alone, which includes the audio",
)
def one_media_type(value: Sequence[object], _: Context) -> Iterator[Problem]:
    if len(value) > 1 and not any(is_unknown(item) for item in value):
        yield Problem("must hold one media type")


_recording_number(
    f"{_RECORDING}.RecordingReconnectWindowSeconds",
    0,
    300,
    "seconds",
    id="reconnectWindow",
    subject="The reconnect window",
)
_recording_number(
    f"{_HLS}.TargetSegmentDurationSeconds", 2, 10, "seconds", id="hlsSegmentDuration", subject="The segment duration"
)
_recording_number(
    f"{_THUMBNAILS}.TargetIntervalSeconds",
    1,
    86_400,
    "seconds",
    id="thumbnailInterval",
    subject="The thumbnail interval",
)


@_recording_rule(
    f"{_THUMBNAILS}.RecordingMode",
    id="thumbnails",
    kind=Kind.SET,
    doc="Thumbnails are recorded at an interval or disabled.",
    fix="write INTERVAL or DISABLED",
)
def thumbnail_mode(value: object, _: Context) -> Iterator[Problem]:
    yield from one_of(value, ("INTERVAL", "DISABLED"))


@_recording_rule(
    (f"{_THUMBNAILS}.TargetIntervalSeconds", f"{_THUMBNAILS}.Storage"),
    id="thumbnailsDisabled",
    kind=Kind.RUN_TIME,
    given=True,
    doc="Settings of thumbnails go with `RecordingMode: INTERVAL`; the default is `DISABLED`.",
    fix="while thumbnails are disabled, none are recorded; write {RecordingMode: INTERVAL|Thumbnails.interval(...)}",
)
def thumbnails_disabled(value: object, at: Context) -> Iterator[Problem]:
    if value and at.beside("RecordingMode", "DISABLED") == "DISABLED":
        yield Problem("should go with {RecordingMode INTERVAL|an interval}")


@_recording_rule(
    f"{_THUMBNAILS}.Storage",
    id="thumbnailStorage",
    kind=Kind.SET,
    value_type=list,
    expected="a list of SEQUENTIAL and LATEST",
    doc="Thumbnails are stored as `SEQUENTIAL`, `LATEST` or both.",
)
def thumbnail_storage(value: Sequence[object], _: Context) -> Iterator[Problem]:
    kinds = values_of(ThumbnailStorage)
    for item in value:
        if not is_unknown(item) and item not in kinds:
            yield Problem(f"must be {join_or(kinds)}", f"write {closest_of(item, kinds) or kinds[0]}", value=item)
    if any(value.count(item) > 1 for item in value):
        yield Problem("must name each kind of storage once", "remove the repeated one")
