"""Alarms of a stage."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, cast, overload

import aws_cdk as cdk
from constructs import Construct

from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of, warn
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.monitoring import ALARM
from . import _arguments
from ._alarm_actions import topic_regions, warn_unless_actions_are_added
from ._alarm_definitions import ALARM_DEFINITIONS
from ._monitored_stage import MonitoredStage, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch

    from .. import apigatewayv2, ivs
    from ._alarm_definitions import AlarmDefinition, StageEvents
    from ._monitored_stage import WatchedStage


class StageAlarms(Construct):
    """Define the alarms that a stage should have: what AWS recommends for its kind, each of them adjustable.

    Makes one `AWS::CloudWatch::Alarm` for each threshold that the kind of stage has and that is not None, and an
    `AWS::Events::Rule` for each that counts events:

    | stage | thresholds |
    | --- | --- |
    | HTTP | `server_error_rate`, `client_error_rate`, `latency_ms` |
    | WebSocket | `integration_error_rate`, `execution_error_rate`, `client_error_rate` |
    | IVS | `publishers`, `subscribers`, `download_packet_loss_percent`, `dropped_frames_percent` |
    | IVS, of its events | `recording_failures`, `composition_failures` |

    A threshold of another kind of stage is refused, unless it is None.

    A stage that nobody uses raises no alarm: missing data is taken as not breaching, and the rates are 0 where there
    are no requests. An alarm sees its own Region only, so it stands in a stack of the Region of the stage. It sees
    another account only where CloudWatch cross-account observability shares the metrics, so put it into a stack of the
    account of the stage.

    Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html,
    https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/eventbridge.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """

    alarms: Mapping[str, cloudwatch.Alarm]
    """The alarms by the names of their thresholds, such as `alarms["latency_ms"]`."""

    @overload
    def __init__(  # noqa: D418  editors show the words of the overload, and none where it has none
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
    ) -> None:
        """Define the alarms of an HTTP stage.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: An `apigatewayv2.HttpStage`, `apigatewayv2.WebSocketStage` or `ivs.Stage`, imported ones too.
            actions: What an alarm does, such as `SnsAction(topic)`; at most 5. Default: nothing, it only shows.
            ok_actions: What it does when all is well again; at most 5. Default: nothing.
            server_error_rate: Share of requests answered with 5xx, 0 to 1. Default: more than 0.05 for 3 minutes.
            client_error_rate: Share of 4xx of API Gateway, 0 to 1. Default: more than 0.05 for 5 minutes.
            latency_ms: Milliseconds to the response, of 9 in 10 requests. Default: 2500 or more for 5 minutes.
            min_requests: Smallest number of requests in a period for a rate alarm. Default: 10.
            period: Time over which each data point is taken, in whole minutes. Default: one minute, as AWS recommends.
            evaluation_periods: How many of the latest periods count, for each alarm. Default: as each threshold says.
            datapoints_to_alarm: How many of these must be over the threshold. Default: all.
        """

    @overload
    def __init__(  # noqa: D418  editors show the words of the overload, and none where it has none
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
    ) -> None:
        """Define the alarms of a WebSocket stage.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: An `apigatewayv2.HttpStage`, `apigatewayv2.WebSocketStage` or `ivs.Stage`, imported ones too.
            actions: What an alarm does, such as `SnsAction(topic)`; at most 5. Default: nothing, it only shows.
            ok_actions: What it does when all is well again; at most 5. Default: nothing.
            client_error_rate: Share of 4xx of API Gateway, 0 to 1. Default: more than 0.05 for 5 minutes.
            execution_error_rate: Share of failed calls of the integration, 0 to 1. Default: 0.05 for 3 minutes.
            integration_error_rate: Share of 4xx and 5xx of the integration, 0 to 1. Default: 0.05 for 3 minutes.
            min_requests: Smallest number of requests in a period for a rate alarm. Default: 10.
            period: Time over which each data point is taken, in whole minutes. Default: one minute, as AWS recommends.
            evaluation_periods: How many of the latest periods count, for each alarm. Default: as each threshold says.
            datapoints_to_alarm: How many of these must be over the threshold. Default: all.
        """

    @overload
    def __init__(  # noqa: D418  editors show the words of the overload, and none where it has none
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
    ) -> None:
        """Define the alarms of an IVS stage.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: An `apigatewayv2.HttpStage`, `apigatewayv2.WebSocketStage` or `ivs.Stage`, imported ones too.
            actions: What an alarm does, such as `SnsAction(topic)`; at most 5. Default: nothing, it only shows.
            ok_actions: What it does when all is well again; at most 5. Default: nothing.
            publishers: Participants that publish at a time, 1 to 12. Default: 11 or more in any minute.
            subscribers: Participants that watch or listen at a time. Default: 9000 or more in any minute.
            download_packet_loss_percent: Packets lost on the way to subscribers, 0 to 100 %. Default: 5 for 5 minutes.
            dropped_frames_percent: Frames that subscribers drop, 0 to 100 %. Default: more than 5 for 5 minutes.
            recording_failures: Failed participant recordings in a period. Default: 1 or more in any minute.
            composition_failures: Failed compositions and destinations in a period. Default: 1 or more in any minute.
            period: Time over which each data point is taken, in whole minutes. Default: one minute, as AWS recommends.
            evaluation_periods: How many of the latest periods count, for each alarm. Default: as each threshold says.
            datapoints_to_alarm: How many of these must be over the threshold. Default: all.
        """

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
                HTTP: requests that are answered with 4xx. WebSocket: connects and messages that API Gateway refuses
                with 4xx before the integration. AWS recommends the number; where 4xx are everyday life, as with bots
                or tokens that expire, take a higher one.
            latency_ms: Milliseconds to the response, of 9 in 10 requests. Default: 2500 or more for 5 minutes.
                HTTP only. AWS recommends the number to begin with.
            integration_error_rate: Share of 4xx and 5xx of the integration, 0 to 1. Default: 0.05 for 3 minutes.
                WebSocket only, of connects and messages; the number is that for 5xx of an HTTP stage. Messages to
                clients count as messages: where one says what many hear, take a lower one.
            execution_error_rate: Share of failed calls of the integration, 0 to 1. Default: 0.05 for 3 minutes.
                WebSocket only, of connects and messages; the number is that for 5xx of an HTTP stage.
            publishers: Participants that publish at a time, 1 to 12. Default: 11 or more in any minute.
                IVS only. A stage takes 12, and AWS does not raise that.
            subscribers: Participants that watch or listen at a time. Default: 9000 or more in any minute.
                IVS only. A stage takes 10,000 unless AWS has raised that.
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
                HTTP and WebSocket only; of WebSocket stages connects and messages. With fewer, the rates of that
                period count as 0: one failed request of 10 is a rate of 0.1, twice the default threshold, and says
                little. On a stage with little traffic choose a longer `period` or a smaller number. None or 0: any
                number of requests counts.
            period: Time over which each data point is taken, in whole minutes. Default: one minute, as AWS recommends.
            evaluation_periods: How many of the latest periods count, for each alarm. Default: as each threshold says.
                Alarms on failures look at one period always.
            datapoints_to_alarm: How many of these must be over the threshold. Default: all.

        Raises:
            StageConfigurationError: A threshold is no number or none of this kind of stage; CloudWatch would refuse a
                period or an action, such as a topic of another Region; the stage is none, or in another Region.
        """
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
        kind = kind_of(stage)
        definitions: Mapping[str, AlarmDefinition] = ALARM_DEFINITIONS[kind] if kind else {}
        incomplete = list(_arguments.evaluation(evaluation_periods, datapoints_to_alarm))
        violations = [
            *_arguments.stage("stage", stage),
            *(_arguments.thresholds(kind, definitions, thresholds, _DEFAULTS) if kind else ()),
            *(_arguments.min_requests(kind, min_requests, _DEFAULTS["min_requests"]) if kind else ()),
            *_arguments.actions("actions", actions),
            *_arguments.actions("ok_actions", ok_actions),
            *(wrong_period := list(_arguments.period(period))),
            *incomplete,
        ]
        defaults = [each.periods for name, each in definitions.items() if thresholds[name] is not None]
        properties: dict[str, object] = {
            "Period": None if wrong_period else 60 if period is None else period.to_seconds(integral=False),
            "EvaluationPeriods": max(defaults, default=1) if evaluation_periods is None else evaluation_periods,
            "DatapointsToAlarm": None if incomplete else datapoints_to_alarm,
        }
        violations += violations_of(Resource(ALARM, properties), {"Period": period})
        raise_if_invalid(scope, id, violations)
        monitored = MonitoredStage.of(stage)
        environment = environment_of(scope)
        violations += [
            *_arguments.same_environment(monitored, environment.region, environment.account),
            *_arguments.action_regions("actions", topic_regions(actions, environment.region), environment.region),
            *_arguments.action_regions("ok_actions", topic_regions(ok_actions, environment.region), environment.region),
        ]
        raise_if_invalid(scope, id, violations)
        super().__init__(scope, id)
        warn(self, violations)

        every = period or cdk.Duration.minutes(1)
        alarms: dict[str, cloudwatch.Alarm] = {}
        for name, definition in ALARM_DEFINITIONS[monitored.kind].items():
            threshold = thresholds[name]
            if threshold is None:
                continue
            alarms[name] = self._alarm(
                name,
                definition,
                monitored,
                threshold=threshold,
                min_requests=min_requests,
                period=every,
                evaluation_periods=definition.periods
                if evaluation_periods is None or definition.events
                else evaluation_periods,
                datapoints_to_alarm=None if definition.events else datapoints_to_alarm,
            )
            if actions:
                alarms[name].add_alarm_action(*actions)
            if ok_actions:
                alarms[name].add_ok_action(*ok_actions)
        self.alarms = types.MappingProxyType(alarms)
        if alarms and not actions and not ok_actions:
            warn_unless_actions_are_added(self, alarms.values())

    def _alarm(
        self,
        name: str,
        definition: AlarmDefinition,
        monitored: MonitoredStage,
        *,
        threshold: float,
        min_requests: float | None,
        period: cdk.Duration,
        evaluation_periods: int,
        datapoints_to_alarm: int | None,
    ) -> cloudwatch.Alarm:
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415  loaded by whoever makes an alarm

        comparison = cloudwatch.ComparisonOperator
        construct_id = "".join(word.capitalize() for word in name.split("_"))
        return cloudwatch.Alarm(
            self,
            construct_id,
            metric=self._event_count(f"{construct_id}Rule", definition.events, monitored, period)
            if definition.events
            else _metric(name, definition, monitored, period, min_requests),
            threshold=threshold,
            comparison_operator=comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            if definition.includes_threshold
            else comparison.GREATER_THAN_THRESHOLD,
            evaluation_periods=evaluation_periods,
            datapoints_to_alarm=datapoints_to_alarm,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{monitored.title}: {definition.description}",
        )

    def _event_count(
        self, id: str, events: StageEvents, monitored: MonitoredStage, period: cdk.Duration
    ) -> cloudwatch.IMetric:
        """The number of events of the stage that match a rule, as EventBridge counts them.

        AWS documents `TriggeredRules` as the number of rules that ran and matched an event. It does not say whether
        rules without a target are counted.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415  loaded by whoever makes an alarm
        from aws_cdk import aws_events  # noqa: PLC0415  likewise

        from ..ivs import StageEventType  # noqa: PLC0415  whoever has a stage has loaded it
        from ..ivs import _events as stage_events  # noqa: PLC0415  likewise

        rule = aws_events.Rule(
            self,
            id,
            event_pattern=stage_events.pattern(
                [StageEventType(events.event_type)], [cast("ivs.Stage", monitored.stage).stage_arn], events.event_names
            ),
            description=events.description,
        )
        return cloudwatch.Metric(
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions_map={"RuleName": rule.rule_name},
            statistic="Sum",
            period=period,
        )


def _metric(
    name: str, definition: AlarmDefinition, monitored: MonitoredStage, period: cdk.Duration, min_requests: float | None
) -> cloudwatch.IMetric:
    from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415  loaded by whoever makes an alarm

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


_DEFAULTS: Mapping[str, object] = cast("Any", StageAlarms.__init__).__kwdefaults__
