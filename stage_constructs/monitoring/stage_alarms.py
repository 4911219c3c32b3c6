"""Alarms of a stage."""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any, cast, overload

from constructs import Construct

from .._other_names import KeywordNames
from .._synthesis import environment_of, on_validation
from .._validation import raise_if_invalid, warn
from ._alarm_actions import check_actions, validate_actions
from ._alarm_arguments import (
    check_route,
    key_of_route,
    validate_environment,
    validate_evaluation,
    validate_route,
    validate_texts,
)
from ._alarm_definitions import ALARM_DEFINITIONS
from ._alarms import AlarmFactory
from ._monitored_stage import MonitoredStage, validate_stage
from ._thresholds import validate_min_requests, validate_thresholds
from .threshold import WARNING_SUFFIX, levels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_apigatewayv2 as native
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk.interfaces import aws_ivs
    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef

    from .. import apigatewayv2, ivs
    from ._monitored_stage import WatchedStage
    from .threshold import Threshold


class StageAlarms(KeywordNames, Construct):
    """Define the alarms of a stage: those that AWS recommends for its kind, each of them adjustable.

    Creates one `AWS::CloudWatch::Alarm` for each threshold of the kind of stage that is not None, two for a
    `Threshold` with a warning, and an `AWS::Events::Rule` for each that counts events. Thresholds of other kinds of
    stages are left out or None. The description of each alarm says what to look at and whether AWS recommends it; for
    IVS, AWS recommends no alarms.

    A stage without traffic raises no alarm, except by `low_traffic`: missing data does not breach, and the rates are 0
    where there are no requests. An alarm sees its own Region only, so it must be in a stack in the Region of the stage.
    It sees another account only where CloudWatch cross-account observability shares the metrics, so put it into a stack
    in the account of the stage.

    Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html,
    https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/eventbridge.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """

    alarms: Mapping[str, cloudwatch.Alarm]
    """The alarms by the names of their thresholds: `alarms["latency_ms"]`, and `alarms["latency_ms_warning"]`."""

    # Editors show the docstring of the constructor for the overloads.
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: apigatewayv2.HttpStage | native.IHttpStage | native.CfnStage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        warning_actions: Sequence[cloudwatch.IAlarmAction] = (),
        server_error_rate: Threshold | float | None = 0.05,
        client_error_rate: Threshold | float | None = 0.05,
        latency_ms: Threshold | float | None = 2500,
        low_traffic: Threshold | float | None = None,
        min_requests: float | None = 10,
        route: str | IRouteRef | None = None,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
        alarm_name_prefix: str | None = None,
        runbook_url: str | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: apigatewayv2.WebSocketStage | native.IWebSocketStage | native.CfnStage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        warning_actions: Sequence[cloudwatch.IAlarmAction] = (),
        client_error_rate: Threshold | float | None = 0.05,
        execution_error_rate: Threshold | float | None = 0.05,
        integration_error_rate: Threshold | float | None = 0.05,
        integration_latency_ms: Threshold | float | None = 2000,
        low_traffic: Threshold | float | None = None,
        min_requests: float | None = 10,
        route: str | IRouteRef | None = None,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
        alarm_name_prefix: str | None = None,
        runbook_url: str | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: ivs.Stage | aws_ivs.IStageRef,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        warning_actions: Sequence[cloudwatch.IAlarmAction] = (),
        publishers: Threshold | float | None = 11,
        subscribers: Threshold | float | None = 9000,
        download_packet_loss_percent: Threshold | float | None = 5,
        dropped_frames_percent: Threshold | float | None = 5,
        recording_failures: Threshold | float | None = 1,
        composition_failures: Threshold | float | None = 1,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
        alarm_name_prefix: str | None = None,
        runbook_url: str | None = None,
    ) -> None: ...

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage: WatchedStage,
        actions: Sequence[cloudwatch.IAlarmAction] = (),
        ok_actions: Sequence[cloudwatch.IAlarmAction] = (),
        warning_actions: Sequence[cloudwatch.IAlarmAction] = (),
        server_error_rate: Threshold | float | None = 0.05,
        client_error_rate: Threshold | float | None = 0.05,
        latency_ms: Threshold | float | None = 2500,
        integration_error_rate: Threshold | float | None = 0.05,
        execution_error_rate: Threshold | float | None = 0.05,
        integration_latency_ms: Threshold | float | None = 2000,
        low_traffic: Threshold | float | None = None,
        publishers: Threshold | float | None = 11,
        subscribers: Threshold | float | None = 9000,
        download_packet_loss_percent: Threshold | float | None = 5,
        dropped_frames_percent: Threshold | float | None = 5,
        recording_failures: Threshold | float | None = 1,
        composition_failures: Threshold | float | None = 1,
        min_requests: float | None = 10,
        route: str | IRouteRef | None = None,
        period: cdk.Duration | None = None,
        evaluation_periods: int | None = None,
        datapoints_to_alarm: int | None = None,
        alarm_name_prefix: str | None = None,
        runbook_url: str | None = None,
    ) -> None:
        """Define the alarms of a stage.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: A stage of API Gateway v2 or Amazon IVS: of this library, native L2 or L1, or imported.
                A `CfnStage` whose API is known by its id only is wrapped by `from_stage_ref` of `HttpStage` or
                `WebSocketStage`, which says its protocol.
            actions: What an alarm does, such as `SnsAction(topic)`; at most 5. Default: nothing, it only shows.
                Actions are those of `aws_cloudwatch_actions`.
            ok_actions: What it does when all is well again; at most 5. Default: nothing.
            warning_actions: What an alarm on the `warning` of a `Threshold` does; at most 5. Default: nothing.
            server_error_rate: Share of requests answered with 5xx, 0 to 1. Default: more than 0.05 for 3 minutes.
                HTTP only. AWS recommends the number.
            client_error_rate: Share of 4xx of API Gateway, 0 to 1. Default: more than 0.05 for 5 minutes.
                HTTP: of requests. WebSocket: of connects and messages, rejected before the integration. AWS recommends
                the number; use a higher one where 4xx are common, as with bots or tokens that expire.
            latency_ms: Milliseconds to the response, of 9 in 10 requests. Default: 2500 or more for 5 minutes.
                HTTP only. AWS recommends the number to begin with.
            integration_error_rate: Share of 4xx and 5xx of the integration, 0 to 1. Default: 0.05 for 3 minutes.
                WebSocket only, of connects and messages. AWS does not recommend this alarm; the number is that for 5xx
                of an HTTP stage. Messages to clients are counted too: use a lower number where one goes to many.
            execution_error_rate: Share of failed calls of the integration, 0 to 1. Default: 0.05 for 3 minutes.
                WebSocket only, of connects and messages. AWS recommends the number.
            integration_latency_ms: Milliseconds of 9 in 10 integrations. Default: 2000 or more for 5 minutes.
                WebSocket only. AWS recommends the number to begin with, and calls the alarm optional for HTTP.
            low_traffic: Least number of requests or messages in a period. Default: none, as idle stages do not alarm.
                HTTP and WebSocket. Fires below it for 10 minutes, also without data. AWS recommends it for stages with
                constant traffic.
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
            route: Only this route, by key such as `GET /pets` or as construct. Default: the whole stage.
                HTTP and WebSocket. There are metrics of a route only where `detailed_metrics_enabled` is set.
            period: Time over which each data point is taken, in whole minutes. Default: one minute, as AWS recommends.
            evaluation_periods: How many of the latest periods count, for each alarm. Default: as each threshold says.
                Alarms on failures always evaluate one period.
            datapoints_to_alarm: How many of these must be over the threshold. Default: all.
            alarm_name_prefix: What names begin with; `shop-` gives `shop-latency_ms`. Default: generated names.
                Names are unique in an account and Region; a change replaces the alarms.
            runbook_url: URL at the end of each description, at most 256 characters. Default: none.

        Raises:
            StageConfigurationError: The stage is not a stage, or in another Region; a threshold is not a number, or not
                one of this kind of stage; CloudWatch does not support the period or an action, such as a topic of
                another Region.
        """
        monitored = MonitoredStage.of(stage)
        raise_if_invalid(scope, id, validate_stage("stage", stage, monitored))
        assert monitored is not None  # noqa: S101  it was raised above
        environment = environment_of(scope)
        thresholds = {
            "server_error_rate": server_error_rate,
            "client_error_rate": client_error_rate,
            "latency_ms": latency_ms,
            "integration_error_rate": integration_error_rate,
            "execution_error_rate": execution_error_rate,
            "integration_latency_ms": integration_latency_ms,
            "low_traffic": low_traffic,
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
            if levels(name, thresholds[name])
        }
        default_periods = max((definition.periods for definition in definitions.values()), default=1)
        route_key = None if route is None else key_of_route(route)
        violations = [
            *validate_thresholds(monitored.kind, thresholds, _DEFAULTS),
            *validate_min_requests(monitored.kind, min_requests, _DEFAULTS["min_requests"]),
            *(() if route is None else validate_route(monitored, route, route_key)),
            *validate_actions("actions", actions, environment.region),
            *validate_actions("ok_actions", ok_actions, environment.region),
            *validate_actions("warning_actions", warning_actions, environment.region),
            *validate_evaluation(period, evaluation_periods, datapoints_to_alarm, default_periods),
            *validate_texts(alarm_name_prefix, runbook_url),
            *validate_environment(monitored, environment),
        ]
        raise_if_invalid(scope, id, violations)
        super().__init__(scope, id)
        warn(self, violations)

        factory = AlarmFactory(
            self,
            monitored,
            route=route_key,
            min_requests=min_requests,
            period=period,
            evaluation_periods=evaluation_periods,
            datapoints_to_alarm=datapoints_to_alarm,
        )
        alarms: dict[str, cloudwatch.Alarm] = {}
        for name, definition in definitions.items():
            metric = factory.metric(name, definition)
            for alarm_id, _, threshold in levels(name, thresholds[name]):
                is_warning = alarm_id.endswith(WARNING_SUFFIX)
                alarm = alarms[alarm_id] = factory.create(
                    alarm_id,
                    definition,
                    metric,
                    cast("float", threshold),
                    description=definition.describe(factory.title, runbook_url, is_warning=is_warning),
                    alarm_name=None if alarm_name_prefix is None else f"{alarm_name_prefix}{alarm_id}",
                )
                for_level = warning_actions if is_warning else actions
                if for_level:
                    alarm.add_alarm_action(*for_level)
                if ok_actions:
                    alarm.add_ok_action(*ok_actions)
        self.alarms = types.MappingProxyType(alarms)
        if alarms and not (actions or ok_actions or warning_actions):
            on_validation(environment, functools.partial(check_actions, self, list(alarms.values())))
        if alarms and route_key is not None:
            on_validation(environment, functools.partial(check_route, self, monitored, route_key))


_DEFAULTS: Mapping[str, object] = cast("Any", StageAlarms.__init__).__kwdefaults__
