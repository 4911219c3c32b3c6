"""Alarms and dashboards of CloudWatch, as this library creates them; those in templates of others are not checked."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from ._engine import Context, Kind, Problem, rule
from ._values import length

if TYPE_CHECKING:
    from collections.abc import Iterator

ALARM: Final = "AWS::CloudWatch::Alarm"
DASHBOARD: Final = "AWS::CloudWatch::Dashboard"
_API: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400
_HIGH_RESOLUTION_PERIODS: Final = (10, 20, 30)

_alarm = functools.partial(rule, ALARM, value_type=float, source=f"{_API}API_PutMetricAlarm.html", checked="2026-11")


@_alarm(
    "Period",
    id="period",
    kind=Kind.SET,
    doc="A period is 10, 20 or 30 seconds, or a whole number of minutes.",
    fix="Choose a whole number of minutes.",
)
def period(value: float, _: Context) -> Iterator[Problem]:
    if value not in _HIGH_RESOLUTION_PERIODS and (value < _MINUTE or value % _MINUTE):
        minutes = max(1, round(value / _MINUTE))
        fix = f"stages send their metrics once a minute; write {{{minutes * _MINUTE}|Duration.minutes({minutes})}}"
        yield Problem("must be a whole number of minutes", fix)


@_alarm(
    "Period",
    id="highResolutionPeriod",
    kind=Kind.RUN_TIME,
    doc="A period is at least a minute: stages send their metrics once a minute.",
    fix="Choose a whole number of minutes.",
)
def high_resolution_period(value: float, _: Context) -> Iterator[Problem]:
    if value in _HIGH_RESOLUTION_PERIODS:
        yield Problem(
            "should be a whole number of minutes",
            "stages send their metrics once a minute, so most of these periods have no data and the alarm hardly ever"
            " fires, at a higher price; write {60|Duration.minutes(1)}",
        )


@_alarm(
    ("EvaluationPeriods", "DatapointsToAlarm"),
    id="evaluation",
    kind=Kind.GRAMMAR,
    expected="a whole number",
    doc="`EvaluationPeriods` and `DatapointsToAlarm` are whole numbers, at least 1.",
    fix="Choose such a number.",
)
def number_of_periods(value: float, _: Context) -> Iterator[Problem]:
    if value != value // 1:
        yield Problem("must be a whole number", f"write {max(1, round(value))}")
    elif value < 1:
        yield Problem("must be at least 1", "leave it out for the default")


@_alarm(
    "DatapointsToAlarm",
    id="evaluation",
    kind=Kind.CONFLICT,
    doc="`DatapointsToAlarm` is at most `EvaluationPeriods`.",
    fix="Choose a smaller number.",
)
def datapoints_to_alarm(value: float, at: Context) -> Iterator[Problem]:
    periods = at.known("EvaluationPeriods")
    if isinstance(periods, (int, float)) and 1 <= periods < value:
        yield Problem("must be at most {EvaluationPeriods}", f"{{EvaluationPeriods}} is {periods}; write that or less")


@_alarm(
    "EvaluationPeriods",
    id="evaluation",
    kind=Kind.LIMIT,
    doc="An alarm looks back 7 days at most, and 1 day where its period is shorter than an hour.",
    fix="Choose a shorter period or fewer of them.",
)
def evaluation_range(value: float, at: Context) -> Iterator[Problem]:
    seconds = at.known("Period")
    if not isinstance(seconds, (int, float)) or seconds < 1 or value < 1:
        return
    days = 1 if seconds < _HOUR else 7
    periods = int(days * _DAY / seconds)
    if not periods:
        text = f"must be at most {days} days, the longest time that an alarm looks back"
        fix = f"write {{{days * _DAY}|Duration.days({days})}} or less"
        yield Problem(text, fix, path=("Period",), value=seconds)
    elif value > periods:
        of_days = "1 day" if days == 1 else f"{days} days"
        yield Problem(f"must not look back longer than {of_days}", f"with this period write {periods} or less")


@rule(
    DASHBOARD,
    "DashboardName",
    id="dashboardName",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="A dashboard name is 1 to 255 letters, digits, hyphens and underscores.",
    fix="Choose such a name.",
    source=f"{_API}API_PutDashboard.html",
    checked="2026-11",
)
def dashboard_name(value: str, _: Context) -> Iterator[Problem]:
    yield from length(value, 1, 255)
    if value and not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        suggestion = re.sub(r"[^A-Za-z0-9_-]+", "-", value).strip("-")[:255] or "stages"
        text = "must consist of letters, digits, hyphens and underscores"
        yield Problem(text, "write {suggestion} for instance", values={"suggestion": suggestion})
