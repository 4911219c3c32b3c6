"""Findings in templates, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from .._validation import PREFIX
from ..rules._messages import TEMPLATE, docs_of, fix_text, problem_text, service_text
from ._terraform import FIXES, TERRAFORM, TerraformTemplate

if TYPE_CHECKING:
    from ..rules import RuleViolation


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a resource of a template; `str()` gives one line about it."""

    rule: str
    """Id of the rule, such as `stageName`."""
    severity: Literal["error", "warning"]
    """`"error"`: the service rejects it at deploy time. `"warning"`: it is accepted, but does not work or is surely a
    mistake."""
    logical_id: str
    """The resource; in Terraform its address, such as `module.pets.aws_apigatewayv2_stage.live[0]`."""
    resource_type: str
    """Its CloudFormation type."""
    prop: str
    """The property, such as `DefaultRouteSettings.ThrottlingRateLimit`, in Terraform
    `default_route_settings.throttling_rate_limit`; `the resource` where it is none."""
    path: tuple[str, ...]
    """Where the property is in the template: `("Resources", "Stage", "Properties", "StageName")`; in Terraform the
    address and the property."""
    message: str
    """What is wrong."""
    fix: str
    """What to write instead."""
    service_message: str
    """The service's own words, empty where they are not known."""
    template: str
    """File of the template, empty for one that was given as a dict."""

    @property
    def docs(self) -> str:
        """The section about the rule in the documentation of this library, such as `docs/rules.md#stagename`."""
        return docs_of(self.rule)

    def __str__(self) -> str:
        resource = f"{self.template}: {self.logical_id}" if self.template else self.logical_id
        return f"{resource}: {self.severity}: {sentence(self)}"


def sentence(finding: Finding) -> str:
    """What is wrong, what to write instead, the service's own words, and the rule."""
    service = f" (the service answers: {finding.service_message})" if finding.service_message else ""
    return f"{finding.message}: {finding.fix}{service} [{PREFIX}{finding.rule}]"


def finding_of(violation: RuleViolation) -> Finding:
    """The finding about a violation in a template."""
    resource = violation.resource
    in_terraform = isinstance(resource.template, TerraformTemplate)
    spelling = TERRAFORM if in_terraform else TEMPLATE
    prop, fix = spelling.prop(violation.resource_type, violation.path), fix_text(violation, spelling)
    return Finding(
        rule=violation.rule.id,
        severity="error" if violation.rule.kind.is_error else "warning",
        logical_id=resource.logical_id,
        resource_type=violation.resource_type,
        prop=prop,
        path=(resource.logical_id, prop) if in_terraform else _path_in_template(violation),
        message=problem_text(violation, spelling, violation.value),
        fix=FIXES.get(violation.rule.id, fix) if in_terraform else fix,
        service_message=service_text(violation),
        template="" if resource.template is None else resource.template.path,
    )


def _path_in_template(violation: RuleViolation) -> tuple[str, ...]:
    """Where the property is; the path ends at a list, such as tags, and at an object that is JSON in a string."""
    path: tuple[str, ...] = ("Resources", violation.resource.logical_id)
    if violation.path in ((), ("DependsOn",)):
        return (*path, violation.path[0] if violation.path else "Type")
    path = (*path, "Properties")
    value: Any = violation.resource.declared
    for name in violation.path:
        if not isinstance(value, Mapping):
            break
        path = (*path, str(name))
        value = cast("Any", value).get(name)
    return path
