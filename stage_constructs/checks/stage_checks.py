"""The plugin that checks the templates of an app."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from .. import __version__
from .._jsii import without_proxy
from .._synthesis import OwnResources, is_reporter
from .._template_report import report, templates_of, violations_in
from .._validation import PREFIX
from ..rules.templates import all_rules
from ._templates import accepted_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..rules._resources import Template


@jsii.implements(cdk.IPolicyValidationPlugin)
class StageChecks:
    """Check all stages in the templates of an app, whichever construct created them.

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

    Metadata of a template or of a resource accept rules too: `{"stage-constructs": {"accept": ["zeroThrottle"]}}`.

    All rules: `docs/rules.md`. Source: https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html

    Args:
        accept: Ids of rules that it does not report, such as `zeroThrottle`. What constructs of this library report
            themselves is accepted by an acknowledgment or in the context. Default: it reports all.
        verbose: Whether a synth prints, on standard error, how many stages of each kind have been checked. Default:
            False.

    Raises:
        ValueError: An id in `accept` is not that of a rule.
    """

    def __init__(self, *, accept: Iterable[str] = (), verbose: bool = False) -> None:
        self._accepted = accepted_rules(accept)
        self._verbose = verbose
        self._printed = ""

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
        context = without_proxy(context, "app_construct")
        templates = templates_of(context)
        found = list(violations_in(context, templates))
        if self._verbose:
            self._print_summary(context, templates)
        violations = (each for each in found if each.rule.id not in self._accepted)
        if is_reporter(context, "checks"):
            return report(violations)
        own = OwnResources(context)
        return report(each for each in violations if not own.broke(each))

    def _print_summary(self, context: cdk.IPolicyValidationContext, templates: Sequence[Template]) -> None:
        from ._command import checked  # noqa: PLC0415  wanted here only

        summary = f"{self.name}: {checked(len(context.stack_templates), templates)}"
        if summary != self._printed:  # some releases of the CDK call a plugin twice in a synth
            sys.stderr.write(f"{summary}\n")
        self._printed = summary
