"""What dashboards and alarms ask of their arguments; what CloudWatch asks is in `rules.monitoring`."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from .. import _suggestions
from .._arguments import NOT_SET, duration, has_member, violation, warning
from ..rules._unknown import is_unknown
from ..rules._values import join_or
from ._monitored_stage import StageKind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

    from aws_cdk import Duration

    from ..errors import Violation
    from ._monitored_stage import MonitoredStage

_MAX_WIDGETS = 500
_MAX_METRICS = 2500
_MAX_ACTIONS = 5
_HUNDRED_PERCENT = 100


def stage(prop: str, value: object) -> Iterator[Violation]:
    """A stage of this library."""
    if kind_of(value) is None:
        expected = "must be a stage of this library: apigatewayv2.HttpStage, apigatewayv2.WebSocketStage or ivs.Stage"
        yield violation("stage", prop, value, expected, _import_of_stage(value))


def _import_of_stage(value: object) -> str:
    if has_member(value, "stage_ref"):
        members = {
            "is_http_stage": "apigatewayv2.HttpStage",
            "callback_url": "apigatewayv2.WebSocketStage",
            "attr_active_session_id": "ivs.Stage",
        }
        name = next((name for member, name in members.items() if has_member(value, member)), "the class that fits")
        return f'wrap it by {name}.from_stage_ref(self, "Id", stage)'
    if isinstance(value, str) and value.startswith("arn:"):
        name = "ivs.Stage" if ":ivs:" in value else "apigatewayv2.HttpStage"
        return f'write {name}.from_stage_arn(self, "Id", {_suggestions.format_value(value)})'
    return NOT_SET if value is None else "give the construct; the from_... methods import one"


def stages(value: object) -> Iterator[Violation]:
    """A list of stages of this library, with at least one."""
    fix = "write stages=[stage]"
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield violation("stages", "stages", value, "must be a list of stages", fix)
        return
    items = cast("Sequence[object]", value)
    if not items:
        yield violation("stages", "stages", items, "must name at least one stage", fix)
    for index, item in enumerate(items):
        yield from stage(f"stages[{index}]", item)


def distinct(monitored: Sequence[MonitoredStage]) -> Iterator[Violation]:
    """Each stage once, however many constructs stand for it."""
    positions: dict[tuple[object, ...], int] = {}
    for index, item in enumerate(monitored):
        first = positions.setdefault(item.identity, index)
        if first != index:
            fix = f"it is the same stage as stages[{first}]; drop one of the two"
            yield violation("stages", f"stages[{index}]", item.stage, "must be named once", fix)


def dashboard_name(value: object) -> Iterator[Violation]:
    """A token of a name is a string."""
    if is_unknown(value) and not isinstance(value, str):
        yield violation("dashboardName", "dashboard_name", value, "must be a string", "write Token.as_string(...)")


def log_queries(value: object) -> Iterator[Violation]:
    """True or False, known at synth: widgets depend on it."""
    if not isinstance(value, bool):
        fix = NOT_SET if value is None else "write one of them"
        yield violation("logQueries", "log_queries", value, "must be True or False", fix)


def dashboard_size(widgets: int, metrics: int, number_of_stages: int) -> Iterator[Violation]:
    """At most 500 widgets and 2,500 metrics."""
    for number, maximum, unit in ((widgets, _MAX_WIDGETS, "widgets"), (metrics, _MAX_METRICS, "metrics")):
        if number > maximum:
            dashboards = min(-(-number // maximum), number_of_stages)
            split = f"split the {number_of_stages} stages over {dashboards} dashboards or more"
            problem = f"must make at most {maximum:,} {unit}, which is what CloudWatch shows on one dashboard"
            fix = split if dashboards > 1 else "keep detailed metrics for fewer routes"
            yield violation("dashboardSize", "stages", number, problem, fix)


class _Range(NamedTuple):
    """The thresholds that a metric can cross."""

    expected: str
    low: float
    high: float = math.inf
    includes_high: bool = False


_RANGES = {
    "rate": _Range("a share of all requests or messages, from 0 to less than 1", 0, 1),
    "percent": _Range("a percentage from 0 to less than 100", 0, 100),
    "ms": _Range("milliseconds, more than 0", sys.float_info.min),
    "publishers": _Range(
        "a number of participants from 1 to 12, the most that can publish on a stage", 1, 12, includes_high=True
    ),
    "subscribers": _Range("a number of participants, at least 1", 1),
    "failures": _Range("a number of failures in a period, at least 1", 1),
}
"""By the last word of the name of a threshold."""


def thresholds(
    kind: StageKind, own: Iterable[str], values: Mapping[str, object], defaults: Mapping[str, object]
) -> Iterator[Violation]:
    """Thresholds of this kind of stage, each in its range."""
    names = list(own)
    for name, value in values.items():
        if name in names:
            yield from _threshold(name, value)
        elif value is not None and value != defaults[name]:
            problem = f"is no threshold of {_suggestions.with_article(kind.value)}"
            yield violation("threshold", name, value, problem, f"leave it out; there are {join_or(names, 'and')}")


def _threshold(prop: str, value: object) -> Iterator[Violation]:
    if value is None or _is_number_token(value):
        return
    allowed = _RANGES[prop.rpartition("_")[2]]
    if not _is_number(value) or not math.isfinite(value):
        fix = f"write a finite number, or {prop}=None to switch the alarm off"
        yield violation("threshold", prop, value, f"must be {allowed.expected}", fix)
    elif not allowed.low <= value <= allowed.high or (value == allowed.high and not allowed.includes_high):
        problem = f"should be {allowed.expected}"
        yield warning("thresholdRange", prop, value, problem, _fix_of_range(prop, value, allowed))


def _fix_of_range(prop: str, value: float, allowed: _Range) -> str:
    if prop.endswith("rate") and 1 < value < _HUNDRED_PERCENT:
        return f"the alarm never fires; write {value / _HUNDRED_PERCENT:g} for {value:g} %"
    fires = "fires in every period that has data" if value < allowed.low else "never fires"
    return f"the alarm {fires}; {prop}=None switches it off"


def min_requests(kind: StageKind, value: object, default: object) -> Iterator[Violation]:
    """A number of requests, of a stage that has requests."""
    if value is None or _is_number_token(value):
        return
    if kind is StageKind.IVS:
        if value != default:
            fix = "leave it out; it is for the rate alarms of HTTP and WebSocket stages"
            problem = f"is not supported on {_suggestions.with_article(kind.value)}"
            yield violation("minRequests", "min_requests", value, problem, fix)
    elif not _is_number(value) or not 0 <= value <= sys.float_info.max:
        fix = "write a number such as 10, or min_requests=None for no minimum"
        yield violation("minRequests", "min_requests", value, "must be a number of requests, at least 0", fix)


def period(value: object) -> Iterator[Violation]:
    """A `Duration` that is known at synth: CDK converts it."""
    wrong_type = list(duration("period", value, rule="period"))
    yield from wrong_type
    if value is not None and not wrong_type and cast("Duration", value).is_unresolved():
        problem = "must be a whole number of minutes that is known at synth"
        yield violation("period", "period", value, problem, "write Duration.minutes(1) for instance")


def evaluation(evaluation_periods: object, datapoints_to_alarm: object) -> Iterator[Violation]:
    """M of N periods needs both numbers, and tokens of them are numbers."""
    for prop, value in (("evaluation_periods", evaluation_periods), ("datapoints_to_alarm", datapoints_to_alarm)):
        if is_unknown(value) and not _is_number_token(value):
            yield violation("evaluation", prop, value, "must be a whole number", "write Token.as_number(...)")
    if evaluation_periods is None and _is_number(datapoints_to_alarm) and datapoints_to_alarm >= 1:
        fix = f"write evaluation_periods={datapoints_to_alarm} or more"
        problem = "needs evaluation_periods beside it"
        yield violation("evaluation", "datapoints_to_alarm", datapoints_to_alarm, problem, fix, show_value=False)


def actions(prop: str, value: object) -> Iterator[Violation]:
    """At most five alarm actions."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        advice = "action" if has_member(value, "bind") else _action(value)
        yield violation("actions", prop, value, "must be a list of alarm actions", f"write {prop}=[{advice}]")
        return
    items = cast("Sequence[object]", value)
    for index, item in enumerate(items):
        if not has_member(item, "bind"):
            yield violation("actions", f"{prop}[{index}]", item, "must be an alarm action", f"write {_action(item)}")
    if len(items) > _MAX_ACTIONS:
        problem = f"must hold at most {_MAX_ACTIONS} actions, as many as an alarm can have"
        yield violation("actions", prop, len(items), problem, "let one topic tell several subscribers")


def _action(value: object) -> str:
    if has_member(value, "function_ref"):
        return "aws_cloudwatch_actions.LambdaAction(function)"
    topic = "topic"
    if isinstance(value, str) and value.startswith("arn:") and ":sns:" in value:
        topic = f'sns.Topic.from_topic_arn(self, "Id", {_suggestions.format_value(value)})'
    return f"aws_cloudwatch_actions.SnsAction({topic})"


def action_regions(prop: str, topic_regions: Sequence[str | None], region: str | None) -> Iterator[Violation]:
    """Topics in the Region of the alarms; None is a Region that is not known, or no topic."""
    for index, topic_region in enumerate(topic_regions):
        if topic_region is not None and topic_region != region:
            fix = (
                f"make a topic in {region}; its subscribers may be in other Regions (the service answers:"
                f" Invalid region {topic_region} specified. Only {region} is supported.)"
            )
            problem = f"must be a topic in the Region of the alarms, {region}"
            yield violation("actionRegion", f"{prop}[{index}]", topic_region, problem, fix)


def any_action(*, has_actions: bool) -> Iterator[Violation]:
    """Alarms that do something."""
    if not has_actions:
        fix = (
            "nobody is notified; write actions=[SnsAction(topic)], or acknowledge this warning where the alarms are"
            " only looked at or are parts of composite alarms"
        )
        problem = "should name what the alarms do when they fire"
        yield warning("alarmWithoutActions", "actions", (), problem, fix, show_value=False)


def same_environment(monitored: MonitoredStage, region: str | None, account: str | None) -> Iterator[Violation]:
    """An alarm in the Region and the account of its stage, where both are known."""
    if monitored.region is not None and region is not None and monitored.region != region:
        problem = f"must be in the Region of its alarms, {region}"
        fix = f"an alarm sees its own Region only; put StageAlarms into a stack in {monitored.region}"
        yield violation("alarmRegion", "stage", monitored.region, problem, fix)
    if monitored.account is not None and account is not None and monitored.account != account:
        problem = f"should be in the account of its alarms, {account}"
        fix = (
            f"put StageAlarms into a stack of account {monitored.account}; an alarm sees metrics of another account"
            " only where CloudWatch cross-account observability shares them, and never its events"
        )
        yield warning("alarmAccount", "stage", monitored.account, problem, fix)


def _is_number_token(value: object) -> bool:
    return isinstance(value, float) and is_unknown(value)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
