"""Actions of alarms: the Regions of their topics, and whether there are any."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import constructs
import jsii

from .._arguments import has_member
from .._validation import is_accepted, warn
from ..rules._unknown import is_unknown
from . import _arguments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch


def topic_regions(actions: Sequence[cloudwatch.IAlarmAction], region: str | None) -> list[str | None]:
    """The Region of the topic of each action, None where it is not known; empty where `region` is not known."""
    if region is None:
        return []
    return [_topic_region(action) if type(action).__name__ == "SnsAction" else None for action in actions]


def _topic_region(action: cloudwatch.IAlarmAction) -> str | None:
    alarm = _any_alarm()
    arn = action.bind(alarm.stack, alarm).alarm_action_arn
    if arn.startswith("arn:"):
        region = arn.split(":")[3]
    else:
        token = cdk.Tokenization.reverse_string(arn).first_token
        topic = cast("cdk.Reference", token).target if cdk.Reference.is_reference(token) else None
        if topic is None or not has_member(topic, "attr_topic_arn"):
            return None
        region = cdk.Stack.of(topic).region
    return None if is_unknown(region) else region


@functools.cache
def _any_alarm() -> cloudwatch.IAlarm:
    """An alarm outside of every app: an action returns its ARN only when bound to an alarm."""
    from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415  loaded by whoever makes an alarm

    stack = cdk.Stack()
    arn = stack.format_arn(
        service="cloudwatch", resource="alarm", resource_name="Any", arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME
    )
    return cloudwatch.Alarm.from_alarm_arn(stack, "Alarm", arn)


def warn_unless_actions_are_added(scope: constructs.Construct, alarms: Iterable[cloudwatch.Alarm]) -> None:
    """Warn at synth if none of the alarms has an action."""
    scope.node.add_validation(_ActionsCheck(scope, list(alarms)))


@jsii.implements(constructs.IValidation)
class _ActionsCheck:
    def __init__(self, scope: constructs.Construct, alarms: Sequence[cloudwatch.Alarm]) -> None:
        self._scope = scope
        self._alarms = alarms

    def validate(self) -> list[str]:
        """Return no error, but attach the warning to the construct."""
        violations = _arguments.any_action(has_actions=any(_has_actions(alarm) for alarm in self._alarms))
        warn(self._scope, [each for each in violations if not is_accepted(self._scope, each.rule)])
        return []


def _has_actions(alarm: cloudwatch.Alarm) -> bool:
    resource = cast("cloudwatch.CfnAlarm", alarm.node.default_child)
    all_actions = (resource.alarm_actions, resource.ok_actions, resource.insufficient_data_actions)
    stack = resource.stack
    return any(each is not None and stack.resolve(each) for each in all_actions)
