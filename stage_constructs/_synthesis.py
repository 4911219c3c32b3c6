"""What is known of a stack, read once, and the rules over its synthesized template.

A rule that looks at several resources is judged on the template, which shows overrides, macros and included templates
that the tree does not. The first construct of an app registers the check.
"""

from __future__ import annotations

import functools
import pathlib
import weakref
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import jsii

if TYPE_CHECKING:
    from constructs import IConstruct

    from .rules import RuleViolation


class Environment:
    """A stack, with its Region and account where they are known at synth."""

    def __init__(self, stack: cdk.Stack) -> None:
        self.stack = stack
        account, region = stack.environment.removeprefix("aws://").split("/")
        self.account = None if account == "unknown-account" else account
        self.region = None if region == "unknown-region" else region
        self.app: IConstruct | None = None
        """The root of the tree, where CDK synthesizes it."""
        self.resources: list[cdk.CfnResource] = []
        """Resources that constructs of this library have created, for the rules over several resources."""
        self.protocols: dict[str, str] = {}
        """Protocols of APIs by their ids: no template tells that of an imported API."""


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
            environment.app = _checked_app(stack)
        _ENVIRONMENTS[construct] = environment
    return environment


def _checked_app(stack: cdk.Stack) -> IConstruct:
    """The app of a stack, whose templates CDK is told, once, to have checked."""
    root = stack.node.root
    if root not in _CHECKED and cdk.Stage.is_stage(root):
        _CHECKED[root] = True
        cdk.Validations.of(root).add_plugins(_OwnChecks())
    return root


_CHECKED: weakref.WeakKeyDictionary[IConstruct, bool] = weakref.WeakKeyDictionary()
_REPORTERS: weakref.WeakKeyDictionary[IConstruct, str] = weakref.WeakKeyDictionary()
"""Which plugin reports on the constructs of this library, by app: the one that CDK calls first."""


def is_reporter(context: cdk.IPolicyValidationContext, plugin: str) -> bool:
    """Whether a plugin is the one to report rules over several resources on constructs of this library."""
    return _REPORTERS.setdefault(context.app_construct, plugin) == plugin


def protocols_of(app: IConstruct) -> dict[str, str]:
    """The protocols of the APIs that the stages of an app belong to, by the ids of the APIs."""
    environments = [each for each in list(_ENVIRONMENTS.values()) if each.app is app]
    return {api_id: protocol for each in environments for api_id, protocol in each.protocols.items()}


class OwnResources:
    """The resources of this library's constructs in the templates of an app."""

    def __init__(self, context: cdk.IPolicyValidationContext) -> None:
        self._app = context.app_construct

    @functools.cached_property
    def _places(self) -> set[tuple[str, str]]:
        """Names of template files, and logical ids in them."""
        environments = {id(each): each for each in list(_ENVIRONMENTS.values()) if each.app is self._app}
        own = [resource for environment in environments.values() for resource in environment.resources]
        return {(each.stack.template_file, each.stack.resolve(each.logical_id)) for each in own}

    def broke(self, violation: RuleViolation) -> bool:
        """Whether a violation over several resources is one of a construct of this library."""
        resource = violation.resource
        if not violation.rule.across or resource.template is None:
            return False
        return (pathlib.Path(resource.template.path).name, resource.logical_id) in self._places


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
        from ._template_report import report, violations_in  # noqa: PLC0415  wanted at synth only

        if not is_reporter(context, "constructs"):
            return report(())
        own = OwnResources(context)
        return report(each for each in violations_in(context) if own.broke(each))
