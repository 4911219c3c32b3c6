"""Checks of the arguments of alarms that are not thresholds: periods, routes, names, and where the stage is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .._arguments import duration, text, violation, warning
from .._suggestions import format_value, with_article
from .._validation import is_accepted, violations_of, warn
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.monitoring import ALARM
from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import aws_cdk as cdk
    import constructs

    from .._synthesis import Environment
    from ..errors import Violation
    from ._monitored_stage import MonitoredStage

_MAX_DIMENSION = 255
_MAX_PREFIX = 200
"""Characters of the prefix of alarm names, which have at most 255."""
_MAX_URL = 256
"""Characters of the URL of a runbook: the description of an alarm has at most 1,024."""


def validate_evaluation(
    period: cdk.Duration | None, evaluation_periods: object, datapoints: object, default_periods: int
) -> Iterator[Violation]:
    """How alarms are evaluated; without a number of periods, by the greatest default of the alarms."""
    invalid_period = list(_validate_period(period))
    invalid_datapoints = list(_validate_datapoints(evaluation_periods, datapoints))
    properties: dict[str, object] = {
        "Period": None if invalid_period else 60 if period is None else period.to_seconds(integral=False),
        "EvaluationPeriods": default_periods if evaluation_periods is None else evaluation_periods,
        "DatapointsToAlarm": None if invalid_datapoints else datapoints,
    }
    yield from invalid_period
    yield from invalid_datapoints
    yield from violations_of(Resource(ALARM, properties), {"Period": period})


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


def validate_texts(alarm_name_prefix: object, runbook_url: object) -> Iterator[Violation]:
    """What names and descriptions are made of."""
    if alarm_name_prefix is not None:
        yield from text("alarm_name_prefix", alarm_name_prefix, _MAX_PREFIX, rule="alarmName")
    if runbook_url is not None:
        yield from text("runbook_url", runbook_url, _MAX_URL, rule="runbook")


def validate_environment(monitored: MonitoredStage, environment: Environment) -> Iterator[Violation]:
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


def key_of_route(route: object) -> str | None:
    """The key of the route that alarms are for; None where it is not known."""
    from ..apigatewayv2._route import route_key_of

    return route_key_of(cast("str", route))


def validate_route(monitored: MonitoredStage, route: object, key: str | None) -> Iterator[Violation]:
    """A route of API Gateway, whose key is a dimension of its metrics."""
    if monitored.kind is StageKind.IVS:
        problem, fix = f"is not supported on {with_article(monitored.kind.value)}", "leave it out; it has no routes"
        yield violation("alarmRoute", "route", route, problem, fix)
    elif key is None or not 0 < len(key) <= _MAX_DIMENSION:
        fix = 'write the key, as "GET /pets"'
        yield violation("alarmRoute", "route", route, "must be a route whose key is known", fix)


def check_route(scope: constructs.Construct, monitored: MonitoredStage, key: str) -> None:
    """Warn at synth of a route without metrics of its own: settings may be added until then."""
    existing = monitored.existing()
    if existing is None or is_unknown(key) or existing.has_route_metrics(key) is not False:
        return
    shown = format_value(key)
    fix = (
        f"the alarms never have data; write route_settings={{{shown}: RouteSettings(detailed_metrics_enabled=True)}} on"
        " the stage, with StageSettings(...) on a stage that another class creates"
    )
    without_metrics = warning("routeWithoutMetrics", "route", key, "should have detailed metrics", fix)
    if not is_accepted(scope, without_metrics.rule):
        warn(scope, [without_metrics])
