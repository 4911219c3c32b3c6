"""Settings of all routes and of single routes: throttles, metrics, execution logs."""

from __future__ import annotations

import enum
import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from .._engine import Context, Key, Kind, Problem, Verbatim, rule
from .._resources import as_dict
from .._values import join_or, values_of
from ._apis import BUILT_IN_ROUTES, HTTP, STAGE, WEBSOCKET, api_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


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
DEFAULT_QUOTA: Final = ThrottleQuota(5000, 10000)
"""The quota of most Regions."""


def throttle_quota(region: str | None) -> ThrottleQuota:
    """AWS's default throttle quota of an account in a Region; the greatest where the Region is not known.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    """
    return _SMALL_QUOTA if region in _SMALL_QUOTA_REGIONS else DEFAULT_QUOTA


_PAGE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-properties-apigatewayv2-stage-routesettings.html"
)
_THROTTLING: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"
SETTINGS: Final = (
    "DataTraceEnabled",
    "DetailedMetricsEnabled",
    "LoggingLevel",
    "ThrottlingBurstLimit",
    "ThrottlingRateLimit",
)
_SPELLED: Final = {name.lower(): name for name in SETTINGS}
_OTHER_LEVELS: Final = {"DEBUG": "INFO", "TRACE": "INFO", "WARN": "ERROR", "WARNING": "ERROR", "NONE": "OFF"}


def _everywhere(name: str) -> tuple[str, str]:
    return f"DefaultRouteSettings.{name}", f"RouteSettings.*.{name}"


def intended_setting(name: str) -> str | None:
    """The setting that a name means, whatever its case."""
    return _SPELLED.get(name.replace("_", "").lower())


def is_setting(key: str, value: object) -> bool:
    """Whether what should be the key of a route is the name of a setting."""
    return key in SETTINGS or (intended_setting(key) is not None and not as_dict(value))


@rule(
    STAGE,
    ("DefaultRouteSettings", "RouteSettings"),
    id="routeSettings",
    kind=Kind.GRAMMAR,
    value_type=dict,
    doc="The settings of routes are an object of settings for each route key.",
    fix="Write the settings below the route key.",
    source=_PAGE,
    checked="2026-11",
)
def settings(_: Mapping[str, object], __: Context) -> Iterator[Problem]:
    return iter(())


@rule(
    STAGE,
    "RouteSettings.*",
    id="routeSettings",
    kind=Kind.GRAMMAR,
    doc="The settings of routes are an object of settings for each route key.",
    fix='write {"ThrottlingBurstLimit": 100} for instance',
    source=_PAGE,
    checked="2026-11",
)
def settings_of_route(value: object, at: Context) -> Iterator[Problem]:
    if not isinstance(value, dict) and not is_setting(at.key, value):
        yield Problem("must be an object with ThrottlingBurstLimit and the like")


@rule(
    STAGE,
    "RouteSettings.*",
    id="flatRouteSettings",
    kind=Kind.GRAMMAR,
    doc="`RouteSettings` has route keys as its keys.",
    fix="Write the settings below the key of their route; settings of all routes go to `DefaultRouteSettings`.",
    service="Value of property {/RouteSettings/{key}} does not match type {Object}",
    source=_PAGE,
    checked="2026-11",
)
def flat_route_settings(value: object, at: Context) -> Iterator[Problem]:
    if is_setting(at.key, value):
        yield Problem(
            "must be the key of a route",
            f'write {{"GET /pets": {{"{intended_setting(at.key)}": ...}}}} for instance; settings of all routes go to'
            " {DefaultRouteSettings}",
            values={"key": str(at.key)},
        )


@rule(
    STAGE,
    "RouteSettings.*",
    id="routeSettingsSpelling",
    kind=Kind.SET,
    doc="Inside `RouteSettings` the settings are spelled as in `DefaultRouteSettings`.",
    fix="Write `ThrottlingBurstLimit`, not `throttlingBurstLimit`.",
    source=_PAGE,
    checked="2026-11",
)
def route_settings_spelling(value: object, at: Context) -> Iterator[Problem]:
    if is_setting(at.key, value):
        return
    for name, setting in as_dict(value).items():
        if name not in SETTINGS:
            yield Problem(
                f"must be {join_or(SETTINGS)}",
                _spelling_of(name) + "; inside RouteSettings no tool corrects the spelling",
                (*at.path, Key(name)),
                value=setting,
            )


@rule(
    STAGE,
    "DefaultRouteSettings",
    id="unsupportedProperty",
    kind=Kind.SET,
    doc="The default settings of routes have five properties.",
    fix="Leave the property out, or correct its spelling.",
    source=_PAGE,
    checked="2026-11",
)
def unsupported_setting(value: object, at: Context) -> Iterator[Problem]:
    for name, setting in as_dict(value).items():
        if name not in SETTINGS and at.has(f"DefaultRouteSettings.{name}"):
            text = "must be a property that the resource type has"
            yield Problem(text, _spelling_of(name), (*at.path, Key(name)), value=setting)


def _spelling_of(name: str) -> str:
    known = intended_setting(name)
    return f"write {known}" if known else "leave it out, there is no such setting"


@rule(
    STAGE,
    _everywhere("DataTraceEnabled"),
    id="dataTrace",
    kind=Kind.GRAMMAR,
    value_type=bool,
    doc="`DataTraceEnabled` is true or false.",
    fix="write {=true} or {=false}",
    source=_PAGE,
    checked="2026-11",
)
@rule(
    STAGE,
    _everywhere("DetailedMetricsEnabled"),
    id="detailedMetrics",
    kind=Kind.GRAMMAR,
    value_type=bool,
    doc="`DetailedMetricsEnabled` is true or false.",
    fix="write {=true} or {=false}",
    source=_PAGE,
    checked="2026-11",
)
def boolean_setting(_: bool, __: Context) -> Iterator[Problem]:
    return iter(())


@rule(
    STAGE,
    (*_everywhere("LoggingLevel"), *_everywhere("DataTraceEnabled")),
    id="executionLogsOnHttp",
    kind=Kind.CONFLICT,
    protocol=HTTP,
    doc="A stage of an HTTP API has no execution logs: neither `LoggingLevel`, not even `OFF`, nor `DataTraceEnabled`.",
    fix="use {AccessLogSettings} to log requests",
    service="Execution logs are not supported on protocolType HTTP",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html",
    checked="2026-11",
)
def execution_logs_on_http(value: object, _: Context) -> Iterator[Problem]:
    if value is not False:
        yield Problem("must be left out on an HTTP stage, which has no execution logs")


@rule(
    STAGE,
    _everywhere("LoggingLevel"),
    id="loggingLevel",
    kind=Kind.SET,
    protocol=WEBSOCKET,
    value_type=str,
    doc="A logging level is `OFF`, `ERROR` or `INFO`.",
    fix="write {suggestion}",
    source=_PAGE,
    checked="2026-11",
)
def logging_level(value: str, _: Context) -> Iterator[Problem]:
    levels = values_of(LoggingLevel)
    if value not in levels:
        close = get_close_matches(value.upper(), levels, n=1)
        suggestion = _OTHER_LEVELS.get(value.upper(), close[0] if close else "INFO")
        yield Problem(f"must be {join_or(levels)}", values={"suggestion": suggestion})


@rule(
    STAGE,
    _everywhere("DataTraceEnabled"),
    id="dataTraceWithoutLogging",
    kind=Kind.RUN_TIME,
    protocol=WEBSOCKET,
    value_type=bool,
    doc="Data is traced only where there is a logging level.",
    fix="while the level is OFF nothing is traced; add {LoggingLevel=INFO}",
    source=_PAGE,
    checked="2026-11",
)
def data_trace_without_logging(value: bool, at: Context) -> Iterator[Problem]:
    if value and at.beside("LoggingLevel", "OFF") == "OFF":
        yield Problem("should go with a logging level")


@rule(
    STAGE,
    _everywhere("DataTraceEnabled"),
    id="dataTraceLogsMessages",
    kind=Kind.PRACTICE,
    protocol=WEBSOCKET,
    value_type=bool,
    doc="Execution logs do not hold whole messages, with personal data and credentials in them.",
    fix="the execution logs hold whole messages, personal data and credentials in them too; leave it out, or accept"
    " this rule",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    checked="2026-11",
)
def data_trace_logs_messages(value: bool, at: Context) -> Iterator[Problem]:
    if value and at.beside("LoggingLevel", "OFF") in ("ERROR", "INFO"):
        yield Problem("should be {=false} in production")


@rule(
    STAGE,
    _everywhere("ThrottlingBurstLimit"),
    id="throttle",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a number of requests",
    doc="A burst limit is a whole number of requests, 0 or more.",
    fix="{leave it out|write ACCOUNT_LIMIT} for no limit of the stage's own",
    source=_THROTTLING,
    checked="2026-11",
)
def burst_limit(value: float, _: Context) -> Iterator[Problem]:
    if not math.isfinite(value) or value < 0 or value != int(value):
        yield Problem("must be a whole number, 0 or more")


@rule(
    STAGE,
    _everywhere("ThrottlingRateLimit"),
    id="throttle",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a number of requests per second",
    doc="A rate limit is a number of requests per second, 0 or more.",
    fix="{leave it out|write ACCOUNT_LIMIT} for no limit of the stage's own",
    source=_THROTTLING,
    checked="2026-11",
)
def rate_limit(value: float, _: Context) -> Iterator[Problem]:
    if not math.isfinite(value) or value < 0:
        yield Problem("must be 0 or more")


@rule(
    STAGE,
    (*_everywhere("ThrottlingBurstLimit"), *_everywhere("ThrottlingRateLimit")),
    id="zeroThrottle",
    kind=Kind.RUN_TIME,
    value_type=float,
    doc="A throttle is more than 0: with 0 every request is answered with 429.",
    fix="0 answers every request with 429 Too Many Requests; {left out it|ACCOUNT_LIMIT} sets no limit",
    source=_THROTTLING,
    checked="2026-11",
)
def zero_throttle(value: float, _: Context) -> Iterator[Problem]:
    if value == 0:
        yield Problem("should be more than 0")


@rule(
    STAGE,
    (*_everywhere("ThrottlingBurstLimit"), *_everywhere("ThrottlingRateLimit")),
    id="throttleAboveQuota",
    kind=Kind.QUOTA,
    value_type=float,
    doc="A throttle is at most AWS's default quota of an account in the Region: a burst of 5,000 requests and 10,000"
    " requests per second, 1,250 and 2,500 in some Regions.",
    fix="a stage cannot exceed the quota of its account; {leave it out|write ACCOUNT_LIMIT} for no limit of the stage's"
    " own, or accept this rule if AWS has raised the quota",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    checked="2026-11",
)
def throttle_above_quota(value: float, at: Context) -> Iterator[Problem]:
    quota = throttle_quota(at.resource.region)
    limit = quota.burst if at.key == "ThrottlingBurstLimit" else quota.rate
    if math.isfinite(value) and value > limit:
        yield Problem(f"should be at most {limit}, the default quota of an account in this Region")


def _route_keys(value: Mapping[str, object]) -> list[str]:
    return [key for key, item in value.items() if key not in BUILT_IN_ROUTES and not is_setting(key, item)]


@rule(
    STAGE,
    "RouteSettings",
    id="missingRoute",
    kind=Kind.CONFLICT,
    across=True,
    value_type=dict,
    doc="Settings are keyed by routes that the API has.",
    fix="Correct the key, or add the route.",
    service="Unable to find Route by key {key} within the provided RouteSettings",
    source=_PAGE,
    checked="2026-11",
)
def missing_route(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    api = api_of(at.resource)
    if api.routes and api.all_routes_known:
        for key in _route_keys(value):
            if key not in api.routes_by_key:
                text = "must be keyed by routes that the API has"
                closest = Verbatim(_closest_routes(key, api.routes_by_key))
                yield Problem(text, "{closest}", values={"key": key, "closest": closest}, value=key)


@rule(
    STAGE,
    "RouteSettings",
    id="unknownRoute",
    kind=Kind.RUN_TIME,
    across=True,
    value_type=dict,
    doc="Settings are keyed by routes that exist when the stage is created; none is known here, or something that is"
    " not read may create it.",
    fix="the deployment fails unless the route exists before the stage; add it, or accept this rule if something else"
    " creates it",
    service="Unable to find Route by key {key} within the provided RouteSettings",
    source=_PAGE,
    checked="2026-11",
)
def unknown_route(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    api = api_of(at.resource)
    if api.resource is None or api.defines_routes_inline or (api.routes and api.all_routes_known):
        return
    for key in _route_keys(value):
        if key not in api.routes_by_key:
            yield Problem("should be keyed by routes of the API", values={"key": key}, value=key)


def _closest_routes(key: str, known: Collection[str]) -> str:
    names = [f'"{route}"' for route in get_close_matches(key, sorted(known), n=3, cutoff=0.5)]
    if names:
        return f"the closest {'is' if len(names) == 1 else 'are'} {join_or(names, 'and')}"
    some = [f'"{route}"' for route in sorted(known)[:3]]
    return f"add the route, or write the key of another, such as {join_or(some)}"


@rule(
    STAGE,
    "RouteSettings",
    id="routeSettingsBeforeRoute",
    kind=Kind.CONFLICT,
    across=True,
    value_type=dict,
    doc="A stage is created after the routes that it has settings for.",
    fix="Name the routes in its `DependsOn`.",
    service="Unable to find Route by key {key} within the provided RouteSettings",
    source=_PAGE,
    checked="2026-11",
)
def route_settings_before_route(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    template = at.resource.template
    assert template is not None  # noqa: S101  judged in templates
    by_key = api_of(at.resource).routes_by_key
    here = {
        key: [route.logical_id for route in by_key.get(key, ()) if route.template is template]
        for key in _route_keys(value)
    }
    awaited = template.transitive_dependencies(at.resource, {name for names in here.values() for name in names})
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
