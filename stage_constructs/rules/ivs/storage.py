"""Storage configurations: the bucket that recordings are written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict, as_list
from .._unknown import is_unknown
from ._types import CHECKED, DOCS, STORAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._resources import Resource

_BUCKET: Final = "AWS::S3::Bucket"
_BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
WRITER: Final = "ivs-composite"
"""How the service principal begins that writes recordings."""
_bucket_rule = partial(
    rule,
    STORAGE,
    "S3.BucketName",
    kind=Kind.RUN_TIME,
    across=True,
    given=True,
    source=f"{DOCS}storageconfiguration.html",
    checked=CHECKED,
)


def _bucket(value: object, at: Context) -> Resource | None:
    target = at.resource.template.target(value) if at.resource.template else None
    return target if target is not None and target.type == _BUCKET else None


@_bucket_rule(
    id="bucketEncryption",
    doc="A bucket for recordings encrypts by SSE-S3, not by KMS.",
    fix="use a bucket for recordings with {SSEAlgorithm: AES256|encryption=s3.BucketEncryption.S3_MANAGED}; each"
    ' recording would end in event "Recording Start Failure"',
)
def bucket_encryption(value: object, at: Context) -> Iterator[Problem]:
    bucket = _bucket(value, at)
    rules = (
        as_dict(bucket.properties.get("BucketEncryption")).get("ServerSideEncryptionConfiguration") if bucket else ()
    )
    for each in as_list(rules):
        algorithm = as_dict(as_dict(each).get("ServerSideEncryptionByDefault")).get("SSEAlgorithm")
        if isinstance(algorithm, str) and algorithm.startswith("aws:kms"):
            yield Problem("should encrypt by SSE-S3, and this bucket encrypts by KMS", value=algorithm)


@_bucket_rule(
    id="recordingBucketPolicy",
    doc="The policy of a bucket for recordings lets IVS write, and the storage configuration is created after it.",
)
def bucket_policy(value: object, at: Context) -> Iterator[Problem]:
    bucket, template = _bucket(value, at), at.resource.template
    if bucket is None or template is None:
        return
    policies = [
        policy
        for policy in template.of_type(_BUCKET_POLICY)
        if template.reference(policy.properties.get("Bucket")) == (bucket, None)
    ]
    if any(policy.is_conditional for policy in policies):
        return
    for policy in policies:
        statements = as_dict(policy.properties.get("PolicyDocument")).get("Statement")
        if WRITER not in json.dumps(statements) and not _may_allow_more(statements):
            yield Problem(
                f"should be a bucket whose policy lets Amazon IVS write, and {policy.logical_id} does not",
                "the policy can remove the statement that IVS adds by itself, and recording then ends without an error;"
                f" allow service {WRITER}.<region> s3:PutObject and s3:PutObjectAcl in {policy.logical_id}",
                value=bucket.logical_id,
            )
        elif not template.transitive_dependencies(at.resource, [policy.logical_id]):
            yield Problem(
                f"should name {policy.logical_id}, the policy of the bucket",
                "IVS edits the policy of the bucket, and a policy that is created later can overwrite that",
                ("DependsOn",),
                value=sorted(at.resource.dependencies),
            )


def _may_allow_more(statements: object) -> bool:
    """Whether a statement is not known, or allows by other means than the names of services and roles."""
    listed = as_list(statements)
    allowing = [as_dict(each.get("Principal")) for each in map(as_dict, listed) if each.get("Effect") != "Deny"]
    services = [principal.get("Service") for principal in allowing if not _is_of_roles(principal)]
    names = [name for service in services for name in (as_list(service) or [service])]
    return not listed or any(not isinstance(name, str) or is_unknown(name) for name in names)


def _is_of_roles(principal: Mapping[str, object]) -> bool:
    """Whether a principal surely is no service: ARNs, or the attributes of roles."""
    named = principal.get("AWS")
    of_roles = [
        "Fn::GetAtt" in cast("Mapping[str, object]", each)
        if isinstance(each, Mapping)
        else isinstance(each, str) and each != "*" and not is_unknown(each)
        for each in as_list(named) or [named]
    ]
    return list(principal) == ["AWS"] and all(of_roles)
