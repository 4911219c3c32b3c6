"""What is known only when the tree is complete: the parts of an API, wherever they were added.

A construct that waits for the rest of the tree registers with `when_complete`. While CDK prepares the app it asks
each stack for its dependencies, before those of the constructs in it, and then whether it is valid: that is when the
waiting constructs are called back, all those of a stack at once.
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
        self._read_in_app: dict[str, list[Part]] | None = None

    def of(self, api_id: str, *types: str) -> list[Part]:
        """The parts of an API that stand in this stack."""
        if types not in self._read:
            self._read[types] = _parts(self._stack, types)
        return self._read[types].get(owner_of(api_id), [])

    def routes(self, api_id: str) -> dict[str, cdk.CfnResource]:
        """The routes of an API that stand in this stack, by their keys."""
        return _by_key(self.of(api_id, ROUTE))

    def routes_of_app(self, api_id: str) -> dict[str, cdk.CfnResource]:
        """The routes of an API wherever in the app they stand, by their keys."""
        if self._read_in_app is None:
            self._read_in_app = _parts(self._stack.node.root, (ROUTE,))
        return _by_key(self._read_in_app.get(owner_of(api_id), []))

    @functools.cached_property
    def accounts(self) -> list[cdk.CfnResource]:
        """The settings of API Gateway in the account that stand in this stack or beside it, in one it is nested in."""
        return resources(outermost(self._stack), ACCOUNT)


def _by_key(routes: list[Part]) -> dict[str, cdk.CfnResource]:
    return {part["RouteKey"]: part.resource for part in routes}


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
    completion = _COMPLETIONS.get(stack)
    if completion is None:
        completion = _COMPLETIONS[stack] = _Completion(stack)
    completion.waiting.append(construct)


def resources(scope: constructs.IConstruct, *types: str) -> list[cdk.CfnResource]:
    """The resources of these types below a scope."""
    return cast("list[cdk.CfnResource]", cdk.ConstructSelector.resources_of_type(*types).select(scope))


def outermost(stack: cdk.Stack) -> cdk.Stack:
    """The stack that a nested stack is deployed with."""
    while (parent := stack.nested_stack_parent) is not None:
        stack = parent
    return stack


def identity(construct: object) -> str:
    """What is the same for all Python objects that stand for one construct."""
    return str(cast("Any", construct).__jsii_ref__.ref)


@functools.lru_cache(maxsize=1024)
def owner_of(api_id: str) -> str:
    """What is the same for all ids of one API: they may be tokens of its `Ref` or of its `ApiId`."""
    resource = _referred(api_id)
    return api_id if resource is None else identity(resource)


def api_resource(api_id: str) -> apigatewayv2.CfnApi | None:
    """The resource of an API that is declared in this app; None for an imported one."""
    resource = _referred(api_id)
    return resource if isinstance(resource, apigatewayv2.CfnApi) else None


def _referred(api_id: str) -> constructs.IConstruct | None:
    token = cdk.Tokenization.reverse_string(api_id).first_token if is_token(api_id) else None
    return token.target if isinstance(token, cdk.Reference) else None


def _parts(scope: constructs.IConstruct, types: tuple[str, ...]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for resource in resources(scope, *types):
        part = Part(resource, resource._cfn_properties)
        api_id = part["ApiId"]
        if isinstance(api_id, str):
            found.setdefault(owner_of(api_id), []).append(part)
    return found
