"""Individual recording of the participants of a stage."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from .._values import closest_of, join_or, number_between, one_of, values_of
from ._types import DOCS, INGEST, STAGE
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
_MODES: Final = ("INTERVAL", "DISABLED")


@rule(
    STAGE,
    f"{_RECORDING}.StorageConfigurationArn",
    id="arn",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="The ARN is one of the kind of resource that is asked for.",
    fix=ARN_FIX,
    source=_PAGE,
    checked="2026-11",
)
def storage_configuration_arn(value: str, _: Context) -> Iterator[Problem]:
    if value:  # the empty one switches recording off
        yield from arn(value, "storage-configuration")


@rule(
    INGEST,
    "StageArn",
    id="arn",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="The ARN is one of the kind of resource that is asked for.",
    fix=ARN_FIX,
    source=f"{DOCS}ingestconfiguration.html",
    checked="2026-11",
)
def stage_arn(value: str, _: Context) -> Iterator[Problem]:
    yield from arn(value, "stage")


@rule(
    STAGE,
    f"{_RECORDING}.MediaTypes.*",
    id="mediaType",
    kind=Kind.SET,
    doc="One media type is recorded, `AUDIO_VIDEO` or `AUDIO_ONLY`.",
    fix="write {|MediaType.}AUDIO_VIDEO for instance",
    source=_PAGE,
    checked="2026-11",
)
def media_type(value: object, at: Context) -> Iterator[Problem]:
    for problem in one_of(value, values_of(MediaType)):
        fix = "CloudFormation cannot record thumbnails only, the UpdateStage API can" if value == "NONE" else ""
        closest = closest_of(value, values_of(MediaType))
        yield Problem(problem.text, fix or (f"write {{|MediaType.}}{closest}" if closest else ""), at.path[:-1])


@rule(
    STAGE,
    f"{_RECORDING}.MediaTypes",
    id="mediaType",
    kind=Kind.GRAMMAR,
    value_type=list,
    doc="One media type is recorded, `AUDIO_VIDEO` or `AUDIO_ONLY`.",
    fix="write AUDIO_VIDEO alone, which includes the audio",
    source=_PAGE,
    checked="2026-11",
)
def one_media_type(value: Sequence[object], _: Context) -> Iterator[Problem]:
    if len(value) > 1 and not any(is_unknown(item) for item in value):
        yield Problem("must hold one media type")


@rule(
    STAGE,
    f"{_RECORDING}.RecordingReconnectWindowSeconds",
    id="reconnectWindow",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a whole number from 0 to 300 seconds",
    doc="The reconnect window is 0 to 300 whole seconds.",
    fix="Choose such a window.",
    source=_PAGE,
    checked="2026-11",
)
def reconnect_window(value: float, _: Context) -> Iterator[Problem]:
    yield from number_between(value, 0, 300, "seconds")


@rule(
    STAGE,
    f"{_HLS}.TargetSegmentDurationSeconds",
    id="hlsSegmentDuration",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a whole number from 2 to 10 seconds",
    doc="A segment is 2 to 10 whole seconds long.",
    fix="Choose such a duration.",
    source=_PAGE,
    checked="2026-11",
)
def hls_segment_duration(value: float, _: Context) -> Iterator[Problem]:
    yield from number_between(value, 2, 10, "seconds")


@rule(
    STAGE,
    f"{_THUMBNAILS}.RecordingMode",
    id="thumbnails",
    kind=Kind.SET,
    doc="Thumbnails are recorded at an interval or disabled.",
    fix="write INTERVAL or DISABLED",
    source=_PAGE,
    checked="2026-11",
)
def thumbnail_mode(value: object, _: Context) -> Iterator[Problem]:
    yield from one_of(value, _MODES)


@rule(
    STAGE,
    f"{_THUMBNAILS}.TargetIntervalSeconds",
    id="thumbnailInterval",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a whole number from 1 to 86,400 seconds",
    doc="Thumbnails are recorded every 1 to 86,400 whole seconds.",
    fix="Choose such an interval.",
    source=_PAGE,
    checked="2026-11",
)
def thumbnail_interval(value: float, _: Context) -> Iterator[Problem]:
    yield from number_between(value, 1, 86_400, "seconds")


@rule(
    STAGE,
    (f"{_THUMBNAILS}.TargetIntervalSeconds", f"{_THUMBNAILS}.Storage"),
    id="thumbnailsDisabled",
    kind=Kind.RUN_TIME,
    given=True,
    doc="Settings of thumbnails go with `RecordingMode: INTERVAL`; the default is `DISABLED`.",
    fix="while thumbnails are disabled, none are recorded; write {RecordingMode: INTERVAL|Thumbnails.interval(...)}",
    source=_PAGE,
    checked="2026-11",
)
def thumbnails_disabled(value: object, at: Context) -> Iterator[Problem]:
    if value and at.beside("RecordingMode", "DISABLED") == "DISABLED":
        yield Problem("should go with {RecordingMode INTERVAL|an interval}")


@rule(
    STAGE,
    f"{_THUMBNAILS}.Storage",
    id="thumbnailStorage",
    kind=Kind.SET,
    value_type=list,
    expected="a list of SEQUENTIAL and LATEST",
    doc="Thumbnails are stored as `SEQUENTIAL`, `LATEST` or both.",
    fix="Name each kind once.",
    source=_PAGE,
    checked="2026-11",
)
def thumbnail_storage(value: Sequence[object], _: Context) -> Iterator[Problem]:
    kinds = values_of(ThumbnailStorage)
    for item in value:
        if not is_unknown(item) and item not in kinds:
            yield Problem(f"must be {join_or(kinds)}", f"write {kinds[0]} for instance", value=item)
    if any(value.count(item) > 1 for item in value):
        yield Problem("must name each kind of storage once", "remove the repeated one")
