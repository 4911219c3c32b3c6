"""Turns violations of rules into errors and warnings of a construct, unless a rule is accepted.

A rule is accepted by its id: on a scope by CDK's acknowledgment of `stage-constructs:<id>`, or for an app in its
context by `"stage-constructs:accept": ["region"]` or `{"region": "reason"}`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from ._spelling import PYTHON
from .errors import StageConfigurationError, Violation
from .rules import Kind, evaluate
from .rules import _messages as messages
from .rules._engine import Key, value_types
from .rules._unknown import is_unknown

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from .rules._engine import Path, RuleViolation, ValueTypes
    from .rules._resources import Resource

PREFIX: Final = "stage-constructs:"
CONTEXT_KEY: Final = "stage-constructs:accept"


def violations_of(resource: Resource, given: Mapping[str, object] | None = None) -> list[Violation]:
    """The rules that a resource breaks, with messages for readers of Python.

    Args:
        resource: The resource as CloudFormation gets it.
        given: Values as the caller wrote them, by the paths of their properties, where CloudFormation gets others.
    """
    violations = [_in_python(violation, given or {}) for violation in evaluate(resource)]
    return [*violations, *_not_renderable(resource.type, resource.properties, (), value_types(resource.type))]


def _in_python(violation: RuleViolation, given: Mapping[str, object]) -> Violation:
    rule = violation.rule
    value = given.get(".".join(violation.path), violation.value)
    return message_of(
        rule.id,
        PYTHON.prop(violation.resource_type, violation.path),
        None if rule.secret else value,
        messages.problem_text(violation, PYTHON, value),
        messages.fix_text(violation, PYTHON),
        service=messages.service_text(violation),
        kind=rule.kind,
    )


_FORMS: Final = {str: "a string", float: "a number", bool: "True or False", list: "a list"}
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ONE_TOKEN: Final = re.compile(r"\$\{Token\[[^\]]*\]\}")


def _not_renderable(resource_type: str, value: object, path: Path, types: ValueTypes) -> Iterator[Violation]:
    """Tokens of another type than the property, and strings with lone surrogates, which no template can hold.

    Args:
        resource_type: CloudFormation type.
        value: A value of the resource.
        path: Where it is.
        types: Its type, and those of what is in it.
    """
    if is_unknown(value):
        kind = types.own or str
        if not _can_become(value, kind):
            prop, form = PYTHON.prop(resource_type, path), _FORMS.get(kind, "an object")
            problem = f"{prop} must be {form}, got {PYTHON.value(value)}"
            yield message_of("tokenType", prop, value, problem, f"give a token of {form}")
    elif isinstance(value, str):
        if _LONE_SURROGATE.search(value):
            prop = PYTHON.prop(resource_type, path)
            yield message_of("text", prop, None, f"{prop} must be Unicode text", "remove the lone surrogates")
    elif isinstance(value, Mapping):
        is_map = "*" in types.members
        for name, item in cast("Mapping[str, object]", value).items():
            key = Key(name) if is_map else name
            yield from _not_renderable(resource_type, item, (*path, key), types.member(name))
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[object]", value):
            yield from _not_renderable(resource_type, item, path, types.member("*"))


def _can_become(value: object, kind: type) -> bool:
    """Whether a token can be converted to a type."""
    if isinstance(value, list):
        return kind is list
    if isinstance(value, float):
        return kind in (float, str)
    if isinstance(value, str) and kind is not str:
        return kind in (float, bool) and ("${Token[" not in value or _ONE_TOKEN.fullmatch(value) is not None)
    return True


def message_of(
    rule: str, prop: str, value: object, problem: str, fix: str, *, service: str = "", kind: Kind = Kind.GRAMMAR
) -> Violation:
    """A violation with its message.

    Args:
        rule: Id of the rule.
        prop: The property as the caller wrote it.
        value: The value as given.
        problem: What is wrong, as a sentence that begins with the property.
        fix: What to write instead.
        service: The service's own words.
        kind: Kind of the rule.
    """
    message = f"{problem}: {fix}"
    if kind in (Kind.SET, Kind.LIMIT):
        call = f'cdk.Validations.of(self).acknowledge(cdk.Acknowledgment(id="{PREFIX}{rule}", reason="..."))'
        message += f"; if AWS accepts it by now, accept this rule by {call}"
    if service:
        message += f" (the service answers: {service})"
    if kind.is_error:
        message += f" [{PREFIX}{rule}]"
    return Violation(rule, prop, value, message, kind.is_error)


def raise_if_invalid(scope: IConstruct, construct_id: str | None, violations: Iterable[Violation]) -> None:
    """Raise one error for all errors among the violations whose rules are not accepted.

    Args:
        scope: The scope of the construct that is not created, or the construct itself.
        construct_id: Id of the construct in that scope. None: the scope is the construct.
        violations: Errors and warnings.
    """
    errors = [each for each in violations if each.is_error and not is_accepted(scope, each.rule)]
    if errors:
        raise StageConfigurationError(_path(scope, construct_id), errors)


def warn(construct: IConstruct, violations: Iterable[Violation]) -> None:
    """Attach the warnings among the violations to a construct; CDK drops those that are acknowledged."""
    for violation in violations:
        if not violation.is_error and not accepted_in_context(construct, violation.rule):
            from aws_cdk import Annotations  # noqa: PLC0415  most constructs have no warnings

            Annotations.of(construct).add_warning_v2(f"{PREFIX}{violation.rule}", violation.message)


def report(construct: IConstruct, violations: Iterable[Violation]) -> None:
    """Raise the errors among the violations of a method of a construct, or attach the warnings."""
    violations = list(violations)
    raise_if_invalid(construct, None, violations)
    warn(construct, violations)


def configuration_error(scope: Construct, construct_id: str, violation: Violation) -> StageConfigurationError:
    """The error for a construct that cannot be created at all, so that its rule cannot be accepted."""
    return StageConfigurationError(_path(scope, construct_id), [violation])


def _path(scope: IConstruct, construct_id: str | None) -> str:
    return scope.node.path if construct_id is None else f"{scope.node.path}/{construct_id}".lstrip("/")


def is_accepted(scope: IConstruct, rule: str) -> bool:
    """Whether a rule is accepted on a scope, above it, or for the app."""
    return accepted_in_context(scope, rule) or _acknowledged(scope, rule)


def accepted_in_context(scope: IConstruct, rule: str) -> bool:
    """Whether a rule was accepted in the context of the app."""
    return rule in accepted_rules(scope)


def accepted_rules(scope: IConstruct) -> Collection[str]:
    """The rules that the context of the app accepts."""
    accepted = cast("object", scope.node.try_get_context(CONTEXT_KEY))
    return cast("Collection[str]", accepted) if isinstance(accepted, (list, tuple, Mapping)) else ()


def _acknowledged(scope: IConstruct, rule: str) -> bool:
    """Whether CDK drops a warning with the id of the rule; before 2.263 it does so for some ids only."""
    from aws_cdk import Annotations  # noqa: PLC0415  most constructs break no rule
    from constructs import Construct  # noqa: PLC0415  likewise

    probe = Construct(cast("Construct", scope), "StageConstructsAcceptedRule")
    try:
        Annotations.of(probe).add_warning_v2(f"{PREFIX}{rule}", "Is this rule accepted?")
        return not probe.node.metadata or any(
            str(key).endswith(f"{PREFIX}{rule}")
            for each in scope.node.scopes
            for entry in each.node.metadata
            if entry.type == "aws:cdk:acknowledged-rules"
            for key in entry.data
        )
    finally:
        scope.node.try_remove_child("StageConstructsAcceptedRule")
