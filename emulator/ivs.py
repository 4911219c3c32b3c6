"""Amazon IVS real-time: resource types for CloudFormation, and as much of the API as the examples call.

What is admissible is not ours to say: every request, from a template or from an SDK, is checked against the model of
`ivs-realtime` that botocore ships.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from ministack import app
from ministack.core import router
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import s3
from ministack.services.cloudformation import changesets, drift, provisioners

from . import cloud_control
from .service_model import ServiceModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Properties = dict[str, Any]

MODEL = ServiceModel("ivs-realtime")
MOST_PUBLIC_KEYS = 3


class RefusedError(ValueError):
    """The service refuses a request."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def checked(operation: str, request: Properties) -> Properties:
    """The request, if the model of the service takes it."""
    faults = MODEL.faults(operation, request)
    if faults:
        raise RefusedError("ValidationException", "; ".join(faults))
    return request


class Kind:
    """One kind of resource: its records by their ARNs, and what of them CloudFormation tells as attributes."""

    def __init__(self, name: str, *attributes: str) -> None:
        self.name, self.attributes = name, ("arn", *attributes)
        self.records = AccountRegionScopedDict()

    def make(self, request: Properties, **derived: Any) -> Properties:
        """Keep a new resource."""
        resource_id = secrets.token_urlsafe(9).replace("_", "a").replace("-", "b")
        arn = f"arn:aws:ivs:{get_region()}:{get_account_id()}:{self.name}/{resource_id}"
        self.records[arn] = {"tags": {}, **request, **derived, "arn": arn}
        return self.records[arn]

    def get(self, arn: str) -> Properties:
        """A resource that is there."""
        if arn not in self.records:
            raise RefusedError("ResourceNotFoundException", f"Resource {arn} not found", 404)
        record: Properties = self.records[arn]
        return record

    def told(self, record: Properties) -> tuple[str, Properties]:
        """Physical id and attributes of a resource, as CloudFormation wants them."""
        return record["arn"], {name[:1].upper() + name[1:]: record[name] for name in self.attributes}

    def adopt(self, identifier: dict[str, str]) -> tuple[str, Properties]:
        """Import a resource that is there into a stack, and leave it as it is."""
        return self.told(self.get(identifier["Arn"]))

    def drop(self, arn: str, *_: Any) -> None:
        """Forget a resource."""
        self.records.pop(arn, None)


STAGES = Kind("stage", "activeSessionId")
STORAGE = Kind("storage-configuration")
ENCODERS = Kind("encoder-configuration")
KEYS = Kind("public-key", "fingerprint")
INGESTS = Kind("ingest-configuration", "participantId", "streamKey", "state")


def register() -> None:
    """Add the types, the API and the live stages to the ministack of this process."""
    types: dict[str, tuple[Callable[..., Any], Callable[..., Any], Kind, tuple[str, ...]]] = {
        "Stage": (_create_stage, _update_stage, STAGES, ()),
        "StorageConfiguration": (_create_storage, _retag(STORAGE), STORAGE, ("Name", "S3")),
        "EncoderConfiguration": (_create_encoder, _retag(ENCODERS), ENCODERS, ("Name", "Video")),
        "PublicKey": (_create_key, _retag(KEYS), KEYS, ("Name", "PublicKeyMaterial")),
        "IngestConfiguration": (
            _create_ingest,
            _update_ingest,
            INGESTS,
            ("IngestProtocol", "InsecureIngest", "Name", "UserId"),
        ),
    }
    for name, (create, update, kind, create_only) in types.items():
        provisioners._RESOURCE_HANDLERS[f"AWS::IVS::{name}"] = {
            "create": create,
            "update": update,
            "delete": kind.drop,
            "import": kind.adopt,
        }
        provisioners._REPLACING_PROPERTIES[f"AWS::IVS::{name}"] = create_only
        changesets._IMPORT_LOOKUPS[f"AWS::IVS::{name}"] = (("Arn",), _import_problem(f"AWS::IVS::{name}", kind))
    cloud_control.LIVE["AWS::IVS::Stage"] = _live_stages
    compared = frozenset({"Name", "Tags", "AutoParticipantRecordingConfiguration"})
    drift._DRIFT_READERS["AWS::IVS::Stage"] = (lambda arn, _: dict(_live_stages()).get(arn), compared)
    router.SERVICE_PATTERNS["ivs"] = {"credential_scope": "ivs"}
    app.SERVICE_HANDLERS["ivs"] = _serve


def _import_problem(type_name: str, kind: Kind) -> Callable[[str], str | None]:
    def problem(arn: str) -> str | None:
        if arn in kind.records:
            return None
        not_found: str = changesets._IMPORT_NOT_FOUND.format(type=type_name, value=arn)
        return not_found

    return problem


_DEEPER = {
    "hlsConfiguration": "participantRecordingHlsConfiguration",
    "thumbnailConfiguration": "participantThumbnailConfiguration",
}
"""Structures that CloudFormation nests deeper than the API."""


def _request(props: Properties) -> Properties:
    """Template properties as the service spells them."""
    request = {key: value for key, value in _camel(props).items() if key != "tags"}
    recording = request.get("autoParticipantRecordingConfiguration", {})
    for outer, inner in _DEEPER.items():
        if outer in recording:
            recording[outer] = recording[outer].get(inner, {})
    return {**request, "tags": _tags(props)}


def _camel(value: Any) -> Any:
    return _spelled(value, str.lower)


def _spelled(value: Any, first: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {first(key[:1]) + key[1:]: _spelled(item, first) for key, item in value.items()}
    return [_spelled(item, first) for item in value] if isinstance(value, list) else value


def _properties(stage: Properties) -> Properties:
    """A live stage as a template spells it."""
    recording = stage.get("autoParticipantRecordingConfiguration", {"storageConfigurationArn": ""})
    deeper = {key: {_DEEPER[key]: value} if key in _DEEPER else value for key, value in recording.items()}
    properties = {
        "Arn": stage["arn"],
        "Name": stage.get("name"),
        "ActiveSessionId": stage["activeSessionId"],
        "AutoParticipantRecordingConfiguration": _spelled(deeper, str.upper),
        "Tags": [{"Key": key, "Value": value} for key, value in stage["tags"].items()],
    }
    return {key: value for key, value in properties.items() if value}


def _tags(props: Properties) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in props.get("Tags", [])}


def _check_recording(request: Properties) -> None:
    storage = request.get("autoParticipantRecordingConfiguration", {}).get("storageConfigurationArn")
    if storage:
        STORAGE.get(storage)


def _create_stage(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    return STAGES.told(_make_stage(checked("CreateStage", _request(props))))


def _make_stage(request: Properties) -> Properties:
    _check_recording(request)
    session = "st-" + secrets.token_hex(7)[:13]
    endpoint = f"global.{get_region()}.live-video.net"
    endpoints = {"events": f"wss://{endpoint}", "whip": f"https://{endpoint}", "rtmps": f"rtmps://{endpoint}:443/app/"}
    return STAGES.make(request, activeSessionId=session, endpoints=endpoints)


def _update_stage(arn: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, Properties]:
    stage = STAGES.get(arn)
    request = _request(new)
    tags = request.pop("tags")
    checked("UpdateStage", {"arn": arn, **request})
    _check_recording(request)
    stage |= {"name": "", **request, "tags": tags}
    return STAGES.told(stage)


def _create_storage(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    return STORAGE.told(_make_storage(checked("CreateStorageConfiguration", _request(props))))


def _make_storage(request: Properties) -> Properties:
    bucket = request["s3"]["bucketName"]
    if bucket not in s3._buckets:
        raise RefusedError("ResourceNotFoundException", f"Bucket {bucket} not found", 404)
    _let_ivs_write(bucket)
    return STORAGE.make(request)


def _let_ivs_write(bucket: str) -> None:
    """Creating a storage configuration edits the policy of the bucket, unless it lets IVS write already."""
    policy = json.loads(s3._bucket_policies.get(bucket) or '{"Version": "2012-10-17", "Statement": []}')
    principal = f"ivs-composite.{get_region()}.amazonaws.com"
    if principal not in json.dumps(policy):
        policy["Statement"].append(
            {
                "Sid": f"CompositeWrite-{secrets.token_hex(4)}",
                "Effect": "Allow",
                "Principal": {"Service": principal},
                "Action": ["s3:PutObject", "s3:PutObjectAcl"],
                "Resource": f"arn:aws:s3:::{bucket}/*",
                "Condition": {
                    "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
                    "Bool": {"aws:SecureTransport": "true"},
                },
            }
        )
        s3._bucket_policies[bucket] = json.dumps(policy)


def _create_encoder(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    return ENCODERS.told(ENCODERS.make(checked("CreateEncoderConfiguration", _request(props))))


def _create_key(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    return KEYS.told(_make_key(checked("ImportPublicKey", _request(props))))


def _make_key(request: Properties) -> Properties:
    if len(KEYS.records) >= MOST_PUBLIC_KEYS:
        raise RefusedError("ServiceQuotaExceededException", "Public key quota exceeded", 402)
    digest = hashlib.sha256(request["publicKeyMaterial"].encode()).hexdigest()
    return KEYS.make(request, fingerprint=":".join(re.findall("..", digest[:32])))


def _create_ingest(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    request = checked("CreateIngestConfiguration", {"ingestProtocol": "RTMPS", **_request(props)})
    return INGESTS.told(_make_ingest(request))


def _make_ingest(request: Properties) -> Properties:
    if request["ingestProtocol"] == "RTMP" and not request.get("insecureIngest"):
        raise RefusedError("ValidationException", "RTMP needs insecureIngest")
    if request.get("stageArn"):
        STAGES.get(request["stageArn"])
    region = get_region()
    return INGESTS.make(
        request,
        participantId=secrets.token_hex(6),
        streamKey=f"rt_{get_account_id()}_{region}_{secrets.token_hex(6)}_{secrets.token_hex(12)}",
        state="INACTIVE",
    )


def _update_ingest(arn: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, Properties]:
    ingest = INGESTS.get(arn)
    stage = new.get("StageArn", "")
    checked("UpdateIngestConfiguration", {"arn": arn, **({"stageArn": stage} if stage else {})})
    ingest |= {"stageArn": stage, "tags": _tags(new)}
    return INGESTS.told(ingest)


def _retag(kind: Kind) -> Callable[..., tuple[str, Properties]]:
    def update(arn: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, Properties]:
        record = kind.get(arn)
        record["tags"] = _tags(new)
        return kind.told(record)

    return update


def _live_stages() -> Iterator[tuple[str, Properties]]:
    for arn, stage in STAGES.records.items():
        yield arn, _properties(stage)


async def _serve(
    method: str, path: str, headers: Properties, body: bytes, query: Properties
) -> tuple[int, Properties, bytes]:
    operation = path.strip("/")
    answer = _ANSWERS.get(operation)
    try:
        if answer is None:
            raise RefusedError("UnknownOperationException", f"the emulator does not know {operation}", 404)  # noqa: TRY301
        status, said = 200, answer(checked(operation, json.loads(body or b"{}")))
    except RefusedError as refusal:
        status, said = refusal.status, {"__type": refusal.code, "exceptionMessage": refusal.message}
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


def _create_stage_by_hand(request: Properties) -> Properties:
    tokens = request.pop("participantTokenConfigurations", [])
    stage = _make_stage(request)
    made = [_create_token({"stageArn": stage["arn"], **token})["participantToken"] for token in tokens]
    return {"stage": stage, "participantTokens": made}


def _deleting(kind: Kind) -> Callable[[Properties], Properties]:
    def delete(request: Properties) -> Properties:
        kind.get(request["arn"])
        kind.drop(request["arn"])
        return {}

    return delete


def _creating(kind: Kind, name: str, create: Callable[[Properties], Properties]) -> Callable[[Properties], Properties]:
    return lambda request: {name: kind.get(create(request)["arn"])}


def _listing(kind: Kind, name: str) -> Callable[[Properties], Properties]:
    return lambda _: {name: list(kind.records.values())}


def _get_stage(request: Properties) -> Properties:
    return {"stage": STAGES.get(request["arn"])}


def _create_token(request: Properties) -> Properties:
    STAGES.get(request["stageArn"])
    duration = request.get("duration", 720)
    token = {
        **{name: request[name] for name in ("userId", "attributes", "capabilities") if name in request},
        "participantId": secrets.token_hex(6),
        "token": f"eyJ.{secrets.token_urlsafe(24)}",
        "duration": duration,
        "expirationTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * duration)),
    }
    return {"participantToken": token}


def _disconnect(request: Properties) -> Properties:
    STAGES.get(request["stageArn"])
    return {}


_ANSWERS: dict[str, Callable[[Properties], Properties]] = {
    "CreateEncoderConfiguration": _creating(ENCODERS, "encoderConfiguration", ENCODERS.make),
    "CreateIngestConfiguration": _creating(INGESTS, "ingestConfiguration", _make_ingest),
    "CreateStage": _create_stage_by_hand,
    "CreateStorageConfiguration": _creating(STORAGE, "storageConfiguration", _make_storage),
    "ImportPublicKey": _creating(KEYS, "publicKey", _make_key),
    "DeleteEncoderConfiguration": _deleting(ENCODERS),
    "DeleteIngestConfiguration": _deleting(INGESTS),
    "DeletePublicKey": _deleting(KEYS),
    "DeleteStage": _deleting(STAGES),
    "DeleteStorageConfiguration": _deleting(STORAGE),
    "ListEncoderConfigurations": _listing(ENCODERS, "encoderConfigurations"),
    "ListIngestConfigurations": _listing(INGESTS, "ingestConfigurations"),
    "ListPublicKeys": _listing(KEYS, "publicKeys"),
    "ListStages": _listing(STAGES, "stages"),
    "ListStorageConfigurations": _listing(STORAGE, "storageConfigurations"),
    "GetStage": _get_stage,
    "CreateParticipantToken": _create_token,
    "DisconnectParticipant": _disconnect,
}
