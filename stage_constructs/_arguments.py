"""Checks of constructor arguments that are not CloudFormation properties: value objects, constructs, durations.

The rules check the properties that arguments are rendered to.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from . import _suggestions
from ._jsii import parts_of
from ._validation import message_of
from .rules import Kind
from .rules._unknown import is_unknown

if TYPE_CHECKING:
    from aws_cdk import Duration
    from constructs import IConstruct

    from .errors import Violation

NOT_SET: Final = "is it an environment variable or a context key that is not set?"
"""The fix for a None that is not expected."""


def has_member(value: object, member: str) -> bool:
    """Whether the class of an object has a member, without a request to the jsii kernel; of a proxy, its interface."""
    return any(hasattr(type(part), member) for part in parts_of(value))


def violation(
    rule: str, prop: str, value: object, problem: str, fix: str, *, show_value: bool = True, kind: Kind = Kind.GRAMMAR
) -> Violation:
    """A violation of a rule that is not a row in `rules`; `problem` ends a sentence that begins with the property."""
    got = f", got {_suggestions.format_value(value)}" if show_value else ""
    return message_of(rule, prop, value, f"{prop} {problem}{got}", fix, kind=kind)


warning = functools.partial(violation, kind=Kind.RUN_TIME)
"""The same for a value that deploys and does not work."""


def value_object(prop: str, value: object, kind: type[object], *, rule: str, **other_names: str) -> Iterator[Violation]:
    """A value object of this library or of CDK; `other_names` are other names of its fields, in lower case."""
    if not isinstance(value, kind):
        name, keywords = kind.__name__, [each.name for each in fields(kind)] if is_dataclass(kind) else []
        fix = _suggestions.suggest_call(name, value, keywords, **other_names) or f"write {name}(...)"
        yield violation(rule, prop, value, f"must be {name}(...)", fix)


def construct(
    prop: str, value: object, member: str, expected: str, *, rule: str, by_arn: str = "", by_name: str = ""
) -> Iterator[Violation]:
    """A construct that has a member such as `role_ref`; the calls that import one are those of `suggest_import`."""
    if not has_member(value, member):
        fix = NOT_SET if value is None else _suggestions.suggest_import(value, by_arn=by_arn, by_name=by_name)
        yield violation(rule, prop, value, f"must be {expected}", fix or "give the construct")


def sequence(prop: str, value: object, expected: str, *, rule: str) -> Iterator[Violation]:
    """A list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        single = isinstance(value, (str, enum.Enum))
        fix = f"write [{_suggestions.format_value(value)}]" if single else "write such a list"
        yield violation(rule, prop, value, f"must be {expected}", fix)


def duration(prop: str, value: object, *, rule: str = "duration") -> Iterator[Violation]:
    """A `Duration` that can be converted to seconds, or None."""
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
    member = closest.name if closest else f"{example.name} for instance"
    name = f"{module}{kind.__name__}"
    yield violation(rule, prop, value, f"must be a {name}", f"write {name}.{member}")


def plain(value: Any) -> Any:
    """A value as CloudFormation gets it: members of enums are their values, mappings are dicts."""
    if isinstance(value, enum.Enum) and isinstance(value, (str, int, float)):
        return value.value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    return value


def removal_policy(prop: str, value: object, *, rule: str) -> Iterator[Violation]:
    """A removal policy for a resource that has no snapshots, or None for the default."""
    from aws_cdk import RemovalPolicy  # noqa: PLC0415  the checks of value objects need no CDK

    yield from native_enum(prop, value, RemovalPolicy.RETAIN, "cdk.", rule=rule)
    if value is RemovalPolicy.SNAPSHOT:
        problem = "must be RemovalPolicy.RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE"
        fix = "CloudFormation takes no snapshots of this kind of resource; write RemovalPolicy.RETAIN to keep it"
        yield violation(rule, prop, value, problem, fix)


def text(prop: str, value: object, max_length: int, *, rule: str) -> Iterator[Violation]:
    """A string that is not empty."""
    if not isinstance(value, str):
        yield violation(rule, prop, value, "must be a string", NOT_SET if value is None else "write a text")
    elif not is_unknown(value) and not 0 < len(value) <= max_length:
        fix = "shorten it" if value else NOT_SET
        yield violation(rule, prop, value, f"must have 1 to {max_length} characters", fix)


def required(prop: str, value: object, *, rule: str) -> Iterator[Violation]:
    """A value that must be given."""
    if value is None:
        yield violation(rule, prop, value, "must be given", NOT_SET)


def map_of_texts(prop: str, value: object, *, key_rule: str, value_rule: str) -> Iterator[Violation]:
    """A map whose keys are strings and whose values are given; rules check the values."""
    for key, item in _members(value):
        key_prop = f"{prop}[{_suggestions.format_value(key)}]"
        if not isinstance(key, str):
            yield violation(key_rule, key_prop, key, "must have a text as its key", f'write "{key}"')
        if item is None:
            yield violation(value_rule, key_prop, item, "must be a string", NOT_SET)


def known_keys(scope: IConstruct, prop: str, value: object) -> Iterator[Violation]:
    """A map whose keys are known at synth, because a template cannot compute a key."""
    for key, _ in _members(value):
        if isinstance(key, str) and is_unknown(key):
            from aws_cdk import Stack  # noqa: PLC0415  used for tokens as keys only

            if not isinstance(Stack.of(scope).resolve(key), str):
                problem, fix = "must have keys that are known at synth", "a template cannot compute a key"
                yield violation("tokenAsKey", prop, key, problem, fix)


def map_or_none(value: object) -> Any:
    """A map as CloudFormation gets it; an empty one is left out."""
    return None if isinstance(value, Mapping) and not value else plain(value)


def _members(value: object) -> list[tuple[object, object]]:
    return list(cast("Mapping[object, object]", value).items()) if isinstance(value, Mapping) else []
