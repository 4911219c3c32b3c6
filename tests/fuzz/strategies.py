"""Values that nobody should give, and those that somebody will."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_logs as logs
from hypothesis import strategies as st

from stage_constructs.apigatewayv2 import (
    ACCOUNT_LIMIT,
    AccessLogFormat,
    AccessLogSettings,
    LoggingLevel,
    RouteSettings,
)
from stage_constructs.ivs import (
    CompositionEvent,
    IngestProtocol,
    MediaType,
    ParticipantRecording,
    ParticipantRecordingEvent,
    SimulcastLayer,
    StageEventType,
    StageUpdateEvent,
    Thumbnails,
    ThumbnailStorage,
    Track,
)
from stage_constructs.monitoring import Threshold

PEM = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEykzyPM/YZr4L6bjZTuyLI2aMISn/VHX6\n"
    "/h230d7nenkPsReL9qhRgc1xdUaLgNm3xaAoDA1pfNrSdt6wrYFcjjnND16uEl09\n"
    "9mQu2l1/s5TafUz1ya8R+FzusRuBWicU\n"
    "-----END PUBLIC KEY-----\n"
)


@dataclass(frozen=True)
class SandboxObject:
    """An object of the sandbox, by its name there."""

    name: str


@dataclass(frozen=True)
class ValueObject:
    """A value object whose fields may be anything."""

    kind: Callable[..., object]
    fields: dict[str, Any]


class Nothing:
    """An object that is none of what anyone takes."""


def sandbox_object(*names: str) -> st.SearchStrategy[SandboxObject]:
    """One of the objects of the sandbox."""
    return st.sampled_from([SandboxObject(name) for name in names])


# Without control characters: the judge reads YAML, which cannot hold them.
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40) | st.sampled_from(
    ["", " ", "$default", "prod", "a" * 129, "a" * 5000, "\n", "${AWS::Region}", "arn:aws:s3:::x", "é" * 10]
)
NUMBER = (
    st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from([0, -0.0, -1, 1.5, 5000.0, math.inf, 1e308])
)
# Not those whose value the judge believes to know, such as the name of the stack.
TOKEN = st.sampled_from(
    [
        cdk.Fn.import_value("elsewhere"),
        cdk.Token.as_number({"Ref": "Number"}),
        cdk.Token.as_string({"Ref": "Text"}),
        cdk.Token.as_any({"Ref": "Anything"}),
        cdk.Token.as_list({"Ref": "Words"}),
        cdk.Duration.seconds(cdk.Token.as_number({"Ref": "Number"})),
        cdk.Duration.minutes(cdk.Token.as_number({"Ref": "Number"})),
    ]
)
ABSURD = (
    st.none()
    | st.booleans()
    | NUMBER
    | TEXT
    | st.binary(max_size=5)
    | TOKEN
    | st.lists(TEXT | TOKEN, max_size=3)
    | st.dictionaries(TEXT, NUMBER | TEXT, max_size=3)
    | st.tuples(TEXT)
    | st.builds(Nothing)
    | st.sampled_from([Nothing, len, LoggingLevel.INFO, ACCOUNT_LIMIT, RouteSettings(), AccessLogFormat.json()])
    | st.sampled_from([cdk.Duration.millis(1), cdk.RemovalPolicy.SNAPSHOT, cdk.CfnTag(key="a", value="b")])
    | sandbox_object("stack", "app", "http_api", "bucket", "stage", "http_stage", "role", "case")
)


def props(
    required: dict[str, st.SearchStrategy[Any]], optional: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[dict[str, Any]]:
    """Keywords: each is left out or right, and in every other case one or two of them are wrong.

    Not `scope` and `id`: whatever is wrong with these CDK says itself.
    """
    names = sorted((required | optional).keys() - {"scope", "id"})
    right = st.fixed_dictionaries(required, optional=optional)
    wrong = st.dictionaries(st.sampled_from(names), ABSURD, min_size=1, max_size=2) if names else st.just({})
    return st.builds(lambda one, other, _: {**one, **other}, right, st.just({}) | wrong, _SALT)


_SALT = st.integers(0, 2**62)
"""Where there is little to choose from, what was tried already is tried again beside what is new."""


def value_object(
    kind: Callable[..., object], required: tuple[str, ...] = (), **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[ValueObject]:
    """Value objects whose fields are mostly right."""
    needed = {name: fields[name] for name in required}
    rest = {name: strategy for name, strategy in fields.items() if name not in required}
    return props(needed, rest).map(lambda given: ValueObject(kind, given))


def some(values: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    """A short list."""
    return st.lists(values, min_size=least, max_size=3)


NAME = st.from_regex(r"\A[A-Za-z0-9_-]{1,128}\Z")
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=100)
DURATION = st.integers(0, 100_000).map(cdk.Duration.seconds) | st.integers(1, 5000).map(cdk.Duration.millis)
STAGE_ARN = st.just("arn:aws:ivs:eu-west-1:123456789012:stage/abcdABCDefgh")
_API_ACTIONS = some(st.sampled_from(["execute-api:Invoke", "apigateway:PATCH"]), least=1)
ROUTE = st.sampled_from(["GET /pets", "$default", "$connect", SandboxObject("http_route")])
LOG_GROUP_ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:there"


def _arn(resource: str) -> st.SearchStrategy[str]:
    return st.just(f"arn:aws:ivs:eu-west-1:123456789012:{resource}/abcdABCDefgh")


_EXECUTION_LOGS = {"data_trace_enabled": st.booleans(), "logging_level": st.sampled_from(LoggingLevel)}
_ROUTE_SETTINGS = {
    "detailed_metrics_enabled": st.booleans(),
    "throttling_burst_limit": st.integers(0, 10_000) | st.just(ACCOUNT_LIMIT),
    "throttling_rate_limit": st.floats(0, 10_000) | st.just(ACCOUNT_LIMIT),
}
_HTTP_ROUTE = value_object(RouteSettings, **_ROUTE_SETTINGS)
_WEBSOCKET_ROUTE = value_object(RouteSettings, **_ROUTE_SETTINGS, **_EXECUTION_LOGS)
_FORMAT = st.sampled_from(
    [
        AccessLogFormat.json(),
        AccessLogFormat.detailed(),
        AccessLogFormat.clf(),
        AccessLogFormat.csv(),
        AccessLogFormat.xml(),
        AccessLogFormat.json(id="$context.requestId", path="$context.resourcePath"),
        "$context.requestId",
        "$context.extendedRequestId $context.status\n",
    ]
)
_KEPT = {
    "retention": st.sampled_from(logs.RetentionDays),
    "removal_policy": st.sampled_from(cdk.RemovalPolicy),
    "encryption_key": sandbox_object("key"),
}
_DESTINATION = {
    "log_group": sandbox_object("log_group"),
    "destination_arn": st.sampled_from([LOG_GROUP_ARN, f"{LOG_GROUP_ARN}:*"]),
}
_ACCESS_LOG_SETTINGS = st.one_of(
    value_object(AccessLogSettings, format=_FORMAT, **_KEPT),
    *(value_object(AccessLogSettings, format=_FORMAT, **{name: given}) for name, given in _DESTINATION.items()),
)
_THUMBNAILS = {"every": DURATION, "storage": some(st.sampled_from(ThumbnailStorage))}
_RECORDING = {
    "storage": sandbox_object("storage"),
    "media_type": st.sampled_from(MediaType),
    "reconnect_window": DURATION,
    "hls_segment_duration": DURATION,
    "thumbnails": value_object(Thumbnails, **_THUMBNAILS)
    | value_object(Thumbnails.interval, required=("every",), **_THUMBNAILS),
}
_METRIC_OPTIONS = {
    "account": st.just("123456789012"),
    "id": st.just("m1"),
    "color": st.just("#ff0000"),
    "dimensions_map": st.dictionaries(NAME, NAME, max_size=3),
    "label": PRINTABLE,
    "period": st.integers(1, 60).map(cdk.Duration.minutes),
    "region": st.just("eu-west-1"),
    "stack_account": st.just("123456789012"),
    "stack_region": st.just("eu-west-1"),
    "statistic": st.sampled_from(["Average", "Minimum", "Maximum", "p99"]),
    "unit": st.sampled_from(cloudwatch.Unit),
    "visible": st.booleans(),
}
ALARMS = {
    "http_stage": ("server_error_rate", "client_error_rate", "latency_ms", "low_traffic", "min_requests", "route"),
    "websocket_stage": (
        *("integration_error_rate", "execution_error_rate", "client_error_rate", "integration_latency_ms"),
        *("low_traffic", "min_requests", "route"),
    ),
    "stage": (
        *("publishers", "subscribers", "download_packet_loss_percent", "dropped_frames_percent"),
        *("recording_failures", "composition_failures"),
    ),
}
_SHARE = st.none() | st.floats(0, 1)
_LATENCY = st.floats(0.1, 30_000)
_SIDE = st.integers(1, 1000).map(lambda half: 2 * half)
_ENCODER = {"width": _SIDE, "height": _SIDE, "framerate": st.floats(0.5, 65), "bitrate": st.integers(1, 9_000_000)}

RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "scope": sandbox_object("stack"),
    "id": sandbox_object("case"),
    "tags": st.dictionaries(
        st.from_regex(r"\A[A-Za-z0-9]{1,20}\Z"), st.from_regex(r"\A[A-Za-z0-9 ]{0,20}\Z"), min_size=1, max_size=5
    ),
    "description": PRINTABLE,
    "grantee": sandbox_object("new_role", "role", "principal"),
    "removal_policy": st.sampled_from(cdk.RemovalPolicy),
    # checks
    "accept": st.lists(st.sampled_from(["zeroThrottle", "stage-constructs:region", "stageName"]), max_size=3),
    "verbose": st.booleans(),
    # API Gateway v2
    **_ROUTE_SETTINGS,
    **_EXECUTION_LOGS,
    **_DESTINATION,
    **_KEPT,
    "format": _FORMAT,
    "stage_name": NAME,
    "api": sandbox_object("http_api"),
    "apigatewayv2.HttpStage.api": sandbox_object("new_http_api"),
    "apigatewayv2.WebSocketStage.api": sandbox_object("new_websocket_api"),
    "auto_deploy": st.booleans(),
    "deployment": sandbox_object("deployment"),
    "deployment_id": st.just("abc123"),
    "default_route_settings": _HTTP_ROUTE,
    "route_settings": st.dictionaries(ROUTE, _HTTP_ROUTE, max_size=2),
    "settings": _HTTP_ROUTE,
    "apigatewayv2.WebSocketStage.default_route_settings": _WEBSOCKET_ROUTE,
    "apigatewayv2.WebSocketStage.route_settings": st.dictionaries(ROUTE, _WEBSOCKET_ROUTE, max_size=2),
    "apigatewayv2.WebSocketStage.settings": _WEBSOCKET_ROUTE,
    "access_log_settings": _ACCESS_LOG_SETTINGS,
    "stage_variables": st.dictionaries(
        st.from_regex(r"\A\w{1,64}\Z"), st.from_regex(r"\A[A-Za-z0-9\-._~:/?#&=,]{1,512}\Z"), max_size=5
    ),
    "keep_existing": st.booleans(),
    "client_certificate_id": st.just("abc") | sandbox_object("certificate"),
    "domain_mapping": value_object(
        apigatewayv2.DomainMappingOptions,
        required=("domain_name",),
        domain_name=sandbox_object("new_domain_name"),
        mapping_key=st.from_regex(r"\A[a-z0-9]{1,20}(/[a-z0-9]{1,20})?\Z"),
    ),
    "account": sandbox_object("account"),
    "role": sandbox_object("role_of_account"),
    "triggers": st.dictionaries(TEXT, st.none() | st.booleans() | NUMBER | TEXT, max_size=3),
    "name": st.from_regex(r"\A[a-z]{1,64}\Z"),
    "value": st.from_regex(r"\A[a-z]{1,512}\Z"),
    "route": ROUTE,
    "route_key": st.sampled_from(["$connect", "sendMessage"]),
    "method": st.sampled_from(["GET", "ANY", "*", *apigatewayv2.HttpMethod]),
    "path": st.sampled_from(["/pets", "/pets/{id}", "*", "/"]),
    "api_id": st.just("aabbccddee"),
    "stage_id": st.just("aabbccddee/prod"),
    "stage_arn": st.just("arn:aws:apigateway:eu-west-1::/apis/aabbccddee/stages/prod"),
    "apigatewayv2.HttpStage.stage": sandbox_object("http_stage", "native_http_stage"),
    "apigatewayv2.WebSocketStage.stage": sandbox_object("websocket_stage", "native_websocket_stage"),
    "text": st.sampled_from(["$context.requestId", "$context.extendedRequestId $context.status\n"]),
    "_http": st.just("$context.requestId"),
    "_websocket": st.just("$context.requestId"),
    "fields": st.dictionaries(NAME, st.just("$context.requestId"), min_size=1, max_size=3),
    # metrics
    **{f"metric.{name}": right for name, right in _METRIC_OPTIONS.items()},
    "metric_name": st.sampled_from(["Count", "Publishers", "Anything"]),
    "participant_id": NAME,
    "simulcast_layer": st.sampled_from(SimulcastLayer),
    "track": st.sampled_from(Track),
    # Amazon IVS
    **_RECORDING,
    **_ENCODER,
    "every": DURATION,
    "ivs.StageSessions.region": st.sampled_from(["eu-west-1", "us-east-1"]),
    "ivs.Thumbnails.storage": _THUMBNAILS["storage"],
    "stage": sandbox_object("stage", "native_stage"),
    "ivs.Stage.stage_arn": STAGE_ARN,
    "encoder_configuration_arn": _arn("encoder-configuration"),
    "storage_configuration_arn": _arn("storage-configuration"),
    "ingest_configuration_arn": _arn("ingest-configuration"),
    "public_key_arn": _arn("public-key"),
    "channel_arn": _arn("channel") | sandbox_object("channel"),
    "encoder_configuration_name": NAME,
    "storage_configuration_name": NAME,
    "ingest_configuration_name": NAME,
    "public_key_name": NAME,
    "auto_participant_recording": value_object(ParticipantRecording, required=("storage",), **_RECORDING),
    "bucket": sandbox_object("bucket", "imported_bucket"),
    "encoder_configuration": sandbox_object("encoder"),
    "storage_configuration": sandbox_object("storage"),
    "destination": sandbox_object("stage", "native_stage"),
    "public_key_material": st.just(PEM),
    "ivs.PublicKey.path": sandbox_object("pem_file"),
    "ingest_protocol": st.sampled_from(IngestProtocol),
    "insecure_ingest": st.booleans(),
    "user_id": st.from_regex(r"\A[a-z]{0,128}\Z"),
    "actions": some(st.sampled_from(["ivs:GetStage", "ivs:DeleteStage"]), least=1),
    "apigatewayv2.HttpStage.actions": _API_ACTIONS,
    "apigatewayv2.WebSocketStage.actions": _API_ACTIONS,
    "target": sandbox_object("target"),
    "x": sandbox_object("stage", "bucket"),
    "event_pattern": st.sampled_from(
        [events.EventPattern(detail_type=["IVS Stage Update"]), events.EventPattern(account=["123456789012"])]
    ),
    "event_names": some(
        st.sampled_from([*StageUpdateEvent, *ParticipantRecordingEvent, *CompositionEvent, "Another"]), least=1
    ),
    "rule_name": st.from_regex(r"\A[A-Za-z0-9._-]{1,64}\Z"),
    "cross_stack_scope": sandbox_object("other_stack"),
    "stages": some(sandbox_object("stage", "native_stage"), least=1),
    "event_types": some(st.sampled_from(StageEventType), least=1),
    # monitoring
    "monitoring.StageDashboard.stages": st.lists(
        sandbox_object("http_stage", "websocket_stage", "stage"), min_size=1, max_size=3, unique=True
    ),
    "dashboard_name": NAME,
    "log_queries": st.booleans(),
    "monitoring.StageAlarms.stage": sandbox_object("http_stage", "websocket_stage", "stage", "imported_stage"),
    "monitoring.StageAlarms.actions": some(sandbox_object("alarm_action")),
    "ok_actions": some(sandbox_object("alarm_action")),
    "warning_actions": some(sandbox_object("alarm_action")),
    "integration_latency_ms": st.none() | value_object(Threshold, critical=_LATENCY, warning=_LATENCY),
    "low_traffic": st.none() | st.integers(1, 1000),
    "monitoring.Threshold.critical": _LATENCY,
    "monitoring.Threshold.warning": _LATENCY,
    "alarm_name_prefix": NAME,
    "runbook_url": PRINTABLE,
    **dict.fromkeys(
        ("server_error_rate", "client_error_rate", "integration_error_rate", "execution_error_rate"), _SHARE
    ),
    "latency_ms": st.none() | _LATENCY,
    "min_requests": st.none() | st.floats(0, 1e6),
    "recording_failures": st.none() | st.integers(1, 100),
    "composition_failures": st.none() | st.integers(1, 100),
    "publishers": st.none() | st.integers(1, 12),
    "subscribers": st.none() | st.integers(1, 10_000),
    "download_packet_loss_percent": st.none() | st.floats(0, 100),
    "dropped_frames_percent": st.none() | st.floats(0, 100),
    "period": st.integers(1, 10).map(cdk.Duration.minutes),
    "evaluation_periods": st.integers(1, 10),
    "datapoints_to_alarm": st.integers(1, 5),
}
"""What is right for a parameter of this name, or of this name on this class."""
