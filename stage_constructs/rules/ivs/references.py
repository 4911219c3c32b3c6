"""What the resources of Amazon IVS real-time refer to: storage configurations, stages, buckets."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from ._types import DOCS, INGEST, STAGE, STORAGE
from .every_resource import parse_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

_BUCKET_NAME: Final = re.compile(r"(?!.*\.\.)(?!\d+(?:\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_elsewhere = functools.partial(
    rule,
    id="referenceElsewhere",
    kind=Kind.RUN_TIME,
    value_type=str,
    doc="A stage, its storage configuration and its ingest configurations are in one account and Region.",
    checked="2026-11",
)


@_elsewhere(
    STAGE,
    "AutoParticipantRecordingConfiguration.StorageConfigurationArn",
    fix="Amazon IVS records to a storage configuration and a bucket of the stage's own account and Region; create them"
    " there",
    source="https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/getting-started-create-stage.html",
)
@_elsewhere(
    INGEST,
    "StageArn",
    fix="create the ingest configuration in the account and Region of the stage",
    source=f"{DOCS}ingestconfiguration.html",
)
def reference_elsewhere(value: str, at: Context) -> Iterator[Problem]:
    for word, named, own in places_apart(value, at.resource.region, at.resource.account):
        yield Problem(f"should be in the {word} of this {{resource|construct}}, {own}", value=named)


def places_apart(arn: str, region: str | None, account: str | None) -> Iterator[tuple[str, str, str]]:
    """The Region and the account that an ARN names, where they are known not to be these: what it is, both values."""
    named = parse_arn(arn)
    for word, own in (("Region", region), ("account", account)):
        if named and own and not is_unknown(own) and named[word.lower()] != own:
            yield word, named[word.lower()], own


@rule(
    STORAGE,
    "S3.BucketName",
    id="bucketName",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="The name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends,"
    " no two dots in a row, and is no IP address.",
    fix="write the name of a bucket as S3 shows it, which is no ARN and no URL",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    checked="2026-11",
)
def bucket_name(value: str, _: Context) -> Iterator[Problem]:
    if not _BUCKET_NAME.fullmatch(value):
        yield Problem(
            "must {be|have a name of} 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at"
            " both ends, without two dots in a row, and no IP address"
        )
