"""The key of a route, however the route is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .. import _checks
from . import _rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef

    from ..rules.apigatewayv2.route_settings import ThrottleQuota
    from ._api import Protocol
    from .route_settings import RouteSettings

BUILT_IN_KEYS = frozenset({"$default", "$connect", "$disconnect"})
"""Keys that the service takes settings for without a route."""


def route_key_of(route: str | IRouteRef) -> str | None:
    """The key of a route, such as `GET /pets`; None where a construct does not tell it, as an import."""
    if isinstance(route, str):
        return str.__str__(route)
    node = getattr(route, "node", None)
    resource = route if node is None or isinstance(route, apigatewayv2.CfnRoute) else node.default_child
    return resource.route_key if isinstance(resource, apigatewayv2.CfnRoute) else None


def settings_by_key(
    given: Mapping[str | IRouteRef, RouteSettings] | None, protocol: Protocol, quota: ThrottleQuota
) -> tuple[dict[str, RouteSettings], list[_checks.Fault]]:
    """The settings by the keys of their routes, and what is wrong with them."""
    settings: dict[str, RouteSettings] = {}
    faults: list[_checks.Fault] = []
    if given is not None and not hasattr(given, "items"):
        return settings, [_rules.keyed_settings(given)]
    for route, of_route in (given or {}).items():
        key = route_key_of(route)
        prop = f'route_settings["{key}"]'
        faults += _rules.route_key("route_settings", route, key)
        faults += _rules.route_settings(prop, of_route, protocol, quota)
        if key in settings:
            faults.append(_twice(prop, key))
        settings[cast("str", key)] = of_route
    return settings, faults


def _twice(prop: str, key: str) -> _checks.Fault:
    return _checks.Fault(
        rule="routeSettings",
        prop=prop,
        value=key,
        tells_value=False,
        problem="must be given once",
        remedy="the route is named twice, by its key and as a construct for instance; drop one of the two",
    )
