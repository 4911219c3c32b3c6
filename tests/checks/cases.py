"""Templates that break one rule each, with the property that a finding names."""

from __future__ import annotations

from typing import Any

from tests.ivs import keys

from . import mapping_cases
from .template_helpers import ACCOUNT, API, ERROR, HTTP_API, WARNING, Case, http, ivs, stage, websocket

GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/pets"
STREAM = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"
STORAGE = "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/AbCdEf123456"
RECORDING = "AutoParticipantRecordingConfiguration"
THUMBNAILS = "ThumbnailConfiguration.ParticipantThumbnailConfiguration"


def logs(text: str | None = "$context.requestId", arn: Any = GROUP) -> dict[str, Any]:
    """Access logs of a stage."""
    given = {"DestinationArn": arn, "Format": text}
    return {"AccessLogSettings": {name: value for name, value in given.items() if value is not None}}


def recording(**settings: Any) -> dict[str, Any]:
    """A stage that records its participants."""
    return ivs("Stage", {RECORDING: {"StorageConfigurationArn": STORAGE, **settings}})


def thumbnails(**settings: Any) -> dict[str, Any]:
    """A stage that takes thumbnails."""
    return recording(ThumbnailConfiguration={"ParticipantThumbnailConfiguration": settings})


def stage_arn(stage_id: str = "AbCdEf123456") -> str:
    """The ARN of a stage of Amazon IVS."""
    return f"arn:aws:ivs:eu-west-1:123456789012:stage/{stage_id}"


def encoder(**video: Any) -> dict[str, Any]:
    """An encoder configuration."""
    return ivs("EncoderConfiguration", {"Video": video})


def many(kind: str, number: int, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    """Resources of Amazon IVS."""
    return {f"It{index}": ivs(kind, properties)["It"] for index in range(number)}


def stored(policy: dict[str, Any] | None, bucket: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """A storage configuration, its bucket and the policy of the bucket."""
    resources: dict[str, Any] = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": bucket or {}},
        "It": ivs("StorageConfiguration", {"S3": {"BucketName": {"Ref": "Bucket"}}})["It"] | others,
    }
    if policy:
        properties = {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Statement": policy["Statement"]}}
        resources["Policy"] = {"Type": "AWS::S3::BucketPolicy", "Properties": properties}
    return resources


def statement(service: Any) -> dict[str, Any]:
    """A policy by which a service may write."""
    return {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "s3:PutObject"}]}


IVS_WRITES = statement({"Fn::Join": ["", ["ivs-composite.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]})
OTHERS_WRITE = statement("logging.s3.amazonaws.com")
SSL_ONLY = {"Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*"}]}
"""What `enforce_ssl` of a bucket writes."""
ROLES_DELETE = {
    "Statement": [
        *SSL_ONLY["Statement"],
        {"Effect": "Allow", "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, "Action": "s3:DeleteObject*"},
        {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}, "Action": "s3:GetObject*"},
    ]
}
"""What `auto_delete_objects` and a grant of the bucket add to it."""
SHORTEST_PATTERN = len('{"source":["aws.ivs"],"detail":{"event_name":[""]}}')


def event_rule(size: int, *others: Any) -> dict[str, Any]:
    """A rule on events whose pattern has so many characters, beside other names."""
    pattern = {"source": ["aws.ivs"], "detail": {"event_name": ["e" * (size - SHORTEST_PATTERN), *others]}}
    return {"It": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern}}}


DEFAULT = "DefaultRouteSettings"
BOTH_PROTOCOLS = [
    Case(rule, severity, prop, make(properties))
    for make in (http, websocket)
    for rule, severity, prop, properties in (
        ("stageName", ERROR, "StageName", {"StageName": "my stage"}),
        ("stageName", ERROR, "StageName", {"StageName": "s" * 129}),
        ("description", ERROR, "Description", {"Description": "d" * 1025}),
        ("deploymentWithAutoDeploy", ERROR, "DeploymentId", {"AutoDeploy": True, "DeploymentId": "abc123"}),
        ("deploymentWithAutoDeploy", ERROR, "DeploymentId", {"AutoDeploy": "true", "DeploymentId": {"Ref": "D"}}),
        ("identifier", ERROR, "DeploymentId", {"DeploymentId": ""}),
        ("autoDeploy", ERROR, "AutoDeploy", {"AutoDeploy": "yes"}),
        ("detailedMetrics", ERROR, f"{DEFAULT}.DetailedMetricsEnabled", {DEFAULT: {"DetailedMetricsEnabled": "on"}}),
        ("throttle", ERROR, f"{DEFAULT}.ThrottlingBurstLimit", {DEFAULT: {"ThrottlingBurstLimit": -1}}),
        ("throttle", ERROR, f"{DEFAULT}.ThrottlingBurstLimit", {DEFAULT: {"ThrottlingBurstLimit": "1.5"}}),
        ("throttle", ERROR, f"{DEFAULT}.ThrottlingRateLimit", {DEFAULT: {"ThrottlingRateLimit": "fast"}}),
        ("zeroThrottle", WARNING, f"{DEFAULT}.ThrottlingBurstLimit", {DEFAULT: {"ThrottlingBurstLimit": 0}}),
        ("zeroThrottle", WARNING, f"{DEFAULT}.ThrottlingRateLimit", {DEFAULT: {"ThrottlingRateLimit": "0"}}),
        ("throttleAboveQuota", WARNING, f"{DEFAULT}.ThrottlingBurstLimit", {DEFAULT: {"ThrottlingBurstLimit": 5001}}),
        ("throttleAboveQuota", WARNING, f"{DEFAULT}.ThrottlingRateLimit", {DEFAULT: {"ThrottlingRateLimit": 1e5}}),
        ("unsupportedProperty", ERROR, f'{DEFAULT}["throttlingBurstLimit"]', {DEFAULT: {"throttlingBurstLimit": 5}}),
        ("unsupportedProperty", ERROR, "AccessPolicyId", {"AccessPolicyId": "abc"}),
        ("routeSettings", ERROR, 'RouteSettings["$default"]', {"RouteSettings": {"$default": 5}}),
        (
            "throttle",
            ERROR,
            'RouteSettings["$default"].ThrottlingBurstLimit',
            {"RouteSettings": {"$default": {"ThrottlingBurstLimit": -5}}},
        ),
        (
            "throttle",
            ERROR,
            'RouteSettings["$default"].ThrottlingRateLimit',
            {"RouteSettings": '{"$default": {"ThrottlingRateLimit": -5}}'},
        ),
        (
            "routeSettingsSpelling",
            ERROR,
            'RouteSettings["$default"]["throttlingBurstLimit"]',
            {"RouteSettings": {"$default": {"throttlingBurstLimit": 5}}},
        ),
        (
            "routeSettingsSpelling",
            ERROR,
            'RouteSettings["$default"]["throttling_rate_limit"]',
            {"RouteSettings": {"$default": {"throttling_rate_limit": 5}}},
        ),
        (
            "routeSettingsSpelling",
            ERROR,
            'RouteSettings["$default"]["Throttling"]',
            {"RouteSettings": {"$default": {"Throttling": 5}}},
        ),
        (
            "flatRouteSettings",
            ERROR,
            'RouteSettings["ThrottlingBurstLimit"]',
            {"RouteSettings": {"ThrottlingBurstLimit": 5}},
        ),
        (
            "flatRouteSettings",
            ERROR,
            'RouteSettings["throttlingRateLimit"]',
            {"RouteSettings": {"throttlingRateLimit": 5}},
        ),
        ("missingRoute", ERROR, "RouteSettings", {"RouteSettings": {"GET /nosuch": {"ThrottlingBurstLimit": 5}}}),
        ("accessLogFormat", ERROR, "AccessLogSettings.Format", logs("$context.stage")),
        ("accessLogFormat", ERROR, "AccessLogSettings.Format", logs("$context.requestId\n$context.stage")),
        (
            "accessLogFormat",
            ERROR,
            "AccessLogSettings.Format",
            {"AccessLogSettings": {"DestinationArn": GROUP, "Format": {"id": "$context.requestId"}}},
        ),
        ("longAccessLogFormat", WARNING, "AccessLogSettings.Format", logs("$context.requestId " + "x" * 3072)),
        ("accessLogDestination", ERROR, "AccessLogSettings.DestinationArn", logs(arn="/aws/pets")),
        ("accessLogDestination", ERROR, "AccessLogSettings.DestinationArn", logs(arn="arn:aws:s3:::pets")),
        ("accessLogDestination", ERROR, "AccessLogSettings.DestinationArn", logs(arn=f"{GROUP}-*")),
        ("accessLogDestination", ERROR, "AccessLogSettings.DestinationArn", logs(arn=GROUP.replace("eu-west-1", "*"))),
        ("incompleteAccessLogSettings", WARNING, "AccessLogSettings.Format", logs(None)),
        ("incompleteAccessLogSettings", WARNING, "AccessLogSettings.DestinationArn", logs(arn=None)),
        ("logGroupArnWildcard", WARNING, "AccessLogSettings.DestinationArn", logs(arn=f"{GROUP}:*")),
        ("stageVariableName", ERROR, 'StageVariables["bad-key"]', {"StageVariables": {"bad-key": "v"}}),
        ("stageVariableValue", ERROR, 'StageVariables["key"]', {"StageVariables": {"key": "{v}"}}),
        ("stageVariables", ERROR, "StageVariables", {"StageVariables": {f"k{index}": "v" for index in range(101)}}),
        ("readableSecret", WARNING, "Description", {"Description": "{{resolve:secretsmanager:x}}"}),
        ("readableSecret", WARNING, "Description", {"Description": {"Fn::GetAtt": ["Ingest", "StreamKey"]}}),
        (
            "readableSecret",
            WARNING,
            'StageVariables["key"]',
            {"StageVariables": {"key": {"Fn::Join": ["", ["{{resolve:ssm-secure:", {"Ref": "Name"}, "}}"]]}}},
        ),
        ("emptyStageVariable", WARNING, 'StageVariables["key"]', {"StageVariables": {"key": ""}}),
        ("longStageVariable", WARNING, 'StageVariables["key"]', {"StageVariables": '{"key": "' + "v" * 513 + '"}'}),
        ("tags", ERROR, "Tags", {"Tags": [{"Key": "team", "Value": "chat"}]}),
        ("tags", ERROR, 'Tags["aws:team"]', {"Tags": {"aws:team": "chat"}}),
    )
]

HTTP_ONLY = [
    Case("executionLogsOnHttp", ERROR, f"{DEFAULT}.LoggingLevel", http({DEFAULT: {"LoggingLevel": "OFF"}})),
    Case("executionLogsOnHttp", ERROR, f"{DEFAULT}.DataTraceEnabled", http({DEFAULT: {"DataTraceEnabled": True}})),
    Case(
        "executionLogsOnHttp",
        ERROR,
        'RouteSettings["GET /pets"].LoggingLevel',
        http({"RouteSettings": {"GET /pets": {"LoggingLevel": "INFO"}}}),
    ),
    Case("accessLogVariable", ERROR, "AccessLogSettings.Format", http(logs("$context.requestId $context.nosuch"))),
    Case(
        "emptyAccessLogVariable",
        WARNING,
        "AccessLogSettings.Format",
        http(logs("$context.requestId $context.resourcePath")),
    ),
    Case("accessLogDestination", ERROR, "AccessLogSettings.DestinationArn", http(logs(arn=STREAM))),
    Case(
        "accessLogDestination",
        ERROR,
        "AccessLogSettings.DestinationArn",
        http(logs(arn={"Fn::GetAtt": ["Stream", "Arn"]}))
        | {"Stream": {"Type": "AWS::KinesisFirehose::DeliveryStream"}},
    ),
    Case("clientCertificateOnHttp", WARNING, "ClientCertificateId", http({"ClientCertificateId": "abc"})),
]

LOGGING = {DEFAULT: {"LoggingLevel": "INFO"}}
LOGS_WITHOUT_ACCOUNT = {name: each for name, each in websocket(LOGGING).items() if name != "Account"}
WEBSOCKET_ONLY = [
    Case("webSocketDefaultStage", WARNING, "StageName", websocket({"StageName": "$default"})),
    Case("loggingLevel", ERROR, f"{DEFAULT}.LoggingLevel", websocket({DEFAULT: {"LoggingLevel": "DEBUG"}})),
    Case(
        "dataTraceLogsMessages",
        WARNING,
        f"{DEFAULT}.DataTraceEnabled",
        websocket({DEFAULT: {"DataTraceEnabled": "true", "LoggingLevel": "ERROR"}}),
    ),
    Case("dataTrace", ERROR, f"{DEFAULT}.DataTraceEnabled", websocket({DEFAULT: {"DataTraceEnabled": "all"}})),
    Case(
        "dataTraceWithoutLogging",
        WARNING,
        f"{DEFAULT}.DataTraceEnabled",
        websocket({DEFAULT: {"DataTraceEnabled": "true", "LoggingLevel": "OFF"}}),
    ),
    Case(
        "unknownAccessLogVariable",
        WARNING,
        "AccessLogSettings.Format",
        websocket(logs("$context.requestId $context.path")),
    ),
    Case("firehoseOnWebSocket", WARNING, "AccessLogSettings.DestinationArn", websocket(logs(arn=STREAM))),
    Case("accountLoggingRole", WARNING, f"{DEFAULT}.LoggingLevel", LOGS_WITHOUT_ACCOUNT),
    Case(
        "accountLoggingRole",
        WARNING,
        "AccessLogSettings",
        {name: each for name, each in websocket(logs()).items() if name != "Account"},
    ),
]

SETTINGS = {"RouteSettings": {"GET /pets": {"ThrottlingBurstLimit": 5}}}
GET_ATT: list[Any] = [{"Fn::GetAtt": ["Group", "Arn"]}, {"Fn::GetAtt": "Group.Arn"}, {"Fn::Sub": "${Group.Arn}"}]
DEPLOYMENT: dict[str, Any] = {"Type": "AWS::ApiGatewayV2::Deployment", "Properties": {"ApiId": API}}


def role(service: Any) -> dict[str, Any]:
    """An account and its role, which a service may assume."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    return {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": trust, "ManagedPolicyArns": ["x"]},
        },
        "Account": ACCOUNT | {"Properties": {"CloudWatchRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }


ACROSS_RESOURCES = [
    Case("secondAccount", WARNING, "the resource", {"Account": ACCOUNT, "Another": ACCOUNT}),
    Case(
        "unknownRoute",
        WARNING,
        "RouteSettings",
        {"Api": HTTP_API, "Stage": stage({"RouteSettings": {"GET /nosuch": {"ThrottlingBurstLimit": 5}}})},
    ),
    Case("accountRoleTrust", WARNING, "CloudWatchRoleArn", role("lambda.amazonaws.com")),
    Case("accountRoleTrust", WARNING, "CloudWatchRoleArn", role(["lambda.amazonaws.com"])),
    Case("routeSettingsBeforeRoute", ERROR, 'RouteSettings["GET /pets"]', http(SETTINGS, DependsOn=[])),
    Case("routeSettingsBeforeRoute", ERROR, 'RouteSettings["GET /pets"]', http(SETTINGS, DependsOn="Api")),
    Case("stageExists", ERROR, "StageName", http(Condition="Never") | {"A": stage(), "B": stage()}),
    Case("stageExists", ERROR, "StageName", http({"StageName": "$default"}) | {"A": stage({"StageName": "$default"})}),
    Case("manyStages", WARNING, "ApiId", http() | {f"S{i}": stage({"StageName": f"s{i}"}) for i in range(10)}),
    *(
        Case(
            "logGroupArnWildcard",
            WARNING,
            "AccessLogSettings.DestinationArn",
            http(logs(arn=arn)) | {"Group": {"Type": "AWS::Logs::LogGroup"}},
        )
        for arn in GET_ATT
    ),
    Case("deploymentWithoutRoute", ERROR, "ApiId", {"Api": HTTP_API, "Deployment": DEPLOYMENT}),
    Case("deploymentBeforeRoutes", WARNING, "DependsOn", http() | {"Deployment": DEPLOYMENT}),
    Case(
        "description",
        ERROR,
        "Description",
        {"D": {"Type": DEPLOYMENT["Type"], "Properties": {"ApiId": "abc", "Description": "d" * 1025}}},
    ),
]

HLS = "HlsConfiguration.ParticipantRecordingHlsConfiguration"
IVS = [
    *(
        Case("name", ERROR, "Name", ivs(kind, {"Name": "my stage", **needed}))
        for kind, needed in (
            ("Stage", {}),
            ("EncoderConfiguration", {}),
            ("IngestConfiguration", {}),
            ("StorageConfiguration", {"S3": {"BucketName": "recordings"}}),
            ("PublicKey", {"PublicKeyMaterial": keys.P384}),
        )
    ),
    Case("tags", ERROR, 'Tags["aws:x"]', ivs("Stage", {"Tags": [{"Key": "aws:x", "Value": "y"}]})),
    Case("tags", ERROR, "Tags", ivs("Stage", {"Tags": [{"Key": f"k{i}", "Value": "v"} for i in range(51)]})),
    Case(
        "arn",
        ERROR,
        f"{RECORDING}.StorageConfigurationArn",
        ivs("Stage", {RECORDING: {"StorageConfigurationArn": "x"}}),
    ),
    Case("mediaType", ERROR, f"{RECORDING}.MediaTypes", recording(MediaTypes=["NONE"])),
    Case("mediaType", ERROR, f"{RECORDING}.MediaTypes", recording(MediaTypes=["AUDIO_VIDEO", "AUDIO_ONLY"])),
    Case(
        "reconnectWindow",
        ERROR,
        f"{RECORDING}.RecordingReconnectWindowSeconds",
        recording(RecordingReconnectWindowSeconds="301"),
    ),
    Case(
        "hlsSegmentDuration",
        ERROR,
        f"{RECORDING}.{HLS}.TargetSegmentDurationSeconds",
        recording(HlsConfiguration={"ParticipantRecordingHlsConfiguration": {"TargetSegmentDurationSeconds": 1}}),
    ),
    Case("thumbnails", ERROR, f"{RECORDING}.{THUMBNAILS}.RecordingMode", thumbnails(RecordingMode="ALWAYS")),
    Case(
        "thumbnailInterval",
        ERROR,
        f"{RECORDING}.{THUMBNAILS}.TargetIntervalSeconds",
        thumbnails(RecordingMode="INTERVAL", TargetIntervalSeconds=86401),
    ),
    Case(
        "thumbnailsDisabled",
        WARNING,
        f"{RECORDING}.{THUMBNAILS}.TargetIntervalSeconds",
        thumbnails(RecordingMode="DISABLED", TargetIntervalSeconds=60),
    ),
    Case(
        "thumbnailsDisabled",
        WARNING,
        f"{RECORDING}.{THUMBNAILS}.TargetIntervalSeconds",
        thumbnails(TargetIntervalSeconds=60),
    ),
    Case("thumbnailsDisabled", WARNING, f"{RECORDING}.{THUMBNAILS}.Storage", thumbnails(Storage=["LATEST"])),
    Case(
        "thumbnailStorage",
        ERROR,
        f"{RECORDING}.{THUMBNAILS}.Storage",
        thumbnails(RecordingMode="INTERVAL", Storage=["NEWEST"]),
    ),
    Case(
        "thumbnailStorage",
        ERROR,
        f"{RECORDING}.{THUMBNAILS}.Storage",
        thumbnails(RecordingMode="INTERVAL", Storage=["LATEST", "LATEST"]),
    ),
    Case(
        "thumbnailStorage",
        ERROR,
        f"{RECORDING}.{THUMBNAILS}.Storage",
        thumbnails(RecordingMode="INTERVAL", Storage="LATEST"),
    ),
    Case("encoderSize", ERROR, "Video.Width", encoder(Width=1279)),
    Case("encoderSize", ERROR, "Video.Height", encoder(Height="1922", Width=2)),
    Case("encoderPixels", ERROR, "Video.Height", encoder(Width=1920, Height=1920)),
    Case("framerate", ERROR, "Video.Framerate", encoder(Framerate=0.5)),
    Case("bitrate", ERROR, "Video.Bitrate", encoder(Bitrate=8_500_001)),
    Case("insecureIngest", ERROR, "InsecureIngest", ivs("IngestConfiguration", {"IngestProtocol": "RTMP"})),
    Case(
        "insecureIngest",
        ERROR,
        "InsecureIngest",
        ivs("IngestConfiguration", {"IngestProtocol": "RTMP", "InsecureIngest": "false"}),
    ),
    Case("ingestProtocol", ERROR, "IngestProtocol", ivs("IngestConfiguration", {"IngestProtocol": "SRT"})),
    Case("userId", ERROR, "UserId", ivs("IngestConfiguration", {"UserId": "u" * 129})),
    Case("arn", ERROR, "StageArn", ivs("IngestConfiguration", {"StageArn": STORAGE})),
    Case("arn", ERROR, "StageArn", ivs("IngestConfiguration", {"StageArn": stage_arn("a" * 88)})),
    *(
        Case("referenceElsewhere", WARNING, prop, resources)
        for own, other in (("eu-west-1", "us-east-1"), ("123456789012", "210987654321"))
        for prop, resources in (
            (f"{RECORDING}.StorageConfigurationArn", recording(StorageConfigurationArn=STORAGE.replace(own, other))),
            ("StageArn", ivs("IngestConfiguration", {"StageArn": stage_arn().replace(own, other)})),
        )
    ),
    *(
        Case("bucketName", ERROR, "S3.BucketName", ivs("StorageConfiguration", {"S3": {"BucketName": name}}))
        for name in (
            "ab",
            "a" * 64,
            "Recordings",
            "my_bucket",
            "-a-b",
            "a-b-",
            ".ab",
            "a..b",
            "10.0.0.1",
            "arn:aws:s3:::b",
        )
    ),
    Case("longEventPattern", WARNING, "EventPattern", event_rule(2049)),
    Case("longEventPattern", WARNING, "EventPattern", event_rule(4096)),
    Case("eventPattern", ERROR, "EventPattern", event_rule(4097)),
    Case("tags", ERROR, 'Tags["a\\nb"]', ivs("Stage", {"Tags": [{"Key": "a\nb", "Value": "v"}]})),
    Case("publicKey", ERROR, "PublicKeyMaterial", ivs("PublicKey", {})),
    Case("publicKey", ERROR, "PublicKeyMaterial", ivs("PublicKey", {"PublicKeyMaterial": "key"})),
    *(
        Case("publicKeyCurve", ERROR, "PublicKeyMaterial", ivs("PublicKey", {"PublicKeyMaterial": material}))
        for material in (*keys.OTHERS.values(), *keys.OFF_CURVE)
    ),
    Case(
        "privateKey",
        ERROR,
        "PublicKeyMaterial",
        ivs("PublicKey", {"PublicKeyMaterial": keys.pem(keys.SECRET, "EC PRIVATE KEY")}),
    ),
    Case(
        "privateKey",
        ERROR,
        "PublicKeyMaterial",
        ivs("PublicKey", {"PublicKeyMaterial": {"Fn::Sub": keys.pem(keys.SECRET, "EC PRIVATE KEY")}}),
    ),
    Case("publicKeyQuota", ERROR, "the resource", many("PublicKey", 4, {"PublicKeyMaterial": keys.P384})),
    Case(
        "storageConfigurationQuota",
        WARNING,
        "the resource",
        many("StorageConfiguration", 6, {"S3": {"BucketName": "recordings"}}),
    ),
    Case("encoderConfigurationQuota", WARNING, "the resource", many("EncoderConfiguration", 21)),
    Case("ingestConfigurationQuota", WARNING, "the resource", many("IngestConfiguration", 101)),
    Case("stageQuota", WARNING, "the resource", many("Stage", 1001)),
    Case(
        "eventLogQuota",
        WARNING,
        "the resource",
        {f"It{number}": {"Type": "AWS::Logs::ResourcePolicy", "Properties": {}} for number in range(11)},
    ),
    Case(
        "bucketEncryption",
        WARNING,
        "S3.BucketName",
        stored(
            None,
            {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}},
                    ]
                }
            },
        ),
    ),
    Case("recordingBucketPolicy", WARNING, "S3.BucketName", stored(OTHERS_WRITE, DependsOn="Policy")),
    Case("recordingBucketPolicy", WARNING, "S3.BucketName", stored(SSL_ONLY)),
    Case("recordingBucketPolicy", WARNING, "S3.BucketName", stored(ROLES_DELETE)),
    Case("recordingBucketPolicy", WARNING, "DependsOn", stored(IVS_WRITES)),
]

CASES = [*BOTH_PROTOCOLS, *HTTP_ONLY, *WEBSOCKET_ONLY, *ACROSS_RESOURCES, *mapping_cases.CASES, *IVS]
