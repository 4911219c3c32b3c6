"""Where a stage writes its access logs, and in which format."""

from __future__ import annotations

import typing
import weakref
from dataclasses import dataclass, fields

import aws_cdk as cdk
from aws_cdk import aws_logs as logs

from .. import _checks, _wording
from . import _rules
from ._access_log_group import make_log_group
from .access_log_format import AccessLogFormat

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_kms import IKeyRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef
    from constructs import Construct

    from ._api import Protocol


class SupportsToString(typing.Protocol):
    """Anything that renders itself, such as the native `aws_apigateway.AccessLogFormat`."""

    def to_string(self) -> str:
        """The text of the format."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessLogSettings:
    """Access logs of a stage: one line for each request or message.

    The destination is a log group that exists, a raw ARN, or, when neither is given, a log group that the stage
    makes for itself: its name begins with `/aws/vendedlogs/` and, on an HTTP stage, it lets log delivery write in a
    policy of its own, which both keep HTTP stages from filling the account's log resource policy. It is kept when
    the stack is deleted or no longer declares it, and deleted when the deploy that creates it is rolled back.

    The stage that takes the settings checks them.

    Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigatewayv2-stage-accesslogsettings.html,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """

    log_group: ILogGroupRef | None = None
    """An existing log group, as a construct. Default: one is made, unless `destination_arn` is given."""
    destination_arn: str | None = None
    """ARN of an existing log group, in place of `log_group`; a `:*` at its end is left out. Default: none."""
    format: str | AccessLogFormat | SupportsToString | None = None
    """The line to write for each request or message. Default: `AccessLogFormat.json()`, which fits the protocol."""
    retention: logs.RetentionDays | None = None
    """How long the log group that is made keeps its events. Default: one year, as Security Hub asks for."""
    removal_policy: cdk.RemovalPolicy | None = None
    """Policy of the log group that is created. Default: `RETAIN_ON_UPDATE_OR_DELETE`.

    By default it is kept when the stack is deleted or no longer declares it; a deploy that creates it and fails deletes
    it."""
    encryption_key: IKeyRef | None = None
    """Key for the log group that is made; CloudWatch Logs is let use it for that group. Default: CloudWatch's own."""


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


def faults_of(settings: object, protocol: Protocol) -> Iterator[_checks.Fault]:
    """What is wrong with the settings on a stage of this protocol."""
    prop = "access_log_settings"
    if settings is None:
        return
    if not isinstance(settings, AccessLogSettings):
        remedy = _settings_meant(settings)
        yield _checks.wrong_type(prop, settings, "AccessLogSettings(...)", rule="accessLogSettings", remedy=remedy)
        return
    yield from _rules.access_log_format(f"{prop}.format", format_of(settings, protocol), protocol)
    yield from _destination_faults(prop, settings, protocol)


def _settings_meant(value: object) -> str:
    if _checks.plays(value, "log_group_ref"):
        return "write AccessLogSettings(log_group=...) with the log group in it"
    if _checks.plays(value, "bind"):
        return "write AccessLogSettings(log_group=...) with the log group itself in it"
    if isinstance(value, str):
        by_name = "AccessLogSettings(log_group=logs.LogGroup.from_log_group_name(scope, id, {}))"
        by_arn = "AccessLogSettings(destination_arn={})"
        return _wording.imported(value, by_name=by_name, by_arn=by_arn)
    names = [each.name for each in fields(AccessLogSettings)]
    call = _wording.as_call("AccessLogSettings", value, names, destination="log_group")
    return call or "write AccessLogSettings() for a log group that the stage makes"


def _destination_faults(prop: str, settings: AccessLogSettings, protocol: Protocol) -> Iterator[_checks.Fault]:
    given = settings.log_group is not None or settings.destination_arn is not None
    if settings.log_group is not None and settings.destination_arn is not None:
        yield _checks.Fault(
            rule="accessLogDestination",
            prop=f"{prop}.destination_arn",
            value=settings.destination_arn,
            problem="cannot be combined with log_group",
            remedy="a stage writes to one place; drop one of them",
        )
    if settings.destination_arn is not None:
        yield from _rules.access_log_destination(f"{prop}.destination_arn", settings.destination_arn, protocol)
    if settings.log_group is not None and not _checks.plays(settings.log_group, "log_group_ref"):
        yield _checks.wrong_type(
            f"{prop}.log_group",
            settings.log_group,
            "a log group",
            rule="accessLogDestination",
            remedy=_log_group_meant(settings.log_group),
        )
    elif settings.log_group is not None and _rules.names_several_log_groups(_arn_of(settings.log_group)):
        yield _rules.several_log_groups(f"{prop}.log_group", settings.log_group.log_group_ref.log_group_name)
    yield from _checks.removal_policy(f"{prop}.removal_policy", settings.removal_policy, rule="accessLogGroup")
    for name, expected, fits, meant in (
        (
            "retention",
            "a RetentionDays of aws_logs",
            isinstance(settings.retention, logs.RetentionDays),
            _wording.retention,
        ),
        ("removal_policy", "", True, str),
        ("encryption_key", "a key of KMS", _checks.plays(settings.encryption_key, "key_ref"), _wording.key),
    ):
        value = getattr(settings, name)
        if value is None:
            continue
        if not fits:
            yield _checks.wrong_type(f"{prop}.{name}", value, expected, rule="accessLogGroup", remedy=meant(value))
        elif given:
            yield _checks.Fault(
                rule="accessLogDestination",
                prop=f"{prop}.{name}",
                value=value,
                problem="cannot be combined with a log group that exists",
                remedy=f"set {name} where that log group is declared; here it is for one that the stage makes",
            )


def _log_group_meant(value: object) -> str:
    if _checks.plays(value, "bind"):
        return "give the log group itself"
    by_name = "logs.LogGroup.from_log_group_name(scope, id, {})"
    call = _wording.imported(value, by_name=by_name, by_arn="destination_arn={} in its place")
    return call or "give an ARN as destination_arn, a name by logs.LogGroup.from_log_group_name(...)"


_USUAL: typing.Final = AccessLogFormat.json()


def format_of(settings: AccessLogSettings, protocol: Protocol) -> object:
    """The text of the format on a stage of this protocol, or whatever was given in its place."""
    chosen = _USUAL if settings.format is None else settings.format
    if isinstance(chosen, AccessLogFormat):
        chosen = chosen._for(protocol)
    elif _checks.plays(chosen, "to_string"):
        chosen = typing.cast("SupportsToString", chosen).to_string()
    return chosen.rstrip("\r\n") if isinstance(chosen, str) else chosen


def resolve(stage: Construct, settings: AccessLogSettings, protocol: Protocol) -> AccessLogs:
    """Find the destination, or make the log group that none was given for."""
    text = typing.cast("str", format_of(settings, protocol))
    if settings.destination_arn is not None:
        return AccessLogs(None, without_wildcard(settings.destination_arn), text)
    log_group = settings.log_group or make_log_group(stage, settings, protocol)
    return AccessLogs(log_group, _arn_of(log_group), text)


def without_wildcard(arn: str) -> str:
    """The ARN as the service keeps it: `Fn::GetAtt` of a log group ends in `:*`."""
    arn = arn.removesuffix(":*")
    return cdk.Fn.select(0, cdk.Fn.split(":*", arn)) if arn.endswith("]}") else arn


_ARNS: weakref.WeakKeyDictionary[ILogGroupRef, str] = weakref.WeakKeyDictionary()


def _arn_of(log_group: ILogGroupRef) -> str:
    arn = _ARNS.get(log_group)
    if arn is None:
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
        if arn.startswith("${Token["):  # imported by an ARN that is known at deploy only, and may end in :* too
            arn = without_wildcard(arn)
        _ARNS[log_group] = arn
    return arn
