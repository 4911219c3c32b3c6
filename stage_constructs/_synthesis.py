"""What this library keeps for an app and for each of its stacks until synth, and its check of the templates.

A rule that looks at several resources is judged on the synthesized template, which shows overrides, macros and included
templates that the tree does not. The first construct in an app registers the check.
"""

from __future__ import annotations

import functools
import pathlib
import weakref
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import jsii
from constructs import Construct, IValidation

from ._jsii import without_proxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from constructs import IConstruct

    from .rules import RuleViolation


class AppState:
    """The root of a tree, with those of its stacks that have constructs of this library."""

    def __init__(self) -> None:
        self.environments: list[Environment] = []
        self.is_checked = False
        """Whether CDK has been told to check the templates."""
        self.reporter: str | None = None
        """The plugin that reports on the constructs of this library: the one that CDK calls first."""


class Environment:
    """A stack, with its Region and account where they are known at synth."""

    def __init__(self, stack: cdk.Stack) -> None:
        self.stack = stack
        account, region = stack.environment.removeprefix("aws://").split("/")
        self.account = None if account == "unknown-account" else account
        self.region = None if region == "unknown-region" else region
        self.resources: list[cdk.CfnResource] = []
        """Resources that constructs of this library have created, for the rules over several resources."""
        self.protocols: dict[str, str] = {}
        """Protocols of APIs by their ids: no template tells that of an imported API."""
        self.api_gateway_account: Any = None
        """The first `ApiGatewayAccount` of the stack, or of those nested in it."""
        self.synthesis_hooks: list[Callable[[Any], None]] = []
        """Called when the tree is complete."""
        self.checks: list[Callable[[], None]] = []
        """Called when CDK validates the tree."""


_APPS: weakref.WeakKeyDictionary[IConstruct, AppState] = weakref.WeakKeyDictionary()
_ENVIRONMENTS: weakref.WeakKeyDictionary[IConstruct, Environment] = weakref.WeakKeyDictionary()


def environment_of(scope: object) -> Environment:
    """The environment of the stack that a construct is, or is in; a stack is asked once."""
    construct = cast("IConstruct", scope)
    environment = _ENVIRONMENTS.get(construct)
    if environment is None:
        stack = construct if isinstance(construct, cdk.Stack) else cdk.Stack.of(construct)
        environment = _ENVIRONMENTS.get(stack) or _add_environment(stack)
        _ENVIRONMENTS[construct] = environment
    return environment


def known_environment(construct: object) -> Environment | None:
    """The environment of a construct where it costs no request: of a stack, and of what was asked before."""
    if isinstance(construct, cdk.Stack):
        return environment_of(construct)
    return _ENVIRONMENTS.get(construct) if isinstance(construct, Construct) else None


def remember_environment(construct: IConstruct, environment: Environment | None) -> None:
    """Spare the request for the stack of a construct, where the environment of its scope is known."""
    if environment is not None:
        _ENVIRONMENTS[construct] = environment


def on_validation(environment: Environment, check: Callable[[], None]) -> None:
    """Call a function when CDK validates the tree, to warn of what was not added until then."""
    if not environment.checks:
        environment.stack.node.add_validation(_Checks(environment.checks))
    environment.checks.append(check)


@jsii.implements(IValidation)
class _Checks:
    """The functions of a stack; one validation each would be three requests each."""

    def __init__(self, checks: list[Callable[[], None]]) -> None:
        self._checks = checks

    def validate(self) -> list[str]:
        """Call them; there are no errors."""
        for check in self._checks:
            check()
        return []


def _add_environment(stack: cdk.Stack) -> Environment:
    environment = _ENVIRONMENTS[stack] = Environment(stack)
    root = stack.node.root
    app = app_of(root)
    app.environments.append(environment)
    if not app.is_checked and cdk.Stage.is_stage(root):
        app.is_checked = True
        cdk.Validations.of(root).add_plugins(_OwnChecks())
    return environment


def app_of(root: IConstruct) -> AppState:
    """What this library keeps for an app."""
    return _APPS.setdefault(root, AppState())


def is_reporter(context: cdk.IPolicyValidationContext, plugin: str) -> bool:
    """Whether a plugin is the one to report rules over several resources on constructs of this library."""
    app = app_of(context.app_construct)
    app.reporter = app.reporter or plugin
    return app.reporter == plugin


def protocols_of(app: IConstruct) -> dict[str, str]:
    """The protocols of the APIs that the stages of an app belong to, by the ids of the APIs."""
    return {api_id: protocol for each in app_of(app).environments for api_id, protocol in each.protocols.items()}


class OwnResources:
    """The resources of this library's constructs in the templates of an app."""

    def __init__(self, context: cdk.IPolicyValidationContext) -> None:
        self._app = app_of(context.app_construct)

    @functools.cached_property
    def _places(self) -> set[tuple[str, str]]:
        """Names of template files, and logical ids in them."""
        ids: dict[cdk.Stack, list[str]] = {}
        for resource in (each for environment in self._app.environments for each in environment.resources):
            ids.setdefault(resource.stack, []).append(resource.logical_id)
        known = ((stack.template_file, stack.resolve(tokens)) for stack, tokens in ids.items())
        return {(file, logical_id) for file, logical_ids in known for logical_id in logical_ids}

    def broke(self, violation: RuleViolation) -> bool:
        """Whether a violation that its constructor could not see is one of a construct of this library."""
        resource = violation.resource
        if not violation.rule.is_late or resource.template is None:
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
        from ._template_report import report, templates_of, violations_in  # noqa: PLC0415  wanted at synth only

        context = without_proxy(context, "app_construct")
        if not is_reporter(context, "constructs"):
            return report(())
        own = OwnResources(context)
        templates = templates_of(context)
        return report(each for each in violations_in(context, templates, late=True) if own.broke(each))
