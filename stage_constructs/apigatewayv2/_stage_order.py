"""The order of creation of a stage: after the routes that it has settings for, and after the account's role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..rules.apigatewayv2._apis import BUILT_IN_ROUTES
from . import _tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aws_cdk as cdk

    from ._stage import StageBase


@dataclass(frozen=True, slots=True)
class NativeStage:
    """What the order of creation depends on, of a stage that is not of this library."""

    api_id: str
    stack: cdk.Stack
    _resource: cdk.CfnResource
    _route_settings: Mapping[str, object]
    _logs_with_role: bool

    def _needs_role(self) -> bool:
        return self._logs_with_role


class StageOrder:
    """A stage that waits for the tree to be complete."""

    def __init__(self, stage: StageBase | NativeStage) -> None:
        self._stage = stage

    def add_dependencies(self, resources: _tree.ApiResources) -> None:
        """Create the stage after what it needs."""
        before = self._routes(resources)
        if self._stage._needs_role():
            before += resources.accounts
        if before:
            self._stage._resource.node.add_dependency(*before)

    def _routes(self, resources: _tree.ApiResources) -> list[cdk.CfnResource]:
        """The routes that there are settings for.

        A route of another stack is deployed after the stage if the stage is deployed with its API.
        """
        wanted = self._stage._route_settings.keys()
        here = resources.routes(self._stage.api_id, wanted) if wanted else {}
        elsewhere = wanted - here.keys() - BUILT_IN_ROUTES
        others = resources.routes_of_app(self._stage.api_id) if elsewhere and self._is_apart_from_its_api() else {}
        return [
            *here.values(),
            *(others[key] for key in sorted(elsewhere & others.keys())),
        ]

    def _is_apart_from_its_api(self) -> bool:
        api = _tree.api_resource(self._stage.api_id)
        return api is None or not _tree.are_deployed_together(self._stage.stack, api.stack)
