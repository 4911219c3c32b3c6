"""What is known only when the tree is complete: the resources of an API, wherever they were added.

A construct that depends on the rest of the tree registers a hook with `on_synthesis`, which CDK calls while it prepares
the app.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._jsii import identity
from .._synthesis import environment_of
from ..rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from .._synthesis import Environment

ACCOUNT = "AWS::ApiGateway::Account"
ROUTE = "AWS::ApiGatewayV2::Route"
STAGE = "AWS::ApiGatewayV2::Stage"
DEPLOYED = (
    ROUTE,
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Model",
    "AWS::ApiGatewayV2::RouteResponse",
    "AWS::ApiGatewayV2::IntegrationResponse",
)
"""What a deployment takes a snapshot of."""


@dataclass(frozen=True, slots=True)
class ApiResource:
    """A resource that belongs to an API."""

    resource: cdk.CfnResource
    properties: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """A property by its CloudFormation name; an L1 of its type spells it in camelCase."""
        return self.properties.get(name, self.properties.get(name[:1].lower() + name[1:]))

    def by_cloudformation_name(self) -> dict[str, Any]:
        """All properties by their CloudFormation names."""
        return {name[:1].upper() + name[1:]: value for name, value in self.properties.items()}


class ApiResources:
    """The resources of all APIs as they are now; each kind is read at most once in a stack and once in the app."""

    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack
        self._of_types: dict[tuple[str, ...], list[ApiResource]] = {}
        self._by_api: dict[tuple[str, ...], dict[str, list[ApiResource]]] = {}
        self._routes_of_app: dict[str, list[ApiResource]] | None = None

    def of(self, api_id: str, *types: str) -> list[ApiResource]:
        """The resources of an API that are deployed with this stack: its own and those of stacks nested in it."""
        if types not in self._by_api:
            self._by_api[types] = _by_api(self._found(*types))
        of_types = self._by_api[types]
        return of_types.get(api_key(api_id), []) if of_types else []

    def routes(self, api_id: str, wanted: AbstractSet[str]) -> dict[str, cdk.CfnResource]:
        """Those of some routes of an API that are deployed with this stack, by their keys."""
        here = _by_key(self._routes_by_text.get(api_id, []))
        if wanted - here.keys():  # they may have another token of the API; to compare these costs requests
            here = _by_key(self.of(api_id, ROUTE))
        return {key: here[key] for key in sorted(wanted & here.keys())}

    @functools.cached_property
    def _routes_by_text(self) -> dict[str, list[ApiResource]]:
        """The routes that are deployed with this stack, by the ids of their APIs as they are written."""
        by_text: dict[str, list[ApiResource]] = {}
        for route in self._found(ROUTE):
            by_text.setdefault(str(route["ApiId"]), []).append(route)
        return by_text

    def _found(self, *types: str) -> list[ApiResource]:
        if types not in self._of_types:
            self._of_types[types] = _with_properties(deployed_with(self._stack, *types))
        return self._of_types[types]

    def routes_of_app(self, api_id: str) -> dict[str, cdk.CfnResource]:
        """The routes of an API in the whole app, by their keys."""
        if self._routes_of_app is None:
            self._routes_of_app = _by_api(_with_properties(resources(self._stack.node.root, ROUTE)))
        return _by_key(self._routes_of_app.get(api_key(api_id), []))

    @functools.cached_property
    def accounts(self) -> list[cdk.CfnResource]:
        """The settings of API Gateway in the account that are deployed with this stack."""
        return deployed_with(self._stack, ACCOUNT)


_UNKNOWN_API = ""
"""The key of resources whose API is known only at deploy time."""


def _with_properties(found: list[cdk.CfnResource]) -> list[ApiResource]:
    return [ApiResource(each, each._cfn_properties) for each in found]


def _by_api(found: list[ApiResource]) -> dict[str, list[ApiResource]]:
    by_api: dict[str, list[ApiResource]] = {}
    for resource in found:
        by_api.setdefault(api_key(resource["ApiId"]), []).append(resource)
    return by_api


def _by_key(routes: list[ApiResource]) -> dict[str, cdk.CfnResource]:
    keys = ((route["RouteKey"], route.resource) for route in routes)
    return {key: resource for key, resource in keys if isinstance(key, str) and not is_unknown(key)}


SynthesisHook = Callable[[ApiResources], None]
"""Adds the dependencies of a construct that are known once the tree is complete."""


@jsii.implements(constructs.IDependable)
class _SynthesisHooks(constructs.Dependable):
    """CDK asks a stack for its dependencies before those of the constructs in it: then the hooks are called."""

    def __init__(self, environment: Environment) -> None:
        super().__init__()
        self._environment = environment
        constructs.Dependable.implement(self, self)
        environment.stack.node.add_dependency(self)

    @property
    def dependency_roots(self) -> list[constructs.IConstruct]:
        resources = ApiResources(self._environment.stack)
        for hook in self._environment.synthesis_hooks:
            hook(resources)
        return []


def on_synthesis(hook: SynthesisHook, stack: cdk.Stack) -> None:
    """Call a function for a construct in this stack when the tree is complete."""
    environment = environment_of(root_stack(stack))
    if not environment.synthesis_hooks:
        _SynthesisHooks(environment)
    environment.synthesis_hooks.append(hook)


def resources(scope: constructs.IConstruct, *types: str) -> list[cdk.CfnResource]:
    """The resources of these types below a scope, other stacks that are declared there included."""
    return cast("list[cdk.CfnResource]", cdk.ConstructSelector.resources_of_type(*types).select(scope))


def deployed_with(stack: cdk.Stack, *types: str) -> list[cdk.CfnResource]:
    """The resources of these types in a stack that is not nested itself, and in those nested in it."""
    below = [each for each in stack.node.find_all() if isinstance(each, cdk.Stack)]
    others = [each for each in below if not are_deployed_together(stack, each)]
    elsewhere = {identity(found) for other in others for found in resources(other, *types)}
    return [found for found in resources(stack, *types) if identity(found) not in elsewhere]


def are_deployed_together(stack: cdk.Stack, other: cdk.Stack) -> bool:
    """Whether two stacks are one, or nested in one."""
    return identity(root_stack(stack)) == identity(root_stack(other))


@functools.lru_cache(maxsize=1024)
def root_stack(stack: cdk.Stack) -> cdk.Stack:
    """The stack that a nested stack is deployed with."""
    parent = stack.nested_stack_parent
    return stack if parent is None else root_stack(parent)


def api_key(api_id: object) -> str:
    """What is the same for all ids of one API: they may be tokens of its `Ref` or of its `ApiId`."""
    if isinstance(api_id, str):
        resource = referred(api_id)
        return api_id if resource is None else identity(resource)
    return identity(api_id.target) if isinstance(api_id, cdk.Reference) else _UNKNOWN_API


def api_resource(api_id: str) -> apigatewayv2.CfnApi | None:
    """The resource of an API that is declared in this app; None for an imported one."""
    resource = referred(api_id)
    return resource if isinstance(resource, apigatewayv2.CfnApi) else None


@functools.lru_cache(maxsize=1024)
def referred(api_id: str) -> constructs.IConstruct | None:
    token = cdk.Tokenization.reverse_string(api_id).first_token if is_unknown(api_id) else None
    return token.target if isinstance(token, cdk.Reference) else None
