"""From violations to the errors and warnings of a construct, unless a rule was accepted.

A rule is accepted by its id, for a scope by CDK's acknowledgment of `stage-constructs:<id>` and for an app in its
context: `"stage-constructs:accept": ["region"]` or `{"region": "reason"}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from ._spelling import PYTHON
from .errors import StageConfigurationError, Violation
from .rules import Kind, evaluate
from .rules import _messages as messages
from .rules._engine import Key, property_types
from .rules._unknown import is_unknown

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

    from .rules._engine import Path, RuleViolation
    from .rules._resources import Resource

PREFIX: Final = "stage-constructs:"
CONTEXT_KEY: Final = "stage-constructs:accept"
_MAY_MOVE: Final = frozenset({Kind.SET, Kind.LIMIT})


def violations_of(resource: Resource, given: Mapping[str, object] | None = None) -> list[Violation]:
    """The rules that a resource breaks, in the words of Python.

    Args:
        resource: The resource as CloudFormation gets it.
        given: Values as the caller wrote them, by the paths of their properties, where CloudFormation gets others.
    """
    violations = [_in_python(violation, given or {}) for violation in evaluate(resource)]
    return [*violations, *_not_renderable(resource.type, resource.properties, (), ())]


def _not_renderable(resource_type: str, value: object, path: Path, read: Path) -> Iterator[Violation]:
    """Tokens that cannot become what the property takes, and texts with lone surrogates, which no template can hold.

    Args:
        resource_type: CloudFormation type.
        value: A value of the resource.
        path: Where it is.
        read: The same, with `*` for keys and items.
    """
    if is_unknown(value):
        kind = property_types(resource_type).get(read, str)
        if not _can_become(value, kind):
            prop, form = PYTHON.prop(resource_type, path), _FORMS.get(kind, "an object")
            problem = f"{prop} must be {form}, got {PYTHON.value(value)}"
            yield message_of("tokenType", prop, value, problem, f"give a token of {form}")
    elif isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            prop = PYTHON.prop(resource_type, path)
            yield message_of("text", prop, None, f"{prop} must be Unicode text", "remove the lone surrogates")
    elif isinstance(value, Mapping):
        known = property_types(resource_type)
        for name, item in cast("Mapping[str, object]", value).items():
            is_key = (*read, "*") in known or any(each[: len(read) + 1] == (*read, "*") for each in known)
            step = (Key(name), "*") if is_key else (name, name)
            yield from _not_renderable(resource_type, item, (*path, step[0]), (*read, step[1]))
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[object]", value):
            yield from _not_renderable(resource_type, item, path, (*read, "*"))


def _can_become(value: object, kind: type) -> bool:
    """Whether a token can be given in the form of a type."""
    if isinstance(value, list):
        return kind is list
    if isinstance(value, float):
        return kind in (float, str)
    if isinstance(value, str) and kind is not str:
        return kind in (float, bool) and ("${Token[" not in value or _ONE_TOKEN.fullmatch(value) is not None)
    return True


_ONE_TOKEN: Final = re.compile(r"\$\{Token\[[^\]]*\]\}")
_FORMS: Final = {str: "a string", float: "a number", bool: "True or False", list: "a list"}


def _in_python(violation: RuleViolation, given: Mapping[str, object]) -> Violation:
    rule = violation.rule
    prop = PYTHON.prop(violation.resource_type, violation.path)
    value = given.get(".".join(violation.path), violation.value)
    return message_of(
        rule.id,
        prop,
        None if rule.secret else value,
        messages.problem_text(violation, PYTHON, value),
        messages.fix_text(violation, PYTHON),
        service=messages.service_text(violation),
        kind=rule.kind,
    )


def message_of(
    rule: str, prop: str, value: object, problem: str, fix: str, *, service: str = "", kind: Kind = Kind.GRAMMAR
) -> Violation:
    """A violation with its message.

    Args:
        rule: Id of the rule.
        prop: The property as the caller wrote it.
        value: The value as given.
        problem: What is wrong, a sentence that begins with the property.
        fix: What to write instead.
        service: The service's own words.
        kind: Kind of the rule.
    """
    answer = f" (the service answers: {service})" if service else ""
    way_out = f"; {_way_out(rule)}" if kind in _MAY_MOVE else ""
    tag = f" [{PREFIX}{rule}]" if kind.is_error else ""
    return Violation(rule, prop, value, f"{problem}: {fix}{way_out}{answer}{tag}", kind.is_error)


def _way_out(rule: str) -> str:
    call = f'cdk.Validations.of(self).acknowledge(cdk.Acknowledgment(id="{PREFIX}{rule}", reason="..."))'
    return f"if AWS accepts it by now, accept this rule by {call}"


def raise_if_invalid(scope: Construct, construct_id: str, violations: Sequence[Violation]) -> None:
    """Raise the errors among the violations, but for accepted rules, as one error that names the construct-to-be."""
    errors = [violation for violation in violations if violation.is_error and not is_accepted(scope, violation.rule)]
    if errors:
        raise StageConfigurationError(f"{scope.node.path}/{construct_id}".lstrip("/"), errors)


def report(construct: IConstruct, violations: Iterable[Violation]) -> None:
    """Raise the errors among the violations of a method of a construct, or attach the warnings."""
    judged = list(violations)
    errors = [violation for violation in judged if violation.is_error and not is_accepted(construct, violation.rule)]
    if errors:
        raise StageConfigurationError(construct.node.path, errors)
    warn(construct, judged)


def configuration_error(scope: Construct, construct_id: str, violation: Violation) -> StageConfigurationError:
    """The error for a construct that is not created because of one violation that cannot be accepted."""
    return StageConfigurationError(f"{scope.node.path}/{construct_id}".lstrip("/"), [violation])


def warn(construct: IConstruct, violations: Iterable[Violation]) -> None:
    """Attach the warnings among the violations to a construct, but for accepted rules."""
    for violation in violations:
        if not violation.is_error and not accepted_in_context(construct, violation.rule):
            from aws_cdk import Annotations  # noqa: PLC0415  most constructs warn of nothing

            Annotations.of(construct).add_warning_v2(f"{PREFIX}{violation.rule}", violation.message)


def is_accepted(scope: IConstruct, rule: str) -> bool:
    """Whether a rule was accepted on a scope, above it, or for the app."""
    return accepted_in_context(scope, rule) or _acknowledged(scope, rule)


def accepted_in_context(scope: IConstruct, rule: str) -> bool:
    """Whether a rule was accepted in the context of the app."""
    accepted = cast("object", scope.node.try_get_context(CONTEXT_KEY))
    return isinstance(accepted, (list, tuple, Mapping)) and rule in accepted


def _acknowledgment_recorded(scope: IConstruct, rule: str) -> bool:
    """Whether a scope, or one above it, has the acknowledgment; CDK drops warnings for some of these only."""
    return any(
        entry.type == "aws:cdk:acknowledged-rules" and any(str(key).endswith(f"{PREFIX}{rule}") for key in entry.data)
        for each in scope.node.scopes
        for entry in each.node.metadata
    )


def _acknowledged(scope: IConstruct, rule: str) -> bool:
    """Whether CDK drops a warning with the id of the rule, which is how it tells of an acknowledgment."""
    from aws_cdk import Annotations  # noqa: PLC0415  most constructs break no rule
    from constructs import Construct  # noqa: PLC0415  likewise

    probe = Construct(cast("Construct", scope), "StageConstructsAcceptedRule")
    try:
        Annotations.of(probe).add_warning_v2(f"{PREFIX}{rule}", "Is this rule accepted?")
        return not probe.node.metadata or _acknowledgment_recorded(scope, rule)
    finally:
        scope.node.try_remove_child("StageConstructsAcceptedRule")
