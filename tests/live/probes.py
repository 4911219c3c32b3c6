"""Requests that show whether a rule says what the service does: what is refused, and what is just inside a limit.

A probe is written as a resource of a template; the SDK's request is made from it. What needs more than a request has a
reason in `NOT_TRIED`.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import botocore.session

from stage_constructs.rules import evaluate
from stage_constructs.rules._resources import Resource
from tests.ivs import keys
from tools.aws_changes import TYPES, Limits, Names, boundaries, limits_of_model, properties_with


class Given(enum.Enum):
    """What a probe refers to; it is created when the first probe needs it."""

    NAME = "a name of its own"
    HTTP_API = "an HTTP API with route GET /pets"
    WEBSOCKET_API = "a WebSocket API"
    EMPTY_API = "an HTTP API without routes"
    STAGE = "a stage of the HTTP API"
    DEPLOYMENT = "a deployment of the HTTP API"
    LOG_GROUP = "a log group"
    BUCKET = "a bucket"
    STORAGE = "a storage configuration"


class Expected(enum.Enum):
    """The answer that the rules expect."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    QUOTED = "refused in the words of the rule"


ACCEPTED, REFUSED, QUOTED = Expected


@dataclass(frozen=True)
class Probe:
    """A resource, and what the service answers to it by the rules that it is about.

    In the texts of its properties stand `<partition>`, `<region>`, `<other region>` and `<account>`.
    """

    rules: tuple[str, ...]
    what: str
    type: str
    properties: Mapping[str, Any]
    expected: Expected
    in_stack: bool = False
    """Whether CloudFormation is asked, not the service."""

    @property
    def name(self) -> str:
        """Unique in `PROBES`."""
        return f"{self.rules[0]}: {self.what}"


STAGE: Final = "AWS::ApiGatewayV2::Stage"
ROUTE: Final = "AWS::ApiGatewayV2::Route"
OPERATIONS: Final = {name: (service, operation) for name, (service, operation, _) in TYPES.items()} | {
    ROUTE: ("apigatewayv2", "CreateRoute"),
    "AWS::ApiGatewayV2::DomainName": ("apigatewayv2", "CreateDomainName"),
}
"""The operation that creates a resource of a type."""


def _stage(rules: str, what: str, expected: Expected, api: Given = Given.HTTP_API, **properties: Any) -> Probe:
    named = {"ApiId": api, "StageName": Given.NAME, **properties}
    return Probe(tuple(rules.split()), what, STAGE, named, expected)


def _logs(rule: str, what: str, expected: Expected, **settings: Any) -> Probe:
    return _stage(rule, what, expected, AccessLogSettings=settings)


def _format(rule: str, what: str, expected: Expected, text: str) -> Probe:
    return _logs(rule, what, expected, DestinationArn=Given.LOG_GROUP, Format=text)


def _destination(what: str, arn: str) -> Probe:
    return _logs("accessLogDestination", what, QUOTED, DestinationArn=arn, Format="$context.requestId")


def _ivs(rule: str, what: str, expected: Expected, kind: str, **properties: Any) -> Probe:
    return Probe((rule,), what, f"AWS::IVS::{kind}", {"Name": Given.NAME, **properties}, expected)


def _route(what: str, expected: Expected, key: str) -> Probe:
    return Probe(("httpRouteKey",), what, ROUTE, {"ApiId": Given.HTTP_API, "RouteKey": key}, expected)


DEFAULT: Final = "DefaultRouteSettings"
ONE: Final = {"ThrottlingBurstLimit": 1}
_ALLOWED: Final = "aZ09-._~:/?#&=, "
_NO_ROUTE: Final = "missingRoute unknownRoute routeSettingsBeforeRoute"
_FIREHOSE: Final = "arn:<partition>:firehose:<region>:<account>:deliverystream/amazon-apigateway-x"
_LOG_GROUPS: Final = "arn:<partition>:logs:<region>:<account>:log-group:pets-*"
_CERTIFICATE: Final = "arn:<partition>:acm:<other region>:<account>:certificate/11111111-2222-3333-4444-555555555555"
_DOMAIN: Final = {"CertificateArn": _CERTIFICATE, "EndpointType": "REGIONAL"}

API_GATEWAY: Final = (
    _stage("stageName", "a blank", QUOTED, StageName="my stage"),
    _stage("stageName", "a hyphen and an underscore", ACCEPTED, StageName="a-b_c"),
    _stage("webSocketDefaultStage", "$default on a WebSocket API", ACCEPTED, Given.WEBSOCKET_API, StageName="$default"),
    _stage("stageExists", "a second stage of a name", QUOTED, StageName=Given.STAGE),
    _stage("deploymentWithAutoDeploy", "both", QUOTED, AutoDeploy=True, DeploymentId=Given.DEPLOYMENT),
    _stage("deploymentWithAutoDeploy", "a deployment alone", ACCEPTED, DeploymentId=Given.DEPLOYMENT),
    _stage("executionLogsOnHttp", "level OFF", QUOTED, **{DEFAULT: {"LoggingLevel": "OFF"}}),
    _stage("executionLogsOnHttp", "data trace", QUOTED, **{DEFAULT: {"DataTraceEnabled": True}}),
    _stage("executionLogsOnHttp", "level of a route", QUOTED, RouteSettings={"GET /pets": {"LoggingLevel": "INFO"}}),
    _stage("executionLogsOnHttp", "data trace false", ACCEPTED, **{DEFAULT: {"DataTraceEnabled": False}}),
    _stage(_NO_ROUTE, "settings of a route that is not there", QUOTED, RouteSettings={"GET /nosuch": ONE}),
    _stage("missingRoute", "settings of a route", ACCEPTED, RouteSettings={"GET /pets": ONE}),
    _stage("missingRoute", "settings of $default without such a route", ACCEPTED, RouteSettings={"$default": ONE}),
    _stage("httpRouteKey", "settings of a key without a blank", QUOTED, RouteSettings={"GET/pets": ONE}),
    _route("a path alone", QUOTED, "pets"),
    _route("no blank", QUOTED, "GET/cats"),
    _route("a blank in the path", ACCEPTED, "GET /a b"),
    _stage("throttle", "burst -1", REFUSED, **{DEFAULT: {"ThrottlingBurstLimit": -1}}),
    _stage("throttle", "rate -1", REFUSED, **{DEFAULT: {"ThrottlingRateLimit": -1}}),
    _stage("zeroThrottle", "0", ACCEPTED, **{DEFAULT: {"ThrottlingBurstLimit": 0, "ThrottlingRateLimit": 0}}),
    _format("accessLogFormat", "no request id", QUOTED, "$context.stage"),
    _format("accessLogFormat", "two lines", QUOTED, "$context.requestId\n$context.stage"),
    _format("accessLogFormat", "a request id", ACCEPTED, "$context.requestId"),
    _format("accessLogVariable", "a variable that does not exist", QUOTED, "$context.requestId $context.nosuch"),
    _format("emptyAccessLogVariable", "resourcePath", ACCEPTED, "$context.requestId $context.resourcePath"),
    _format("longAccessLogFormat", "3,072 bytes", ACCEPTED, "$context.requestId".ljust(3072, "x")),
    _format("longAccessLogFormat", "3,073 bytes", REFUSED, "$context.requestId".ljust(3073, "x")),
    _destination("a stream of Firehose", _FIREHOSE),
    _destination("a wildcard", _LOG_GROUPS),
    _logs("incompleteAccessLogSettings", "no format", QUOTED, DestinationArn=Given.LOG_GROUP),
    _logs("incompleteAccessLogSettings", "no destination", QUOTED, Format="$context.requestId"),
    _stage("stageVariableName", "a hyphen", QUOTED, StageVariables={"bad-key": "v"}),
    _stage("stageVariableName", "64 characters", ACCEPTED, StageVariables={"k" * 64: "v"}),
    _stage("stageVariableName", "65 characters", REFUSED, StageVariables={"k" * 65: "v"}),
    _stage("stageVariableValue", "a brace", QUOTED, StageVariables={"key": "{v}"}),
    _stage("stageVariableValue", "all characters that are allowed", ACCEPTED, StageVariables={"key": _ALLOWED}),
    _stage("longStageVariable", "512 characters", ACCEPTED, StageVariables={"key": "v" * 512}),
    _stage("stageVariables", "100", ACCEPTED, StageVariables={f"k{index}": "v" for index in range(100)}),
    _stage("stageVariables", "101", REFUSED, StageVariables={f"k{index}": "v" for index in range(101)}),
    _stage("tags", "aws: before a key", REFUSED, Tags={"aws:team": "chat"}),
    _stage("tags", "50 with the one of the run", ACCEPTED, Tags={f"k{index}": "v" for index in range(49)}),
    _stage("tags", "51 with the one of the run", REFUSED, Tags={f"k{index}": "v" for index in range(50)}),
    Probe(
        ("deploymentWithoutRoute", "deploymentBeforeRoutes"),
        "an API without routes",
        "AWS::ApiGatewayV2::Deployment",
        {"ApiId": Given.EMPTY_API},
        QUOTED,
    ),
    Probe(
        ("certificateRegion",),
        "a certificate of another Region",
        "AWS::ApiGatewayV2::DomainName",
        {"DomainName": "stage-constructs-verify.example", "DomainNameConfigurations": [_DOMAIN]},
        QUOTED,
    ),
    Probe(
        ("flatRouteSettings",),
        "settings in place of route keys",
        STAGE,
        {"ApiId": Given.HTTP_API, "StageName": Given.NAME, "RouteSettings": ONE},
        QUOTED,
        in_stack=True,
    ),
)

_RECORDING: Final = "AutoParticipantRecordingConfiguration"
IVS: Final = (
    _ivs("encoderSize", "an odd width", REFUSED, "EncoderConfiguration", Video={"Width": 641, "Height": 360}),
    _ivs("encoderPixels", "1920 x 1080", ACCEPTED, "EncoderConfiguration", Video={"Width": 1920, "Height": 1080}),
    _ivs("encoderPixels", "1920 x 1082", REFUSED, "EncoderConfiguration", Video={"Width": 1920, "Height": 1082}),
    _ivs("insecureIngest", "RTMP", REFUSED, "IngestConfiguration", IngestProtocol="RTMP"),
    _ivs(
        "insecureIngest",
        "RTMP and InsecureIngest",
        ACCEPTED,
        "IngestConfiguration",
        IngestProtocol="RTMP",
        InsecureIngest=True,
    ),
    _ivs("publicKey", "no PEM text", REFUSED, "PublicKey", PublicKeyMaterial="key"),
    _ivs("publicKey", "a key on P-384", ACCEPTED, "PublicKey", PublicKeyMaterial=keys.P384),
    _ivs("publicKeyCurve", "a key on P-256", REFUSED, "PublicKey", PublicKeyMaterial=keys.OTHERS["P-256"]),
    _ivs("publicKeyCurve", "no point of the curve", REFUSED, "PublicKey", PublicKeyMaterial=keys.OFF_CURVE[0]),
)

_DOMAIN_NEEDED: Final = "needs a domain name and its certificate"
_ACCOUNT_CHANGED: Final = "depends on the logging role of the account, which the account's own stages use"
NOT_TRIED: Final = {
    "accountLoggingRole": _ACCOUNT_CHANGED,
    "accountRolePermissions": _ACCOUNT_CHANGED,
    "accountRoleTrust": _ACCOUNT_CHANGED,
    "stageBeforeAccount": _ACCOUNT_CHANGED,
    "domainName": _DOMAIN_NEEDED,
    "mappingExists": _DOMAIN_NEEDED,
    "mappingKey": _DOMAIN_NEEDED,
    "mutualTlsOnWebSocket": _DOMAIN_NEEDED,
    "region": "is about the other Regions",
}
"""Rules that quote the service and are not tried, and why."""

_ELSEWHERE: Final = {
    "AWS::IVS::StorageConfiguration.S3.BucketName": "a bucket of that name belongs to somebody else",
    "AWS::IVS::IngestConfiguration.Name": "what is left over is found by its name",
    "AWS::IVS::IngestConfiguration.StageArn": "names a stage",
    f"AWS::IVS::Stage.{_RECORDING}.StorageConfigurationArn": "names a storage configuration",
    "AWS::ApiGatewayV2::Stage.AccessLogSettings.Format": "stands above",
    "AWS::ApiGatewayV2::Deployment.StageName": "no rule is about it",
}
"""Limits of botocore's models that are not tried as they stand there."""


_MAX_SHOWN: Final = 60


def _base(resource_type: str) -> dict[str, Any]:
    """Properties beside which a limit is tried."""
    if resource_type == "AWS::ApiGatewayV2::Deployment":
        return {"ApiId": Given.HTTP_API}
    if resource_type == STAGE:
        return {"ApiId": Given.WEBSOCKET_API, "StageName": Given.NAME}
    named = {"Name": Given.NAME, **TYPES[resource_type][2]}
    if resource_type == "AWS::IVS::Stage":
        named[_RECORDING] = {"StorageConfigurationArn": Given.STORAGE}
    if resource_type == "AWS::IVS::StorageConfiguration":
        named["S3"] = {"BucketName": Given.BUCKET}
    return {"IngestProtocol": "RTMPS", **named} if "Ingest" in resource_type else named


def _limit_probes() -> Iterator[Probe]:
    """Values just inside and just outside of each limit in botocore's models that a rule is about."""
    session = botocore.session.get_session()
    for resource_type, (service, operation, _) in TYPES.items():
        for limits in limits_of_model(session.get_service_model(service).operation_model(operation).input_shape):
            path = limits.path
            if f"{resource_type}.{'.'.join(path)}" not in _ELSEWHERE and path[0] != "Tags":
                yield from _probes_of(resource_type, limits)


def _probes_of(resource_type: str, limits: Limits) -> Iterator[Probe]:
    tried = list(boundaries(limits))
    rules = [_violated(resource_type, limits.path, value) for value, inside in tried if not inside]
    rule = next(filter(None, rules), None)
    for value, _ in tried if rule else ():
        if "LoggingLevel" in limits.path and value in {"ERROR", "INFO"}:
            continue  # depends on the logging role of the account
        text = json.dumps(value)
        shown = text if len(text) <= _MAX_SHOWN else f"{len(str(value)):,} characters"
        properties = properties_with(_base(resource_type), limits.path, value)
        prop = ".".join(name for name in limits.path if name.isalpha()).rpartition("Configuration.")[2]
        expected = REFUSED if _violated(resource_type, limits.path, value) else ACCEPTED
        what = f"{resource_type.rpartition('::')[2]}, {prop} {shown}"
        yield Probe((str(rule),), what, resource_type, properties, expected)


def _violated(resource_type: str, path: Names, value: object) -> str | None:
    """The rule that calls a value an error."""
    resource = Resource(resource_type, properties_with(TYPES[resource_type][2], path, value), protocol="WEBSOCKET")
    return next((each.rule.id for each in evaluate(resource) if each.rule.kind.is_error), None)


PROBES: Final = (*API_GATEWAY, *IVS, *_limit_probes())
