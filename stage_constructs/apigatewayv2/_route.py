"""Routes, however they are named, and the settings by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._arguments import value_object, violation
from ..rules._unknown import is_unknown
from .route_settings import RouteSettings

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef

    from ..errors import Violation


def route_key_of(route: str | IRouteRef) -> str | None:
    """The key of a route, such as `GET /pets`; None where a construct does not tell it, as an imported one."""
    if isinstance(route, str):
        return str.__str__(route)
    node = getattr(route, "node", None)
    resource = route if node is None or isinstance(route, apigatewayv2.CfnRoute) else node.default_child
    return resource.route_key if isinstance(resource, apigatewayv2.CfnRoute) else None


def settings_by_key(
    given: Mapping[str | IRouteRef, RouteSettings] | None,
) -> tuple[dict[str, RouteSettings], list[Violation]]:
    """The settings by the keys of their routes, and what is wrong with the arguments."""
    settings: dict[str, RouteSettings] = {}
    violations: list[Violation] = []
    if given is None:
        return settings, violations
    if not isinstance(given, Mapping):
        expected = 'must be a dict such as {"GET /pets": RouteSettings(...)}'
        fits = "default_route_settings takes the settings of all routes" if isinstance(given, RouteSettings) else ""
        return settings, [violation("routeSettings", "route_settings", given, expected, fits or "write such a dict")]
    for route, of_route in given.items():
        key = route_key_of(route)
        prop = f'route_settings["{key}"]'
        if key is None or not key or is_unknown(key):
            violations.append(_unknown_key(route))
            continue
        of_one = list(value_object(prop, of_route, RouteSettings, rule="routeSettings", loglevel="logging_level"))
        if key in settings:
            fix = "the route is named twice, by its key and as a construct for instance; remove one of the two"
            of_one.append(violation("routeSettings", prop, key, "must be given once", fix, show_value=False))
        if not of_one:
            settings[key] = of_route
        violations += of_one
    return settings, violations


def _unknown_key(route: object) -> Violation:
    problem = "must be keyed by routes whose key is known"
    fix = 'write the key, as "GET /pets" on an HTTP API or "sendMessage" on a WebSocket API'
    return violation("routeKey", "route_settings", route, problem, fix)
