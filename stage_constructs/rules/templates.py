"""All rules, over the templates of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import apigatewayv2, ivs
from ._engine import evaluate, registered_rules
from ._resources import Assembly
from .apigatewayv2._apis import STAGE, api_of
from .apigatewayv2.sam import stage_violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._engine import Rule, RuleViolation
    from ._resources import Template


_TYPES = ("AWS::ApiGateway", "AWS::IVS::", "AWS::Events::Rule", "AWS::Logs::ResourcePolicy", "AWS::Serverless::")
SERVICES = (apigatewayv2, ivs)
"""The packages whose import registers the rules."""


def all_rules() -> Sequence[Rule]:
    """The rules of all services."""
    return registered_rules()


def evaluate_templates(
    templates: Sequence[Template], protocols: Mapping[str, str] | None = None, *, late: bool = False
) -> Iterator[RuleViolation]:
    """The rules that the resources of some templates break, but for those that their metadata accept.

    Args:
        templates: The templates of an app.
        protocols: Protocols of APIs that no template declares, by their ids. Default: none are known.
        late: Whether only the rules are evaluated that a constructor cannot judge. Default: False, all rules are.
    """
    assembly = Assembly(templates, protocols)
    for template in templates:
        template.assembly = assembly
    for template in templates:
        for resource in template.resources.values():
            if not resource.type.startswith(_TYPES):
                continue
            if resource.type == STAGE:
                resource.protocol = api_of(resource).protocol
            for violation in (*evaluate(resource, late=late), *stage_violations(resource)):
                if violation.rule.id not in resource.accepted:
                    yield violation
