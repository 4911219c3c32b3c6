"""What a constructor asks of its arguments before it renders them: value objects, constructs, durations.

Advice is given for what people really do: a forgotten None, a dict in place of a value object, a name or an ARN in
place of a construct, a bare number in place of a `Duration`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, cast

from . import _suggestions
from ._validation import PREFIX
from .errors import Violation
from .rules._unknown import is_unknown

if TYPE_CHECKING:
    from aws_cdk import Duration
    from constructs import IConstruct

NOT_SET = "is it an environment variable or a context key that is not set?"


def has_member(value: object, member: str) -> bool:
    """Whether the class of an object, native, ours or a jsii proxy, has a member; asks no JavaScript."""
    parts: Sequence[object] = getattr(value, "_delegates", None) or (value,)
    return any(hasattr(type(part), member) for part in parts)


def violation(rule: str, prop: str, value: object, problem: str, fix: str, *, show_value: bool = True) -> Violation:
    """An argument that a constructor cannot take."""
    got = f", got {_suggestions.format_value(value)}" if show_value else ""
    return Violation(rule, prop, value, f"{prop} {problem}{got}: {fix} [{PREFIX}{rule}]")


def warning(rule: str, prop: str, value: object, problem: str, fix: str, *, show_value: bool = True) -> Violation:
    """An argument that a constructor takes, and that does not work."""
    got = f", got {_suggestions.format_value(value)}" if show_value else ""
    return Violation(rule, prop, value, f"{prop} {problem}{got}: {fix}", is_error=False)


def value_object(prop: str, value: object, kind: type[object], *, rule: str, **other_names: str) -> Iterator[Violation]:
    """A value object of this library.

    Args:
        prop: The property.
        value: What was given.
        kind: The class of the value object.
        rule: Id of the rule.
        other_names: Names that other tools have for fields, with the name here.
    """
    if isinstance(value, kind):
        return
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else []
    call = _suggestions.suggest_call(kind.__name__, value, names, **other_names)
    yield violation(rule, prop, value, f"must be {kind.__name__}(...)", call or f"write {kind.__name__}(...)")


def construct(
    prop: str, value: object, member: str, expected: str, *, rule: str, by_arn: str = "", by_name: str = ""
) -> Iterator[Violation]:
    """A construct, known by a member such as `role_ref`.

    Args:
        prop: The property.
        value: What was given.
        member: A member that each such construct has.
        expected: The construct in words.
        rule: Id of the rule.
        by_arn: The call that imports one by its ARN, which stands at `{}`.
        by_name: The same for a name or an id.
    """
    if has_member(value, member):
        return
    otherwise = NOT_SET if value is None else "give the construct"
    fix = _suggestions.suggest_import(value, by_arn=by_arn, by_name=by_name) or otherwise
    yield violation(rule, prop, value, f"must be {expected}", fix)


def mapping(prop: str, value: object, example: str, *, rule: str) -> Iterator[Violation]:
    """A dict, or a token for a whole one."""
    if value is not None and not isinstance(value, Mapping) and not is_unknown(value):
        yield violation(rule, prop, value, f"must be a dict such as {example}", "write such a dict")


def sequence(prop: str, value: object, expected: str, *, rule: str) -> Iterator[Violation]:
    """A list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        fix = (
            f"write [{_suggestions.format_value(value)}]"
            if isinstance(value, (str, enum.Enum))
            else "write such a list"
        )
        yield violation(rule, prop, value, f"must be {expected}", fix)


def duration(prop: str, value: object, *, rule: str = "duration") -> Iterator[Violation]:
    """A `Duration`, of which seconds can be made."""
    if value is None:
        return
    if not has_member(value, "to_seconds"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        example = f"Duration.seconds({value:g})" if number else "Duration.seconds(60) for instance"
        yield violation(rule, prop, value, "must be a Duration", f"write {example}")
        return
    try:
        cast("Duration", value).to_seconds(integral=False)
    except RuntimeError:  # a token in another unit than seconds
        problem, fix = "must be a Duration in seconds", "write Duration.seconds(...) with the token"
        yield violation(rule, prop, value, problem, fix)


def native_enum(prop: str, value: object, example: enum.Enum, module: str, *, rule: str) -> Iterator[Violation]:
    """A member of an enum of CDK such as the example, or None for the default."""
    kind = type(example)
    if value is None or isinstance(value, kind):
        return
    closest = _suggestions.closest_member(kind, value)
    example = example if closest is None else closest
    name = f"{module}{kind.__name__}"
    suffix = "" if closest else " for instance"
    yield violation(rule, prop, value, f"must be a {name}", f"write {name}.{example.name}{suffix}")


def plain(value: Any) -> Any:
    """A value as CloudFormation gets it: members of enums are their values, mappings are dicts."""
    if isinstance(value, enum.Enum) and isinstance(value, str):
        return str(value.value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    return value


def removal_policy(prop: str, value: object, *, rule: str) -> Iterator[Violation]:
    """A removal policy, for a resource of which no snapshots can be taken."""
    from aws_cdk import RemovalPolicy  # noqa: PLC0415  the checks of value objects need no CDK

    yield from native_enum(prop, value, RemovalPolicy.RETAIN, "cdk.", rule=rule)
    if value is RemovalPolicy.SNAPSHOT:
        problem = "must be RemovalPolicy.RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE"
        fix = "CloudFormation takes no snapshots of this kind of resource; write RemovalPolicy.RETAIN to keep it"
        yield violation(rule, prop, value, problem, fix)


def text(prop: str, value: object, most: int, *, rule: str) -> Iterator[Violation]:
    """A text that is not empty."""
    if not isinstance(value, str):
        yield violation(rule, prop, value, "must be a string", NOT_SET if value is None else "write a text")
    elif not is_unknown(value) and not 0 < len(value) <= most:
        yield violation(rule, prop, value, f"must have 1 to {most} characters", "shorten it" if value else NOT_SET)


def known_keys(scope: IConstruct, prop: str, value: object) -> Iterator[Violation]:
    """Keys of an object in the template, which no intrinsic function can compute."""
    for key in cast("Mapping[object, object]", value) if isinstance(value, Mapping) else ():
        if isinstance(key, str) and is_unknown(key):
            from aws_cdk import Stack  # noqa: PLC0415  wanted for tokens as keys only

            if not isinstance(Stack.of(scope).resolve(key), str):
                problem, fix = "must have keys that are known at synth", "a template cannot compute a key"
                yield violation("tokenAsKey", prop, key, problem, fix)


def required(prop: str, value: object, *, rule: str) -> Iterator[Violation]:
    """A value that cannot be left out."""
    if value is None:
        yield violation(rule, prop, value, "must be given", NOT_SET)


def map_of_texts(prop: str, value: object, *, key_rule: str, value_rule: str) -> Iterator[Violation]:
    """A map whose keys are texts, and of whose values none is forgotten."""
    for key, item in cast("Mapping[object, object]", value).items() if isinstance(value, Mapping) else ():
        where = f"{prop}[{_suggestions.format_value(key)}]"
        if not isinstance(key, str):
            yield violation(key_rule, where, key, "must have a text as its key", f'write "{key}"')
        if item is None:
            yield violation(value_rule, where, item, "must be a string", NOT_SET)


def map_or_none(value: object) -> Any:
    """A map as CloudFormation gets it; an empty one is left out."""
    return None if isinstance(value, Mapping) and not value else plain(value)
