"""Creates the alarms of a stage, with as few requests to the jsii kernel as native alarms cost."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk

from .._l1 import l1_arguments
from ..rules._unknown import is_unknown
from ..rules.monitoring import ALARM

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct

    from ._alarm_definitions import AlarmDefinition, StageEvents
    from ._monitored_stage import MonitoredStage

_MAX_ROUTE = 128
"""Characters of the key of a route in a description."""


class AlarmFactory:
    """Creates alarms that are evaluated alike; metrics that several of them have are created once."""

    def __init__(
        self,
        scope: Construct,
        monitored: MonitoredStage,
        *,
        route: str | None,
        min_requests: float | None,
        period: cdk.Duration | None,
        evaluation_periods: int | None,
        datapoints_to_alarm: int | None,
    ) -> None:
        self._scope = scope
        self._monitored = monitored
        self._route = route
        self._min_requests = _in_metric_math(min_requests)
        self._period = period or _minute()
        given = {"EvaluationPeriods": evaluation_periods, "DatapointsToAlarm": datapoints_to_alarm}
        self._evaluation = l1_arguments(ALARM, given)
        self._metrics: dict[tuple[str, str], cloudwatch.Metric] = {}

    @property
    def title(self) -> str:
        """What the alarms are about."""
        if self._route is None:
            return self._monitored.title
        shown = self._route if len(self._route) <= _MAX_ROUTE else f"{self._route[: _MAX_ROUTE - 3]}..."
        return f"route {shown} of {self._monitored.title}"

    def metric(self, name: str, definition: AlarmDefinition) -> cloudwatch.IMetric:
        """What the alarms on one threshold look at: a metric, metric math over some, or the matches of a new rule."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        if definition.events:
            return self._event_count(f"{construct_id(name)}Rule", definition.events)
        metrics = {variable: self._metric(*metric) for variable, metric in definition.metrics.items()}
        if definition.expression is None:
            return next(iter(metrics.values()))
        return cloudwatch.MathExpression(
            expression=definition.expression(self._min_requests),
            using_metrics=cast("dict[str, cloudwatch.IMetric]", metrics),
            label=name.replace("_", " "),
            period=self._period,
        )

    def create(
        self,
        name: str,
        definition: AlarmDefinition,
        metric: cloudwatch.IMetric,
        threshold: float,
        *,
        description: str,
        alarm_name: str | None,
    ) -> cloudwatch.Alarm:
        """One alarm."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        comparison, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
        evaluation: dict[str, Any] = {"evaluation_periods": definition.periods}
        if not definition.events:
            evaluation |= self._evaluation
        return cloudwatch.Alarm(
            self._scope,
            construct_id(name),
            metric=metric,
            threshold=threshold,
            comparison_operator=comparison.LESS_THAN_THRESHOLD
            if definition.is_minimum
            else comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            if definition.includes_threshold
            else comparison.GREATER_THAN_THRESHOLD,
            treat_missing_data=missing.BREACHING if definition.is_minimum else missing.NOT_BREACHING,
            alarm_description=description,
            alarm_name=alarm_name,
            **evaluation,
        )

    def _metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        if (name, statistic) not in self._metrics:
            metric = self._monitored.metric(name, statistic, self._period, self._route)
            self._metrics[name, statistic] = metric
        return self._metrics[name, statistic]

    def _event_count(self, id: str, events: StageEvents) -> cloudwatch.IMetric:
        """The number of events of the stage that match a rule, as EventBridge counts them.

        AWS documents `TriggeredRules` as the number of rules that ran and matched an event. It does not say whether
        rules without a target are counted.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch
        from aws_cdk import aws_events

        from ..ivs import _events as stage_events

        arn = cast("str", self._monitored.arn)
        rule = aws_events.Rule(
            self._scope,
            id,
            event_pattern=stage_events.pattern([events.event_type], [arn], events.event_names),
            description=events.description,
        )
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions_map={"RuleName": rule.rule_name},
            statistic="Sum",
            period=self._period,
        )


def construct_id(name: str) -> str:
    """The id of the construct of an alarm."""
    return "".join(word.capitalize() for word in name.split("_"))


@functools.cache
def _minute() -> cdk.Duration:
    return cdk.Duration.minutes(1)


def _in_metric_math(min_requests: float | None) -> str | None:
    """The number as written in an expression, None where any number of requests is enough."""
    if not min_requests:
        return None
    if is_unknown(min_requests):
        return cdk.Token.as_string(min_requests)
    return str(int(min_requests)) if min_requests == int(min_requests) else f"{min_requests:f}"
