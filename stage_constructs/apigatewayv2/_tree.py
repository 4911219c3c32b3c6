"""What is known only when the tree is complete: the parts of an API, wherever they were added.

A construct that waits for the rest of the tree registers with `when_complete`. While CDK prepares the app it asks
each stack for its dependencies, before those of the constructs in it, and then whether it is valid: that is when the
waiting constructs are called back, all those of a stack and of the stacks nested in it at once.
"""

from __future__ import annotations

import functools
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._checks import is_token

if TYPE_CHECKING:
    from collections.abc import Mapping

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
class Part:
    """A resource that belongs to an API."""

    resource: cdk.CfnResource
    properties: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """A property by its CloudFormation name; an L1 of its type spells it in camelCase."""
        return self.properties.get(name, self.properties.get(name[:1].lower() + name[1:]))


class Parts:
    """The parts of all APIs as they are now; each kind is read at most once in a stack and once in the app."""

    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack
        self._read: dict[tuple[str, ...], dict[str, list[Part]]] = {}
        self._read_in_app: dict[str, dict[str, list[Part]]] = {}

    def of(self, api_id: str, *types: str) -> list[Part]:
        """The parts of an API that are deployed with this stack: its own and those of stacks nested in it."""
        if types not in self._read:
            self._read[types] = _by_owner(deployed_with(self._stack, *types))
        return self._read[types].get(owner_of(api_id), [])

    def in_app(self, api_id: str, resource_type: str) -> list[Part]:
        """The parts of an API wherever in the app they stand."""
        return self._all_in_app(resource_type).get(owner_of(api_id), [])

    def routes(self, api_id: str) -> dict[str, cdk.CfnResource]:
        """The routes of an API that are deployed with this stack, by their keys."""
        return _by_key(self.of(api_id, ROUTE))

    def routes_of_app(self, api_id: str) -> dict[str, cdk.CfnResource]:
        """The routes of an API wherever in the app they stand, by their keys."""
        return _by_key(self.in_app(api_id, ROUTE))

    def knows_routes(self, api_id: str) -> bool:
        """Whether all routes of the app tell their API, and those of this one their keys."""
        if _UNTOLD in self._all_in_app(ROUTE):
            return False
        return len(self.routes_of_app(api_id)) == len(self.in_app(api_id, ROUTE))

    @functools.cached_property
    def accounts(self) -> list[cdk.CfnResource]:
        """The settings of API Gateway in the account that are deployed with this stack."""
        return deployed_with(self._stack, ACCOUNT)

    def _all_in_app(self, resource_type: str) -> dict[str, list[Part]]:
        if resource_type not in self._read_in_app:
            self._read_in_app[resource_type] = _by_owner(resources(self._stack.node.root, resource_type))
        return self._read_in_app[resource_type]


_UNTOLD = ""
"""The owner of parts that do not tell it before they are deployed."""


def _by_owner(found: list[cdk.CfnResource]) -> dict[str, list[Part]]:
    by_owner: dict[str, list[Part]] = {}
    for resource in found:
        part = Part(resource, resource._cfn_properties)
        by_owner.setdefault(owner_of(part["ApiId"]), []).append(part)
    return by_owner


def _by_key(routes: list[Part]) -> dict[str, cdk.CfnResource]:
    keys = ((part["RouteKey"], part.resource) for part in routes)
    return {key: resource for key, resource in keys if isinstance(key, str) and not is_token(key)}


class Waiting(Protocol):
    """A construct that waits for the tree to be complete."""

    def _order(self, parts: Parts) -> None:
        """Add the dependencies that can be known now."""

    def _validate(self, parts: Parts) -> list[str]:
        """Say what is wrong now that nothing more will come."""
        ...


@jsii.implements(constructs.IDependable, constructs.IValidation)
class _Completion(constructs.Dependable):
    def __init__(self, stack: cdk.Stack) -> None:
        super().__init__()
        self.waiting: list[Waiting] = []
        self._stack = stack
        self._parts = Parts(stack)
        node = stack.node
        constructs.Dependable.implement(self, self)
        node.add_dependency(self)
        node.add_validation(self)

    @property
    def dependency_roots(self) -> list[constructs.IConstruct]:
        self._parts = Parts(self._stack)
        for construct in self.waiting:
            construct._order(self._parts)
        return []

    def validate(self) -> list[str]:
        return [error for construct in self.waiting for error in construct._validate(self._parts)]


_COMPLETIONS: weakref.WeakKeyDictionary[cdk.Stack, _Completion] = weakref.WeakKeyDictionary()


def when_complete(construct: Waiting, stack: cdk.Stack) -> None:
    """Call `_order` and `_validate` of a construct in this stack when the tree is complete."""
    stack = outermost(stack)
    completion = _COMPLETIONS.get(stack)
    if completion is None:
        completion = _COMPLETIONS[stack] = _Completion(stack)
    completion.waiting.append(construct)


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
    return identity(outermost(stack)) == identity(outermost(other))


@functools.lru_cache(maxsize=1024)
def outermost(stack: cdk.Stack) -> cdk.Stack:
    """The stack that a nested stack is deployed with."""
    parent = stack.nested_stack_parent
    return stack if parent is None else outermost(parent)


def identity(construct: object) -> str:
    """What is the same for all Python objects that stand for one construct."""
    return str(cast("Any", construct).__jsii_ref__.ref)


def owner_of(api_id: object) -> str:
    """What is the same for all ids of one API: they may be tokens of its `Ref` or of its `ApiId`."""
    if isinstance(api_id, str):
        return _owner_of_text(api_id)
    return identity(api_id.target) if isinstance(api_id, cdk.Reference) else _UNTOLD


def api_resource(api_id: str) -> apigatewayv2.CfnApi | None:
    """The resource of an API that is declared in this app; None for an imported one."""
    resource = _referred(api_id)
    return resource if isinstance(resource, apigatewayv2.CfnApi) else None


@functools.lru_cache(maxsize=1024)
def _owner_of_text(api_id: str) -> str:
    resource = _referred(api_id)
    return api_id if resource is None else identity(resource)


def _referred(api_id: str) -> constructs.IConstruct | None:
    token = cdk.Tokenization.reverse_string(api_id).first_token if is_token(api_id) else None
    return token.target if isinstance(token, cdk.Reference) else None
