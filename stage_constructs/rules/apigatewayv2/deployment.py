"""Deployments: the snapshot of an API that a stage serves."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from ._apis import CLOUDFORMATION, DEPLOYMENT, api_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_NAMED: Final = 3

_deployment_rule = functools.partial(
    rule,
    DEPLOYMENT,
    across=True,
    service="At least one route is required before deploying the Api",
    source=f"{CLOUDFORMATION}aws-resource-apigatewayv2-deployment.html",
    checked="2026-11",
)


@_deployment_rule("ApiId", id="deploymentWithoutRoute", kind=Kind.CONFLICT, given=True)
def deployment_without_route(_: object, at: Context) -> Iterator[Problem]:
    """An API with a deployment has a route."""
    api = api_of(at.resource)
    if not api.routes and api.all_routes_known and api.resource is not None:
        fix = "add a route{|, by add_routes(...) of the API for instance}"
        yield Problem("must have a route before it can be deployed", fix, value=api.resource.logical_id)


@_deployment_rule("", id="deploymentBeforeRoutes", kind=Kind.RUN_TIME)
def deployment_before_routes(_: object, at: Context) -> Iterator[Problem]:
    """A deployment depends on the routes that it deploys."""
    api = api_of(at.resource)
    routes = [route.logical_id for route in api.routes if route.template is at.template]
    if api.resource is None or api.defines_routes_inline or not routes:
        return
    if not at.template.transitive_dependencies(at.resource, routes):
        others = " and the others" if len(routes) > _MAX_NAMED else ""
        yield Problem(
            "should name the routes that are to be deployed",
            f"add {', '.join(routes[:_MAX_NAMED])}{others}, or CloudFormation may create the deployment before them",
            ("DependsOn",),
            value=sorted(at.resource.dependencies),
        )
