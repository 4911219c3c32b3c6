"""The plugin that checks the templates of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import jsii

from .. import __version__
from .._validation import PREFIX
from ..rules._messages import TEMPLATE, fix_text, problem_text, service_text
from ..rules.templates import all_rules, evaluate_templates
from ._assembly import read_templates

if TYPE_CHECKING:
    from ..rules import Violation
    from ..rules._resources import Template

_NAMESPACE: Final = "Annotation::"
"""That of CDK's own warnings: one acknowledgment then holds for the warning of a construct and for the finding."""


@jsii.implements(cdk.IPolicyValidationPlugin)
class StageChecks:
    """Check the stages of an app as they stand in its templates, whoever made them.

    The rules are those of this library's constructs: what API Gateway v2 or Amazon IVS real-time would refuse at
    deploy is an error and stops the synth, what they accept but is surely a mistake is a warning. They hold for
    native L2 and L1 constructs, `CfnInclude`, raw `CfnResource` and overrides, nested stacks included:

        cdk.Validations.of(app).add_plugins(StageChecks())

    Values that are known only at deploy are not guessed at and never reported. Each finding names the logical id and
    the construct, the property as CloudFormation spells it, what to change, and the service's own words where they
    are known.

    A finding has the id `stage-constructs:<rule>`, that of the warning of our constructs. Acknowledged at a
    construct, it is no longer reported for what stands at or below it (by CDK 2.262.0: for the whole app):

        cdk.Validations.of(stage).acknowledge(
            cdk.Acknowledgment(id="stage-constructs:zeroThrottle", reason="closed for maintenance")
        )

    All rules: `docs/rules.md`. Source: https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
    """

    @property
    def name(self) -> str:
        """Name of the plugin in the report."""
        return "stage-constructs"

    @property
    def version(self) -> str | None:
        """Version of this library."""
        return __version__

    @property
    def rule_ids(self) -> list[str] | None:
        """Ids of the rules, as they are acknowledged."""
        return list(dict.fromkeys(f"{PREFIX}{rule.id}" for rule in all_rules()))

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Read the templates and report what is wrong; called by CDK at synth."""
        grouped: dict[tuple[str, str, str, str], list[cdk.PolicyViolatingResource]] = {}
        for violation in evaluate_templates(_templates_of(context)):
            resource = violation.resource
            assert resource.template is not None  # noqa: S101  it was read from one
            grouped.setdefault(_report(violation), []).append(
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


def _report(violation: Violation) -> tuple[str, str, str, str]:
    """The name of the rule, its severity, what is wrong and what to change."""
    answer = service_text(violation)
    problem = problem_text(violation, TEMPLATE, violation.value)
    return (
        f"{_NAMESPACE}{PREFIX}{violation.rule.id}",
        "error" if violation.rule.kind.is_error else "warning",
        f"{problem} (the service answers: {answer})" if answer else problem,
        fix_text(violation, TEMPLATE),
    )


def _location(violation: Violation) -> str:
    """Where in the resource of the template that is."""
    if not violation.path:
        return "Type"
    prop = TEMPLATE.prop(violation.resource_type, violation.path)
    return prop if prop == "DependsOn" else f"Properties.{prop}"


def _templates_of(context: cdk.IPolicyValidationContext) -> list[Template]:
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
