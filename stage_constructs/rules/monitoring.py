"""Alarms and dashboards of CloudWatch, for the constructs of this library alone.

`templates` does not judge them: alarms and dashboards of others are none of this library's business.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ._engine import Context, Kind, Problem, rule
from ._values import length

if TYPE_CHECKING:
    from collections.abc import Iterator

ALARM: Final = "AWS::CloudWatch::Alarm"
DASHBOARD: Final = "AWS::CloudWatch::Dashboard"
_ALARM_PAGE: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_DASHBOARD_PAGE: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"
_HIGH_RESOLUTION_PERIODS: Final = (10, 20, 30)
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


@rule(
    ALARM,
    "Period",
    id="period",
    kind=Kind.SET,
    value_type=float,
    doc="A period is 10, 20 or 30 seconds, or a whole number of minutes.",
    fix="Choose a whole number of minutes.",
    source=_ALARM_PAGE,
    checked="2026-11",
)
def period(value: float, _: Context) -> Iterator[Problem]:
    if value not in _HIGH_RESOLUTION_PERIODS and (value < _MINUTE or value % _MINUTE):
        minutes = max(1, round(value / _MINUTE))
        yield Problem(
            "must be a whole number of minutes",
            f"stages send their metrics once a minute; write {{{minutes * _MINUTE}|Duration.minutes({minutes})}}",
        )


@rule(
    ALARM,
    "Period",
    id="highResolutionPeriod",
    kind=Kind.RUN_TIME,
    value_type=float,
    doc="A period is at least a minute: stages send their metrics once a minute.",
    fix="Choose a whole number of minutes.",
    source=_ALARM_PAGE,
    checked="2026-11",
)
def high_resolution_period(value: float, _: Context) -> Iterator[Problem]:
    if value in _HIGH_RESOLUTION_PERIODS:
        yield Problem(
            "should be a whole number of minutes",
            "stages send their metrics once a minute, so most of these periods have no data and the alarm hardly ever"
            " fires, at a higher price; write {60|Duration.minutes(1)}",
        )


@rule(
    ALARM,
    ("EvaluationPeriods", "DatapointsToAlarm"),
    id="evaluation",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a whole number",
    doc="`EvaluationPeriods` and `DatapointsToAlarm` are whole numbers, at least 1.",
    fix="Choose such a number.",
    source=_ALARM_PAGE,
    checked="2026-11",
)
def number_of_periods(value: float, _: Context) -> Iterator[Problem]:
    if value != value // 1:
        yield Problem("must be a whole number", f"write {max(1, round(value))}")
    elif value < 1:
        yield Problem("must be at least 1", "leave it out for the default")


@rule(
    ALARM,
    "DatapointsToAlarm",
    id="evaluation",
    kind=Kind.CONFLICT,
    value_type=float,
    doc="`DatapointsToAlarm` is at most `EvaluationPeriods`.",
    fix="Choose a smaller number.",
    source=_ALARM_PAGE,
    checked="2026-11",
)
def datapoints_to_alarm(value: float, at: Context) -> Iterator[Problem]:
    periods = at.known("EvaluationPeriods")
    if isinstance(periods, (int, float)) and 1 <= periods < value:
        text = "must be at most {EvaluationPeriods}"
        yield Problem(text, f"{{EvaluationPeriods}} is {periods}; write that or less")


@rule(
    ALARM,
    "EvaluationPeriods",
    id="evaluation",
    kind=Kind.LIMIT,
    value_type=float,
    doc="An alarm looks back 7 days at most, and 1 day where its period is shorter than an hour.",
    fix="Choose a shorter period or fewer of them.",
    source=_ALARM_PAGE,
    checked="2026-11",
)
def evaluation_range(value: float, at: Context) -> Iterator[Problem]:
    seconds = at.known("Period")
    if not isinstance(seconds, (int, float)) or seconds < 1 or value < 1:
        return
    days = 1 if seconds < _HOUR else 7
    periods = int(days * _DAY / seconds)
    if not periods:
        yield Problem(
            f"must be at most {days} days, the longest time that an alarm looks back",
            f"write {{{days * _DAY}|Duration.days({days})}} or less",
            path=("Period",),
            value=seconds,
        )
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
    source=_DASHBOARD_PAGE,
    checked="2026-11",
)
def dashboard_name(value: str, _: Context) -> Iterator[Problem]:
    yield from length(value, 1, 255)
    if value and not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        suggestion = re.sub(r"[^A-Za-z0-9_-]+", "-", value).strip("-")[:255] or "stages"
        text = "must consist of letters, digits, hyphens and underscores"
        yield Problem(text, "write {suggestion} for instance", values={"suggestion": suggestion})
