"""Deployments: the snapshot of an API that a stage serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._values import length
from ._apis import DEPLOYMENT, api_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-deployment.html"
)
_SHOWN: Final = 3


@rule(
    DEPLOYMENT,
    "Description",
    id="description",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="A description has at most 1,024 characters.",
    fix="Shorten it.",
    source=_PAGE,
    checked="2026-11",
)
def description(value: str, _: Context) -> Iterator[Problem]:
    yield from length(value, 0, 1024)


@rule(
    DEPLOYMENT,
    "ApiId",
    id="deploymentWithoutRoute",
    kind=Kind.CONFLICT,
    across=True,
    given=True,
    doc="An API has a route before it is deployed.",
    fix="add a route{|, by add_routes(...) of the API for instance}",
    service="At least one route is required before deploying the Api",
    source=_PAGE,
    checked="2026-11",
)
def deployment_without_route(_: object, at: Context) -> Iterator[Problem]:
    api = api_of(at.resource)
    if not api.routes and api.all_routes_known and api.resource is not None:
        yield Problem("must have a route before it can be deployed", value=api.resource.logical_id)


@rule(
    DEPLOYMENT,
    "",
    id="deploymentBeforeRoutes",
    kind=Kind.RUN_TIME,
    across=True,
    doc="A deployment is created after the routes that it takes a snapshot of.",
    fix="Name the routes in its `DependsOn`.",
    service="At least one route is required before deploying the Api",
    source=_PAGE,
    checked="2026-11",
)
def deployment_before_routes(_: object, at: Context) -> Iterator[Problem]:
    api, template = api_of(at.resource), at.resource.template
    assert template is not None  # noqa: S101  judged in templates
    routes = [route.logical_id for route in api.routes if route.template is template]
    if api.resource is None or api.defines_routes_inline or not routes:
        return
    if not template.transitive_dependencies(at.resource, routes):
        others = " and the others" if len(routes) > _SHOWN else ""
        yield Problem(
            "should name the routes that are to be deployed",
            f"add {', '.join(routes[:_SHOWN])}{others}, or CloudFormation may create the deployment before them",
            ("DependsOn",),
            value=sorted(at.resource.dependencies),
        )
