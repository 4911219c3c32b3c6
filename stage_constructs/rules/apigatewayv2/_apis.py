"""APIs of an app with their stages, deployments and routes."""

from __future__ import annotations

import functools
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._resources import Assembly, Resource, Template

API: Final = "AWS::ApiGatewayV2::Api"
DEPLOYMENT: Final = "AWS::ApiGatewayV2::Deployment"
ROUTE: Final = "AWS::ApiGatewayV2::Route"
STAGE: Final = "AWS::ApiGatewayV2::Stage"

BUILT_IN_ROUTES: Final = frozenset({"$default", "$connect", "$disconnect"})
"""Keys that need no route."""

HTTP: Final = "HTTP"
WEBSOCKET: Final = "WEBSOCKET"


def defines_routes_inline(api: Mapping[str, object]) -> bool:
    """Whether the properties of an API hold routes that are no resources of their own."""
    return any(api.get(name) is not None for name in ("Body", "BodyS3Location", "Target"))


@dataclass(frozen=True, eq=False)
class Api:
    """An API, in a template of the app or elsewhere, and its resources in the templates of the app."""

    template: Template
    resource: Resource | None
    routes_name_their_api: bool
    """Whether each route of the template tells its API."""
    stages: list[Resource] = field(default_factory=list["Resource"])
    deployments: list[Resource] = field(default_factory=list["Resource"])
    routes: list[Resource] = field(default_factory=list["Resource"])

    @functools.cached_property
    def protocol(self) -> str | None:
        """The protocol, where it is known; an API of an OpenAPI definition or a quick-create target is HTTP."""
        if self.resource is None:
            return None
        declared = self.resource.properties.get("ProtocolType")
        if declared is None and self.defines_routes_inline:
            return HTTP
        return str(declared) if declared in (HTTP, WEBSOCKET) else None

    @functools.cached_property
    def defines_routes_inline(self) -> bool:
        """Whether it has routes that are no resources of their own."""
        return self.resource is not None and defines_routes_inline(self.resource.properties)

    @functools.cached_property
    def routes_by_key(self) -> dict[str, list[Resource]]:
        """The routes whose keys are known."""
        by_key: dict[str, list[Resource]] = {}
        for route in self.routes:
            key = route.properties.get("RouteKey")
            if isinstance(key, str) and not is_unknown(key):
                by_key.setdefault(key, []).append(route)
        return by_key

    @functools.cached_property
    def all_routes_known(self) -> bool:
        """Whether the API has no other routes than those with known keys in this template."""
        with_known_keys = sum(len(routes) for routes in self.routes_by_key.values())
        return (
            self.resource is not None
            and not self.defines_routes_inline
            and self.template.is_complete
            and self.routes_name_their_api
            and with_known_keys == len(self.routes)
        )


def api_of(resource: Resource) -> Api:
    """The API that a stage, deployment, route or mapping of a template belongs to."""
    template = resource.template
    assert template is not None  # noqa: S101  rules across resources are judged in templates
    apis = _APIS.get(template.assembly)
    if apis is None:
        apis = _APIS[template.assembly] = _read(template.assembly.templates or (template,))
    api_id = resource.properties.get("ApiId")
    identity = template.identity(api_id)
    if identity not in apis:
        apis[identity] = _api(template, api_id, routes_name_their_api=False)
    return apis[identity]


_APIS: weakref.WeakKeyDictionary[Assembly, dict[str, Api]] = weakref.WeakKeyDictionary()


def _api(template: Template, api_id: object, *, routes_name_their_api: bool) -> Api:
    target = template.target(api_id)
    resource = target if target is not None and target.type == API else None
    own = resource.template if resource is not None else None
    return Api(own or template, resource, routes_name_their_api)


def _read(templates: Sequence[Template]) -> dict[str, Api]:
    routes = [(template, route) for template in templates for route in template.of_type(ROUTE)]
    owners = [(template, route.properties.get("ApiId")) for template, route in routes]
    named = all(
        (isinstance(owner, str) and not is_unknown(owner)) or template.target(owner) for template, owner in owners
    )
    apis: dict[str, Api] = {}
    for template in templates:
        for resource in template.of_type(STAGE, DEPLOYMENT, ROUTE):
            api_id = resource.properties.get("ApiId")
            identity = template.identity(api_id)
            if identity not in apis:
                apis[identity] = _api(template, api_id, routes_name_their_api=named)
            api = apis[identity]
            {STAGE: api.stages, DEPLOYMENT: api.deployments, ROUTE: api.routes}[resource.type].append(resource)
    return apis
