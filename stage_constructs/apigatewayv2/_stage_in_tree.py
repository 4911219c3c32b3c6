"""What only the complete tree can tell of a stage: the routes that it has settings for, the account's role, a twin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import _checks
from . import _rules, _tree
from ._route import BUILT_IN_KEYS

if TYPE_CHECKING:
    import aws_cdk as cdk

    from ._stage import StageBase


class _Routes(NamedTuple):
    before: dict[str, cdk.CfnResource]
    """By their keys, routes that are deployed before the stage."""
    after: dict[str, cdk.CfnResource]
    """Routes that cannot be."""


class StageInTree:
    """A stage that waits for the tree to be complete."""

    def __init__(self, stage: StageBase) -> None:
        self._stage = stage

    def _order(self, parts: _tree.Parts) -> None:
        before = list(self._routes(parts).before.values())
        if self._stage._needs_role():
            before += parts.accounts
        if before:
            self._stage._resource.node.add_dependency(*before)

    def _validate(self, parts: _tree.Parts) -> list[str]:
        routes = self._routes(parts)
        faults = [
            _rules.unreachable_route(key, route.stack.node.path, self._stage.stack.node.path)
            for key, route in routes.after.items()
        ]
        missing = self._stage._route_settings.keys() - routes.before.keys() - routes.after.keys() - BUILT_IN_KEYS
        if missing and self._routes_are_known(parts):
            known = parts.routes_of_app(self._stage.api_id).keys()
            faults += [_rules.missing_route(key, known) for key in sorted(missing)]
        twin = self._twin(parts) if self._stage._may_have_a_twin else None
        if twin is not None:
            faults.append(_rules.twin(self._stage._stage_name, twin))
        if self._stage._needs_role() and not parts.accounts:
            _checks.warn(self._stage, [_rules.NO_ACCOUNT])
        return [str(_checks.error(self._stage.node.path, *faults))] if faults else []

    def _routes(self, parts: _tree.Parts) -> _Routes:
        """The routes that there are settings for.

        Those of other stacks are deployed after the stage if it stands with its API: they need that API.
        """
        wanted = self._stage._route_settings.keys()
        here = parts.routes(self._stage.api_id) if wanted else {}
        elsewhere = {} if wanted <= here.keys() | BUILT_IN_KEYS else parts.routes_of_app(self._stage.api_id)
        before = {key: here[key] for key in wanted if key in here}
        others = {key: elsewhere[key] for key in wanted if key in elsewhere and key not in here}
        if others and self._is_deployed_with_its_api():
            return _Routes(before, others)
        return _Routes(before | others, {})

    def _is_deployed_with_its_api(self) -> bool:
        api = _tree.api_resource(self._stage.api_id)
        return api is not None and _tree.are_deployed_together(self._stage.stack, api.stack)

    def _routes_are_known(self, parts: _tree.Parts) -> bool:
        api = _tree.api_resource(self._stage.api_id)
        return (
            api is not None
            and not _rules.brings_its_routes(api._cfn_properties)
            and parts.knows_routes(self._stage.api_id)
        )

    def _twin(self, parts: _tree.Parts) -> str | None:
        """Path of another stage of the API with the same name; conditions may decide which of two is made."""
        stages = parts.in_app(self._stage.api_id, _tree.STAGE)
        twins = [part.resource for part in stages if part["StageName"] == self._stage._stage_name]
        if any(stage.cfn_options.condition for stage in twins):
            return None
        own = _tree.identity(self._stage._resource)
        return next((stage.node.path for stage in twins if _tree.identity(stage) != own), None)
