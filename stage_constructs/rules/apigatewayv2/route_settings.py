"""Settings of all routes and of single routes: throttles, metrics, execution logs."""

from __future__ import annotations

import enum
import functools
import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from .._engine import Context, Key, Kind, Problem, rule, type_rule
from .._resources import as_dict
from .._values import closest_of, join_or, values_of
from ._apis import BUILT_IN_ROUTES, CLOUDFORMATION, GUIDE, HTTP, STAGE, WEBSOCKET, api_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class LoggingLevel(str, enum.Enum):
    """How much a WebSocket stage writes to its execution logs.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
    """

    OFF = "OFF"
    """Nothing."""
    ERROR = "ERROR"
    """Errors only."""
    INFO = "INFO"
    """Errors, and the steps of each request."""


class ThrottleQuota(NamedTuple):
    """AWS's default throttle quota of an account."""

    burst: int
    rate: int


_SMALL_QUOTA: Final = ThrottleQuota(1250, 2500)
_SMALL_QUOTA_REGIONS: Final = frozenset(
    """
    af-south-1 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-west-1 eu-central-2 eu-south-1
    eu-south-2 il-central-1 me-central-1 mx-central-1
    """.split()
)
_DEFAULT_QUOTA: Final = ThrottleQuota(5000, 10000)


def throttle_quota(region: str | None) -> ThrottleQuota:
    """AWS's default throttle quota of an account in a Region; the greatest where the Region is not known.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    """
    return _SMALL_QUOTA if region in _SMALL_QUOTA_REGIONS else _DEFAULT_QUOTA


_PAGE: Final = f"{CLOUDFORMATION}aws-properties-apigatewayv2-stage-routesettings.html"
_SETTINGS: Final = (
    "DataTraceEnabled",
    "DetailedMetricsEnabled",
    "LoggingLevel",
    "ThrottlingBurstLimit",
    "ThrottlingRateLimit",
)
_SPELLED: Final = {name.lower(): name for name in _SETTINGS}
_OTHER_LEVELS: Final = {"DEBUG": "INFO", "TRACE": "INFO", "WARN": "ERROR", "WARNING": "ERROR", "NONE": "OFF"}
_NO_ROUTE: Final = "Unable to find Route by key {key} within the provided RouteSettings"

_stage_rule = functools.partial(rule, STAGE, source=_PAGE, checked="2026-11")
_throttle_rule = functools.partial(
    rule, STAGE, value_type=float, source=f"{GUIDE}http-api-throttling.html", checked="2026-11"
)
_type_rule = functools.partial(type_rule, STAGE, source=_PAGE, checked="2026-11")


def _paths(*names: str) -> tuple[str, ...]:
    """Settings of all routes and of single routes."""
    return tuple(f"{place}.{name}" for name in names for place in ("DefaultRouteSettings", "RouteSettings.*"))


_THROTTLES: Final = _paths("ThrottlingBurstLimit", "ThrottlingRateLimit")
_OBJECT: Final = "`DefaultRouteSettings` is an object, `RouteSettings` an object of such objects by route key."
_type_rule(("DefaultRouteSettings", "RouteSettings"), dict, id="routeSettings", doc=_OBJECT)
_type_rule(_paths("DataTraceEnabled"), bool, id="dataTrace", doc="`DataTraceEnabled` is true or false.")
_type_rule(
    _paths("DetailedMetricsEnabled"), bool, id="detailedMetrics", doc="`DetailedMetricsEnabled` is true or false."
)


def _setting(name: str) -> str | None:
    """The setting that a name means, whatever its case."""
    return _SPELLED.get(name.replace("_", "").lower())


def is_setting(key: str, value: object) -> bool:
    """Whether a key of `RouteSettings` is the name of a setting instead of a route key."""
    return key in _SETTINGS or (_setting(key) is not None and not as_dict(value))


def _spelling_of(name: str) -> str:
    known = _setting(name)
    return f"write {known}" if known else "leave it out, there is no such setting"


@_stage_rule("RouteSettings.*", id="routeSettings", kind=Kind.GRAMMAR, doc=_OBJECT)
def settings_of_route(value: object, at: Context) -> Iterator[Problem]:
    if not isinstance(value, dict) and not is_setting(at.key, value):
        text = "must be an object with ThrottlingBurstLimit and the like"
        yield Problem(text, 'write {"ThrottlingBurstLimit": 100} for instance')


@_stage_rule(
    "RouteSettings.*",
    id="flatRouteSettings",
    kind=Kind.GRAMMAR,
    service="Value of property {/RouteSettings/{key}} does not match type {Object}",
)
def flat_route_settings(value: object, at: Context) -> Iterator[Problem]:
    """The keys of `RouteSettings` are route keys, not settings."""
    if is_setting(at.key, value):
        yield Problem(
            "must be the key of a route",
            f'write {{"GET /pets": {{"{_setting(at.key)}": ...}}}} for instance; settings of all routes go to'
            " {DefaultRouteSettings}",
            values={"key": str(at.key)},
        )


@_stage_rule("RouteSettings.*", id="routeSettingsSpelling", kind=Kind.SET)
def route_settings_spelling(value: object, at: Context) -> Iterator[Problem]:
    """Inside `RouteSettings` the settings are spelled as in `DefaultRouteSettings`, and no tool corrects them."""
    for name, setting in as_dict(None if is_setting(at.key, value) else value).items():
        if name not in _SETTINGS:
            fix = f"{_spelling_of(name)}; inside RouteSettings no tool corrects the spelling"
            yield Problem(f"must be {join_or(_SETTINGS)}", fix, (*at.path, Key(name)), value=setting)


@_stage_rule("DefaultRouteSettings", id="unsupportedProperty", kind=Kind.SET)
def unsupported_setting(value: object, at: Context) -> Iterator[Problem]:
    """`DefaultRouteSettings` has five properties."""
    for name, setting in as_dict(value).items():
        if name not in _SETTINGS and at.has(f"DefaultRouteSettings.{name}"):
            text = "must be a property that the resource type has"
            yield Problem(text, _spelling_of(name), (*at.path, Key(name)), value=setting)


@_stage_rule(
    _paths("LoggingLevel", "DataTraceEnabled"),
    id="executionLogsOnHttp",
    kind=Kind.CONFLICT,
    protocol=HTTP,
    service="Execution logs are not supported on protocolType HTTP",
    source=f"{GUIDE}http-api-logging.html",
)
def execution_logs_on_http(value: object, _: Context) -> Iterator[Problem]:
    """An HTTP API has no execution logs: neither `LoggingLevel`, not even `OFF`, nor `DataTraceEnabled` is allowed."""
    if value is not False:
        text = "must be left out on an HTTP stage, which has no execution logs"
        yield Problem(text, "use {AccessLogSettings} to log requests")


@_stage_rule(_paths("LoggingLevel"), id="loggingLevel", kind=Kind.SET, protocol=WEBSOCKET, value_type=str)
def logging_level(value: str, _: Context) -> Iterator[Problem]:
    """A logging level is `OFF`, `ERROR` or `INFO`."""
    levels = values_of(LoggingLevel)
    if value not in levels:
        suggestion = _OTHER_LEVELS.get(value.upper()) or closest_of(value, levels) or "INFO"
        yield Problem(f"must be {join_or(levels)}", "write {suggestion}", values={"suggestion": suggestion})


@_stage_rule(
    _paths("DataTraceEnabled"), id="dataTraceWithoutLogging", kind=Kind.RUN_TIME, protocol=WEBSOCKET, value_type=bool
)
def data_trace_without_logging(value: bool, at: Context) -> Iterator[Problem]:
    """Data trace requires a logging level: nothing is traced while it is `OFF`."""
    if value and at.beside("LoggingLevel", "OFF") == "OFF":
        fix = "while the level is OFF nothing is traced; add {LoggingLevel=INFO}"
        yield Problem("should go with a logging level", fix)


@_stage_rule(
    _paths("DataTraceEnabled"),
    id="dataTraceLogsMessages",
    kind=Kind.PRACTICE,
    protocol=WEBSOCKET,
    value_type=bool,
    source=f"{GUIDE}set-up-logging.html",
)
def data_trace_logs_messages(value: bool, at: Context) -> Iterator[Problem]:
    """Data trace writes whole messages to the execution logs, with personal data and credentials in them."""
    if value and at.beside("LoggingLevel", "OFF") in ("ERROR", "INFO"):
        yield Problem(
            "should be {=false} in production",
            "the execution logs hold whole messages, personal data and credentials in them too; leave it out, or"
            " accept this rule",
        )


_NO_LIMIT: Final = "{leave it out|write ACCOUNT_LIMIT} for no limit of the stage's own"


@_throttle_rule(_THROTTLES, id="throttle", kind=Kind.GRAMMAR, expected="a number of requests", fix=_NO_LIMIT)
def throttle(value: float, at: Context) -> Iterator[Problem]:
    """A burst limit is a whole number of requests, a rate limit a number of requests per second, both 0 or more."""
    whole = at.key == "ThrottlingBurstLimit"
    if not math.isfinite(value) or value < 0 or (whole and value != int(value)):
        yield Problem("must be a whole number, 0 or more" if whole else "must be 0 or more")


@_throttle_rule(_THROTTLES, id="zeroThrottle", kind=Kind.RUN_TIME)
def zero_throttle(value: float, _: Context) -> Iterator[Problem]:
    """A throttle is more than 0: with 0 every request is answered with 429."""
    if value == 0:
        fix = "0 answers every request with 429 Too Many Requests; {if left out, there is|ACCOUNT_LIMIT sets} no limit"
        yield Problem("should be more than 0", fix)


@_throttle_rule(_THROTTLES, id="throttleAboveQuota", kind=Kind.QUOTA, source=f"{GUIDE}limits.html")
def throttle_above_quota(value: float, at: Context) -> Iterator[Problem]:
    """A throttle is at most AWS's default quota in the Region: burst 5,000 and rate 10,000, or 1,250 and 2,500."""
    quota = throttle_quota(at.resource.region)
    limit = quota.burst if at.key == "ThrottlingBurstLimit" else quota.rate
    if math.isfinite(value) and value > limit:
        yield Problem(
            f"should be at most {limit}, the default quota of an account in this Region",
            f"a stage cannot exceed the quota of its account; {_NO_LIMIT}, or accept this rule if AWS has raised the"
            " quota",
        )


def _missing_keys(value: Mapping[str, object], at: Context) -> Iterator[str]:
    """The keys of `RouteSettings` for which no route is known."""
    routes = api_of(at.resource).routes_by_key
    for key, settings in value.items():
        if key not in BUILT_IN_ROUTES and key not in routes and not is_setting(key, settings):
            yield key


@_stage_rule("RouteSettings", id="missingRoute", kind=Kind.CONFLICT, across=True, value_type=dict, service=_NO_ROUTE)
def missing_route(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    """The keys of `RouteSettings` are routes that the API has."""
    api = api_of(at.resource)
    if api.routes and api.all_routes_known:
        for key in _missing_keys(value, at):
            [closest] = get_close_matches(key, sorted(api.routes_by_key), n=1, cutoff=0.5) or [""]
            fix = "the closest is {closest}" if closest else "add the route"
            values = {"key": key, "closest": closest}
            yield Problem("must be keyed by routes that the API has", fix, value=key, values=values)


@_stage_rule("RouteSettings", id="unknownRoute", kind=Kind.RUN_TIME, across=True, value_type=dict, service=_NO_ROUTE)
def unknown_route(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    """The keys of `RouteSettings` are routes that exist when the stage is created; some of the API are not known."""
    api = api_of(at.resource)
    if api.resource is None or api.defines_routes_inline or (api.routes and api.all_routes_known):
        return
    for key in _missing_keys(value, at):
        fix = (
            "the deployment fails unless the route exists before the stage; add it, or accept this rule if something"
            " else creates it"
        )
        yield Problem("should be keyed by routes of the API", fix, value=key, values={"key": key})


@_stage_rule(
    "RouteSettings", id="routeSettingsBeforeRoute", kind=Kind.CONFLICT, across=True, value_type=dict, service=_NO_ROUTE
)
def route_settings_before_route(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    """A stage depends on the routes that it has settings for."""
    by_key = api_of(at.resource).routes_by_key
    here = {
        key: [route.logical_id for route in by_key.get(key, ()) if route.template is at.template]
        for key in value
        if key not in BUILT_IN_ROUTES
    }
    awaited = at.template.transitive_dependencies(at.resource, {name for names in here.values() for name in names})
    for key, names in here.items():
        if names and awaited.isdisjoint(names):
            yield Problem(
                f"must wait for its route {names[0]}",
                f"add {names[0]} to DependsOn of the stage, or CloudFormation may create the stage first and, when it"
                " rolls back, end in UPDATE_ROLLBACK_FAILED",
                (*at.path, Key(key)),
                value=key,
                values={"key": key},
            )
