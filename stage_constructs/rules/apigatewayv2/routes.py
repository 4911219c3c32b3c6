"""Keys of routes, and default settings that are empty."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from ._apis import CLOUDFORMATION, GUIDE, HTTP, ROUTE, STAGE, api_of
from .route_settings import is_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

_HTTP_KEY: Final = re.compile(r"\$default|[A-Za-z]+ /.*")
_PARTS: Final = re.compile(r"(?:(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)\b)?\s*/?(\S*)", re.IGNORECASE)
_OF_WEBSOCKET: Final = ("$connect", "$disconnect")

_rule = functools.partial(
    rule,
    id="httpRouteKey",
    kind=Kind.GRAMMAR,
    doc="A route of an HTTP API has the key `$default`, or a method and a path as in `GET /pets`.",
    source=f"{GUIDE}http-api-develop-routes.html",
    checked="2026-11",
)


@_rule(
    ROUTE,
    "RouteKey",
    across=True,
    value_type=str,
    service="The provided route key is not formatted properly for HTTP protocol.",
)
def key_of_route(value: str, at: Context) -> Iterator[Problem]:
    if api_of(at.resource).protocol == HTTP:
        yield from _http_key(value)


@_rule(
    STAGE,
    "RouteSettings.*",
    protocol=HTTP,
    service="Unable to find Route by key {key} within the provided RouteSettings",
)
def key_of_settings(value: object, at: Context) -> Iterator[Problem]:
    if not is_setting(at.key, value) and not is_unknown(at.key):
        yield from _http_key(str(at.key))


def _http_key(key: str) -> Iterator[Problem]:
    if _HTTP_KEY.fullmatch(key):
        return
    fix, parts = "only WebSocket APIs have this route", _PARTS.fullmatch(key.strip())
    suggestion = f"{(parts[1] or 'ANY').upper()} /{parts[2]}" if parts else "GET /pets"
    if key not in _OF_WEBSOCKET:
        fix = "write {suggestion} for instance"
    yield Problem(
        "must be $default or a method and a path, as in GET /pets, on an HTTP API",
        fix,
        value=key,
        values={"key": key, "suggestion": suggestion},
    )


@rule(
    STAGE,
    "DefaultRouteSettings",
    id="emptyRouteSettings",
    kind=Kind.PRACTICE,
    fix="an empty object sets nothing; CDK drops settings whose names it does not know, such as those in snake case",
    source=f"{CLOUDFORMATION}aws-properties-apigatewayv2-stage-routesettings.html",
    checked="2026-11",
)
def empty_settings(_: object, at: Context) -> Iterator[Problem]:
    """Default settings of routes are not empty: CDK leaves `{}` where it drops settings with misspelled names."""
    if at.resource.declared.get("DefaultRouteSettings") == {}:
        yield Problem("should hold settings, or be left out")
