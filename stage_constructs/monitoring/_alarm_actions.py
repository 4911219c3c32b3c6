"""Actions of alarms: what an action is, the Regions of topics, and whether there are any actions."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from .._arguments import has_member, violation, warning
from .._suggestions import format_value
from .._synthesis import environment_of
from .._validation import is_accepted, warn
from ..rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import constructs
    from aws_cdk import aws_cloudwatch as cloudwatch

    from ..errors import Violation

_MAX_ACTIONS = 5


def validate_actions(prop: str, value: object, region: str | None) -> Iterator[Violation]:
    """A list of actions that an alarm in a Region can have; the Region may be unknown."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        action = "action" if has_member(value, "bind") else _suggest_action(value)
        yield violation("actions", prop, value, "must be a list of alarm actions", f"write {prop}=[{action}]")
        return
    actions = cast("Sequence[object]", value)
    for index, item in enumerate(actions):
        if not has_member(item, "bind"):
            fix = f"write {_suggest_action(item)}"
            yield violation("actions", f"{prop}[{index}]", item, "must be an alarm action", fix)
        elif region is not None and type(item).__name__ == "SnsAction":
            topic_region = _topic_region(cast("cloudwatch.IAlarmAction", item))
            if topic_region not in (None, region):
                fix = (
                    f"make a topic in {region}; its subscribers may be in other Regions (the service answers:"
                    f" Invalid region {topic_region} specified. Only {region} is supported.)"
                )
                problem = f"must be a topic in the Region of the alarms, {region}"
                yield violation("actionRegion", f"{prop}[{index}]", topic_region, problem, fix)
    if len(actions) > _MAX_ACTIONS:
        problem = f"must hold at most {_MAX_ACTIONS} actions, as many as an alarm can have"
        yield violation("actions", prop, len(actions), problem, "let one topic tell several subscribers")


def _suggest_action(value: object) -> str:
    if has_member(value, "function_ref"):
        return "aws_cloudwatch_actions.LambdaAction(function)"
    topic = "topic"
    if isinstance(value, str) and value.startswith("arn:") and ":sns:" in value:
        topic = f'sns.Topic.from_topic_arn(self, "Id", {format_value(value)})'
    return f"aws_cloudwatch_actions.SnsAction({topic})"


def _topic_region(action: cloudwatch.IAlarmAction) -> str | None:
    """The Region of the topic of an action, None where it is not known."""
    return _region_in(action.bind(*_any_alarm()).alarm_action_arn)


@functools.lru_cache(maxsize=1024)
def _region_in(arn: str) -> str | None:
    """The Region in the ARN of a topic; that of its stack where the ARN is known at deploy time only."""
    if arn.startswith("arn:"):
        region = arn.split(":")[3]
        return None if is_unknown(region) else region
    token = cdk.Tokenization.reverse_string(arn).first_token
    topic = cast("cdk.Reference", token).target if cdk.Reference.is_reference(token) else None
    return environment_of(topic).region if topic is not None and has_member(topic, "attr_topic_arn") else None


@functools.cache
def _any_alarm() -> tuple[cdk.Stack, cloudwatch.IAlarm]:
    """An alarm outside of every app, and its stack: an action has no ARN until it is bound to an alarm."""
    from aws_cdk import aws_cloudwatch as cloudwatch

    stack = cdk.Stack()
    arn = stack.format_arn(
        service="cloudwatch", resource="alarm", resource_name="Any", arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME
    )
    return stack, cloudwatch.Alarm.from_alarm_arn(stack, "Alarm", arn)


def check_actions(scope: constructs.Construct, alarms: Sequence[cloudwatch.Alarm]) -> None:
    """Warn at synth if none of some alarms has an action: actions may be added until then."""
    if any(_has_actions(alarm) for alarm in alarms):
        return
    problem = "should name what the alarms do when they fire"
    fix = (
        "nobody is notified; write actions=[SnsAction(topic)], or acknowledge this warning where the alarms are"
        " only looked at or are parts of composite alarms"
    )
    without_actions = warning("alarmWithoutActions", "actions", (), problem, fix, show_value=False)
    if not is_accepted(scope, without_actions.rule):
        warn(scope, [without_actions])


def _has_actions(alarm: cloudwatch.Alarm) -> bool:
    resource = cast("cloudwatch.CfnAlarm", alarm.node.default_child)
    all_actions = (resource.alarm_actions, resource.ok_actions, resource.insufficient_data_actions)
    stack = resource.stack
    return any(actions is not None and stack.resolve(actions) for actions in all_actions)
