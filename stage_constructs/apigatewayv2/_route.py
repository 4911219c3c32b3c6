"""The key of a route, however the route is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_apigatewayv2 as apigatewayv2

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef


def route_key_of(route: str | IRouteRef) -> str | None:
    """The key of a route, such as `GET /pets`; None where a construct does not tell it, as an import."""
    if isinstance(route, str):
        return route
    node = getattr(route, "node", None)
    resource = route if node is None or isinstance(route, apigatewayv2.CfnRoute) else node.default_child
    return resource.route_key if isinstance(resource, apigatewayv2.CfnRoute) else None
