"""APIs of an app with their stages, deployments and routes."""

from __future__ import annotations

import functools
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from .._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._resources import Assembly, Resource, Template

API: Final = "AWS::ApiGatewayV2::Api"
DEPLOYMENT: Final = "AWS::ApiGatewayV2::Deployment"
ROUTE: Final = "AWS::ApiGatewayV2::Route"
STAGE: Final = "AWS::ApiGatewayV2::Stage"

HTTP: Final = "HTTP"
WEBSOCKET: Final = "WEBSOCKET"

CLOUDFORMATION: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
API_REFERENCE: Final = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/"
GUIDE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"

BUILT_IN_ROUTES: Final = frozenset({"$default", "$connect", "$disconnect"})
"""Keys that need no route."""


@dataclass(frozen=True, eq=False)
class Api:
    """An API, in a template of the app or elsewhere, and its resources in the templates of the app."""

    template: Template
    resource: Resource | None
    routes_name_their_api: bool
    """Whether the API of each route in the templates is known."""
    stages: list[Resource] = field(default_factory=list["Resource"])
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
        """Whether its properties define routes that are not resources of their own."""
        inline = ("Body", "BodyS3Location", "Target")
        return self.resource is not None and any(self.resource.properties.get(name) is not None for name in inline)

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
        """Whether the API has no other routes than those with known keys in the templates."""
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
    assert resource.template is not None  # noqa: S101  rules across resources are evaluated in templates
    assembly = resource.template.assembly
    apis = _APIS.get(assembly)
    if apis is None:
        apis = _APIS[assembly] = _read(assembly.templates or (resource.template,))
    return _add(apis, resource, routes_name_their_api=False)


_APIS: weakref.WeakKeyDictionary[Assembly, dict[str, Api]] = weakref.WeakKeyDictionary()


def _add(apis: dict[str, Api], resource: Resource, *, routes_name_their_api: bool) -> Api:
    """The API of a resource, added to those that are known by now."""
    template, api_id = cast("Template", resource.template), resource.properties.get("ApiId")
    identity = template.identity(api_id)
    if identity not in apis:
        target = template.target(api_id)
        api = target if target is not None and target.type == API else None
        apis[identity] = Api(api.template or template if api else template, api, routes_name_their_api)
    return apis[identity]


def _read(templates: Sequence[Template]) -> dict[str, Api]:
    routes = [(template, route.properties.get("ApiId")) for template in templates for route in template.of_type(ROUTE)]
    named = all((isinstance(api, str) and not is_unknown(api)) or template.target(api) for template, api in routes)
    apis: dict[str, Api] = {}
    for template in templates:
        for resource in template.of_type(STAGE, DEPLOYMENT, ROUTE):
            api = _add(apis, resource, routes_name_their_api=named)
            if resource.type == STAGE:
                api.stages.append(resource)
            elif resource.type == ROUTE:
                api.routes.append(resource)
    return apis
