"""All rules in words: what each says and what to do, for the documentation and for the plugin's list of ids.

The rules themselves are functions that yield faults; each fault is an error or a warning and may quote the service.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class InWords(NamedTuple):
    """A rule in words."""

    says: str
    remedy: str


API_GATEWAY: Final = {
    "accessLogDestination": InWords(
        "Access logs of an HTTP stage go to a log group, which is named by its ARN.",
        "Give the ARN of a log group; feed other destinations by a subscription filter of that group.",
    ),
    "accessLogFormat": InWords(
        "The format of access logs is one line and names the request.",
        "Join the lines and add `$context.requestId` or `$context.extendedRequestId`.",
    ),
    "accessLogVariable": InWords(
        "The format names only variables that an HTTP API has.", "Take the variable out, or look up its name."
    ),
    "accountLoggingRole": InWords(
        "A WebSocket stage that logs needs the CloudWatch role of the account.",
        "Put an `AWS::ApiGateway::Account` into the stack, as `ApiGatewayAccount.of(scope)` does; acknowledge where"
        " another stack has set the role.",
    ),
    "accountRoleTrust": InWords(
        "API Gateway may assume the CloudWatch role of the account.",
        "Let the service principal of API Gateway assume the role.",
    ),
    "autoDeploy": InWords("`AutoDeploy` is true or false.", "Write one of them."),
    "clientCertificateOnHttp": InWords(
        "An HTTP stage has no client certificate.", "Leave it out; HTTP APIs know mutual TLS of a domain name."
    ),
    "dataTrace": InWords("`DataTraceEnabled` is true or false.", "Write one of them."),
    "dataTraceWithoutLogging": InWords(
        "Data is traced only where there is a logging level.", "Set `LoggingLevel` to `INFO`, or leave out the tracing."
    ),
    "deploymentWithAutoDeploy": InWords(
        "A stage deploys by itself or takes a deployment, not both.", "Drop `AutoDeploy: true` or `DeploymentId`."
    ),
    "deploymentWithoutRoute": InWords("An API has a route before it is deployed.", "Add a route to the API."),
    "description": InWords("A description has at most 1024 characters.", "Shorten it."),
    "detailedMetrics": InWords("`DetailedMetricsEnabled` is true or false.", "Write one of them."),
    "emptyAccessLogVariable": InWords(
        "The format names no variable that stays empty on HTTP APIs.", "Write `$context.routeKey`."
    ),
    "emptyStageVariable": InWords(
        "A stage variable has a value.", "Leave the variable out: an empty value is the wish to delete it."
    ),
    "executionLogsOnHttp": InWords(
        "An HTTP stage has no execution logs: neither `LoggingLevel`, not even `OFF`, nor `DataTraceEnabled`.",
        "Leave both out and use access logs.",
    ),
    "firehoseOnWebSocket": InWords(
        "Access logs of a WebSocket stage go to a log group.", "Give the ARN of a log group."
    ),
    "identifier": InWords(
        "The id of a deployment or certificate is not empty; that of an API has no wildcards.",
        "Copy it as the service shows it.",
    ),
    "loggingLevel": InWords("A logging level is `OFF`, `ERROR` or `INFO`.", "Write one of them."),
    "longAccessLogFormat": InWords(
        "The format has at most 1024 bytes.", "Shorten it; AWS names 1,024 in one place and 3 KB in another."
    ),
    "longStageVariable": InWords("The value of a stage variable has at most 512 characters.", "Shorten it."),
    "manyStages": InWords(
        "An API has at most 10 stages.", "Have the quota raised and acknowledge, or use another API."
    ),
    "missingRoute": InWords("Settings are keyed by routes that the API has.", "Correct the key, or add the route."),
    "mutualTlsOnWebSocket": InWords(
        "A domain name of a WebSocket API asks for no client certificates.", "Use a domain name without mutual TLS."
    ),
    "routeSettings": InWords(
        "Settings of routes are an object of settings for each route key.", "Write the settings below the route key."
    ),
    "sharedDomain": InWords(
        "A WebSocket API shares its domain name with no API of another kind.", "Use a domain name for each."
    ),
    "stageExists": InWords("An API has one stage of each name.", "Name one of them otherwise."),
    "stageName": InWords(
        "A stage is named `$default` or by 1 to 128 letters, digits, hyphens and underscores.", "Choose such a name."
    ),
    "stageVariableName": InWords(
        "A stage variable is named by 1 to 64 letters, digits and underscores.", "Choose such a name."
    ),
    "stageVariableValue": InWords(
        "The value of a stage variable has letters, digits and characters of `-._~:/?#&=,` only.",
        "Keep other values in a parameter or a secret and name it in the variable.",
    ),
    "stageVariables": InWords("A stage has at most 100 variables.", "Remove some."),
    "throttle": InWords(
        "A throttle is 0 or more, and the burst limit a whole number.", "Leave it out for no limit of the stage's own."
    ),
    "throttleAboveQuota": InWords(
        "A throttle is at most AWS's default quota of an account in the Region: a burst of 5000 and 10000 requests a"
        " second, 1250 and 2500 in some Regions.",
        "Leave it out for no limit of the stage's own; acknowledge where AWS has raised the quota.",
    ),
    "unknownAccessLogVariable": InWords(
        "The format names only variables that a WebSocket API has.", "Take it out; the log shows `-` in its place."
    ),
    "webSocketDefaultStage": InWords(
        "A WebSocket stage has a name of its own.", "Choose another than `$default`, `prod` for instance."
    ),
    "zeroThrottle": InWords(
        "A throttle is more than 0, which answers every request with 429.", "Leave it out for no limit, or raise it."
    ),
}

API_GATEWAY_TEMPLATES: Final = {
    "deploymentBeforeRoutes": InWords(
        "A deployment waits for the routes that it takes a snapshot of.", "Name the routes in its `DependsOn`."
    ),
    "flatRouteSettings": InWords(
        "`RouteSettings` has route keys as its keys.",
        "Write the settings below the key of their route; those of all routes go to `DefaultRouteSettings`.",
    ),
    "incompleteAccessLogSettings": InWords(
        "`DestinationArn` and `Format` go together.", "Add the one that is missing."
    ),
    "logGroupArnWildcard": InWords(
        "The destination is an ARN without `:*`, in which `Fn::GetAtt` of a log group ends; the service keeps it"
        " without, which shows as drift.",
        "Build the ARN by `Fn::Sub` from the name of the group.",
    ),
    "routeSettingsBeforeRoute": InWords(
        "A stage waits for the routes that it has settings for.", "Name the routes in its `DependsOn`."
    ),
    "routeSettingsSpelling": InWords(
        "Inside `RouteSettings` the settings are spelled as in `DefaultRouteSettings`.",
        "Write `ThrottlingBurstLimit`, not `throttlingBurstLimit`.",
    ),
    "unsupportedProperty": InWords(
        "A stage has no property `AccessPolicyId`, and its default settings have five.",
        "Leave the property out, or correct its spelling.",
    ),
}

IVS: Final = {
    "arn": InWords("The ARN is one of the kind of resource that is asked for.", "Copy it as the service shows it."),
    "bitrate": InWords("The bitrate is a whole number from 1 to 8,500,000 bits a second.", "Choose such a bitrate."),
    "bucketEncryption": InWords(
        "A bucket for recordings encrypts by SSE-S3, not by KMS.", "Use a bucket with `SSEAlgorithm: AES256`."
    ),
    "encoderConfigurationQuota": InWords(
        "An account has at most 20 encoder configurations in a Region.", "Have the quota raised and acknowledge."
    ),
    "encoderPixels": InWords("A video has at most 2,073,600 pixels.", "Make one of the sides smaller."),
    "encoderSize": InWords("The sides of a video are even numbers from 2 to 1920.", "Choose such numbers."),
    "framerate": InWords("The frame rate is from 1 to 60.", "Choose such a rate."),
    "hlsSegmentDuration": InWords("A segment lasts 2 to 10 whole seconds.", "Choose such a duration."),
    "ingestConfigurationQuota": InWords(
        "An account has at most 100 ingest configurations in a Region.", "Have the quota raised and acknowledge."
    ),
    "ingestProtocol": InWords("The ingest protocol is `RTMPS` or `RTMP`.", "Write one of them."),
    "insecureIngest": InWords(
        "RTMP, which is not encrypted, goes with `InsecureIngest: true`.", "Use RTMPS, or allow insecure ingest."
    ),
    "mediaType": InWords(
        "One media type is recorded, `AUDIO_VIDEO` or `AUDIO_ONLY`.",
        "Write one of them; thumbnails alone can be recorded by the API only.",
    ),
    "name": InWords("A name has at most 128 letters, digits, hyphens and underscores.", "Choose such a name."),
    "privateKey": InWords(
        "A public key is given, never a private one; the text is not shown.",
        "Keep the private key out of templates and write its public half.",
    ),
    "publicKey": InWords("A public key is a PEM text.", "Write it from `BEGIN PUBLIC KEY` to `END PUBLIC KEY`."),
    "publicKeyCurve": InWords("A public key is on the curve P-384.", "Make a pair on `secp384r1`."),
    "publicKeyQuota": InWords(
        "An account has at most 3 public keys in a Region, which AWS does not raise.",
        "Use one key for any number of stages.",
    ),
    "reconnectWindow": InWords("The reconnect window is 0 to 300 whole seconds.", "Choose such a window."),
    "recordingBucketPolicy": InWords(
        "The policy of a bucket for recordings lets IVS write, and the storage configuration waits for it.",
        "Use `StorageConfiguration`, or write the statement and name the policy in `DependsOn`.",
    ),
    "region": InWords(
        "Amazon IVS real-time is in seven Regions.", "Put the stack into one of them; clients reach it from anywhere."
    ),
    "stageQuota": InWords("An account has at most 1,000 stages in a Region.", "Have the quota raised and acknowledge."),
    "storageConfigurationQuota": InWords(
        "An account has at most 5 storage configurations in a Region.", "Have the quota raised and acknowledge."
    ),
    "thumbnailInterval": InWords("Thumbnails are taken every 1 to 86,400 whole seconds.", "Choose such an interval."),
    "thumbnailStorage": InWords("Thumbnails are kept as `SEQUENTIAL`, `LATEST` or both.", "Name each kind once."),
    "thumbnails": InWords("Thumbnails are taken at an interval or disabled.", "Write `INTERVAL` or `DISABLED`."),
    "thumbnailsDisabled": InWords(
        "Settings of thumbnails go with `RecordingMode: INTERVAL`.", "Set the mode: its default is `DISABLED`."
    ),
    "userId": InWords("A user id has at most 128 characters.", "Shorten it."),
}

BOTH_SERVICES: Final = {
    "tags": InWords(
        "A resource has at most 50 tags, whose keys have 1 to 128 characters and do not begin with `aws:`; those of"
        " API Gateway v2 are an object, those of IVS a list.",
        "Remove some, or choose other keys.",
    ),
}

CONSTRUCTORS: Final = {
    "accessLogGroup": InWords("The settings of the log group that is made are of their types.", "Give such a value."),
    "accessLogSettings": InWords("Access logs are set by `AccessLogSettings`.", "Write `AccessLogSettings(...)`."),
    "account": InWords("An account is an `ApiGatewayAccount`.", "Write `ApiGatewayAccount.of(scope)`."),
    "actionRegion": InWords(
        "An alarm notifies topics of its own Region.", "Make a topic there; its subscribers may be in other Regions."
    ),
    "actions": InWords("Alarms have actions of CloudWatch, as a list.", "Give such a list."),
    "alarmAccount": InWords(
        "Alarms are in the account of their stage.",
        "Put them into a stack there; acknowledge where CloudWatch cross-account observability shares the metrics.",
    ),
    "alarmRegion": InWords("Alarms stand in the Region of their stage.", "Put them into a stack there."),
    "alarmWithoutActions": InWords(
        "Alarms do something when they fire.",
        "Give `actions`; acknowledge where they are only looked at or are parts of composite alarms.",
    ),
    "api": InWords("An API is a construct of API Gateway v2.", "Import an API that is known by its id."),
    "apiProtocol": InWords("A stage is of the protocol of its API.", "Use the stage of the other protocol."),
    "bucket": InWords(
        "A bucket is a construct that has a policy, and its ARN has no wildcard.",
        "Import one that is known by its name.",
    ),
    "bucketRegion": InWords("A bucket for recordings is in the Region of the stage.", "Make one in each Region."),
    "dashboardName": InWords(
        "A dashboard is named by 1 to 255 letters, digits, hyphens and underscores.", "Choose such a name."
    ),
    "dashboardSize": InWords("A dashboard shows as much as CloudWatch does.", "Make several dashboards."),
    "deployment": InWords("A deployment is given once, as a construct or by its id.", "Drop one of them."),
    "dimensions": InWords("A metric has at most 30 dimensions of 1 to 255 characters.", "Choose such dimensions."),
    "domainMapping": InWords("A domain mapping has a domain name and a key that is not empty.", "Leave the key out."),
    "duration": InWords("A duration is a `Duration` of CDK.", "Write `Duration.seconds(60)` for instance."),
    "eventLogQuota": InWords(
        "An account has at most 10 log resource policies in a Region, and each `StageEventLog` needs one.",
        "Write one `StageEventLog` for several stages.",
    ),
    "eventNames": InWords("Events are named in a list that is not empty.", "Leave it out for all events."),
    "eventRule": InWords("A rule has a target, a name and a description that EventBridge takes.", "Choose such."),
    "eventTypes": InWords("Kinds of events are `StageEventType`s, one at least.", "Give a list of them."),
    "executeApi": InWords(
        "A method is one of HTTP and a path names parameters in braces; `*` stands alone.",
        "Write `GET` and `/pets/{id}` for instance.",
    ),
    "eventsOfAnotherRegion": InWords("A rule stands in the Region of its stage.", "Put it into a stack there."),
    "evaluation": InWords("An alarm looks at a number of periods that CloudWatch takes.", "Choose such a number."),
    "highResolutionPeriod": InWords(
        "A period is no shorter than a minute, for stages send their metrics once a minute.",
        "Write `Duration.minutes(1)` or more.",
    ),
    "logGroup": InWords(
        "A log group is a construct that EventBridge can write to, and its name has no wildcard.",
        "Give such a log group.",
    ),
    "logKeyPolicy": InWords(
        "The policy of a key for a log group lets CloudWatch Logs use it.", "Add the statement that is shown."
    ),
    "grantWithoutEffect": InWords(
        "Permissions are given to a principal that a policy of this app can let in.",
        "Grant to a role of the account, and allow the other principal to assume it; add statements that are shown.",
    ),
    "grantedActions": InWords("What is granted are actions of IAM.", "Write `ivs:GetStage` for instance."),
    "grantee": InWords("Permissions are given to a principal.", "Give a role, a function or another grantable."),
    "id": InWords("The id of a construct is a text, and that of no other one of its scope.", "Choose another."),
    "logQueries": InWords("`log_queries` is true or false.", "Write one of them."),
    "lookup": InWords("A lookup names one stage by values that are known at synth.", "Import by attributes instead."),
    "lookupEnvironment": InWords("A lookup needs a concrete account and Region.", "Give the stack an environment."),
    "metricDimensions": InWords("A metric has dimensions that the service keeps.", "Choose such a combination."),
    "participantRecording": InWords("A recording is a `ParticipantRecording`.", "Write `ParticipantRecording(...)`."),
    "minRequests": InWords(
        "`min_requests` is a number of requests, at least 0, of an HTTP or WebSocket stage.",
        "Write such a number; None or 0 is no minimum.",
    ),
    "period": InWords("A period is one that CloudWatch takes.", "Choose such a period."),
    "reference": InWords("What is referred to is a construct of that kind.", "Import one that is known by its ARN."),
    "metricName": InWords("A metric has a name of 1 to 255 characters.", "Write `Count` for instance."),
    "removalPolicy": InWords("A removal policy is a `RemovalPolicy` of CDK.", "Write one of them."),
    "publicRecordings": InWords(
        "Recordings are read by principals that are named.", "Grant to a role, an account or an organization."
    ),
    "role": InWords("A role is a construct.", "Import one that is known by its ARN."),
    "routeInAnotherStack": InWords("A route is deployed before the stage that has settings for it.", "Move the stage."),
    "routeKey": InWords("Settings are keyed by routes whose keys are known at synth.", "Write the key."),
    "scope": InWords("A construct stands in a stack.", "Put it into a `Stack`."),
    "secondAccount": InWords("There is one account resource for an account and Region.", "Remove the other."),
    "sessionTags": InWords(
        "Stages that a backend makes are known by a tag, without policy variables (`${…}`).", "Name at least one."
    ),
    "stage": InWords("A stage is of the right service and protocol.", "Give such a stage."),
    "stages": InWords("An event log is of one stage at least.", "Leave it out for all stages."),
    "statistic": InWords("A statistic is Average, Minimum or Maximum.", "The service keeps no other."),
    "threshold": InWords(
        "A threshold is a number, and one of this kind of stage.", "Correct it; None switches the alarm off."
    ),
    "thresholdRange": InWords(
        "A threshold is one that the metric can cross.", "Correct it; None switches the alarm off."
    ),
    "tokenAsKey": InWords("A key of the template is known at synth.", "Compute the value and not the key."),
    "triggers": InWords("Triggers are what JSON can hold.", "Give such values."),
    "unknownHttpMethod": InWords("A method is one that HTTP APIs have routes for.", "Correct it, or write `ANY`."),
    "unknownEventName": InWords("An event name is one that AWS documents.", "Correct it; the rule may never match."),
}

IN_TEMPLATES: Final = (*API_GATEWAY, *API_GATEWAY_TEMPLATES, *IVS, *BOTH_SERVICES)
"""The ids of the rules that a template can break."""
