"""Violations in templates, as a validation plugin of CDK reports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from ._validation import PREFIX, accepted_in_context
from .rules._messages import TEMPLATE, fix_text, problem_text, service_text
from .rules.assembly import read_templates
from .rules.templates import evaluate_templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .rules import RuleViolation
    from .rules._resources import Template

_NAMESPACE: Final = "Annotation::"
"""That of CDK's own warnings: one acknowledgment then holds for the warning of a construct and for the finding."""


def violations_in(context: cdk.IPolicyValidationContext) -> Iterator[RuleViolation]:
    """What is wrong in the templates that a plugin is asked about, but for rules that the app's context accepts."""
    for violation in evaluate_templates(_read(context)):
        if not accepted_in_context(context.app_construct, violation.rule.id):
            yield violation


def _read(context: cdk.IPolicyValidationContext) -> list[Template]:
    """The templates that a plugin is asked about, if they have resources that the rules are about."""
    stacks: list[Any] = list(context.stack_templates)
    of_all = context.region, context.account_id  # where CDK does not tell them of each stack, they are the same for all
    return [
        template
        for stack in stacks
        for template in read_templates(
            stack.template_path,
            getattr(stack, "region", None) or of_all[0],
            getattr(stack, "account_id", None) or of_all[1],
        )
    ]


def report(violations: Iterable[RuleViolation]) -> cdk.PolicyValidationPluginReport:
    """The report of some violations; equal ones are one entry with several resources."""
    grouped: dict[tuple[str, str, str, str], list[cdk.PolicyViolatingResource]] = {}
    for violation in violations:
        resource = violation.resource
        assert resource.template is not None  # noqa: S101  it was read from one
        grouped.setdefault(_entry(violation), []).append(
            cdk.PolicyViolatingResource(
                resource_logical_id=resource.logical_id,
                template_path=resource.template.path,
                locations=[_location(violation)],
            )
        )
    return cdk.PolicyValidationPluginReport(
        success=all(severity != "error" for _, severity, *_ in grouped),
        violations=[
            cdk.PolicyViolation(
                rule_name=rule, severity=severity, description=problem, fix=fix, violating_resources=resources
            )
            for (rule, severity, problem, fix), resources in grouped.items()
        ],
    )


def _entry(violation: RuleViolation) -> tuple[str, str, str, str]:
    """The name of the rule, its severity, what is wrong and what to change."""
    answer = service_text(violation)
    problem = problem_text(violation, TEMPLATE, violation.value)
    return (
        f"{_NAMESPACE}{PREFIX}{violation.rule.id}",
        "error" if violation.rule.kind.is_error else "warning",
        f"{problem} (the service answers: {answer})" if answer else problem,
        fix_text(violation, TEMPLATE),
    )


def _location(violation: RuleViolation) -> str:
    """Where in the resource of the template that is."""
    if not violation.path:
        return "Type"
    prop = TEMPLATE.prop(violation.resource_type, violation.path)
    return prop if prop == "DependsOn" else f"Properties.{prop}"
