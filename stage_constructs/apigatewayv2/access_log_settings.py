"""Where a stage writes its access logs, and in which format."""

from __future__ import annotations

import functools
import typing
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from .._arguments import construct, has_member, native_enum, removal_policy, value_object, violation
from .._other_names import KeywordNames
from ._access_log_group import make_log_group
from .access_log_format import AccessLogFormat

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_kms import IKeyRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef
    from constructs import Construct

    from ..errors import Violation
    from ._api_info import Protocol


class SupportsToString(typing.Protocol):
    """Anything that renders itself, such as the native `aws_apigateway.AccessLogFormat`."""

    def to_string(self) -> str:
        """The text of the format."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessLogSettings(KeywordNames):
    """Access logs of a stage: one line for each request or message.

    The destination is an existing log group, a raw ARN, or, if neither is given, a log group that is created for the
    stage. Its name begins with `/aws/vendedlogs/` and, on an HTTP stage, its own resource policy allows log delivery to
    write, so that HTTP stages do not fill the account's log resource policy. It is kept when the stack is deleted or no
    longer declares it, and deleted when the deploy that creates it is rolled back.

    The stage that takes the settings checks them.

    Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigatewayv2-stage-accesslogsettings.html,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """

    log_group: ILogGroupRef | None = None
    """An existing log group, as a construct. Default: one is created, unless `destination_arn` is given."""
    destination_arn: str | None = None
    """ARN of an existing log group, in place of `log_group`; a `:*` at its end is left out. Default: none."""
    format: str | AccessLogFormat | SupportsToString | None = None
    """The line to write for each request or message. Default: `AccessLogFormat.json()`, which fits the protocol."""
    retention: logs.RetentionDays | None = None
    """Retention of the log group that is created. Default: one year, as Security Hub asks for."""
    removal_policy: cdk.RemovalPolicy | None = None
    """Policy of the log group that is created. Default: `RETAIN_ON_UPDATE_OR_DELETE`.

    By default it is kept when the stack is deleted or no longer declares it; a deploy that creates it and fails deletes
    it."""
    encryption_key: IKeyRef | None = None
    """Key for the log group that is created; CloudWatch Logs is granted its use for this group only. Default: none."""


@dataclass(frozen=True, slots=True)
class AccessLogs:
    """What becomes of the settings on a stage."""

    log_group: ILogGroupRef | None
    destination_arn: str
    format: str

    @property
    def readable_arn(self) -> str | None:
        """ARN under which IAM knows the events; None where they do not go to CloudWatch Logs."""
        return None if ":firehose:" in self.destination_arn else f"{self.destination_arn}:*"

    @property
    def key_arn(self) -> str | None:
        """ARN of the key that the events are encrypted with, where it can be known."""
        if self.log_group is None:
            return None
        resource = self.log_group if isinstance(self.log_group, logs.CfnLogGroup) else self.log_group.node.default_child
        return resource.kms_key_id if isinstance(resource, logs.CfnLogGroup) else None


_PROP: typing.Final = "access_log_settings"


def validate_access_logs(settings: object) -> Iterator[Violation]:
    """What is wrong with the arguments; what the service accepts is judged by the rules."""
    if settings is None:
        return
    if not isinstance(settings, AccessLogSettings):
        yield from value_object(_PROP, settings, AccessLogSettings, rule="accessLogSettings", destination="log_group")
        return
    yield from _validate_destination(settings)
    if isinstance(settings.format, AccessLogFormat):
        for member in settings.format._not_json:
            prop, problem = f"{_PROP}.format", f"must hold values that JSON has, got {member}"
            fix = 'write a text, such as "$context.requestId"'
            yield violation("accessLogFormat", prop, None, problem, fix, show_value=False)
    year = logs.RetentionDays.ONE_YEAR
    yield from native_enum(f"{_PROP}.retention", settings.retention, year, "logs.", rule="accessLogGroup")
    yield from removal_policy(f"{_PROP}.removal_policy", settings.removal_policy, rule="accessLogGroup")
    if settings.encryption_key is not None:
        by_arn = 'kms.Key.from_key_arn(self, "Key", {})'
        prop, key = f"{_PROP}.encryption_key", settings.encryption_key
        yield from construct(prop, key, "key_ref", "a key of KMS", rule="accessLogGroup", by_arn=by_arn)


def _validate_destination(settings: AccessLogSettings) -> Iterator[Violation]:
    log_group, arn = settings.log_group, settings.destination_arn
    if log_group is not None:
        by_name, by_arn = 'logs.LogGroup.from_log_group_name(self, "Logs", {})', "destination_arn={} in its place"
        prop, rule = f"{_PROP}.log_group", "accessLogDestination"
        yield from construct(prop, log_group, "log_group_ref", "a log group", rule=rule, by_arn=by_arn, by_name=by_name)
    if log_group is not None and arn is not None:
        problem, fix = "cannot be combined with log_group", "a stage writes to one place; remove one of the two"
        yield violation("accessLogDestination", f"{_PROP}.destination_arn", arn, problem, fix)
    if log_group is not None or arn is not None:
        yield from validate_no_created_group(settings)


def validate_no_created_group(settings: AccessLogSettings) -> Iterator[Violation]:
    """Nothing is set for a log group that is not created, since the stage writes to one that exists."""
    for name in ("retention", "removal_policy", "encryption_key"):
        value = getattr(settings, name)
        if value is not None:
            problem = "cannot be combined with a log group that exists"
            fix = f"set {name} where that log group is declared; here it is for one that the stage creates"
            yield violation("accessLogDestination", f"{_PROP}.{name}", value, problem, fix)


_DEFAULT_FORMAT: typing.Final = AccessLogFormat.json()


def format_of(settings: AccessLogSettings, protocol: Protocol) -> object:
    """The text of the format on a stage of this protocol, or the value given in its place."""
    chosen = _DEFAULT_FORMAT if settings.format is None else settings.format
    if isinstance(chosen, AccessLogFormat):
        chosen = chosen._for(protocol)
    elif has_member(chosen, "to_string"):
        chosen = typing.cast("SupportsToString", chosen).to_string()
    return chosen.rstrip("\r\n") if isinstance(chosen, str) else chosen


def properties_of(settings: object, protocol: Protocol) -> dict[str, object] | None:
    """The properties as CloudFormation gets them; the ARN of a log group that is yet to be created is not known."""
    if not isinstance(settings, AccessLogSettings):
        return None
    arn = settings.destination_arn
    if arn is None:
        known = has_member(settings.log_group, "log_group_ref")
        arn = arn_of(typing.cast("ILogGroupRef", settings.log_group)) if known else _CREATED_LATER
    arn = without_events(arn) if isinstance(typing.cast("object", arn), str) else arn
    return {"DestinationArn": arn, "Format": format_of(settings, protocol)}


_CREATED_LATER: typing.Final = "${Token[LogGroup]}"


def create_access_logs(stage: Construct, settings: AccessLogSettings, protocol: Protocol) -> AccessLogs:
    """The destination, and the log group where none was given."""
    text = typing.cast("str", format_of(settings, protocol))
    if settings.destination_arn is not None:
        arn = settings.destination_arn
        return AccessLogs(None, without_wildcard(arn if isinstance(arn, str) else cdk.Token.as_string(arn)), text)
    log_group = settings.log_group or make_log_group(stage, settings, protocol)
    return AccessLogs(log_group, arn_of(log_group), text)


def without_events(arn: str) -> str:
    """The ARN without a `:*` at its end, which stands for all events; `:log-group:*` names all log groups."""
    return arn if arn.endswith(":log-group:*") else arn.removesuffix(":*")


def without_wildcard(arn: str) -> str:
    """The ARN as the service keeps it: `Fn::GetAtt` of a log group ends in `:*`."""
    arn = without_events(arn)
    return cdk.Fn.select(0, cdk.Fn.split(":*", arn)) if arn.endswith("]}") else arn


def arn_of(log_group: ILogGroupRef) -> str:
    """The ARN of a log group as the service keeps it, without `:*`; many stages may write to one."""
    return _arn_of(typing.cast("typing.Any", log_group))


@functools.lru_cache(maxsize=1024)
def _arn_of(log_group: ILogGroupRef) -> str:
    reference = log_group.log_group_ref
    arn = reference.log_group_arn
    if arn.endswith("]}"):
        environment = log_group.env
        arn = cdk.Stack.of(log_group).format_arn(
            service="logs",
            region=environment.region,
            account=environment.account,
            resource="log-group",
            resource_name=reference.log_group_name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
    arn = arn.removesuffix(":*")
    # Imported by an ARN that is known at deploy only, it may end in :* too.
    return without_wildcard(arn) if arn.startswith("${Token[") else arn
