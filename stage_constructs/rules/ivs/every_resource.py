"""What all resources of Amazon IVS real-time have: a name, tags, a Region, a quota, an ARN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from ..tags import tag_rules
from ._types import ALL, CHECKED, DOCS, ENCODER, INGEST, PUBLIC_KEY, STAGE, STORAGE, quota_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGIONS_PAGE: Final = "https://docs.aws.amazon.com/general/latest/gr/ivs.html"
_QUOTAS_PAGE: Final = "https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/service-quotas.html"
REGIONS: Final = frozenset(
    {"ap-northeast-1", "ap-northeast-2", "ap-south-1", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"}
)

QUOTAS: Final = {ENCODER: 20, INGEST: 100, STAGE: 1000, STORAGE: 5}
"""Default quotas of one account in one Region, by resource type."""
_MAX_PUBLIC_KEYS: Final = 3
_MAX_NAME: Final = 128
_MAX_ARN: Final = 128
_ARN: Final = re.compile(
    r"arn:aws[-a-z]*:ivs:(?P<region>[a-z0-9-]+):(?P<account>[0-9]+):(?P<resource>[a-z-]+)/[a-zA-Z0-9-]+"
)
ARN_FIX: Final = "copy it as the service shows it"


@rule(
    ALL,
    "Name",
    id="name",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc=f"A name has at most {_MAX_NAME} letters, digits, hyphens and underscores.",
    fix="write a name such as my-stage",
    source=f"{DOCS}stage.html",
    checked=CHECKED,
)
def name(value: str, _: Context) -> Iterator[Problem]:
    if len(value) > _MAX_NAME or not re.fullmatch(r"[a-zA-Z0-9_-]*", value):
        yield Problem(f"must have at most {_MAX_NAME} letters, digits, hyphens and underscores")


tag_rules(ALL, max_value_length=256, source=f"{DOCS}stage.html", as_list=True)


@rule(
    ALL,
    "",
    id="region",
    kind=Kind.SET,
    doc=f"Amazon IVS real-time is available in {len(REGIONS)} Regions.",
    fix="put it into a stack in one of these; clients reach a stage from anywhere",
    service="Template format error: Unrecognized resource types",
    source=_REGIONS_PAGE,
    checked=CHECKED,
)
def region(_: object, at: Context) -> Iterator[Problem]:
    own = at.resource.region
    if own is not None and own not in REGIONS:
        yield Problem(f"must be {{in |}}a Region with Amazon IVS real-time: {', '.join(sorted(REGIONS))}", value=own)


for _type, _id, _things in (
    (ENCODER, "encoderConfigurationQuota", "encoder configurations"),
    (INGEST, "ingestConfigurationQuota", "ingest configurations"),
    (STAGE, "stageQuota", "stages"),
    (STORAGE, "storageConfigurationQuota", "storage configurations"),
):
    quota_rule(
        _type,
        QUOTAS[_type],
        _things,
        id=_id,
        doc=f"An account has at most {QUOTAS[_type]:,} {_things} in a Region, which is AWS's default quota.",
        fix="AWS refuses more unless the quota was raised; once it is, accept this rule",
        source=_QUOTAS_PAGE,
    )

quota_rule(
    PUBLIC_KEY,
    _MAX_PUBLIC_KEYS,
    "public keys",
    kind=Kind.LIMIT,
    id="publicKeyQuota",
    doc=f"An account has at most {_MAX_PUBLIC_KEYS} public keys in a Region, which AWS does not raise.",
    fix="AWS does not raise this quota; remove one, for one key serves any number of stages",
    source=_QUOTAS_PAGE,
)


def parse_arn(value: str) -> re.Match[str] | None:
    """The parts of the ARN of a resource of Amazon IVS; None where it is none."""
    return _ARN.fullmatch(value)


def arn(value: str, resource: str) -> Iterator[Problem]:
    """The ARN of a resource of Amazon IVS, such as `stage`."""
    match = parse_arn(value)
    if match and match["resource"] == resource and len(value) > _MAX_ARN:
        yield Problem(f"must have at most {_MAX_ARN} characters", ARN_FIX)
    elif match is None or match["resource"] != resource:
        fix = f"this is the ARN of another kind of resource, {match['resource']}" if match else ""
        yield Problem(f"must be an ARN of the form arn:<partition>:ivs:<region>:<account>:{resource}/<id>", fix)
