"""Stages of Amazon IVS real-time and what goes with them, in templates.

The faults of single values are those of the constructors. Those written here speak of what only a template can hold.
"""

from __future__ import annotations

import collections
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .._checks import Fault, wrong_type
from ..ivs import _rules
from ._finding import Finding
from ._template import Unknown, boolean, items_of, members_of, number, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ._template import Resource, Template

_BUCKET: Final = "AWS::S3::Bucket"
_BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
_WRITER: Final = "ivs-composite"
_EXPOSED: Final = (
    "it stands in the template for all to read: take it out, delete what was synthesized, make another pair, and write"
    " its public half by `openssl ec -in private.pem -pubout -out public.pem`"
)
_MODES: Final = ("INTERVAL", "DISABLED")


def findings(templates: Sequence[Template]) -> Iterator[Finding]:
    """What is wrong with the resources of Amazon IVS real-time."""
    made: collections.Counter[tuple[object, ...]] = collections.Counter()
    for template in templates:
        known = template.region and template.account
        place = (template.region, template.account) if known else (template.family[0].path,)
        for resource_type, (kind, faults_of) in _TYPES.items():
            for resource in template.all(resource_type):
                made[(kind, *place)] += not resource.is_conditional
                for fault in (*_rules.name("Name", text(resource["Name"])), *_faults_of_tags(resource["Tags"])):
                    yield Finding(resource, fault)
                for fault in faults_of(resource):
                    yield Finding(resource, fault)
                for fault in _faults_of_place(kind, made[(kind, *place)], resource):
                    yield Finding(resource, fault, of_the_whole=True)


def _faults_of_place(kind: str, number_made: int, resource: Resource) -> Iterator[Fault]:
    """The Region has the service, and the account may have that many."""
    yield from (replace(fault, prop="the Region") for fault in _rules.region(resource.template.region))
    if not resource.is_conditional:
        yield from _rules.public_key_quota(number_made) if kind == "public keys" else _rules.quota(kind, number_made)


def _faults_of_tags(value: object) -> Iterator[Fault]:
    tags = [members_of(tag) for tag in items_of(value)]
    known = {str(tag["Key"]): text(tag.get("Value", "")) for tag in tags if type(tag.get("Key")) is str}
    yield from _rules.tags(known)


def _faults_of_stage(stage: Resource) -> Iterator[Fault]:
    prop = "AutoParticipantRecordingConfiguration"
    recording = members_of(stage[prop])
    storage = recording.get("StorageConfigurationArn")
    if storage:  # the empty one switches recording off
        yield from _rules.arn(f"{prop}.StorageConfigurationArn", storage, "storage-configuration")
    media_types = items_of(recording.get("MediaTypes"))
    for media_type in media_types:
        yield from _rules.media_type(f"{prop}.MediaTypes", media_type)
    if len(media_types) > 1 and not any(isinstance(one, Unknown) for one in media_types):
        yield Fault(
            rule="mediaType",
            prop=f"{prop}.MediaTypes",
            value=media_types,
            problem="must hold one media type",
            remedy="write AUDIO_VIDEO alone, which holds the sound too",
        )
    window = recording.get("RecordingReconnectWindowSeconds")
    yield from _given(_rules.reconnect_window, f"{prop}.RecordingReconnectWindowSeconds", window)
    hls = "HlsConfiguration.ParticipantRecordingHlsConfiguration"
    duration = _inside(recording, hls).get("TargetSegmentDurationSeconds")
    yield from _given(_rules.hls_segment_duration, f"{prop}.{hls}.TargetSegmentDurationSeconds", duration)
    yield from _faults_of_thumbnails(prop, recording)


def _faults_of_thumbnails(prop: str, recording: dict[str, object]) -> Iterator[Fault]:
    path = "ThumbnailConfiguration.ParticipantThumbnailConfiguration"
    prop, thumbnails = f"{prop}.{path}", _inside(recording, path)
    interval, storage = thumbnails.get("TargetIntervalSeconds"), thumbnails.get("Storage")
    mode = thumbnails.get("RecordingMode", "DISABLED")
    yield from _rules.choice(f"{prop}.RecordingMode", mode, _MODES, rule="thumbnails")
    yield from _given(_rules.thumbnail_interval, f"{prop}.TargetIntervalSeconds", interval)
    if mode == "DISABLED" and interval is not None:
        [fault, *_] = _rules.thumbnail_storage(f"{prop}.TargetIntervalSeconds", [interval], recorded=False)
        yield replace(fault, value=interval, problem="should go with RecordingMode INTERVAL")
    if storage is not None:
        yield from _rules.thumbnail_storage(f"{prop}.Storage", storage, recorded=mode != "DISABLED")


def _faults_of_storage(storage: Resource) -> Iterator[Fault]:
    prop = "S3.BucketName"
    template = storage.template
    name = members_of(storage["S3"]).get("BucketName")
    found = template.target(name)
    if found is None or found[0].type != _BUCKET:
        return
    bucket = found[0]
    for rule in items_of(members_of(bucket["BucketEncryption"]).get("ServerSideEncryptionConfiguration")):
        algorithm = members_of(members_of(rule).get("ServerSideEncryptionByDefault")).get("SSEAlgorithm")
        encryption = algorithm if isinstance(algorithm, str) else None
        faults = _rules.bucket(
            bucket.logical_id, plays_bucket=True, bucket_region=None, own_region=None, encryption=encryption
        )
        yield from (replace(fault, prop=prop) for fault in faults)
    policies = [each for each in template.all(_BUCKET_POLICY) if template.target(each["Bucket"]) == (bucket, None)]
    if any(policy.is_conditional for policy in policies):
        return
    for policy in policies:
        statements = members_of(policy["PolicyDocument"]).get("Statement")
        if _WRITER not in json.dumps(statements) and not _may_hold_more(statements):
            yield Fault(
                rule="recordingBucketPolicy",
                prop=prop,
                value=bucket.logical_id,
                problem=f"should be a bucket whose policy lets Amazon IVS write, and {policy.logical_id} does not",
                remedy=f"the policy can drop the statement that IVS adds by itself, and recording then ends without an"
                f" error; let service {_WRITER}.<region> do s3:PutObject and s3:PutObjectAcl in {policy.logical_id}",
                fatal=False,
            )
        elif not template.needed(storage, [policy.logical_id]):
            yield Fault(
                rule="recordingBucketPolicy",
                prop="DependsOn",
                value=sorted(storage.needs),
                problem=f"should name {policy.logical_id}, the policy of the bucket",
                remedy="IVS edits the policy of the bucket, and a policy that is made later can write over that",
                fatal=False,
            )


def _may_hold_more(statements: object) -> bool:
    """Whether a statement is not known, or allows by other means than the names of services."""
    listed = items_of(statements)
    services = [members_of(members_of(each).get("Principal")).get("Service") for each in listed]
    named = [name for service in services for name in (items_of(service) or [service])]
    return not listed or any(type(name) is not str for name in named)


def _faults_of_encoder(encoder: Resource) -> Iterator[Fault]:
    if isinstance(encoder["Video"], Unknown):
        return
    video = {name: number(value) for name, value in members_of(encoder["Video"]).items()}
    faults = _rules.encoder(
        video.get("Width", 1280), video.get("Height", 720), video.get("Framerate", 30), video.get("Bitrate", 2_500_000)
    )
    yield from (replace(fault, prop=f"Video.{fault.prop.capitalize()}") for fault in faults)


def _faults_of_public_key(key: Resource) -> Iterator[Fault]:
    material = key["PublicKeyMaterial"]
    if material is None:
        expected = "the PEM text of a public key on the curve P-384"
        yield wrong_type("PublicKeyMaterial", None, expected, rule="publicKey", remedy="the service needs one")
    else:
        for fault in _rules.public_key_material("PublicKeyMaterial", material):
            yield replace(fault, remedy=_EXPOSED) if fault.rule == "privateKey" else fault


def _faults_of_ingest(ingest: Resource) -> Iterator[Fault]:
    insecure, user_id = ingest["InsecureIngest"], ingest["UserId"]
    protocol = ingest["IngestProtocol"]
    yield from _rules.ingest(
        "RTMPS" if protocol is None else protocol, boolean(insecure) if insecure is not None else False
    )
    yield from _rules.user_id(text(user_id))
    if ingest["StageArn"] is not None:
        yield from _rules.arn("StageArn", ingest["StageArn"], "stage")


def _given(rule: Callable[[str, object], Iterator[Fault]], prop: str, value: object) -> Iterator[Fault]:
    """What a rule about seconds says of a value, if there is one."""
    if value is not None:
        yield from rule(prop, number(value))


def _inside(value: dict[str, object], path: str) -> dict[str, object]:
    for name in path.split("."):
        value = members_of(value.get(name))
    return value


_TYPES: Final[dict[str, tuple[str, Callable[[Resource], Iterator[Fault]]]]] = {
    "AWS::IVS::EncoderConfiguration": ("encoder configurations", _faults_of_encoder),
    "AWS::IVS::IngestConfiguration": ("ingest configurations", _faults_of_ingest),
    "AWS::IVS::PublicKey": ("public keys", _faults_of_public_key),
    "AWS::IVS::Stage": ("stages", _faults_of_stage),
    "AWS::IVS::StorageConfiguration": ("storage configurations", _faults_of_storage),
}
