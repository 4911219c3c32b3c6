"""What all resources of Amazon IVS real-time have: a name, tags, a Region, a quota."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from ..tags import tag_rules
from ._types import ALL, DOCS, ENCODER, INGEST, PUBLIC_KEY, QUOTAS_PAGE, STAGE, STORAGE, position

if TYPE_CHECKING:
    from collections.abc import Iterator

REGIONS: Final = frozenset(
    {"ap-northeast-1", "ap-northeast-2", "ap-south-1", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"}
)
"""https://docs.aws.amazon.com/general/latest/gr/ivs.html"""

MAX_NAME: Final = 128
MAX_PUBLIC_KEYS: Final = 3
QUOTAS: Final = {ENCODER: 20, INGEST: 100, STAGE: 1000, STORAGE: 5}
"""Default quotas of one account in one Region, by resource type."""
_QUOTA_IDS: Final = {
    ENCODER: "encoderConfigurationQuota",
    INGEST: "ingestConfigurationQuota",
    STAGE: "stageQuota",
    STORAGE: "storageConfigurationQuota",
}
_NAME: Final = re.compile(r"[a-zA-Z0-9-_]*")
_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[-a-z]*):ivs:(?P<region>[a-z0-9-]+):(?P<account>[0-9]+):(?P<resource>[a-z-]+)/(?P<id>[a-zA-Z0-9-]+)"
)
MAX_ARN: Final = 128


@rule(
    ALL,
    "Name",
    id="name",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc=f"A name has at most {MAX_NAME} letters, digits, hyphens and underscores.",
    fix="Choose such a name.",
    source=f"{DOCS}stage.html",
    checked="2026-11",
)
def name(value: str, _: Context) -> Iterator[Problem]:
    if len(value) <= MAX_NAME and _NAME.fullmatch(value):
        return
    suggestion = re.sub(r"[^a-zA-Z0-9_-]+", "-", value).strip("-")[:MAX_NAME]
    fix = "write {suggestion} for instance" if suggestion else "leave it out"
    if len(value) > MAX_NAME and value.startswith(suggestion):
        fix = f"shorten it by {len(value) - MAX_NAME}"
    yield Problem(
        f"must have at most {MAX_NAME} letters, digits, hyphens and underscores",
        fix,
        values={"suggestion": suggestion},
    )


tag_rules(ALL, max_value_length=256, source=f"{DOCS}stage.html", as_list=True)


@rule(
    ALL,
    "",
    id="region",
    kind=Kind.SET,
    doc=f"Amazon IVS real-time is available in {len(REGIONS)} Regions.",
    fix="put it into a stack in one of these; clients reach a stage from anywhere",
    service="Template format error: Unrecognized resource types",
    source="https://docs.aws.amazon.com/general/latest/gr/ivs.html",
    checked="2026-11",
)
def region(_: object, at: Context) -> Iterator[Problem]:
    own = at.resource.region
    if own is not None and own not in REGIONS:
        yield Problem(f"must be {{in |}}a Region with Amazon IVS real-time: {', '.join(sorted(REGIONS))}", value=own)


def _quota(resource_type: str) -> None:
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", resource_type.rpartition(":")[2]).lower()
    limit = QUOTAS[resource_type]

    @rule(
        resource_type,
        "",
        id=_QUOTA_IDS[resource_type],
        kind=Kind.QUOTA,
        across=True,
        doc=f"An account has at most {limit:,} {kind}s in a Region, which is AWS's default quota.",
        fix="AWS refuses more unless the quota was raised; once it is, accept this rule",
        source=QUOTAS_PAGE,
        checked="2026-11",
    )
    def quota(_: object, at: Context) -> Iterator[Problem]:
        number = position(at)
        if number > limit:
            yield Problem(f"should be one of at most {limit:,} {kind}s in one account and Region", value=number)


for _type in QUOTAS:
    _quota(_type)


@rule(
    PUBLIC_KEY,
    "",
    id="publicKeyQuota",
    kind=Kind.LIMIT,
    across=True,
    doc=f"An account has at most {MAX_PUBLIC_KEYS} public keys in a Region, which AWS does not raise.",
    fix="AWS does not raise this quota; remove one, for one key serves any number of stages",
    source=QUOTAS_PAGE,
    checked="2026-11",
)
def public_key_quota(_: object, at: Context) -> Iterator[Problem]:
    number = position(at)
    if number > MAX_PUBLIC_KEYS:
        yield Problem(f"must be one of at most {MAX_PUBLIC_KEYS} public keys in one account and Region", value=number)


def arn(value: str, resource: str) -> Iterator[Problem]:
    """The ARN of a resource of Amazon IVS, such as `stage`."""
    match = _ARN.fullmatch(value)
    if match is None or match["resource"] != resource or len(value) > MAX_ARN:
        fix = f"this is the ARN of another kind of resource, {match['resource']}" if match else ""
        yield Problem(f"must be an ARN of the form arn:<partition>:ivs:<region>:<account>:{resource}/<id>", fix)


ARN_FIX: Final = "copy it as the service shows it"
