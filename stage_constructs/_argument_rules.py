"""What constructors ask of their arguments and of the tree of constructs, in words for the documentation.

What the services ask of properties is in `rules`.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class ArgumentRule(NamedTuple):
    """A rule about an argument."""

    doc: str
    fix: str


ARGUMENT_RULES: Final = {
    "accessLogGroup": ArgumentRule(
        "The settings of the log group that is made are of their types.", "Give such a value."
    ),
    "accessLogSettings": ArgumentRule("Access logs are set by `AccessLogSettings`.", "Write `AccessLogSettings(...)`."),
    "account": ArgumentRule("An account is an `ApiGatewayAccount`.", "Write `ApiGatewayAccount.of(self)`."),
    "actionRegion": ArgumentRule(
        "An alarm notifies topics of its own Region.", "Make a topic there; its subscribers may be in other Regions."
    ),
    "actions": ArgumentRule("Alarms have actions of CloudWatch, as a list.", "Give such a list."),
    "alarmAccount": ArgumentRule(
        "Alarms are in the account of their stage.",
        "Put them into a stack there; acknowledge where CloudWatch cross-account observability shares the metrics.",
    ),
    "alarmRegion": ArgumentRule("Alarms stand in the Region of their stage.", "Put them into a stack there."),
    "alarmWithoutActions": ArgumentRule(
        "Alarms do something when they fire.",
        "Give `actions`; acknowledge where they are only looked at or are parts of composite alarms.",
    ),
    "api": ArgumentRule("An API is a construct of API Gateway v2.", "Import an API that is known by its id."),
    "apiProtocol": ArgumentRule("A stage is of the protocol of its API.", "Use the stage of the other protocol."),
    "bucket": ArgumentRule(
        "A bucket is a construct that has a policy, and its ARN has no wildcard.",
        "Import one that is known by its name.",
    ),
    "bucketRegion": ArgumentRule("A bucket for recordings is in the Region of the stage.", "Make one in each Region."),
    "dashboardSize": ArgumentRule("A dashboard shows as much as CloudWatch does.", "Make several dashboards."),
    "deployment": ArgumentRule("A deployment is given once, as a construct or by its id.", "Drop one of them."),
    "destroyedAccountRole": ArgumentRule(
        "The CloudWatch role of the account outlives its stack.", "Keep the role, or acknowledge."
    ),
    "dimensions": ArgumentRule("A metric has at most 30 dimensions of 1 to 255 characters.", "Choose such dimensions."),
    "domainMapping": ArgumentRule(
        "A domain mapping has a domain name and a key that is not empty.", "Leave the key out."
    ),
    "duration": ArgumentRule("A duration is a `Duration` of CDK.", "Write `Duration.seconds(60)` for instance."),
    "eventNames": ArgumentRule("Events are named in a list that is not empty.", "Leave it out for all events."),
    "eventRule": ArgumentRule("A rule has a target, a name and a description that EventBridge takes.", "Choose such."),
    "eventTypes": ArgumentRule("Kinds of events are `StageEventType`s, one at least.", "Give a list of them."),
    "eventsOfAnotherRegion": ArgumentRule("A rule stands in the Region of its stage.", "Put it into a stack there."),
    "executeApi": ArgumentRule(
        "A method is one of HTTP and a path names parameters in braces; `*` stands alone.",
        "Write `GET` and `/pets/{id}` for instance.",
    ),
    "grantWithoutEffect": ArgumentRule(
        "Permissions are given to a principal that a policy of this app can let in.",
        "Grant to a role of the account, and allow the other principal to assume it; add statements that are shown.",
    ),
    "grantedActions": ArgumentRule("What is granted are actions of IAM.", "Write `ivs:GetStage` for instance."),
    "grantee": ArgumentRule("Permissions are given to a principal.", "Give a role, a function or another grantable."),
    "logGroup": ArgumentRule(
        "A log group is a construct that EventBridge can write to, and its name has no wildcard.",
        "Give such a log group.",
    ),
    "logKeyPolicy": ArgumentRule(
        "The policy of a key for a log group lets CloudWatch Logs use it.", "Add the statement that is shown."
    ),
    "logQueries": ArgumentRule("`log_queries` is true or false.", "Write one of them."),
    "lookup": ArgumentRule(
        "A lookup names one stage by values that are known at synth.", "Import by attributes instead."
    ),
    "lookupEnvironment": ArgumentRule(
        "A lookup needs a concrete account and Region.", "Give the stack an environment."
    ),
    "metricDimensionValue": ArgumentRule(
        "A dimension of a metric is a participant, a `SimulcastLayer` or a `Track`.", "Choose such a value."
    ),
    "metricDimensions": ArgumentRule(
        "A metric has a combination of dimensions that the service publishes.", "Choose such a combination."
    ),
    "metricName": ArgumentRule("A metric has a name of 1 to 255 characters.", "Write `Count` for instance."),
    "minRequests": ArgumentRule(
        "`min_requests` is a number of requests, at least 0, of an HTTP or WebSocket stage.",
        "Write such a number; None or 0 is no minimum.",
    ),
    "participantRecording": ArgumentRule(
        "A recording is a `ParticipantRecording`.", "Write `ParticipantRecording(...)`."
    ),
    "publicRecordings": ArgumentRule(
        "Recordings are read by principals that are named.", "Grant to a role, an account or an organization."
    ),
    "reference": ArgumentRule(
        "What is referred to is a construct of that kind.", "Import one that is known by its ARN."
    ),
    "removalPolicy": ArgumentRule("A removal policy is a `RemovalPolicy` of CDK.", "Write one of them."),
    "role": ArgumentRule("A role is a construct.", "Import one that is known by its ARN."),
    "routeKey": ArgumentRule("Settings are keyed by routes whose keys are known at synth.", "Write the key."),
    "sessionTags": ArgumentRule(
        "Stages that a backend makes are known by a tag, without policy variables (`${…}`).", "Name at least one."
    ),
    "stage": ArgumentRule("A stage is of the right service and protocol.", "Give such a stage."),
    "stages": ArgumentRule("An event log is of one stage at least.", "Leave it out for all stages."),
    "statistic": ArgumentRule("A statistic is Average, Minimum or Maximum.", "The service publishes no other."),
    "text": ArgumentRule("A text is valid Unicode.", "Remove lone surrogates."),
    "threshold": ArgumentRule(
        "A threshold is a number, and one of this kind of stage.", "Correct it; None switches the alarm off."
    ),
    "thresholdRange": ArgumentRule(
        "A threshold is one that the metric can cross.", "Correct it; None switches the alarm off."
    ),
    "tokenAsKey": ArgumentRule("A key of the template is known at synth.", "Compute the value and not the key."),
    "tokenType": ArgumentRule(
        "A token can become what the property takes: a list is no text, a concatenation no number.",
        "Give a token of the type of the property.",
    ),
    "triggers": ArgumentRule("Triggers are what JSON can hold.", "Give such values."),
    "unknownEventName": ArgumentRule(
        "An event name is one that AWS documents.", "Correct it; the rule may never match."
    ),
    "unknownHttpMethod": ArgumentRule("A method is one that HTTP APIs have routes for.", "Correct it, or write `ANY`."),
}
