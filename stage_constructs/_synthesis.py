"""What is known of a stack, read once, and the rules over its synthesized template.

A rule that looks at several resources is judged on the template, which shows overrides, macros and included templates
that the tree does not. The first construct of an app registers the check.
"""

from __future__ import annotations

import pathlib
import weakref
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import jsii

if TYPE_CHECKING:
    from constructs import IConstruct

    from .rules import Violation


class Environment:
    """A stack, with its Region and account where they are known at synth."""

    def __init__(self, stack: cdk.Stack) -> None:
        self.stack = stack
        account, region = stack.environment.removeprefix("aws://").split("/")
        self.account = None if account == "unknown-account" else account
        self.region = None if region == "unknown-region" else region
        self.resources: list[cdk.CfnResource] = []
        """Resources that constructs of this library have created, for the rules over several resources."""


_ENVIRONMENTS: weakref.WeakKeyDictionary[IConstruct, Environment] = weakref.WeakKeyDictionary()


def environment_of(scope: object) -> Environment:
    """The environment of the stack that a construct is, or is in; a stack is asked once."""
    construct = cast("IConstruct", scope)
    environment = _ENVIRONMENTS.get(construct)
    if environment is None:
        stack = construct if isinstance(construct, cdk.Stack) else cdk.Stack.of(construct)
        environment = _ENVIRONMENTS.get(stack)
        if environment is None:
            environment = _ENVIRONMENTS[stack] = Environment(stack)
            _check_templates(stack)
        _ENVIRONMENTS[construct] = environment
    return environment


def _check_templates(stack: cdk.Stack) -> None:
    """Have CDK check the templates of the app, once."""
    root = stack.node.root
    if root not in _CHECKED and cdk.Stage.is_stage(root):
        _CHECKED[root] = True
        cdk.Validations.of(root).add_plugins(_OwnChecks())


_CHECKED: weakref.WeakKeyDictionary[IConstruct, bool] = weakref.WeakKeyDictionary()
_REPORTERS: weakref.WeakKeyDictionary[IConstruct, str] = weakref.WeakKeyDictionary()
"""Which plugin reports on the constructs of this library, by app: the one that CDK calls first."""


def is_reporter(context: cdk.IPolicyValidationContext, plugin: str) -> bool:
    """Whether a plugin is the one to report rules over several resources on constructs of this library."""
    return _REPORTERS.setdefault(context.app_construct, plugin) == plugin


def is_own(violation: Violation) -> bool:
    """Whether a violation over several resources is one of a construct of this library."""
    resource = violation.resource
    if not violation.rule.across or resource.template is None:
        return False
    file = pathlib.Path(resource.template.path).name
    return any(
        own.stack.template_file == file and own.stack.resolve(own.logical_id) == resource.logical_id
        for environment in list(_ENVIRONMENTS.values())
        for own in environment.resources
    )


@jsii.implements(cdk.IPolicyValidationPlugin)
class _OwnChecks:
    """The rules over several resources, for constructs of this library."""

    @property
    def name(self) -> str:
        """Name of the plugin in the report."""
        return "stage-constructs"

    @property
    def version(self) -> str | None:
        """Version of this library."""
        from . import __version__  # noqa: PLC0415  the package imports this module

        return __version__

    @property
    def rule_ids(self) -> list[str] | None:
        """Not told."""
        return None

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Read the templates and report what is wrong; called by CDK at synth."""
        from ._template_report import read_context, report  # noqa: PLC0415  wanted at synth only
        from .rules.templates import evaluate_templates  # noqa: PLC0415  likewise

        if not is_reporter(context, "constructs"):
            return report(())
        return report(each for each in evaluate_templates(read_context(context)) if is_own(each))
