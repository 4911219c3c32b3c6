"""Alarms of a stage."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, cast, overload

import aws_cdk as cdk
from constructs import Construct

from .._arguments import duration, violation, warning
from .._l1 import l1_arguments
from .._other_names import KeywordNames
from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of, warn
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.monitoring import ALARM
from ._alarm_actions import ActionsCheck, validate_actions
from ._alarm_definitions import ALARM_DEFINITIONS
from ._monitored_stage import MonitoredStage, validate_stage
from ._thresholds import validate_min_requests, validate_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch

    from .. import apigatewayv2, ivs
    from .._synthesis import Environment
    from ..errors import Violation
    from ._alarm_definitions import AlarmDefinition, StageEvents
    from ._monitored_stage import WatchedStage


class StageAlarms(KeywordNames, Construct):
    """Define the alarms of a stage: those that AWS recommends for its kind, each of them adjustable.

    Creates one `AWS::CloudWatch::Alarm` for each threshold of the kind of stage that is not None, and an
    `AWS::Events::Rule` for each that counts events. Thresholds of other kinds of stages are left out or None.

    A stage without traffic raises no alarm: missing data does not breach, and the rates are 0 where there are no
    requests. An alarm sees its own Region only, so it must be in a stack in the Region of the stage. It sees another
    account only where CloudWatch cross-account observability shares the metrics, so put it into a stack in the account
    of the stage.

    Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html,
    https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/eventbridge.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """

    alarms: Mapping[str, cloudwatch.Alarm]
    """The alarms by the names of their thresholds, such as `alarms["latency_ms"]`."""

    # Editors show the docstring of the constructor for the overloads.
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: apigatewayv2.HttpStage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        server_error_rate: float | None = 0.05,
        client_error_rate: float | None = 0.05,
        latency_ms: float | None = 2500,
        min_requests: float | None = 10,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: apigatewayv2.WebSocketStage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        client_error_rate: float | None = 0.05,
        execution_error_rate: float | None = 0.05,
        integration_error_rate: float | None = 0.05,
        min_requests: float | None = 10,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: ivs.Stage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        publishers: float | None = 11,
        subscribers: float | None = 9000,
        download_packet_loss_percent: float | None = 5,
        dropped_frames_percent: float | None = 5,
        recording_failures: float | None = 1,
        composition_failures: float | None = 1,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
    ) -> None: ...

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: WatchedStage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        server_error_rate: float | None = 0.05,
        client_error_rate: float | None = 0.05,
        latency_ms: float | None = 2500,
        integration_error_rate: float | None = 0.05,
        execution_error_rate: float | None = 0.05,
        publishers: float | None = 11,
        subscribers: float | None = 9000,
        download_packet_loss_percent: float | None = 5,
        dropped_frames_percent: float | None = 5,
        recording_failures: float | None = 1,
        composition_failures: float | None = 1,
        min_requests: float | None = 10,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
    ) -> None:
        """Define the alarms of a stage.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: An `apigatewayv2.HttpStage`, `apigatewayv2.WebSocketStage` or `ivs.Stage`, imported ones too.
                Stages of other classes are wrapped by `from_stage_ref` of these.
            actions: What an alarm does, such as `SnsAction(topic)`; at most 5. Default: nothing, it only shows.
                Actions are those of `aws_cloudwatch_actions`.
            ok_actions: What it does when all is well again; at most 5. Default: nothing.
            server_error_rate: Share of requests answered with 5xx, 0 to 1. Default: more than 0.05 for 3 minutes.
                HTTP only. AWS recommends the number.
            client_error_rate: Share of 4xx of API Gateway, 0 to 1. Default: more than 0.05 for 5 minutes.
                HTTP: of requests. WebSocket: of connects and messages, rejected before the integration. AWS recommends
                the number; use a higher one where 4xx are common, as with bots or tokens that expire.
            latency_ms: Milliseconds to the response, of 9 in 10 requests. Default: 2500 or more for 5 minutes.
                HTTP only. AWS recommends the number to begin with.
            integration_error_rate: Share of 4xx and 5xx of the integration, 0 to 1. Default: 0.05 for 3 minutes.
                WebSocket only, of connects and messages; the number is that for 5xx of an HTTP stage. Messages to
                clients are counted too: use a lower number where one message goes to many clients.
            execution_error_rate: Share of failed calls of the integration, 0 to 1. Default: 0.05 for 3 minutes.
                WebSocket only, of connects and messages; the number is that for 5xx of an HTTP stage.
            publishers: Participants that publish at a time, 1 to 12. Default: 11 or more in any minute.
                IVS only. A stage has at most 12 publishers, and AWS does not raise that.
            subscribers: Participants that watch or listen at a time. Default: 9000 or more in any minute.
                IVS only. The default quota of a stage is 10,000.
            download_packet_loss_percent: Packets lost on the way to subscribers, 0 to 100 %. Default: 5 for 5 minutes.
                IVS only, on average. AWS names no number.
            dropped_frames_percent: Frames that subscribers drop, 0 to 100 %. Default: more than 5 for 5 minutes.
                IVS only, on average. AWS names no number.
            recording_failures: Failed participant recordings in a period. Default: 1 or more in any minute.
                IVS only. IVS has no metric of them and reports each failure as an EventBridge event, best effort. The
                alarm is on the metric `TriggeredRules` of a rule without a target; AWS does not document whether such
                rules are counted.
            composition_failures: Failed compositions and destinations in a period. Default: 1 or more in any minute.
                IVS only. Counted as failed recordings are.
            min_requests: Smallest number of requests in a period for a rate alarm. Default: 10.
                HTTP, and WebSocket for connects and messages. In a period with fewer requests the rates count as 0,
                because one failed request of 10 is already twice the default threshold. On a stage with little traffic
                choose a longer `period` or a smaller number. None or 0: any number of requests counts.
            period: Time over which each data point is taken, in whole minutes. Default: one minute, as AWS recommends.
            evaluation_periods: How many of the latest periods count, for each alarm. Default: as each threshold says.
                Alarms on failures always evaluate one period.
            datapoints_to_alarm: How many of these must be over the threshold. Default: all.

        Raises:
            StageConfigurationError: The stage is not a stage, or in another Region; a threshold is not a number, or not
                one of this kind of stage; CloudWatch does not support the period or an action, such as a topic of
                another Region.
        """
        raise_if_invalid(scope, id, validate_stage("stage", stage))
        monitored = MonitoredStage.of(stage)
        environment = environment_of(scope)
        thresholds = {
            "server_error_rate": server_error_rate,
            "client_error_rate": client_error_rate,
            "latency_ms": latency_ms,
            "integration_error_rate": integration_error_rate,
            "execution_error_rate": execution_error_rate,
            "publishers": publishers,
            "subscribers": subscribers,
            "download_packet_loss_percent": download_packet_loss_percent,
            "dropped_frames_percent": dropped_frames_percent,
            "recording_failures": recording_failures,
            "composition_failures": composition_failures,
        }
        definitions = {
            name: definition
            for name, definition in ALARM_DEFINITIONS[monitored.kind].items()
            if thresholds[name] is not None
        }
        default_periods = max((definition.periods for definition in definitions.values()), default=1)
        invalid_period = list(_validate_period(period))
        invalid_datapoints = list(_validate_datapoints(evaluation_periods, datapoints_to_alarm))
        properties: dict[str, object] = {
            "Period": None if invalid_period else 60 if period is None else period.to_seconds(integral=False),
            "EvaluationPeriods": default_periods if evaluation_periods is None else evaluation_periods,
            "DatapointsToAlarm": None if invalid_datapoints else datapoints_to_alarm,
        }
        violations = [
            *validate_thresholds(monitored.kind, thresholds, _DEFAULTS),
            *validate_min_requests(monitored.kind, min_requests, _DEFAULTS["min_requests"]),
            *validate_actions("actions", actions, environment.region),
            *validate_actions("ok_actions", ok_actions, environment.region),
            *invalid_period,
            *invalid_datapoints,
            *violations_of(Resource(ALARM, properties), {"Period": period}),
            *_validate_environment(monitored, environment),
        ]
        raise_if_invalid(scope, id, violations)
        super().__init__(scope, id)
        warn(self, violations)

        from aws_cdk import aws_cloudwatch as cloudwatch

        comparison = cloudwatch.ComparisonOperator
        period = period or cdk.Duration.minutes(1)
        given = {"EvaluationPeriods": evaluation_periods, "DatapointsToAlarm": datapoints_to_alarm}
        evaluation = l1_arguments(ALARM, given)
        alarms: dict[str, cloudwatch.Alarm] = {}
        for name, definition in definitions.items():
            construct_id = "".join(word.capitalize() for word in name.split("_"))
            periods: dict[str, Any] = {"evaluation_periods": definition.periods}
            if definition.events:
                metric = self._event_count(f"{construct_id}Rule", definition.events, monitored, period)
            else:
                metric = _metric(name, definition, monitored, period, min_requests)
                periods |= evaluation
            alarms[name] = cloudwatch.Alarm(
                self,
                construct_id,
                metric=metric,
                threshold=cast("float", thresholds[name]),
                comparison_operator=comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
                if definition.includes_threshold
                else comparison.GREATER_THAN_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                alarm_description=f"{monitored.title}: {definition.description}",
                **periods,
            )
            if actions:
                alarms[name].add_alarm_action(*actions)
            if ok_actions:
                alarms[name].add_ok_action(*ok_actions)
        self.alarms = types.MappingProxyType(alarms)
        if alarms and not actions and not ok_actions:
            self.node.add_validation(ActionsCheck(self, list(alarms.values())))

    def _event_count(
        self, id: str, events: StageEvents, monitored: MonitoredStage, period: cdk.Duration
    ) -> cloudwatch.IMetric:
        """The number of events of the stage that match a rule, as EventBridge counts them.

        AWS documents `TriggeredRules` as the number of rules that ran and matched an event. It does not say whether
        rules without a target are counted.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch
        from aws_cdk import aws_events

        from ..ivs import _events as stage_events

        arn = cast("ivs.Stage", monitored.stage).stage_arn
        rule = aws_events.Rule(
            self,
            id,
            event_pattern=stage_events.pattern([events.event_type], [arn], events.event_names),
            description=events.description,
        )
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions_map={"RuleName": rule.rule_name},
            statistic="Sum",
            period=period,
        )


_DEFAULTS: Mapping[str, object] = cast("Any", StageAlarms.__init__).__kwdefaults__


def _metric(
    name: str, definition: AlarmDefinition, monitored: MonitoredStage, period: cdk.Duration, min_requests: float | None
) -> cloudwatch.IMetric:
    from aws_cdk import aws_cloudwatch as cloudwatch

    metrics: dict[str, cloudwatch.IMetric] = {
        variable: monitored.stage.metric(metric, statistic=statistic, period=period)
        for variable, (metric, statistic) in definition.metrics.items()
    }
    if definition.expression is None:
        return next(iter(metrics.values()))
    return cloudwatch.MathExpression(
        expression=definition.expression(_in_metric_math(min_requests)),
        using_metrics=metrics,
        label=name.replace("_", " "),
        period=period,
    )


def _in_metric_math(min_requests: float | None) -> str | None:
    """The number as written in an expression, None where any number of requests is enough."""
    if not min_requests:
        return None
    if is_unknown(min_requests):
        return cdk.Token.as_string(min_requests)
    return str(int(min_requests)) if min_requests == int(min_requests) else f"{min_requests:f}"


def _validate_period(period: object) -> Iterator[Violation]:
    """A `Duration` that is known at synth, because CDK converts it."""
    wrong_type = list(duration("period", period, rule="period"))
    yield from wrong_type
    if period is not None and not wrong_type and cast("cdk.Duration", period).is_unresolved():
        problem = "must be a whole number of minutes that is known at synth"
        yield violation("period", "period", period, problem, "write Duration.minutes(1) for instance")


def _validate_datapoints(evaluation_periods: object, datapoints: object) -> Iterator[Violation]:
    """Datapoints to alarm only with a number of evaluation periods, because each alarm has its own default."""
    number = isinstance(datapoints, (int, float)) and not isinstance(datapoints, bool) and datapoints >= 1
    if evaluation_periods is None and number:
        problem, fix = "needs evaluation_periods beside it", f"write evaluation_periods={datapoints} or more"
        yield violation("evaluation", "datapoints_to_alarm", datapoints, problem, fix, show_value=False)


def _validate_environment(monitored: MonitoredStage, environment: Environment) -> Iterator[Violation]:
    """Alarms in the Region and the account of their stage, where both are known."""
    if None not in (monitored.region, environment.region) and monitored.region != environment.region:
        problem = f"must be in the Region of its alarms, {environment.region}"
        fix = f"an alarm sees its own Region only; put StageAlarms into a stack in {monitored.region}"
        yield violation("alarmRegion", "stage", monitored.region, problem, fix)
    if None not in (monitored.account, environment.account) and monitored.account != environment.account:
        problem = f"should be in the account of its alarms, {environment.account}"
        fix = (
            f"put StageAlarms into a stack of account {monitored.account}; an alarm sees metrics of another account"
            " only where CloudWatch cross-account observability shares them, and never its events"
        )
        yield warning("alarmAccount", "stage", monitored.account, problem, fix)
