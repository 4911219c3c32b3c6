"""The report of a validation plugin of CDK about the violations in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from ._synthesis import protocols_of
from ._validation import PREFIX, accepted_rules
from .rules._messages import TEMPLATE, docs_of, fix_text, problem_text, service_text
from .rules.assembly import read_templates
from .rules.templates import evaluate_templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .rules import RuleViolation
    from .rules._resources import Template

_NAMESPACE: Final = "Annotation::"
"""Namespace of CDK's own warnings, so that one acknowledgment is enough for a construct and for its template."""


def violations_in(
    context: cdk.IPolicyValidationContext, templates: Sequence[Template], *, late: bool = False
) -> Iterator[RuleViolation]:
    """What is wrong in the templates that a plugin is asked about, but for rules that the app's context accepts."""
    app = context.app_construct
    accepted = accepted_rules(app)
    for violation in evaluate_templates(templates, protocols_of(app), late=late):
        if violation.rule.id not in accepted:
            yield violation


def templates_of(context: cdk.IPolicyValidationContext) -> list[Template]:
    """The templates of the stacks. Where CDK does not name the environment of each stack, all have the same."""
    stacks: list[Any] = list(context.stack_templates)
    region, account = context.region, context.account_id
    return [
        template
        for stack in stacks
        for template in read_templates(
            stack.template_path,
            getattr(stack, "region", None) or region,
            getattr(stack, "account_id", None) or account,
        )
    ]


def report(violations: Iterable[RuleViolation]) -> cdk.PolicyValidationPluginReport:
    """The report of some violations; equal ones are one entry with several resources."""
    grouped: dict[tuple[str, ...], list[cdk.PolicyViolatingResource]] = {}
    for violation in violations:
        resource = violation.resource
        assert resource.template is not None  # noqa: S101  it was read from one
        prop = TEMPLATE.prop(violation.resource_type, violation.path)
        location = "Type" if not violation.path else prop if prop == "DependsOn" else f"Properties.{prop}"
        grouped.setdefault(_entry(violation), []).append(
            cdk.PolicyViolatingResource(
                resource_logical_id=resource.logical_id, template_path=resource.template.path, locations=[location]
            )
        )
    return cdk.PolicyValidationPluginReport(
        success=all(severity != "error" for _, severity, *_ in grouped),
        violations=[
            cdk.PolicyViolation(
                rule_name=f"{_NAMESPACE}{PREFIX}{rule}",
                severity=severity,
                description=problem,
                fix=fix,
                violating_resources=resources,
                rule_metadata={"docs": docs_of(rule), "source": source},
            )
            for (rule, severity, problem, fix, source), resources in grouped.items()
        ],
    )


def _entry(violation: RuleViolation) -> tuple[str, ...]:
    """Id of the rule, severity, problem, fix and source."""
    service = service_text(violation)
    problem = problem_text(violation, TEMPLATE, violation.value)
    return (
        violation.rule.id,
        "error" if violation.rule.kind.is_error else "warning",
        f"{problem} (the service answers: {service})" if service else problem,
        fix_text(violation, TEMPLATE),
        violation.rule.source,
    )
