"""The rows about alarms and dashboards: values on both sides of each limit, and whose resources they judge."""

from __future__ import annotations

from typing import Any

import pytest

from stage_constructs.rules import evaluate, monitoring
from stage_constructs.rules._resources import Resource
from tests.checks.template_helpers import check

DAY = 86_400
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("period", "Period", {"Period": 0}),
    ("period", "Period", {"Period": 59}),
    ("period", "Period", {"Period": 61}),
    ("period", "Period", {"Period": 90}),
    ("highResolutionPeriod", "Period", {"Period": 10}),
    ("highResolutionPeriod", "Period", {"Period": 20}),
    ("highResolutionPeriod", "Period", {"Period": 30}),
    ("evaluation", "EvaluationPeriods", {"EvaluationPeriods": 0}),
    ("evaluation", "EvaluationPeriods", {"EvaluationPeriods": 1.5}),
    ("evaluation", "EvaluationPeriods", {"EvaluationPeriods": "5"}),
    ("evaluation", "DatapointsToAlarm", {"DatapointsToAlarm": 0}),
    ("evaluation", "DatapointsToAlarm", {"EvaluationPeriods": 2, "DatapointsToAlarm": 3}),
    ("evaluation", "EvaluationPeriods", {"Period": 60, "EvaluationPeriods": 1441}),
    ("evaluation", "EvaluationPeriods", {"Period": 3540, "EvaluationPeriods": 25}),
    ("evaluation", "EvaluationPeriods", {"Period": 3600, "EvaluationPeriods": 169}),
    ("evaluation", "Period", {"Period": 7 * DAY + 60, "EvaluationPeriods": 1}),
    ("dashboardName", "DashboardName", {"DashboardName": ""}),
    ("dashboardName", "DashboardName", {"DashboardName": "x" * 256}),
    ("dashboardName", "DashboardName", {"DashboardName": "a b"}),
    ("dashboardName", "DashboardName", {"DashboardName": "a\n"}),
]
VALID: list[dict[str, Any]] = [
    *({"Period": seconds} for seconds in (60, 120, 300, DAY)),
    {"Period": 60, "EvaluationPeriods": 1440},
    {"Period": 3540, "EvaluationPeriods": 24},
    {"Period": 3600, "EvaluationPeriods": 168},
    {"Period": 7 * DAY, "EvaluationPeriods": 1},
    {"EvaluationPeriods": 3, "DatapointsToAlarm": 3},
    {"Period": 60, "EvaluationPeriods": {"Ref": "Number"}, "DatapointsToAlarm": 3},
    *({"DashboardName": name} for name in ("a", "x" * 255, "A-z_0")),
]


def broken(properties: dict[str, Any]) -> set[tuple[str, str]]:
    """The rules that a resource with these properties breaks, with the property."""
    kind = monitoring.DASHBOARD if "DashboardName" in properties else monitoring.ALARM
    return {(each.rule.id, ".".join(each.path)) for each in evaluate(Resource(kind, properties))}


@pytest.mark.parametrize(("rule", "prop", "properties"), BROKEN)
def test_beyond_a_limit(rule: str, prop: str, properties: dict[str, Any]) -> None:
    """One rule is broken."""
    assert broken(properties) == {(rule, prop)}


@pytest.mark.parametrize("properties", VALID)
def test_within_the_limits(properties: dict[str, Any]) -> None:
    """No rule is broken."""
    assert broken(properties) == set()


def test_templates_of_others_are_not_judged() -> None:
    """`StageChecks` reports nothing about alarms and dashboards, although the rules are loaded."""
    alarm = {"Type": monitoring.ALARM, "Properties": {"Period": 90, "EvaluationPeriods": 0}}
    dashboard = {"Type": monitoring.DASHBOARD, "Properties": {"DashboardName": "a b"}}
    assert check({"Alarm": alarm, "Dashboard": dashboard}) == []
