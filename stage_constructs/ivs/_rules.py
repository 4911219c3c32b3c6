"""What Amazon IVS real-time accepts and refuses, as functions over plain values.

Each function yields the faults of one property. Tokens pass. The ranges and patterns are those of the service's
resource schemas and of its API: https://docs.aws.amazon.com/ivs/latest/RealTimeAPIReference/,
https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/service-quotas.html
"""

from __future__ import annotations

import base64
import binascii
import difflib
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from .. import _wording
from .._checks import Fault, boolean, is_text_token, is_token, plays, text, wrong_type
from .._checks import tags as tags_of_any_service
from .event_names import StageEventType
from .ingest_protocol import IngestProtocol
from .metric_dimensions import SimulcastLayer, Track
from .recording_media import MediaType, ThumbnailStorage

if TYPE_CHECKING:
    import enum

REGIONS: Final = frozenset(
    {"ap-northeast-1", "ap-northeast-2", "ap-south-1", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"}
)
"""https://docs.aws.amazon.com/general/latest/gr/ivs.html"""

PARTITION: Final = "aws"
"""The one partition that has the service; its schemas take no ARN of another."""

ARN: Final = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):ivs:(?P<region>[a-z0-9-]+):(?P<account>[0-9]+):"
    r"(?P<resource>[a-z-]+)/(?P<id>[a-zA-Z0-9-]+)"
)
NO_RESOURCE_POLICIES: Final = "Amazon IVS has no resource policies"
"""Why a grant needs an identity policy of the stage's account."""

QUOTAS: Final = {
    "encoder configurations": 20,
    "event logs": 10,
    "ingest configurations": 100,
    "stages": 1000,
    "storage configurations": 5,
}
MOST_PUBLIC_KEYS: Final = 3
MOST_PIXELS: Final = 1920 * 1080
LONGEST_NAME: Final = 128
_ACTION: Final = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*]+")
_WIDER_THAN_ONE: Final = re.compile(r"[*?]|\$\{")
"""A wildcard or a policy variable of IAM."""
_RULE_NAME: Final = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
_NAME: Final = re.compile(r"[a-zA-Z0-9-_]*")

_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----\r?\n([a-zA-Z0-9+/=\r\n]+)\r?\n-----END PUBLIC KEY-----(\r?\n)?")
_PRIVATE: Final = re.compile(r"PRIVATE\s+KEY", re.IGNORECASE)
_MAKE_KEY: Final = (
    "make a pair by `openssl ecparam -name secp384r1 -genkey -noout -out private.pem` and write its public half by"
    " `openssl ec -in private.pem -pubout -out public.pem`"
)
_EC: Final = bytes.fromhex("06072a8648ce3d0201")
_P384: Final = bytes.fromhex("3010") + _EC + bytes.fromhex("06052b81040022")
_OTHER_KEYS: Final = {
    bytes.fromhex("06082a8648ce3d030107"): "P-256",
    bytes.fromhex("06052b81040023"): "P-521",
    bytes.fromhex("06052b8104000a"): "secp256k1",
    bytes.fromhex("06092a864886f70d010101"): "RSA",
    bytes.fromhex("06032b6570"): "Ed25519",
}

_PARTICIPANT: Final = frozenset({"participant_id"})
_TRACK: Final = frozenset({"participant_id", "track"})
_LAYER: Final = frozenset({"participant_id", "simulcast_layer", "track"})
_WHOLE_STAGE: Final[frozenset[str]] = frozenset()
METRIC_DIMENSIONS: Final[dict[str, Sequence[frozenset[str]]]] = {
    "Publishers": (_WHOLE_STAGE,),
    "Subscribers": (_WHOLE_STAGE,),
    "DownloadPacketLoss": (_WHOLE_STAGE, _PARTICIPANT),
    "DroppedFrames": (_WHOLE_STAGE, _PARTICIPANT),
    "SubscribeBitrate": (_WHOLE_STAGE, _TRACK),
    "PublishBitrate": (_WHOLE_STAGE, _LAYER),
    "PublishFramerate": (_PARTICIPANT, _LAYER),
    "PublishResolution": (_LAYER,),
    "ConcurrentPublishers": (),
    "ConcurrentSubscriptions": (),
}
"""What the service keeps beside the stage. https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html"""
_STATISTICS: Final = frozenset({"average", "avg", "minimum", "min", "maximum", "max"})


def region(value: object) -> Iterator[Fault]:
    """A Region that has Amazon IVS real-time."""
    if isinstance(value, str) and not is_token(value) and value not in REGIONS:
        yield Fault(
            rule="region",
            prop="env.region",
            value=value,
            problem=f"must be a Region with Amazon IVS real-time: {', '.join(sorted(REGIONS))}",
            remedy="put it into a stack in one of these; clients reach a stage from anywhere",
            service_says="Template format error: Unrecognized resource types",
        )


def name(prop: str, value: object) -> Iterator[Fault]:
    """At most 128 letters, digits, hyphens and underscores."""
    if value is None or is_text_token(value):
        return
    if not isinstance(value, str):
        yield wrong_type(prop, value, "a string", rule="name")
    elif len(value) > LONGEST_NAME or not _NAME.fullmatch(value):
        suggestion = re.sub(r"[^a-zA-Z0-9_-]+", "-", value).strip("-")[:LONGEST_NAME]
        remedy = f'write "{suggestion}" for instance' if suggestion else "leave it out"
        if len(value) > LONGEST_NAME and value.startswith(suggestion):
            remedy = f"shorten it by {len(value) - LONGEST_NAME}"
        yield Fault(
            rule="name",
            prop=prop,
            value=value,
            problem="must have at most 128 letters, digits, hyphens and underscores",
            remedy=remedy,
        )


def tags(value: object) -> Iterator[Fault]:
    """At most 50 tags."""
    yield from tags_of_any_service("tags", value, longest_value=256)


def arn(prop: str, value: object, resource: str) -> Iterator[Fault]:
    """The ARN of a resource of Amazon IVS."""
    if is_text_token(value):
        return
    match = ARN.fullmatch(value) if isinstance(value, str) else None
    if match is None or match["resource"] != resource:
        yield Fault(
            rule="arn",
            prop=prop,
            value=value,
            problem=f"must be an ARN of the form arn:<partition>:ivs:<region>:<account>:{resource}/<id>",
            remedy=_arn_meant(value, match and match["resource"]),
        )
    elif match["partition"] != PARTITION:
        yield Fault(
            rule="arn",
            prop=prop,
            value=value,
            problem=f"must be of partition {PARTITION}",
            remedy=f"Amazon IVS real-time is not in partition {match['partition']}",
        )


def _arn_meant(value: object, resource: str | None) -> str:
    if resource:
        return f"this one names {_wording.an(resource.replace('-', ' '))}"
    return _wording.NOT_SET if value is None else "copy it as the service shows it"


def reference(prop: str, value: object, arn_of_it: str | None, resource: str) -> Iterator[Fault]:
    """A construct that stands for a resource of Amazon IVS."""
    if arn_of_it is None:
        expected = f"{_wording.an(resource.replace('-', ' '))} of Amazon IVS"
        yield wrong_type(prop, value, expected, rule="reference", remedy=_reference_meant(value, resource))
    else:
        yield from arn(prop, arn_of_it, resource)


def _reference_meant(value: object, resource: str) -> str:
    kind = "".join(word.capitalize() for word in resource.split("-"))
    importer = f"ivs.{kind}.from_{resource.replace('-', '_')}_arn"
    if resource == "storage-configuration" and plays(value, "bucket_ref"):
        return "make one of the bucket: ivs.StorageConfiguration(scope, id, bucket=...)"
    call = _wording.imported(value, by_arn=f"{importer}(scope, id, {{}})")
    return call or f"give the construct; for an ARN use {importer}(...)"


def choice(
    prop: str, value: object, known: type[enum.Enum] | Collection[str], *, rule: str, remedy: str = ""
) -> Iterator[Fault]:
    """One of the values of an enum."""
    kind = known if isinstance(known, type) else None
    values = [str(one.value) for one in kind] if kind else list(cast("Collection[str]", known))
    if not is_text_token(value) and value not in values:
        names = [_wording.shown(one) for one in kind] if kind else values
        meant = _wording.member_meant(kind, value) if kind else None
        yield Fault(
            rule=rule,
            prop=prop,
            value=value,
            problem=f"must be {_wording.listed(names)}",
            remedy=f"write {_wording.shown(meant)}" if meant else remedy or f"write {names[0]} for instance",
        )


def whole_number(prop: str, value: object, least: int, most: int, *, rule: str, unit: str = "") -> Iterator[Fault]:
    """A whole number from `least` to `most`."""
    yield from _number(prop, value, least, most, rule=rule, unit=unit, whole=True)


def _number(
    prop: str, value: object, least: int, most: int, *, rule: str, unit: str = "", whole: bool
) -> Iterator[Fault]:
    if isinstance(value, float) and is_token(value):
        return
    kind = "a whole number" if whole else "a number"
    span = f"from {least:,} to {most:,}{f' {unit}' if unit else ''}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield wrong_type(prop, value, f"{kind} {span}", rule=rule)
    elif not math.isfinite(value) or not least <= value <= most or (whole and value != int(value)):
        nearest = min(max(round(value), least), most) if math.isfinite(value) else most
        yield Fault(
            rule=rule,
            prop=prop,
            value=value,
            problem=f"must be {kind} {span}",
            remedy=f"the nearest that the service takes is {nearest:,}" + (f" {unit}" if unit and nearest != 1 else ""),
        )


def media_type(prop: str, value: object) -> Iterator[Fault]:
    """What of a participant is recorded."""
    yield from choice(
        prop,
        value,
        MediaType,
        rule="mediaType",
        remedy="CloudFormation cannot record thumbnails alone, only the UpdateStage API can" if value == "NONE" else "",
    )


def reconnect_window(prop: str, value: object) -> Iterator[Fault]:
    """0 to 300 whole seconds."""
    yield from whole_number(prop, value, 0, 300, rule="reconnectWindow", unit="seconds")


def hls_segment_duration(prop: str, value: object) -> Iterator[Fault]:
    """2 to 10 whole seconds."""
    yield from whole_number(prop, value, 2, 10, rule="hlsSegmentDuration", unit="seconds")


def thumbnail_interval(prop: str, value: object) -> Iterator[Fault]:
    """1 whole second to a day."""
    yield from whole_number(prop, value, 1, 86_400, rule="thumbnailInterval", unit="seconds")


def thumbnail_storage(prop: str, storage: object, *, recorded: bool) -> Iterator[Fault]:
    """Where to keep the pictures, if any are taken."""
    if storage and not recorded:
        yield Fault(
            rule="thumbnailsDisabled",
            prop=prop,
            value=storage,
            problem="should go with an interval",
            remedy="while thumbnails are disabled none are taken; write Thumbnails.interval(Duration.seconds(60), ...)",
            fatal=False,
        )
    if is_token(storage):
        return
    if isinstance(storage, str) or not isinstance(storage, Sequence):
        yield wrong_type(prop, storage, "a list of ThumbnailStorage", rule="thumbnailStorage")
        return
    kinds = cast("Sequence[object]", storage)
    for one in kinds:
        yield from choice(prop, one, ThumbnailStorage, rule="thumbnailStorage")
    if any(kinds.count(one) > 1 for one in kinds):
        yield Fault(
            rule="thumbnailStorage",
            prop=prop,
            value=list(kinds),
            problem="must name each kind of storage once",
            remedy="drop the repeated one",
        )


def encoder(width: object, height: object, framerate: object, bitrate: object) -> Iterator[Fault]:
    """Even sides of 2 to 1920 pixels with at most 2,073,600 pixels in all, 1 to 60 frames, up to 8.5 Mbit a second."""
    sides = {"width": width, "height": height}
    sound = True
    for prop, side in sides.items():
        faults = list(whole_number(prop, side, 2, 1920, rule="encoderSize", unit="pixels"))
        if not faults and not is_token(side) and isinstance(side, (int, float)) and side % 2:
            faults.append(
                Fault(
                    rule="encoderSize",
                    prop=prop,
                    value=side,
                    problem="must be even",
                    remedy=f"write {int(side) - 1} or {min(int(side) + 1, 1920)}",
                )
            )
        sound = sound and not faults and not is_token(side)
        yield from faults
    if sound and isinstance(width, (int, float)) and isinstance(height, (int, float)) and width * height > MOST_PIXELS:
        yield Fault(
            rule="encoderPixels",
            prop="height",
            value=height,
            problem=f"must give at most {MOST_PIXELS:,} pixels together with the width",
            remedy=f"{width} x {height} is {width * height:,}; beside width {width} write"
            f" {int(MOST_PIXELS // width) // 2 * 2} or less",
        )
    yield from _number("framerate", framerate, 1, 60, rule="framerate", unit="frames a second", whole=False)
    yield from whole_number("bitrate", bitrate, 1, 8_500_000, rule="bitrate", unit="bits a second")


def public_key_material(prop: str, material: object, shown: str | None = None) -> Iterator[Fault]:
    """The public half of a P-384 key pair, as PEM. No fault ever carries the text itself."""
    if not isinstance(material, str):
        given = _wording.InWords(_wording.kind_of(material)) if material is not None else None
        yield wrong_type(prop, shown or given, "a PEM text", rule="publicKey", remedy=_pem_meant(material))
        return
    value = shown or _wording.InWords(f"a text of {len(material)} characters")
    if _PRIVATE.search(material):
        yield Fault(
            rule="privateKey",
            prop=prop,
            value=value,
            problem="must be a public key, and this holds a private one",
            remedy="it went nowhere and is not shown; keep it out of templates and write its public half by"
            " `openssl ec -in private.pem -pubout -out public.pem`",
        )
        return
    if is_token(material):
        return
    pem = _PEM.fullmatch(material)
    if pem is None:
        yield Fault(
            rule="publicKey",
            prop=prop,
            value=value,
            problem="must be a PEM text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----, not indented",
            remedy=_form_meant(material),
        )
        return
    found = _kind_of_key(pem[1])
    if found != "P-384":
        yield Fault(
            rule="publicKeyCurve",
            prop=prop,
            value=value,
            problem=f"must be a key on the curve P-384 (secp384r1), and this is {found}",
            remedy=_MAKE_KEY,
        )


def unreadable_file(path: object, failure: Exception) -> Fault:
    """A file that is not there, or that this process may not read."""
    return Fault(
        rule="publicKey",
        prop="path",
        value=path,
        problem="must be the path of a file that can be read",
        remedy=getattr(failure, "strerror", None) or str(failure),
    )


def _pem_meant(material: object) -> str:
    if material is None:
        return _wording.NOT_SET
    return "decode it" if isinstance(material, bytes) else "write PublicKey.from_pem_file(scope, id, path) for a file"


def _form_meant(material: str) -> str:
    """What is wrong with the form of a PEM text, of which nothing is shown."""
    if _PEM.fullmatch("\n".join(line.strip() for line in material.strip().splitlines())):
        return "take the blanks at the beginnings and ends of its lines away"
    if "\\n" in material:
        return "its line ends are written out as a backslash and an n; put line ends there"
    if "CERTIFICATE" in material:
        return "this is a certificate; write its public key by `openssl x509 -in certificate.pem -pubkey -noout`"
    return _MAKE_KEY


def public_key_path(path: object) -> Iterator[Fault]:
    """A path, not the text of a key: the error of a file that is not there would hold it."""
    if not isinstance(path, str):
        given = _wording.InWords(_wording.kind_of(path)) if path is not None else None
        remedy = _wording.NOT_SET if path is None else 'write "public.pem" for instance'
        yield wrong_type("path", given, "a path as text", rule="publicKey", remedy=remedy)
    elif "-----" in path or "\n" in path:
        yield wrong_type(
            "path",
            _wording.InWords(f"a text of {len(path)} characters"),
            "the path of a file",
            rule="publicKey",
            remedy="a public key itself goes to PublicKey(..., public_key_material=...)",
        )


def _kind_of_key(body: str) -> str:
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        return "no base64"
    header, length = der[2 : 2 + len(_P384)], der[1] if len(der) > 1 else 0
    if header == _P384:
        return "P-384" if len(der) == length + 2 else "a P-384 key that was cut"
    return next((f"a key of {kind}" for oid, kind in _OTHER_KEYS.items() if oid in der[:40]), "none that is known here")


def ingest(protocol: object, insecure_ingest: object) -> Iterator[Fault]:
    """RTMPS, or RTMP where plain text is asked for."""
    remedy = "write IngestProtocol.RTMPS, the encrypted one"
    yield from choice("ingest_protocol", protocol, IngestProtocol, rule="ingestProtocol", remedy=remedy)
    yield from boolean("insecure_ingest", insecure_ingest, rule="insecureIngest")
    if protocol == IngestProtocol.RTMP and insecure_ingest is False:
        yield Fault(
            rule="insecureIngest",
            prop="insecure_ingest",
            value=insecure_ingest,
            problem="must be True for RTMP, which is not encrypted",
            remedy="write ingest_protocol=IngestProtocol.RTMPS, or insecure_ingest=True if the software has no RTMPS",
        )


def user_id(value: object) -> Iterator[Fault]:
    """At most 128 characters."""
    if value is not None:
        yield from text("user_id", value, rule="userId", most=128)


def session_tags(value: object) -> Iterator[Fault]:
    """At least one tag to know the stages by."""
    yield from tags(value)
    if not value:
        yield Fault(
            rule="sessionTags",
            prop="tags",
            value=value,
            problem="must name at least one tag",
            remedy='without one the backend would reach every stage of the account; write {"app": "chat"} for instance',
        )
    if not isinstance(value, Mapping):
        return
    for key, tag in cast("Mapping[object, object]", value).items():
        for given in (key, tag):
            if isinstance(given, str) and not is_token(given) and "${" in given:
                yield Fault(
                    rule="sessionTags",
                    prop="tags",
                    value=given,
                    problem="must not hold ${, which begins a policy variable of IAM",
                    remedy="the condition would have another value for each caller; choose a tag without it",
                )


def bucket(
    value: object, *, plays_bucket: bool, bucket_region: object, own_region: object, encryption: str | None
) -> Iterator[Fault]:
    """A bucket of the same Region whose objects are not encrypted by KMS."""
    if not plays_bucket:
        yield wrong_type(
            "bucket",
            value,
            "an S3 bucket",
            rule="bucket",
            remedy=_bucket_meant(value),
        )
        return
    known = [one for one in (bucket_region, own_region) if isinstance(one, str) and not is_token(one)]
    if len(set(known)) == 2:
        yield Fault(
            rule="bucketRegion",
            prop="bucket",
            value=bucket_region,
            problem=f"must be in the Region of the storage configuration, {own_region}",
            remedy='make a bucket for recordings in each Region; each recording would end in event "Recording Start'
            ' Failure"',
        )
    if encryption is not None and encryption.startswith("aws:kms"):
        yield Fault(
            rule="bucketEncryption",
            prop="bucket",
            value=encryption,
            problem="must encrypt by SSE-S3, and this one encrypts by KMS",
            remedy="make a bucket for recordings with encryption=s3.BucketEncryption.S3_MANAGED; each recording would"
            ' end in event "Recording Start Failure"',
        )


def imported_bucket(value: object, *, plays_bucket: bool) -> Iterator[Fault]:
    """The bucket of a storage configuration that is declared elsewhere, if it is given."""
    if value is not None and not plays_bucket:
        yield wrong_type("bucket", value, "an S3 bucket", rule="bucket", remedy=_bucket_meant(value))


def bucket_arn(value: object) -> Iterator[Fault]:
    """The ARN of one bucket: with a wildcard a grant would be for others too."""
    if isinstance(value, str) and not is_token(value) and _WIDER_THAN_ONE.search(value):
        yield Fault(
            rule="bucket",
            prop="bucket",
            value=value,
            problem="must have the ARN of one bucket",
            remedy="a wildcard or policy variable would grant access to other buckets; give the whole ARN",
        )


def unwritten_statements(grantee: object, owner: str, statements: str) -> Iterator[Fault]:
    """A grantee needs statements in a policy that this app cannot write."""
    yield Fault(
        rule="grantWithoutEffect",
        prop="grantee",
        value=grantee,
        problem=f"should be a role or user of the account of the bucket, for the policy of the {owner} cannot be"
        " written here",
        remedy=f"see to it that this policy holds {statements}",
        fatal=False,
    )


def public_recordings(grantee: object) -> Iterator[Fault]:
    """Everyone may read the recordings."""
    yield Fault(
        rule="publicRecordings",
        prop="grantee",
        value=grantee,
        problem="should not be everyone",
        remedy="all recordings could be read without credentials, and S3 refuses such a bucket policy unless Block"
        " Public Access is off; grant to a role, an account or an organization",
        fatal=False,
    )


def log_group_name(prop: str, value: object) -> Iterator[Fault]:
    """The name of one log group: with a wildcard the log resource policy would be for others too."""
    if isinstance(value, str) and not is_token(value) and _WIDER_THAN_ONE.search(value):
        yield Fault(
            rule="logGroup",
            prop=prop,
            value=value,
            problem="must have the name of one log group",
            remedy="a wildcard would let EventBridge write into other log groups; give the whole name",
        )


def _bucket_meant(value: object) -> str:
    if plays(value, "bucket_ref"):
        return "write s3.Bucket.from_cfn_bucket(...) with the L1 in it"
    by_arn, by_name = "s3.Bucket.from_bucket_arn(scope, id, {})", "s3.Bucket.from_bucket_name(scope, id, {})"
    call = _wording.imported(value, by_arn=by_arn, by_name=by_name)
    return call or "give the construct; for a name use s3.Bucket.from_bucket_name(...)"


def bucket_policy(bucket_name: str, statement: str) -> Fault:
    """The bucket's policy is out of reach, and recording needs a statement in it."""
    return Fault(
        rule="recordingBucketPolicy",
        prop="bucket",
        value=bucket_name,
        problem="should have a policy that this app writes, and it is imported",
        remedy="whatever writes its policy can drop the statement of IVS, and recording then ends without an error;"
        f" see to it that the policy keeps {statement}",
        fatal=False,
    )


def event_names(prop: str, value: object, known: Iterable[str]) -> Iterator[Fault]:
    """Names of events that the service sends under this detail-type."""
    if value is None:
        return
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield wrong_type(prop, value, "a list of event names", rule="eventNames")
        return
    if is_token(cast("object", value)):
        return
    names = list(known)
    spelled = {name.lower(): name for name in names}
    some = cast("Sequence[object]", value)
    if not some:
        yield Fault(
            rule="eventNames",
            prop=prop,
            value=[],
            problem="must name at least one event",
            remedy="leave event_names out for all events",
        )
    for given in some:
        if is_text_token(given):
            continue
        if not isinstance(given, str):
            yield wrong_type(prop, given, "a list of event names", rule="eventNames")
        elif given not in names:
            close = difflib.get_close_matches(given.lower(), spelled, n=1)
            yield Fault(
                rule="unknownEventName",
                prop=prop,
                value=str.__str__(given),
                problem=f"should name events that AWS documents: {', '.join(names)}",
                remedy=f'the rule will not match; did you mean "{spelled[close[0]]}"?'
                if close
                else "the rule may never match",
                fatal=False,
            )


def rule(target: object, description: object, rule_name: object) -> Iterator[Fault]:
    """What EventBridge takes of a rule, beside its pattern."""
    if target is not None and not plays(target, "bind"):
        remedy = "give one of aws_events_targets, such as LambdaFunction(function)"
        yield wrong_type("target", target, "the target of a rule", rule="eventRule", remedy=remedy)
    if description is not None:
        yield from text("description", description, rule="eventRule", most=512)
    if rule_name is None or is_text_token(rule_name):
        return
    if not isinstance(rule_name, str):
        yield wrong_type("rule_name", rule_name, "a string", rule="eventRule")
    elif not _RULE_NAME.fullmatch(rule_name):
        yield Fault(
            rule="eventRule",
            prop="rule_name",
            value=rule_name,
            problem="must be 1 to 64 letters, digits, dots, hyphens and underscores",
            remedy="leave it out for a name that CloudFormation makes",
        )


def actions(given: Sequence[object]) -> Iterator[Fault]:
    """Actions of IAM, at least one."""
    if not given:
        yield wrong_type("actions", given, 'actions of IAM such as "ivs:GetStage"', rule="grantedActions")
    for one in given:
        if not isinstance(one, str) or not (is_token(one) or _ACTION.fullmatch(one)):
            # IAM has the wildcard ?, and aws-cdk-lib refuses it in any statement.
            remedy = "aws-cdk-lib accepts no ? in an action; name them" if isinstance(one, str) and "?" in one else ""
            expected = 'actions of IAM such as "ivs:GetStage"'
            yield wrong_type("actions", one, expected, rule="grantedActions", remedy=remedy)


def event_region(region_of_stage: object, region_of_rule: object) -> Iterator[Fault]:
    """Events of a stage are sent in its own Region."""
    if not is_token(region_of_stage) and not is_token(region_of_rule) and region_of_stage != region_of_rule:
        yield Fault(
            rule="eventsOfAnotherRegion",
            prop="stage",
            value=region_of_stage,
            problem=f"should be in the Region of the rule, {region_of_rule}",
            remedy=f"events are sent in the Region of the stage, so this rule will not match; put it into a stack in"
            f" {region_of_stage}",
            fatal=False,
        )


def event_types(value: object) -> Iterator[Fault]:
    """Kinds of events of stages, at least one."""
    given = value
    some = cast("Sequence[object]", value) if isinstance(value, Sequence) and not isinstance(value, str) else ()
    if not some:
        remedy = "leave event_types out for all of them" if given is None or plays(given, "__len__") else ""
        written = isinstance(given, (str, StageEventType))
        meant = _wording.member_meant(StageEventType, given) if written else None
        remedy = f"write [{_wording.shown(meant)}]" if meant else remedy
        expected = "a list of StageEventType, with one at least"
        yield wrong_type("event_types", given, expected, rule="eventTypes", remedy=remedy)
    for one in some:
        yield from choice("event_types", one, StageEventType, rule="eventTypes")


def metric(
    metric_name: str, given: Mapping[str, object], statistic: object, *, own_dimensions: bool = False
) -> Iterator[Fault]:
    """A statistic and, unless the caller names them himself, dimensions that the service keeps for the metric."""
    if statistic is not None and not is_text_token(statistic) and str(statistic).lower() not in _STATISTICS:
        yield Fault(
            rule="statistic",
            prop="statistic",
            value=statistic,
            problem="must be Average, Minimum or Maximum",
            remedy="the service keeps no other statistic, and an alarm on it would never have data",
        )
    if given.get("participant_id") is not None:
        yield from text("participant_id", given["participant_id"], rule="metricDimensions", least=1, most=255)
    if given.get("simulcast_layer") is not None:
        yield from choice("simulcast_layer", given["simulcast_layer"], SimulcastLayer, rule="metricDimensions")
    if given.get("track") is not None:
        yield from choice("track", given["track"], Track, rule="metricDimensions")
    kept = None if own_dimensions else METRIC_DIMENSIONS.get(metric_name)
    named = frozenset(name for name, value in given.items() if value is not None)
    if kept is not None and named not in kept:
        sorts = [f"by {_wording.listed(sorted(one), 'and')}" if one else "of the whole stage" for one in kept]
        yield Fault(
            rule="metricDimensions",
            prop=min(named) if named else "metric_name",
            value=given[min(named)] if named else metric_name,
            problem=f"must fit what the service keeps of {metric_name}: data "
            + (", or ".join(sorts) or "of the whole Region alone"),
            remedy=_dimensions_meant(named, kept)
            if kept
            else f'write cloudwatch.Metric(namespace="AWS/IVSRealTime", metric_name="{metric_name}")',
        )


def _dimensions_meant(named: frozenset[str], kept: Sequence[frozenset[str]]) -> str:
    nearest = min(kept, key=lambda one: (len(one ^ named), len(one)))
    changes = {"add": sorted(nearest - named), "leave out": sorted(named - nearest)}
    told = [f"{verb} {_wording.listed(names, 'and')}" for verb, names in changes.items() if names]
    return f"no data would ever come; {' and '.join(told)}"


def quota(kind: str, number: int) -> Iterator[Fault]:
    """An adjustable quota of the account in the Region."""
    if number > QUOTAS[kind]:
        first, *rest = kind.removesuffix("s").split()
        yield Fault(
            rule=f"{first}{''.join(word.capitalize() for word in rest)}Quota",
            prop=kind,
            value=number,
            problem=f"should be at most {QUOTAS[kind]:,} in one account and Region, which is AWS's default",
            remedy="AWS refuses more unless the quota was raised; once it is, acknowledge this warning",
            fatal=False,
        )


def event_log_quota(number: int) -> Iterator[Fault]:
    """One of the ten log resource policies of a Region for each event log, which no request raises."""
    if number > QUOTAS["event logs"]:
        yield Fault(
            rule="eventLogQuota",
            prop="event logs",
            value=number,
            problem=f"should be at most {QUOTAS['event logs']} in one account and Region, each of which needs one of"
            " the ten log resource policies of the Region",
            remedy="AWS does not raise this quota; write one StageEventLog for several stages",
            fatal=False,
        )


def public_key_quota(position: int) -> Iterator[Fault]:
    """At most three public keys, which no request raises."""
    if position > MOST_PUBLIC_KEYS:
        yield Fault(
            rule="publicKeyQuota",
            prop="public keys",
            value=position,
            problem=f"must be at most {MOST_PUBLIC_KEYS} in one account and Region",
            remedy="AWS does not raise this quota; remove one, for one key serves any number of stages",
        )
