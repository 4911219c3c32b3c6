"""What dashboards and alarms accept."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from .. import _checks, _wording
from .._checks import Fault
from ._subject import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import Duration

    from ._subject import Subject
_MOST_WIDGETS = 500
_MOST_METRICS = 2500
_HIGH_RESOLUTION_PERIODS = (10, 30)
"""Seconds. CloudWatch takes 20 as well, but CDK refuses it for any metric."""
_DAY = 86_400
_DASHBOARD_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def stage(prop: str, value: object) -> Iterator[Fault]:
    """A stage of this library."""
    if kind_of(value) is None:
        expected = "a stage of this library: apigatewayv2.HttpStage, apigatewayv2.WebSocketStage or ivs.Stage"
        yield _checks.wrong_type(prop, value, expected, rule="stage", remedy=_wrapping(value))


def _wrapping(value: object) -> str:
    """How a stage that others made becomes one of this library."""
    if isinstance(value, str):
        by_arn = f"{'ivs.Stage' if ':ivs:' in value else 'apigatewayv2.HttpStage'}.from_stage_arn(scope, id, {{}})"
        return _wording.imported(value, by_arn=by_arn) or "give the construct; the from_... methods import one"
    if not _checks.plays(value, "stage_ref"):
        return ""
    members = {
        "is_http_stage": "apigatewayv2.HttpStage",
        "callback_url": "apigatewayv2.WebSocketStage",
        "attr_active_session_id": "ivs.Stage",
    }
    fitting = [name for member, name in members.items() if _checks.plays(value, member)]
    return f"wrap it by {fitting[0] if fitting else 'the class that fits'}.from_stage_ref(scope, id, stage)"


def stages(value: object) -> Iterator[Fault]:
    """A list of stages of this library, with at least one."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield _checks.wrong_type("stages", value, "a list of stages", rule="stages", remedy="write stages=[stage]")
        return
    given = cast("Sequence[object]", value)
    if not given:
        remedy = "write stages=[stage]"
        yield Fault(rule="stages", prop="stages", value=given, problem="must name at least one stage", remedy=remedy)
    for index, one in enumerate(given):
        yield from stage(f"stages[{index}]", one)


def distinct(subjects: Sequence[Subject]) -> Iterator[Fault]:
    """Each stage once, however many constructs stand for it."""
    first: dict[tuple[object, ...], int] = {}
    for index, subject in enumerate(subjects):
        before = first.setdefault(subject.identity, index)
        if before != index:
            yield Fault(
                rule="stages",
                prop=f"stages[{index}]",
                value=subject.stage,
                problem="must be named once",
                remedy=f"it is the same stage as stages[{before}]; drop one of the two",
            )


def dashboard_name(value: object) -> Iterator[Fault]:
    """1 to 255 letters, digits, hyphens and underscores."""
    if value is None:
        return
    found = list(_checks.text("dashboard_name", value, rule="dashboardName", least=1, most=255))
    yield from found
    if isinstance(value, str) and value and not _checks.is_token(value) and not _DASHBOARD_NAME.fullmatch(value):
        yield Fault(
            rule="dashboardName",
            prop="dashboard_name",
            value=value,
            problem="must consist of letters, digits, hyphens and underscores",
            remedy=f'write "{re.sub(r"[^A-Za-z0-9_-]+", "-", value).strip("-")[:255] or "stages"}" for instance',
        )


def log_queries(value: object) -> Iterator[Fault]:
    """True or False, known at synth: widgets are made of it."""
    if not isinstance(value, bool):
        yield _checks.wrong_type("log_queries", value, "True or False", rule="logQueries")


def dashboard_size(widgets: int, metrics: int, number_of_stages: int) -> Iterator[Fault]:
    """At most 500 widgets and 2500 metrics."""
    for number, most, of in ((widgets, _MOST_WIDGETS, "widgets"), (metrics, _MOST_METRICS, "metrics")):
        if number > most:
            parts = min(-(-number // most), number_of_stages)
            split = f"split the {number_of_stages} stages over {parts} dashboards or more"
            yield Fault(
                rule="dashboardSize",
                prop="stages",
                value=number,
                problem=f"must make at most {most:,} {of}, which is what CloudWatch shows on one dashboard",
                remedy=split if parts > 1 else "keep detailed metrics for fewer routes",
            )


def foreign(prop: str, value: object, default: object, kind: Kind, known: Iterable[str]) -> Iterator[Fault]:
    """A threshold of another kind of stage: not set, or switched off."""
    if value is not None and value != default:
        yield Fault(
            rule="threshold",
            prop=prop,
            value=value,
            problem=f"is no threshold of {_wording.an(kind.value)}",
            remedy=f"leave it out; there are {_wording.listed(known, 'and')}",
        )


def threshold(prop: str, value: object) -> Iterator[Fault]:
    """A number that the metric can cross, or None for no alarm."""
    if value is None or _is_number_token(value):
        return
    allowed = _THRESHOLDS[prop.rpartition("_")[2]]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        remedy = _number_meant(prop, value)
        yield _checks.wrong_type(prop, value, allowed.expected, rule="threshold", remedy=remedy)
    elif not math.isfinite(value):
        remedy = f"write a finite number, or {prop}=None to switch the alarm off"
        yield Fault(rule="threshold", prop=prop, value=value, problem=f"must be {allowed.expected}", remedy=remedy)
    elif not allowed.low <= value <= allowed.high or (value == allowed.high and not allowed.includes_high):
        yield Fault(
            rule="thresholdRange",
            prop=prop,
            value=value,
            problem=f"should be {allowed.expected}",
            remedy=_number_in_range(prop, value, allowed),
            fatal=False,
        )


def _number_in_range(prop: str, value: float, allowed: _Range) -> str:
    if prop.endswith("rate") and 1 < value < 100:
        return f"the alarm never fires; write {value / 100:g} for {value:g} %"
    fires = "fires in every period that has data" if value < allowed.low else "never fires"
    return f"the alarm {fires}; {prop}=None switches it off"


def min_requests(kind: Kind, value: object, default: object) -> Iterator[Fault]:
    """A number of requests, of a stage that has requests."""
    if value is None or _is_number_token(value):
        return
    if kind is Kind.IVS:
        if value != default:
            yield Fault(
                rule="minRequests",
                prop="min_requests",
                value=value,
                problem=f"is not supported on {_wording.an(kind.value)}",
                remedy="leave it out; it is for the rate alarms of HTTP and WebSocket stages",
            )
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        remedy = "write a number such as 10, or min_requests=None for no minimum"
        yield _checks.wrong_type(
            "min_requests", value, "a number of requests, at least 0", rule="minRequests", remedy=remedy
        )
    elif not 0 <= value <= sys.float_info.max:
        yield Fault(
            rule="minRequests",
            prop="min_requests",
            value=value,
            problem="must be a number of requests, at least 0",
            remedy="write a number such as 10, or min_requests=None for no minimum",
        )


def _is_number_token(value: object) -> bool:
    return isinstance(value, float) and _checks.is_token(value)


def _number_meant(prop: str, value: object) -> str:
    if _checks.plays(value, "to_milliseconds") and not cast("Duration", value).is_unresolved():
        return f"write {cast('Duration', value).to_milliseconds(integral=False):g}"
    percent = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    if percent:
        return f"write {float(percent[1]) / (100 if prop.endswith('rate') else 1):g}"
    return f"write a number, or {prop}=None to switch the alarm off"


class _Range(NamedTuple):
    """The thresholds that a metric can cross."""

    expected: str
    low: float
    high: float = math.inf
    includes_high: bool = False


_THRESHOLDS = {
    "rate": _Range("a share of all requests or messages, from 0 to less than 1", 0, 1),
    "percent": _Range("a percentage from 0 to less than 100", 0, 100),
    "ms": _Range("milliseconds, more than 0", sys.float_info.min),
    "publishers": _Range(
        "a number of participants from 1 to 12, the most that can publish on a stage", 1, 12, includes_high=True
    ),
    "subscribers": _Range("a number of participants, at least 1", 1),
    "failures": _Range("a number of failures in a period, at least 1", 1),
}


def period(value: object) -> Iterator[Fault]:
    """A period that CloudWatch takes; metrics of AWS services have none that is shorter than a minute."""
    if value is None:
        return
    if not _checks.plays(value, "to_seconds"):
        remedy = _wording.duration(value, "Duration.minutes(5)")
        yield _checks.wrong_type("period", value, "a Duration", rule="period", remedy=remedy)
        return
    seconds = _seconds(value)
    if seconds in _HIGH_RESOLUTION_PERIODS:
        yield Fault(
            rule="highResolutionPeriod",
            prop="period",
            value=value,
            problem="should be a whole number of minutes",
            remedy="stages send their metrics once a minute, so most of these periods have no data and the alarm hardly"
            " ever fires, at three times the price; write Duration.minutes(1)",
            fatal=False,
        )
    elif seconds is None or seconds < 60 or seconds % 60:
        yield Fault(
            rule="period",
            prop="period",
            value=value,
            problem="must be a whole number of minutes",
            remedy="the services send their metrics once a minute; write"
            f" Duration.minutes({max(1, round((seconds or 0) / 60))})",
        )


def _seconds(duration: object) -> float | None:
    """Seconds of a duration, None where it is none or they are known at deploy only."""
    if not _checks.plays(duration, "to_seconds"):
        return None
    known = cast("Duration", duration)
    return None if known.is_unresolved() else known.to_seconds(integral=False)


def evaluation(
    evaluation_periods: object, datapoints_to_alarm: object, period: object, default_periods: Mapping[str, int]
) -> Iterator[Fault]:
    """M of N periods, and not longer back than CloudWatch looks; `default_periods` are those of each alarm."""
    found = [
        *_count("evaluation_periods", evaluation_periods),
        *_count("datapoints_to_alarm", datapoints_to_alarm),
    ]
    yield from found
    if found or _is_number_token(evaluation_periods) or _is_number_token(datapoints_to_alarm):
        return
    of, most = cast("int | None", datapoints_to_alarm), cast("int | None", evaluation_periods)
    if of is not None and (most is None or of > most):
        yield Fault(
            rule="evaluation",
            prop="datapoints_to_alarm",
            value=of,
            problem="needs evaluation_periods beside it" if most is None else "must be at most evaluation_periods",
            tells_value=most is not None,
            remedy=f"write evaluation_periods={of} or more"
            if most is None
            else f"evaluation_periods is {most}; write that or less",
        )
    seconds = 60.0 if period is None else _seconds(period)
    if not seconds:
        return
    longest = _DAY if seconds < 3600 else 7 * _DAY
    days = f"{longest // _DAY} day{'s' if longest > _DAY else ''}"
    if seconds > longest:
        problem = f"must be at most {days}, the longest time that an alarm looks back"
        yield Fault(
            rule="evaluation", prop="period", value=period, problem=problem, remedy="write Duration.days(7) or less"
        )
    elif most is not None and most * seconds > longest:
        yield Fault(
            rule="evaluation",
            prop="evaluation_periods",
            value=most,
            problem=f"must not look back longer than {days}",
            remedy=f"with this period write {int(longest / seconds)} or less",
        )
    elif most is None:
        name, periods = max(default_periods.items(), key=lambda item: item[1], default=("", 0))
        if periods * seconds > longest:
            yield Fault(
                rule="evaluation",
                prop="period",
                value=period,
                problem=f"must not let an alarm look back longer than {days}",
                remedy=f"{name} looks at {periods} periods; write evaluation_periods={int(longest / seconds)} or less",
            )


def _count(prop: str, value: object) -> Iterator[Fault]:
    if value is None or _is_number_token(value):
        return
    if isinstance(value, bool) or not isinstance(value, int):
        yield _checks.wrong_type(prop, value, "a whole number", rule="evaluation")
    elif value < 1:
        yield Fault(rule="evaluation", prop=prop, value=value, problem="must be at least 1", remedy=f"leave {prop} out")


def actions(prop: str, value: object) -> Iterator[Fault]:
    """At most five alarm actions."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        remedy = f"write {prop}=[{_action_meant(value) if not _checks.plays(value, 'bind') else 'action'}]"
        yield _checks.wrong_type(prop, value, "a list of alarm actions", rule="actions", remedy=remedy)
        return
    given = cast("Sequence[object]", value)
    for index, action in enumerate(given):
        if not _checks.plays(action, "bind"):
            yield _checks.wrong_type(
                f"{prop}[{index}]",
                action,
                "an alarm action",
                rule="actions",
                remedy=f"write {_action_meant(action)}",
            )
    if len(given) > 5:
        yield Fault(
            rule="actions",
            prop=prop,
            value=len(given),
            problem="must hold at most 5 actions, as many as an alarm can have",
            remedy="let one topic tell several subscribers",
        )


def action_region(prop: str, of_topics: Sequence[str | None], of_alarms: str) -> Iterator[Fault]:
    """Topics in the Region of the alarms; None is a Region that is not known, or no topic."""
    for index, region in enumerate(of_topics):
        if region is not None and region != of_alarms:
            yield Fault(
                rule="actionRegion",
                prop=f"{prop}[{index}]",
                value=region,
                problem=f"must be a topic in the Region of the alarms, {of_alarms}",
                remedy=f"make a topic in {of_alarms}; its subscribers may be in other Regions",
                service_says=f"Invalid region {region} specified. Only {of_alarms} is supported.",
            )


def any_action(*, has_actions: bool) -> Iterator[Fault]:
    """Alarms that do something."""
    if not has_actions:
        yield Fault(
            rule="alarmWithoutActions",
            prop="actions",
            value=(),
            problem="should name what the alarms do when they fire",
            remedy="nobody is notified; write actions=[SnsAction(topic)], or acknowledge this warning where the alarms"
            " are only looked at or are parts of composite alarms",
            fatal=False,
            tells_value=False,
        )


def _action_meant(value: object) -> str:
    topic = "topic"
    if isinstance(value, str) and value.startswith("arn:") and ":sns:" in value:
        topic = f"sns.Topic.from_topic_arn(scope, id, {_wording.shown(value)})"
    if _checks.plays(value, "function_ref"):
        return "aws_cloudwatch_actions.LambdaAction(function)"
    return f"aws_cloudwatch_actions.SnsAction({topic})"


def same_region(of_stage: str | None, of_alarms: str) -> Iterator[Fault]:
    """Alarms see metrics of their own Region only."""
    if of_stage is not None and not _checks.is_token(of_alarms) and of_stage != of_alarms:
        yield Fault(
            rule="alarmRegion",
            prop="stage",
            value=of_stage,
            problem=f"must be in the Region of its alarms, {of_alarms}",
            remedy=f"an alarm sees its own Region only; put StageAlarms into a stack in {of_stage}",
        )


def same_account(of_stage: str | None, of_alarms: str) -> Iterator[Fault]:
    """Alarms in the account of their stage."""
    if of_stage is not None and not _checks.is_token(of_alarms) and of_stage != of_alarms:
        yield Fault(
            rule="alarmAccount",
            prop="stage",
            value=of_stage,
            problem=f"should be in the account of its alarms, {of_alarms}",
            remedy=f"put StageAlarms into a stack of account {of_stage}; an alarm sees metrics of another account only"
            " where CloudWatch cross-account observability shares them, and never its events",
            fatal=False,
        )


def thresholds(
    kind: Kind, own: Iterable[str], given: Mapping[str, object], defaults: Mapping[str, object]
) -> Iterator[Fault]:
    """Thresholds of this kind of stage, each in its range."""
    names = list(own)
    for name, value in given.items():
        yield from threshold(name, value) if name in names else foreign(name, value, defaults[name], kind, names)
