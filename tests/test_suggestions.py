"""What errors say: values as they are written in Python, and what to write in their place."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as rest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from stage_constructs import StageConfigurationError, _suggestions, ivs
from stage_constructs.apigatewayv2 import (
    ACCOUNT_LIMIT,
    AccessLogSettings,
    ApiGatewayAccount,
    Deployment,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)
from stage_constructs.monitoring import StageAlarms, StageDashboard

STAGE_ARN = "arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456"
STORAGE_ARN = "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/AbCdEf123456"
LOGS_ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:x"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (LoggingLevel.OFF, "LoggingLevel.OFF"),
        ([ivs.MediaType.AUDIO_ONLY], "[MediaType.AUDIO_ONLY]"),
        ({"level": LoggingLevel.INFO}, '{"level": LoggingLevel.INFO}'),
        ((logs.RetentionDays.ONE_WEEK,), "(RetentionDays.ONE_WEEK,)"),
        (ACCOUNT_LIMIT, "ACCOUNT_LIMIT"),
        ("a", '"a"'),
        (["a", None, True, 1.5], '["a", None, True, 1.5]'),
        (cdk.Duration.minutes(6), "Duration.seconds(360)"),
        (cdk.Duration.millis(1500), "Duration.seconds(1.5)"),
        (RouteSettings(), "a RouteSettings"),
        (HttpStage, "the class HttpStage"),
        (_suggestions.Redacted("a text of 5 characters"), "a text of 5 characters"),
        (b"bytes", "a bytes"),
    ],
)
def test_values_are_shown_as_they_are_written(value: Any, shown: str) -> None:
    """Enum members, durations and texts are shown as in Python, whatever they stand in; others by their class."""
    assert _suggestions.format_value(value) == shown


def test_tokens_are_called_tokens() -> None:
    """A text that is known at deploy is said to be a token."""
    assert re.fullmatch(r'the token "\$\{Token\[.*\]\}"', _suggestions.format_value(cdk.Fn.ref("Name")))


@pytest.mark.parametrize(
    "name",
    ["an HttpApi", "an IStage", "an HTTP stage", "an IVS stage", "an S3Bucket", "an SnsTopic", "an int"],
)
def test_vowels_by_sound(name: str) -> None:
    """The article is that of the sound: letters that are spelled out count as they are spoken."""
    assert _suggestions.with_article(name.removeprefix("an ")) == name


@pytest.mark.parametrize("name", ["a CfnApi", "a RestApi", "a WebSocketApi", "a User", "a Union", "a Role", "a str"])
def test_consonants_by_sound(name: str) -> None:
    """A vowel that sounds like a consonant, and an acronym read as a word, take the other article."""
    assert _suggestions.with_article(name.removeprefix("a ")) == name


def http_api(stack: cdk.Stack) -> apigatewayv2.HttpApi:
    """An API that has no stage."""
    return apigatewayv2.HttpApi(stack, "HttpApi", create_default_stage=False)


def http(**props: Any) -> Callable[[cdk.Stack], object]:
    """An HTTP stage with these properties; functions make theirs of the stack."""
    return lambda stack: HttpStage(
        stack, "It", **{"api": http_api(stack), **{name: _made(value, stack) for name, value in props.items()}}
    )


def websocket(**props: Any) -> Callable[[cdk.Stack], object]:
    """A WebSocket stage with these properties."""
    return lambda stack: WebSocketStage(
        stack,
        "It",
        **{
            "api": apigatewayv2.WebSocketApi(stack, "Api"),
            "stage_name": "prod",
            **{name: _made(value, stack) for name, value in props.items()},
        },
    )


def other(kind: Callable[..., object], **props: Any) -> Callable[[cdk.Stack], object]:
    """A construct of another kind."""
    return lambda stack: kind(stack, "It", **{name: _made(value, stack) for name, value in props.items()})


def logging(**settings: Any) -> Callable[[cdk.Stack], object]:
    """An HTTP stage with these access log settings."""
    return lambda stack: HttpStage(
        stack,
        "It",
        api=http_api(stack),
        access_log_settings=AccessLogSettings(**{name: _made(value, stack) for name, value in settings.items()}),
    )


def recording(**settings: Any) -> Callable[[cdk.Stack], object]:
    """An IVS stage that records with these settings."""
    storage = lambda stack: ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", STORAGE_ARN)  # noqa: E731
    given = {"storage": storage, **settings}
    return lambda stack: ivs.Stage(
        stack,
        "It",
        auto_participant_recording=ivs.ParticipantRecording(
            **{name: _made(value, stack) for name, value in given.items()}
        ),
    )


def alarms(**props: Any) -> Callable[[cdk.Stack], object]:
    """Alarms of an HTTP stage."""
    return lambda stack: StageAlarms(  # type: ignore[call-overload]
        stack,
        "It",
        **{
            "stage": HttpStage(stack, "Stage", api=http_api(stack)),
            **{name: _made(value, stack) for name, value in props.items()},
        },
    )


def _made(value: Any, stack: cdk.Stack) -> Any:
    return value(stack) if isinstance(value, types.FunctionType) else value


CASES: list[tuple[Callable[[cdk.Stack], object], str]] = [
    # an import in place of a name
    (http(api="abc123"), 'write apigatewayv2.HttpApi.from_http_api_attributes(self, "Api", http_api_id="abc123")'),
    (websocket(api="abc123"), 'WebSocketApi.from_web_socket_api_attributes(self, "Api", web_socket_id="abc123")'),
    (http(api=lambda stack: rest.RestApi(stack, "Rest")), "use aws_apigateway.Stage"),
    (websocket(api=http_api), "got an HttpApi: this one has protocol HTTP, use HttpStage for it"),
    (http(deployment="abc123"), 'write deployment_id="abc123"'),
    (other(ApiGatewayAccount, role="ops"), 'write iam.Role.from_role_name(self, "Role", "ops")'),
    (
        other(ApiGatewayAccount, role="arn:aws:iam::123456789012:role/ops"),
        'write iam.Role.from_role_arn(self, "Role", "arn:aws:iam::123456789012:role/ops")',
    ),
    (other(ApiGatewayAccount, role=5), "must be a role of IAM, got 5: give the construct"),
    (logging(log_group="/my/group"), 'write logs.LogGroup.from_log_group_name(self, "Logs", "/my/group")'),
    (logging(log_group=LOGS_ARN), f'write destination_arn="{LOGS_ARN}" in its place'),
    (
        logging(log_group=lambda stack: apigatewayv2.LogGroupLogDestination(logs.LogGroup(stack, "Group"))),
        "got a LogGroupLogDestination: give the construct",
    ),
    (logging(destination_arn="/my/group"), "or give the construct as log_group"),
    (logging(destination_arn="arn:aws:s3:::logs"), "this is an ARN of s3"),
    (
        logging(destination_arn="arn:aws:logs:eu-west-1:123456789012:destination:x"),
        "copy the ARN as CloudWatch Logs shows it",
    ),
    (logging(encryption_key="alias/logs"), "must be a key of KMS"),
    (
        logging(encryption_key="arn:aws:kms:eu-west-1:123456789012:key/a"),
        'write kms.Key.from_key_arn(self, "Key", "arn:aws:kms:eu-west-1:123456789012:key/a")',
    ),
    (other(ivs.StorageConfiguration, bucket="films"), 'write s3.Bucket.from_bucket_name(self, "Id", "films")'),
    (
        other(ivs.StorageConfiguration, bucket="arn:aws:s3:::films"),
        'write s3.Bucket.from_bucket_arn(self, "Id", "arn:aws:s3:::films")',
    ),
    (
        other(ivs.StorageConfiguration, bucket=lambda stack: s3.CfnBucket(stack, "Bucket")),
        "must be an S3 bucket with a policy, such as s3.Bucket(...) or s3.Bucket.from_cfn_bucket(...), got a CfnBucket",
    ),
    (
        recording(storage=STORAGE_ARN),
        f'StorageConfiguration.from_storage_configuration_arn(self, "Id", "{STORAGE_ARN}")',
    ),
    (recording(storage=lambda stack: s3.Bucket(stack, "Bucket")), "got a Bucket: give the construct"),
    (other(ivs.IngestConfiguration, stage=STAGE_ARN), f'write ivs.Stage.from_stage_arn(self, "Id", "{STAGE_ARN}")'),
    (other(ivs.StageEventLog, stages=[STAGE_ARN]), f'write ivs.Stage.from_stage_arn(self, "Id", "{STAGE_ARN}")'),
    (other(ivs.StageEventLog, stages=lambda stack: ivs.Stage(stack, "Stage")), "got a Stage: write stages=[stage]"),
    (other(ivs.StageEventLog, stages=STAGE_ARN), "write stages=[stage]"),
    (
        other(ivs.StageEventLog, log_group="/my/group"),
        'logs.LogGroup.from_log_group_name(self, "Id", "/my/group")',
    ),
    (alarms(stage=STAGE_ARN), f'write ivs.Stage.from_stage_arn(self, "Id", "{STAGE_ARN}")'),
    (alarms(stage="room"), "give the construct; the from_... methods import one"),
    (
        alarms(stage=lambda stack: apigatewayv2.CfnStage(stack, "Cfn", api_id="aabbccddee", stage_name="prod")),
        "wrap it by apigatewayv2.HttpStage.from_stage_ref(",
    ),
    (other(StageDashboard, stages="room"), "write stages=[stage]"),
    (
        alarms(actions=["arn:aws:sns:eu-west-1:123456789012:ops"]),
        'SnsAction(sns.Topic.from_topic_arn(self, "Id", "arn:aws:sns:eu-west-1:123456789012:ops"))',
    ),
    (alarms(actions=lambda stack: [sns.Topic(stack, "Topic")]), "write aws_cloudwatch_actions.SnsAction(topic)"),
    (
        alarms(actions=lambda stack: [lambda_.Function.from_function_name(stack, "Function", "tell")]),
        "write aws_cloudwatch_actions.LambdaAction(function)",
    ),
    (websocket(account=lambda stack: rest.CfnAccount(stack, "Account")), "write ApiGatewayAccount.of(self)"),
    (websocket(account="ops"), 'for a role write ApiGatewayAccount(self, "Account", role=...)'),
    (websocket(account=True), "write ApiGatewayAccount.of(self)"),
    # value objects in place of dicts and native structs
    (http(default_route_settings={"burstLimit": 5}), "write RouteSettings(throttling_burst_limit=5)"),
    (
        http(default_route_settings={"ThrottlingRateLimit": 5, "LogLevel": "INFO", "data_trace": True}),
        'write RouteSettings(throttling_rate_limit=5, logging_level="INFO", data_trace_enabled=True)',
    ),
    (
        http(default_route_settings={"trhottling_rate_limit": 5, "limit": 1, "foo": 1}),
        'write RouteSettings(throttling_rate_limit=5); there is no "limit" or "foo"',
    ),
    (
        http(default_route_settings=apigatewayv2.ThrottleSettings(burst_limit=5, rate_limit=7)),
        "write RouteSettings(throttling_burst_limit=5, throttling_rate_limit=7)",
    ),
    (http(default_route_settings={"foo": 1}), "write RouteSettings(...)"),
    (
        http(route_settings={"burst_limit": 5}),
        'route_settings["burst_limit"] must be RouteSettings(...)',
    ),
    (http(route_settings={"GET /pets": {"burst": 5}}), "write RouteSettings(throttling_burst_limit=5)"),
    (http(route_settings=RouteSettings()), "default_route_settings takes the settings of all routes"),
    (http(access_log_settings=LOGS_ARN), "write AccessLogSettings(...)"),
    (http(access_log_settings={"destinationArn": LOGS_ARN}), f'write AccessLogSettings(destination_arn="{LOGS_ARN}")'),
    (logging(format={"id": "$context.requestId"}), "must be a string, or AccessLogFormat.json(...)"),
    (logging(format="$context.requestID $context.requestId"), "did you mean $context.requestId? the variables are"),
    (
        http(domain_mapping="api.example.com"),
        'apigatewayv2.DomainName(self, "Domain", domain_name=..., certificate=...)',
    ),
    (
        http(domain_mapping=lambda stack: {"domainName": stack, "mappingKey": "v1"}),
        "write apigatewayv2.DomainMappingOptions(domain_name=",
    ),
    (http(tags=[{"Key": "team", "Value": "chat"}]), 'must be a dict of keys and values such as {"team": "chat"}'),
    (other(ivs.Stage, auto_participant_recording="films"), "write ParticipantRecording(...)"),
    (
        other(ivs.Stage, auto_participant_recording={"StorageConfigurationArn": "x", "mediaTypes": ["AUDIO_ONLY"]}),
        'write ParticipantRecording(storage="x", media_type=["AUDIO_ONLY"])',
    ),
    (recording(thumbnails=60), "write Thumbnails.interval(Duration.seconds(60))"),
    (recording(thumbnails=False), "write Thumbnails.interval(Duration.seconds(60)) or Thumbnails.disabled()"),
    (recording(thumbnails={"TargetIntervalSeconds": 5}), "write Thumbnails.interval(every=5)"),
    # enums and durations in place of texts and numbers
    (logging(retention=7), "write logs.RetentionDays.ONE_YEAR for instance"),
    (logging(retention="one week"), "write logs.RetentionDays.ONE_WEEK"),
    (logging(removal_policy="retain"), "write cdk.RemovalPolicy.RETAIN"),
    (logging(removal_policy=cdk.CfnDeletionPolicy.DELETE), "write cdk.RemovalPolicy.RETAIN for instance"),
    (websocket(default_route_settings=RouteSettings(logging_level="WARN")), 'write "ERROR"'),  # type: ignore[arg-type]
    (
        websocket(default_route_settings=RouteSettings(logging_level=rest.MethodLoggingLevel.INFO)),  # type: ignore[arg-type]
        "must be a string, got MethodLoggingLevel.INFO",
    ),
    (recording(media_type="audio"), "write MediaType.AUDIO_ONLY"),
    (recording(reconnect_window=60), "write Duration.seconds(60)"),
    (recording(reconnect_window="1m"), "write Duration.seconds(60) for instance"),
    (recording(reconnect_window=cdk.Duration.minutes(6)), "got Duration.seconds(360): the nearest"),
    (other(ivs.StageEventLog, event_types="STAGE_UPDATE"), "write [StageEventType.STAGE_UPDATE]"),
    (other(ivs.StageEventLog, event_types=ivs.StageEventType.STAGE_UPDATE), "write [StageEventType.STAGE_UPDATE]"),
    (other(ivs.IngestConfiguration, ingest_protocol="SRT"), "write IngestProtocol.RTMPS, the encrypted one"),
    (alarms(latency_ms="2500"), "write a finite number, or latency_ms=None to switch the alarm off"),
    (alarms(evaluation_periods=1.5), "write 2"),
    (http(default_route_settings=RouteSettings(throttling_burst_limit="5")), "write a number"),  # type: ignore[arg-type]
    (http(auto_deploy="false"), "write True or False"),
    (http(stage_name=5), "must be a string, got 5"),
    (http(stage_name=iam.Effect.ALLOW), "must be a string, got Effect.ALLOW"),
    (http(stage_name=None), "is it an environment variable or a context key that is not set?"),
    (http(stage_name=HttpStage), "must be a string, got the class HttpStage"),
    (http(stage_name="n" * 130), "shorten it by 2"),
    (other(ivs.Stage, stage_name="my stage"), "write a name such as my-stage"),
    (other(Deployment, api=http_api, triggers={"a": {1}}), "turn sets into sorted lists"),
    (other(ivs.PublicKey, public_key_material=None), "is it an environment variable"),
    (other(ivs.PublicKey, public_key_material="./public.pem"), "got a text of 12 characters: write the text of a file"),
]


@pytest.mark.parametrize(("make", "said"), CASES, ids=[said for _, said in CASES])
def test_errors_say_what_to_write(stack: cdk.Stack, make: Callable[[cdk.Stack], object], said: str) -> None:
    """An error shows the very code that would be right, as far as it can be told from what was given."""
    with pytest.raises(StageConfigurationError) as raised:
        make(stack)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("grantee", "fix"),
    [
        ("ops", 'write iam.Role.from_role_name(self, "Role", "ops")'),
        ("arn:aws:iam::123456789012:role/ops", 'write iam.Role.from_role_arn(self, "Role", "arn:aws:iam::123'),
        (None, "is it an environment variable or a context key that is not set?"),
        (5, "give the construct"),
    ],
)
def test_grantees(stack: cdk.Stack, grantee: Any, fix: str) -> None:
    """Who names a principal is told how to import it."""
    stage = HttpStage(stack, "Stage", api=http_api(stack))
    with pytest.raises(StageConfigurationError, match="grantee must be a principal") as raised:
        stage.grant_invoke(grantee)
    assert fix in str(raised.value)


@pytest.mark.parametrize(
    ("imported", "said"),
    [
        (
            lambda stack: HttpStage.from_stage_id(stack, "It", "abc"),
            'from_stage_attributes(self, "Stage", api_id="abc"',
        ),
        (lambda stack: HttpStage.from_stage_id(stack, "It", "arn:aws:x"), 'from_stage_arn(self, "Stage", "arn:aws:x")'),
        (lambda stack: HttpStage.from_stage_arn(stack, "It", "abc/prod"), 'from_stage_id(self, "Stage", "abc/prod")'),
        (
            lambda stack: HttpStage.from_stage_arn(
                stack, "It", "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/*"
            ),
            'from_stage_id(self, "Stage", "abc/prod")',
        ),
        (lambda stack: HttpStage.from_stage_arn(stack, "It", "abc"), "copy it as the service shows it"),
        (lambda stack: HttpStage.from_stage_ref(stack, "It", "abc"), "import one by its names"),
        (
            lambda stack: HttpStage.from_stage_ref(stack, "It", ivs.Stage(stack, "Room")),
            "this one belongs to another service",
        ),
        (
            lambda stack: HttpStage.from_stage_ref(
                stack, "It", WebSocketStage.from_stage_id(stack, "Chat", "abc/prod")
            ),
            "got an imported WebSocketStage: use WebSocketStage.from_stage_ref(...)",
        ),
        (lambda stack: HttpStage.from_stage_attributes(stack, "It", api_id="", stage_name="x"), "that is not set?"),
        (
            lambda stack: ivs.Stage.from_stage_arn(stack, "It", STORAGE_ARN),
            "another kind of resource, storage-configuration",
        ),
    ],
)
def test_imports(stack: cdk.Stack, imported: Callable[[cdk.Stack], object], said: str) -> None:
    """Who imports by the wrong name is told by which method it would be right."""
    with pytest.raises(StageConfigurationError) as raised:
        imported(stack)
    assert said in str(raised.value)


def test_the_same_is_said_once(stack: cdk.Stack) -> None:
    """A value that two rules look at is spoken of in one line."""
    with pytest.raises(StageConfigurationError) as raised:
        HttpStage(stack, "It", api=http_api(stack), auto_deploy="yes")  # type: ignore[arg-type]
    assert "\n" not in str(raised.value)


def test_what_is_set_already_says_where(stack: cdk.Stack) -> None:
    """Neither a variable nor the settings of a route are set twice."""
    stage = HttpStage(
        stack, "It", api=http_api(stack), stage_variables={"a": "b"}, route_settings={"$default": RouteSettings()}
    )
    with pytest.raises(StageConfigurationError, match="change it where the stage is created"):
        stage.add_stage_variable("a", "c")
    with pytest.raises(StageConfigurationError, match="change the settings where the stage is created"):
        stage.add_route_settings("$default", RouteSettings())
