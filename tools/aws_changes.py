"""What AWS has moved: lists and limits of the rules, compared with botocore's models and CloudFormation's schemas.

Both judges come from packages, so the comparison is as new as what is installed; `make aws-changes` takes the newest.
Each limit of a judge becomes values just inside and just outside, which the rules are asked about. What no machine can
read is not compared: quotas, `$context` variables, the names of events on EventBridge.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import botocore.session
import cfnlint
from botocore.model import ListShape, MapShape, Shape, StructureShape
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from stage_constructs.rules import evaluate
from stage_constructs.rules._resources import Resource
from stage_constructs.rules._values import values_of
from stage_constructs.rules.apigatewayv2 import log_destination, route_settings
from stage_constructs.rules.ivs import every_resource, ingest, recording
from tests.ivs import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Names = tuple[str, ...]
ROOT: Final = Path(__file__).parent.parent
MAX_SHOWN: Final = 100

STORAGE: Final = "arn:aws:ivs:us-east-1:123456789012:storage-configuration/a"
TYPES: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "AWS::ApiGatewayV2::Deployment": ("apigatewayv2", "CreateDeployment", {"ApiId": "a"}),
    "AWS::ApiGatewayV2::Stage": ("apigatewayv2", "CreateStage", {"ApiId": "a", "StageName": "live"}),
    "AWS::IVS::EncoderConfiguration": (
        "ivs-realtime",
        "CreateEncoderConfiguration",
        {"Video": {"Width": 2, "Height": 2}},
    ),
    "AWS::IVS::IngestConfiguration": ("ivs-realtime", "CreateIngestConfiguration", {"InsecureIngest": True}),
    "AWS::IVS::PublicKey": ("ivs-realtime", "ImportPublicKey", {"PublicKeyMaterial": keys.P384}),
    "AWS::IVS::Stage": (
        "ivs-realtime",
        "CreateStage",
        {"AutoParticipantRecordingConfiguration": {"StorageConfigurationArn": STORAGE}},
    ),
    "AWS::IVS::StorageConfiguration": ("ivs-realtime", "CreateStorageConfiguration", {}),
}
"""The types that the rules are about, the operations that create them, and properties that limits are tried beside."""

DECIDED: Final = {
    "AWS::ApiGatewayV2::Deployment.StageName": "a deployment of this library names no stage",
    "AWS::ApiGatewayV2::Stage.AccessLogSettings.Format": "AWS documents 1,024 and 3,072 bytes: a warning",
    "AWS::ApiGatewayV2::Stage.Tags.*": "an empty value is left to the service",
    'AWS::IVS::IngestConfiguration.StageArn: allows ""': "the pattern in the schema of CloudFormation does not",
    'AWS::IVS::Stage.AutoParticipantRecordingConfiguration.MediaTypes.[]: allows "NONE"': "UpdateStage alone does",
}
"""Properties, and answers about them, of which the rules judge otherwise, and why."""

PATTERNS: Final = frozenset(
    {
        "[a-zA-Z0-9-_]*",
        "[a-z0-9-.]+",
        *(
            f"arn:aws{partition}:ivs:[a-z0-9-]+:[0-9]+:{kind}/[a-zA-Z0-9-]+"
            for partition in ("", "[-a-z]*")
            for kind in ("stage", "storage-configuration")
        ),
        r"-----BEGIN PUBLIC KEY-----\r?\n([a-zA-Z0-9+/=\r\n]+)\r?\n-----END PUBLIC KEY-----(\r?\n)?",
    }
)
"""Patterns that the rules were written for; `$`, `^` and an empty alternative apart."""

EVENT_NAMES: Final = frozenset(
    """
    JOINED LEFT PUBLISH_STARTED PUBLISH_STOPPED SUBSCRIBE_STARTED SUBSCRIBE_STOPPED PUBLISH_ERROR SUBSCRIBE_ERROR
    JOIN_ERROR REPLICATION_STARTED REPLICATION_STOPPED TOKEN_EXCHANGED
    """.split()
)
"""Events of participants, in the API's names, when the names on EventBridge were last looked up."""

OPERATIONS: Final = frozenset(
    """
    CreateEncoderConfiguration CreateIngestConfiguration CreateParticipantToken CreateStage CreateStorageConfiguration
    DeleteEncoderConfiguration DeleteIngestConfiguration DeletePublicKey DeleteStage DeleteStorageConfiguration
    DisconnectParticipant GetComposition GetEncoderConfiguration GetIngestConfiguration GetParticipant GetPublicKey
    GetStage GetStageSession GetStorageConfiguration ImportPublicKey ListCompositions ListEncoderConfigurations
    ListIngestConfigurations ListParticipantEvents ListParticipantReplicas ListParticipants ListPublicKeys
    ListStageSessions ListStages ListStorageConfigurations ListTagsForResource RevokeConnectionToken StartComposition
    StartParticipantReplication StopComposition StopParticipantReplication TagResource UntagResource
    UpdateIngestConfiguration UpdateStage
    """.split()
)
"""Operations of IVS real-time, each of which has a grant of a stage or was decided against."""

QUOTA_REGIONS: Final = frozenset(
    """
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
    ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
    eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
    me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
    """.split()
)
"""Regions whose throttle quota was looked up."""

_NAMED_LENGTH: Final = re.compile(r"StringWithLengthBetween(\d+)And(\d+)")
_DEEPER: Final = {
    "hlsConfiguration": ("HlsConfiguration", "ParticipantRecordingHlsConfiguration"),
    "thumbnailConfiguration": ("ThumbnailConfiguration", "ParticipantThumbnailConfiguration"),
}


@dataclass(frozen=True)
class Limits:
    """What a judge says about a property."""

    path: Names
    """Names; `[]` is an item of a list, `*` the value of a map."""
    type: str
    least: float | None = None
    most: float | None = None
    values: tuple[str, ...] = ()
    pattern: str = ""
    item: tuple[Any, ...] = ()
    """For lists: items to fill one with."""


def limits_of_model(shape: Shape, path: Names = ()) -> Iterator[Limits]:
    """The limits in a model of botocore, by the names of CloudFormation."""
    about = shape.metadata
    named = _NAMED_LENGTH.fullmatch(shape.name)
    least, most = map(int, named.groups()) if named else (about.get("min"), about.get("max"))
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from limits_of_model(member, (*path, *_DEEPER.get(name, (name[:1].upper() + name[1:],))))
    elif isinstance(shape, ListShape):
        yield Limits(path, "list", None, most, item=tuple(shape.member.metadata.get("enum", ())))
        yield from limits_of_model(shape.member, (*path, "[]"))
    elif isinstance(shape, MapShape):
        yield from limits_of_model(shape.value, (*path, "*"))
    else:
        yield Limits(
            path,
            "string" if shape.type_name == "string" else "number",
            least,
            most,
            tuple(about.get("enum", ())),
            about.get("pattern", ""),
        )


def limits_of_schema(schema: dict[str, Any], part: dict[str, Any] | None = None, path: Names = ()) -> Iterator[Limits]:
    """The limits in a schema of CloudFormation."""
    part = schema if part is None else part
    if "$ref" in part:
        part = schema["definitions"][part["$ref"].rpartition("/")[2]]
    read_only = {each.rpartition("/")[2] for each in schema.get("readOnlyProperties", ())} if not path else set()
    for name, member in part.get("properties", {}).items():
        if name not in read_only:
            yield from limits_of_schema(schema, member, (*path, name))
    if "items" in part:
        values = tuple(part["items"].get("enum", ()))
        yield Limits(path, "list", None, part.get("maxItems"), item=values)
        yield from limits_of_schema(schema, part["items"], (*path, "[]"))
    elif "properties" not in part:
        number = part.get("type") in ("integer", "number")
        least, most = ("minimum", "maximum") if number else ("minLength", "maxLength")
        yield Limits(
            path,
            "number" if number else "string",
            part.get(least),
            part.get(most),
            tuple(part.get("enum", ())),
            part.get("pattern", ""),
        )


def boundaries(limits: Limits) -> Iterator[tuple[object, bool]]:
    """Values just inside and just outside of limits, and whether they are inside."""
    for value in limits.values:
        yield value, True
    if limits.values:
        yield "NONE_OF_THESE", False
    elif limits.type == "number":
        for value, beyond in ((limits.least, -1), (limits.most, 1)):
            if value is not None:
                yield value, True
                yield value + beyond, False
    else:
        for size, beyond in ((limits.least, -1), (limits.most, 1)):
            if size is not None and (value := _of_size(limits, int(size))) is not None:
                yield value, True
                if size + beyond >= 0:
                    yield _of_size(limits, int(size) + beyond), False


def _of_size(limits: Limits, size: int) -> object:
    """A list or a text of a size; None where it cannot be made."""
    if limits.type == "list":
        tags = [{"Key": f"k{index}", "Value": "v"} for index in range(size)] if limits.path == ("Tags",) else ()
        items = tags or [limits.item[index % len(limits.item)] for index in range(size) if limits.item]
        return list(items) if len(items) == size else None
    if "arn:" in limits.pattern:
        kind = "storage-configuration" if "storage" in limits.pattern else "stage"
        return f"arn:aws:ivs:us-east-1:123456789012:{kind}/".ljust(size, "a") if size else ""
    return "a" * size


def accepted(resource_type: str, path: Names, value: object) -> bool:
    """Whether no rule calls a property an error."""
    base = TYPES[resource_type][2]
    resource = Resource(resource_type, properties_with(base, path, value), protocol="WEBSOCKET")
    return not any(violation.rule.kind.is_error for violation in evaluate(resource))


def properties_with(properties: Any, path: Names, value: object) -> Any:
    """Properties with another value at a path."""
    if not path:
        return value
    name, *rest = path
    if name == "[]":
        return [properties_with({"Key": "k"} if rest else None, tuple(rest), value)]
    name = "$default" if name == "*" and rest else "k" if name == "*" else name
    return {**(properties or {}), name: properties_with((properties or {}).get(name), tuple(rest), value)}


def changed_limits() -> Iterator[str]:
    """Where a rule and a judge disagree about a limit."""
    session = botocore.session.get_session()
    for resource_type, (service, operation, _) in TYPES.items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
        model = session.get_service_model(service).operation_model(operation).input_shape
        of_model = [each for each in limits_of_model(model) if each.path[0] in schema["properties"]]
        if service == "ivs-realtime":  # tags are a map in the API and a list in templates
            of_model = [each for each in of_model if each.path[0] != "Tags"]
        for judge, limits in (("botocore", of_model), ("CloudFormation", list(limits_of_schema(schema)))):
            for limit in limits:
                yield from (f"{judge}, {line}" for line in _differences(resource_type, limit))


def _differences(resource_type: str, limits: Limits) -> Iterator[str]:
    where = f"{resource_type}.{'.'.join(limits.path)}"
    if where in DECIDED:
        return
    pattern = re.sub(r"^\^\$\||^\.\*|\.\*$|^\^|\$$", "", re.sub(r"^\^\$\|", "", limits.pattern))
    if pattern and pattern not in PATTERNS:
        yield f"{where}: the pattern is {limits.pattern}"
    for value, inside in boundaries(limits):
        if accepted(resource_type, limits.path, value) != inside:
            text = json.dumps(value)
            shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}... ({len(text)} characters)"
            line = f"{where}: {'allows' if inside else 'does not allow'} {shown}"
            yield from () if line in DECIDED else (line,)


def changed_sets() -> Iterator[str]:
    """Where a list of ours and that of a judge differ."""
    session = botocore.session.get_session()
    ivs, http = session.get_service_model("ivs-realtime"), session.get_service_model("apigatewayv2")
    schemas = Path(cfnlint.__file__).parent / "data" / "schemas" / "providers"
    in_cloudformation = {file.stem for file in schemas.glob("*.json") if '"AWS::IVS::Stage"' in file.read_text()}
    commercial = set(session.get_available_regions("apigatewayv2"))
    sources = [file.read_text() for file in (ROOT / "stage_constructs" / "ivs").glob("*.py")]
    granted = {name for source in sources for name in re.findall(r'"ivs:(\w+)"', source)}
    rows: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("Regions of IVS, botocore", every_resource.REGIONS, session.get_available_regions("ivs-realtime")),
        ("Regions of IVS, CloudFormation", every_resource.REGIONS, in_cloudformation & commercial),
        ("Regions with a throttle quota", QUOTA_REGIONS, commercial),
        (
            "partitions",
            {"aws", *log_destination._PARTITIONS.values()},
            session.get_available_partitions(),
        ),
        ("LoggingLevel", values_of(route_settings.LoggingLevel), http.shape_for("LoggingLevel").enum),
        ("RouteSettings", route_settings._SETTINGS, http.shape_for("RouteSettings").members),
        ("MediaType", {*values_of(recording.MediaType), "NONE"}, ivs.shape_for("ParticipantRecordingMediaType").enum),
        ("ThumbnailStorage", values_of(recording.ThumbnailStorage), ivs.shape_for("ThumbnailStorageType").enum),
        ("IngestProtocol", values_of(ingest.IngestProtocol), ivs.shape_for("IngestProtocol").enum),
        ("events of participants", EVENT_NAMES, ivs.shape_for("EventName").enum),
        ("operations of IVS", OPERATIONS & set(ivs.operation_names), ivs.operation_names),
        ("actions that are granted", granted, granted & set(ivs.operation_names)),
    )
    for name, ours, theirs in rows:
        yield from (f"{name}: new is {each}" for each in sorted(set(theirs) - set(ours)))
        yield from (f"{name}: gone is {each}" for each in sorted(set(ours) - set(theirs)))


def main() -> int:
    """Print what has moved; 1 if anything has."""
    changes = [*changed_sets(), *changed_limits()]
    judges = ", ".join(f"{name} {metadata.version(name)}" for name in ("botocore", "cfn-lint"))
    print("\n".join([f"{len(changes)} differences to {judges}", *changes]))
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
