"""Recording of participants: props, defaults, ranges, thumbnails, and how it is switched off."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ivs

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import properties, warnings

ARN = "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/AbCdEf123456"


def recorded(stack: cdk.Stack, **props: Any) -> dict[str, Any]:
    """The rendered recording of a stage, with a storage configuration unless one is given."""
    if "storage" not in props:
        props["storage"] = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN)
    ivs.Stage(stack, "Stage", auto_participant_recording=ivs.ParticipantRecording(**props))
    return dict(properties(stack)["AutoParticipantRecordingConfiguration"])


def test_defaults(stack: cdk.Stack) -> None:
    """Sound and picture are recorded, and every default of the service is spelled out."""
    assert recorded(stack) == {
        "StorageConfigurationArn": ARN,
        "MediaTypes": ["AUDIO_VIDEO"],
        "RecordingReconnectWindowSeconds": 0,
        "HlsConfiguration": {"ParticipantRecordingHlsConfiguration": {"TargetSegmentDurationSeconds": 6}},
        "ThumbnailConfiguration": {"ParticipantThumbnailConfiguration": {"RecordingMode": "DISABLED"}},
    }


def test_without_recording_it_is_switched_off(stack: cdk.Stack) -> None:
    """A stage without recording says so: without a word the service would keep the recording it had."""
    ivs.Stage(stack, "Stage", auto_participant_recording=None)
    assert properties(stack)["AutoParticipantRecordingConfiguration"] == {"StorageConfigurationArn": ""}


def test_a_generated_storage_configuration(stack: cdk.Stack) -> None:
    """A generated storage configuration is taken as well."""
    bucket = aws_ivs.CfnStorageConfiguration.S3StorageConfigurationProperty(bucket_name="recordings")
    generated = aws_ivs.CfnStorageConfiguration(stack, "Generated", s3=bucket)
    assert recorded(stack, storage=generated)["StorageConfigurationArn"] == {"Ref": "Generated"}


@pytest.mark.parametrize(
    ("part", "other", "place"), [("eu-west-1", "us-east-1", "Region"), ("123456789012", "210987654321", "account")]
)
def test_storage_elsewhere_warns(stack: cdk.Stack, part: str, other: str, place: str) -> None:
    """A storage configuration of another Region or account records nothing."""
    arn = ARN.replace(part, other)
    recorded(stack, storage=ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Elsewhere", arn))
    (warning,) = warnings(stack)
    assert f"auto_participant_recording.storage should be in the {place} of this construct, {part}" in warning
    assert "stage-constructs:referenceElsewhere" in warning


@pytest.mark.parametrize("storage", [ARN, None, 5])
def test_a_storage_configuration_must_be_a_construct(stack: cdk.Stack, storage: Any) -> None:
    """What is no storage configuration is refused, with the way to import one."""
    with pytest.raises(StageConfigurationError, match=r"auto_participant_recording\.storage must be a storage config"):
        recorded(stack, storage=storage)


def test_a_recording_must_be_one(stack: cdk.Stack) -> None:
    """A dict in place of the value object is refused."""
    recording: Any = {"storage": ARN}
    with pytest.raises(StageConfigurationError, match=r"must be ParticipantRecording\(\.\.\.\)"):
        ivs.Stage(stack, "Stage", auto_participant_recording=recording)


@pytest.mark.parametrize("media_type", [*ivs.MediaType, "AUDIO_ONLY"])
def test_media_types(stack: cdk.Stack, media_type: Any) -> None:
    """Each media type is emitted as the service spells it."""
    assert recorded(stack, media_type=media_type)["MediaTypes"] == [str.__str__(media_type)]


@pytest.mark.parametrize("media_type", ["NONE", "VIDEO", ""])
def test_media_types_that_are_refused(stack: cdk.Stack, media_type: Any) -> None:
    """CloudFormation knows two media types."""
    with pytest.raises(StageConfigurationError, match=r"must be AUDIO_VIDEO or AUDIO_ONLY"):
        recorded(stack, media_type=media_type)


def test_a_media_type_is_accepted_once_aws_has_it(stack: cdk.Stack) -> None:
    """AWS may add media types: the rule is accepted on a scope, and the text goes to the template."""
    cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id="stage-constructs:mediaType", reason="new"))
    assert recorded(stack, media_type="VIDEO_ONLY")["MediaTypes"] == ["VIDEO_ONLY"]


def test_thumbnails_alone_are_of_the_api(stack: cdk.Stack) -> None:
    """The refusal of NONE says where it would be known."""
    with pytest.raises(StageConfigurationError, match="only the UpdateStage API accepts NONE"):
        recorded(stack, media_type="NONE")


@pytest.mark.parametrize("seconds", [0, 1, 300])
def test_reconnect_windows(stack: cdk.Stack, seconds: int) -> None:
    """A reconnect window has 0 to 300 seconds."""
    rendered = recorded(stack, reconnect_window=cdk.Duration.seconds(seconds))
    assert rendered["RecordingReconnectWindowSeconds"] == seconds


@pytest.mark.parametrize("millis", [301_000, 1500])
def test_reconnect_windows_that_are_refused(stack: cdk.Stack, millis: int) -> None:
    """A longer window and fractions of a second are refused."""
    with pytest.raises(StageConfigurationError, match="reconnect_window must be a whole number from 0 to 300 seconds"):
        recorded(stack, reconnect_window=cdk.Duration.millis(millis))


@pytest.mark.parametrize("prop", ["reconnect_window", "hls_segment_duration"])
@pytest.mark.parametrize("value", [6, "6"])
def test_durations_must_be_durations(stack: cdk.Stack, prop: str, value: Any) -> None:
    """A number does not say its unit, and is refused."""
    with pytest.raises(StageConfigurationError, match=rf"{prop} must be a Duration.*Duration\.seconds"):
        recorded(stack, **{prop: value})


@pytest.mark.parametrize("seconds", [2, 10])
def test_hls_segments(stack: cdk.Stack, seconds: int) -> None:
    """Segments have 2 to 10 seconds."""
    rendered = recorded(stack, hls_segment_duration=cdk.Duration.seconds(seconds))
    hls = rendered["HlsConfiguration"]["ParticipantRecordingHlsConfiguration"]
    assert hls == {"TargetSegmentDurationSeconds": seconds}


@pytest.mark.parametrize("millis", [1000, 11_000, 2500])
def test_hls_segments_that_are_refused(stack: cdk.Stack, millis: int) -> None:
    """Shorter and longer segments and fractions of a second are refused."""
    with pytest.raises(StageConfigurationError, match="hls_segment_duration must be a whole number from 2 to 10"):
        recorded(stack, hls_segment_duration=cdk.Duration.millis(millis))


def test_tokens_pass(stack: cdk.Stack) -> None:
    """Durations that are known at deploy only pass unchecked."""
    seconds = cdk.Duration.seconds(cdk.CfnParameter(stack, "P", type="Number").value_as_number)
    rendered = recorded(
        stack,
        reconnect_window=seconds,
        hls_segment_duration=seconds,
        thumbnails=ivs.Thumbnails.interval(seconds),
        media_type=cdk.CfnParameter(stack, "M").value_as_string,
    )
    assert rendered["RecordingReconnectWindowSeconds"] == {"Ref": "P"}
    assert rendered["MediaTypes"] == [{"Ref": "M"}]


def thumbnails(stack: cdk.Stack, chosen: Any) -> dict[str, Any]:
    """The rendered thumbnails of a stage."""
    rendered = recorded(stack, thumbnails=chosen)
    return dict(rendered["ThumbnailConfiguration"]["ParticipantThumbnailConfiguration"])


def test_thumbnails_at_an_interval(stack: cdk.Stack) -> None:
    """Thumbnails are taken at the interval, and all of them are kept."""
    assert thumbnails(stack, ivs.Thumbnails.interval(cdk.Duration.minutes(2))) == {
        "RecordingMode": "INTERVAL",
        "TargetIntervalSeconds": 120,
        "Storage": ["SEQUENTIAL"],
    }


@pytest.mark.parametrize(
    "storage",
    [[ivs.ThumbnailStorage.LATEST], list(ivs.ThumbnailStorage), (ivs.ThumbnailStorage.SEQUENTIAL,), ["LATEST"]],
)
def test_thumbnail_storage(stack: cdk.Stack, storage: Any) -> None:
    """Which thumbnails are kept is emitted as the service spells it."""
    chosen = ivs.Thumbnails.interval(cdk.Duration.seconds(1), storage)
    assert thumbnails(stack, chosen)["Storage"] == [str.__str__(one) for one in storage]


def test_thumbnails_disabled(stack: cdk.Stack) -> None:
    """Disabled thumbnails have no interval and no storage."""
    assert thumbnails(stack, ivs.Thumbnails.disabled()) == {"RecordingMode": "DISABLED"}
    assert warnings(stack) == []


@pytest.mark.parametrize("seconds", [1, 86_400])
def test_thumbnail_intervals(stack: cdk.Stack, seconds: int) -> None:
    """An interval has 1 second to a day."""
    assert thumbnails(stack, ivs.Thumbnails.interval(cdk.Duration.seconds(seconds)))["TargetIntervalSeconds"] == seconds


@pytest.mark.parametrize("millis", [0, 500, 86_401_000])
def test_thumbnail_intervals_that_are_refused(stack: cdk.Stack, millis: int) -> None:
    """Shorter and longer intervals and fractions of a second are refused."""
    with pytest.raises(StageConfigurationError, match=r"thumbnails\.every must be a whole number from 1 to 86,400"):
        thumbnails(stack, ivs.Thumbnails.interval(cdk.Duration.millis(millis)))


@pytest.mark.parametrize("storage", [["FIRST"], "LATEST", [ivs.ThumbnailStorage.LATEST] * 2, 5, [[]]])
def test_thumbnail_storage_that_is_refused(stack: cdk.Stack, storage: Any) -> None:
    """Storage is a list of kinds that the service knows, each of them once."""
    with pytest.raises(StageConfigurationError, match=r"thumbnails\.storage must"):
        thumbnails(stack, ivs.Thumbnails.interval(cdk.Duration.seconds(1), storage))


def test_storage_of_disabled_thumbnails_warns(stack: cdk.Stack) -> None:
    """Where thumbnails go does not matter while none are taken; it is left out with a warning."""
    assert thumbnails(stack, ivs.Thumbnails(storage=[ivs.ThumbnailStorage.LATEST])) == {"RecordingMode": "DISABLED"}
    (warning,) = warnings(stack)
    assert "while thumbnails are disabled, none are recorded" in warning
    assert "stage-constructs:thumbnailsDisabled" in warning


def test_thumbnails_must_be_thumbnails(stack: cdk.Stack) -> None:
    """Anything but the value object is refused."""
    with pytest.raises(StageConfigurationError, match=r"thumbnails must be Thumbnails\.interval"):
        thumbnails(stack, cdk.Duration.seconds(60))


def test_value_objects_compare_by_value() -> None:
    """Two value objects with the same fields are equal and cannot be changed."""
    assert ivs.Thumbnails.disabled() == ivs.Thumbnails()
    with pytest.raises(AttributeError):
        ivs.Thumbnails().storage = ()  # type: ignore[misc]
