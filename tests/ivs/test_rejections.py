"""What Amazon IVS real-time is known to refuse, row by row: the test of each, or why no synth can know it."""

from __future__ import annotations

import importlib
import inspect
from typing import Final

import pytest

from stage_constructs import ivs

TESTED: Final[dict[str, list[str]]] = {
    "1 a name that is too long or has other characters": [
        "test_stage.test_names",
        "test_stage.test_names_that_are_refused",
        "test_storage_configuration.test_names_that_are_refused",
        "test_encoder_configuration.test_names_that_are_refused",
        "test_ingest_configuration.test_names_that_are_refused",
        "test_public_key.test_names_that_are_refused",
    ],
    "2 a reconnect window outside of 0 to 300 whole seconds": [
        "test_participant_recording.test_reconnect_windows",
        "test_participant_recording.test_reconnect_windows_that_are_refused",
    ],
    "3 HLS segments outside of 2 to 10 seconds": [
        "test_participant_recording.test_hls_segments",
        "test_participant_recording.test_hls_segments_that_are_refused",
    ],
    "4 a thumbnail interval outside of 1 to 86400 seconds": [
        "test_participant_recording.test_thumbnail_intervals",
        "test_participant_recording.test_thumbnail_intervals_that_are_refused",
    ],
    "5 a media type that CloudFormation does not know": [
        "test_participant_recording.test_media_types_that_are_refused",
        "test_participant_recording.test_thumbnails_alone_are_of_the_api",
    ],
    "6 recording without a storage configuration": [
        "test_participant_recording.test_a_storage_configuration_must_be_a_construct"
    ],
    "7 a storage configuration whose ARN is malformed or of another partition": [
        "test_storage_configuration.test_arns_that_are_refused"
    ],
    "8 settings of thumbnails that are disabled": [
        "test_participant_recording.test_storage_of_disabled_thumbnails_warns"
    ],
    "9 a Region without the service": [
        "test_stage.test_a_region_without_the_service_is_refused",
        "test_public_key.test_a_region_without_the_service_is_refused",
    ],
    "10 a bucket of another Region": [
        "test_storage_configuration.test_a_bucket_of_another_region_warns",
        "test_storage_configuration.test_an_imported_bucket_of_another_region_warns",
    ],
    "11 a bucket that encrypts by KMS": [
        "test_storage_configuration.test_a_bucket_that_encrypts_by_kms_is_reported",
        "test_storage_configuration.test_an_imported_bucket_that_encrypts_by_kms_warns",
        "test_storage_configuration.test_a_bucket_of_another_stack_that_encrypts_by_kms_warns",
    ],
    "13 a bucket policy that loses the statement of IVS": [
        "test_storage_configuration.test_the_bucket_policy_lets_ivs_write",
        "test_storage_configuration.test_the_policy_comes_first",
        "test_storage_configuration.test_an_imported_bucket_warns",
    ],
    "14 odd sides and too many pixels": [
        "test_encoder_configuration.test_odd_sides_are_refused",
        "test_encoder_configuration.test_sizes_that_are_refused",
    ],
    "15 sides, frame rates and bit rates out of range": [
        "test_encoder_configuration.test_sides_that_are_refused",
        "test_encoder_configuration.test_framerates_that_are_refused",
        "test_encoder_configuration.test_bitrates_that_are_refused",
    ],
    "16 RTMP without insecure ingest": ["test_ingest_configuration.test_rtmp_without_insecure_ingest_is_refused"],
    "18 an ingest configuration with an empty stage": [
        "test_ingest_configuration.test_defaults",
        "test_ingest_configuration.test_a_stage_must_be_a_construct",
    ],
    "19 a public key that is none, or not on P-384": [
        "test_public_key.test_what_is_no_public_key_is_refused",
        "test_public_key.test_other_kinds_of_keys_are_refused",
        "test_public_key.test_private_keys_go_nowhere",
    ],
    "20 a fourth public key": [
        "test_public_key.test_a_fourth_key_is_refused",
        "test_public_key.test_three_keys",
    ],
    "21 more than the adjustable quotas": ["test_quotas.test_the_quota", "test_quotas.test_up_to_the_quota"],
    "22 tags that are too many, too long or AWS's own": [
        "test_stage.test_tags_that_are_refused",
        "test_stage.test_as_many_tags_as_there_may_be",
    ],
    "23 properties that CloudFormation does not have": ["test_rejections.test_what_is_not_offered"],
    "24 read-only properties": ["test_rejections.test_what_is_not_offered"],
    "25 an eleventh log resource policy": ["test_stage_event_log.test_one_policy_and_no_function"],
    "31 a pattern that never matches": [
        "test_stage_events.test_patterns",
        "test_stage_events.test_unknown_event_names_warn",
    ],
    "32 an alarm that never has data": [
        "test_stage_metrics.test_metrics",
        "test_stage_metrics.test_statistics_that_are_not_published",
        "test_stage_metrics.test_dimensions_that_are_not_published",
    ],
}

UNKNOWABLE: Final[dict[str, str]] = {
    "12 a bucket with Object Ownership ObjectWriter": "a bucket does not tell Python its ownership controls;"
    " StorageConfiguration says so in its documentation",
    "17 streaming software that uses another protocol": "the software connects at run time; documented at"
    " ingest_protocol",
    "26 a change of recording while a recording is running": "whether one is running is known at run time;"
    " documented at ParticipantRecording",
    "27 deleting a storage configuration that a composition uses": "compositions are made at run time",
    "28 deleting an ingest configuration while someone publishes": "who publishes is known at run time; documented at"
    " IngestConfiguration",
    "29 an account that is not verified": "the account is not asked at synth",
    "30 a deploying role without the permissions of S3": "the role of CloudFormation is not part of the app;"
    " documented at StorageConfiguration",
}


def test_every_row_is_treated() -> None:
    """All 32 known refusals are either tested or said to be out of reach, none is both."""
    numbers = sorted(int(row.split()[0]) for row in [*TESTED, *UNKNOWABLE])
    assert numbers == list(range(1, 33))


@pytest.mark.parametrize("row", TESTED)
def test_rows_have_their_tests(row: str) -> None:
    """The tests that a row names exist."""
    for name in TESTED[row]:
        module, test = name.split(".")
        assert callable(getattr(importlib.import_module(f".{module}", __package__), test))


@pytest.mark.parametrize("row", UNKNOWABLE)
def test_rows_out_of_reach_say_why(row: str) -> None:
    """A row without a test has a reason."""
    assert UNKNOWABLE[row]


def test_what_is_not_offered() -> None:
    """Properties that CloudFormation does not take have no parameter."""
    recording = set(inspect.signature(ivs.ParticipantRecording).parameters)
    assert recording == {"storage", "media_type", "reconnect_window", "hls_segment_duration", "thumbnails"}
    ingest = set(inspect.signature(ivs.IngestConfiguration.__init__).parameters)
    assert not ingest & {"attributes", "redundant_ingest", "participant_id", "stream_key", "state"}
    stage = set(inspect.signature(ivs.Stage.__init__).parameters)
    assert stage == {"self", "scope", "id", "stage_name", "auto_participant_recording", "tags"}
