"""The plugin that checks the templates of an app."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import jsii

from .. import __version__
from ._finding import PREFIX
from ._rule_book import IN_TEMPLATES
from ._template import read_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._finding import Finding
    from ._template import Template

_NAMESPACE: Final = "Annotation::"
"""That of CDK's own warnings: one acknowledgment then holds for the warning of a construct and for the finding."""
_READERS: Final = {
    "_api_gateway": ("AWS::ApiGatewayV2::", "AWS::ApiGateway::Account"),
    "_ivs": ("AWS::IVS::",),
}
"""How the types begin that a module knows; each is loaded when there is something for it."""


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
        return [f"{PREFIX}{rule}" for rule in IN_TEMPLATES]

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Read the templates and report what is wrong; called by CDK at synth."""
        alike: dict[tuple[str, ...], list[cdk.PolicyViolatingResource]] = {}
        for finding in _findings_of(_templates_of(context)):
            said = (f"{_NAMESPACE}{finding.rule}", finding.severity, finding.problem, finding.remedy)
            resource = finding.resource
            alike.setdefault(said, []).append(
                cdk.PolicyViolatingResource(
                    resource_logical_id=resource.logical_id,
                    template_path=resource.template.path,
                    locations=[finding.location],
                )
            )
        return cdk.PolicyValidationPluginReport(
            success=all(severity != "error" for _, severity, *_ in alike),
            violations=[
                cdk.PolicyViolation(
                    rule_name=rule, severity=severity, description=problem, fix=remedy, violating_resources=resources
                )
                for (rule, severity, problem, remedy), resources in alike.items()
            ],
        )


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


def _findings_of(templates: list[Template]) -> Iterator[Finding]:
    for module, prefixes in _READERS.items():
        if any(each.startswith(prefixes) for template in templates for each in template.types):
            yield from importlib.import_module(f".{module}", __package__).findings(templates)
