"""Checks that all constructs share: faults, tokens, and how a fault becomes an error or a warning.

The rules themselves are plain functions over values, one module a service; they yield `Fault`s and know
neither constructs nor jsii.
"""

from __future__ import annotations

import struct
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from . import _validation, _wording
from .errors import StageConfigurationError, Violation

if TYPE_CHECKING:
    from aws_cdk import Stack
    from constructs import Construct, IConstruct


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong with one value."""

    rule: str
    """camelCase id of the rule; a warning is acknowledged as `stage-constructs:<rule>`."""
    prop: str
    """The property as the caller wrote it."""
    value: object
    """The value as given."""
    problem: str
    """What is accepted, as the end of a sentence that begins with the property."""
    remedy: str
    """What to write instead."""
    service_says: str = ""
    """The service's own words, for those who search for them."""
    fatal: bool = True
    """Whether the service refuses the value; otherwise it is accepted, but surely a mistake."""

    tells_value: bool = True
    """Whether the value says anything; otherwise it is something else that is missing or too much."""

    def __str__(self) -> str:
        given = f", got {_wording.shown(self.value)}" if self.tells_value else ""
        answer = f" (the service answers: {self.service_says})" if self.service_says else ""
        return f"{self.prop} {self.problem}{given}: {self.remedy}{answer}"


def is_token(value: object) -> bool:
    """Whether a value is known only at deploy: a CDK token in any of its disguises."""
    if isinstance(value, str):
        return "${Token[" in value
    if isinstance(value, float):
        return struct.pack(">d", value)[:2] == b"\xfb\xff"
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return any(isinstance(item, str) and item.startswith("#{Token[") for item in items)
    return is_resolvable(value)


def is_text_token(value: object) -> bool:
    """Whether a value is a token that stands for a text."""
    return isinstance(value, str) and is_token(value)


def is_resolvable(value: object) -> bool:
    """Whether a value is a token in the form of an object, which only booleans and untyped values may be."""
    return plays(value, "resolve") and plays(value, "creation_stack")


def plays(value: object, member: str) -> bool:
    """Whether the class of an object, native, ours or a jsii proxy, has a member; asks no JavaScript."""
    parts: Sequence[object] = getattr(value, "_delegates", None) or (value,)
    return any(hasattr(type(part), member) for part in parts)


def text(
    prop: str, value: object, *, rule: str, least: int = 0, most: int | None = None, required: bool = False
) -> Iterator[Fault]:
    """A string of `least` to `most` characters."""
    if not isinstance(value, str):
        yield wrong_type(prop, value, "a string", rule=rule)
    elif is_token(value):
        return
    elif len(value) < least:
        remedy = _wording.NOT_SET if required else "leave it out instead"
        yield Fault(rule=rule, prop=prop, value=value, problem="must not be empty", remedy=remedy)
    elif most is not None and len(value) > most:
        yield Fault(
            rule=rule,
            prop=prop,
            value=value,
            problem=f"must have at most {most} characters",
            remedy=f"shorten it by {len(value) - most}",
        )


def boolean(prop: str, value: object, *, rule: str) -> Iterator[Fault]:
    """True or False, or an object that becomes one of them at deploy."""
    if not isinstance(value, bool) and not is_resolvable(value):
        yield wrong_type(prop, value, "True or False", rule=rule)


def removal_policy(prop: str, value: object, *, rule: str) -> Iterator[Fault]:
    """A removal policy, for a resource of which no snapshots can be taken."""
    from aws_cdk import RemovalPolicy  # noqa: PLC0415  the rules above need no CDK

    if value is None:
        return
    if not isinstance(value, RemovalPolicy):
        yield wrong_type(prop, value, "a RemovalPolicy", rule=rule, remedy=_wording.removal_policy(value))
    elif value is RemovalPolicy.SNAPSHOT:
        yield Fault(
            rule=rule,
            prop=prop,
            value=value,
            problem="must be RemovalPolicy.RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE",
            remedy="CloudFormation takes no snapshots of this kind of resource; write RemovalPolicy.RETAIN to keep it",
        )


def tags(prop: str, value: object, *, longest_value: int) -> Iterator[Fault]:
    """At most 50 tags with keys of 1 to 128 characters that do not begin with `aws:`."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        expected = 'a dict such as {"team": "chat"}'
        yield wrong_type(prop, value, expected, rule="tags", remedy=_wording.tags(value))
        return
    given = cast("Mapping[object, object]", value)
    if len(given) > 50:
        yield Fault(
            rule="tags",
            prop=prop,
            value=len(given),
            problem="must hold at most 50 tags",
            remedy=f"remove {len(given) - 50} of them",
        )
    for key, tag in given.items():
        usual = isinstance(key, str) and 1 <= len(key) <= 128 and not key.lower().startswith("aws:")
        where = f'{prop}["{key}"]' if usual else f"{prop}[{_wording.shown(key)}]"
        yield from text(where, tag, rule="tags", most=longest_value)
        if not usual:
            yield Fault(
                rule="tags",
                prop=where,
                value=key,
                problem="must have a key of 1 to 128 characters that does not begin with aws:",
                remedy=_key_of_a_tag(key),
            )


def known_keys(scope: object, prop: str, value: object) -> Iterator[Fault]:
    """Keys of an object in the template, which no intrinsic function may compute."""
    if not isinstance(value, Mapping):
        return
    for key in cast("Mapping[object, object]", value):
        if is_text_token(key) and not isinstance(stack_of(scope).resolve(key), str):
            yield Fault(
                rule="tokenAsKey",
                prop=prop,
                value=key,
                problem="must have keys that are known at synth",
                remedy="a template cannot compute a key; compute the value",
            )


def _key_of_a_tag(key: object) -> str:
    if not isinstance(key, str):
        return f'write "{key}"'
    if key.lower().startswith("aws:"):
        return f"that prefix is AWS's own, write {_wording.shown(key[4:] or 'team')} for instance"
    return "leave the tag out" if not key else f"shorten it by {len(key) - 128}"


def wrong_type(prop: str, value: object, expected: str, *, rule: str, remedy: str = "") -> Fault:
    """The value is of a type that the property does not take."""
    return Fault(
        rule=rule,
        prop=prop,
        value=value,
        problem=f"must be {expected}",
        remedy=remedy or _instead(value, expected),
    )


def _instead(value: object, expected: str) -> str:
    if is_resolvable(value):
        kind = "number" if "number" in expected else "list" if expected.startswith("a list") else "string"
        return f"turn the token into one, with Token.as_{kind}(...)"
    return _wording.instead(value, expected)


def wrong_form(prop: str, value: object, expected: str, remedy: str = "") -> Fault:
    """The value names something, but not in the form that is read here."""
    return Fault(
        rule=prop,
        prop=prop,
        value=value,
        problem=f"must be {expected}",
        remedy=remedy or (_wording.NOT_SET if value is None else "copy it as the service shows it"),
    )


def refuse(scope: Construct, construct_id: str, faults: Sequence[Fault]) -> None:
    """Raise the fatal ones of the faults, but for accepted rules, as one error that names the construct-to-be."""
    _validation.raise_if_invalid(scope, construct_id, [_violation(fault) for fault in faults if fault.fatal])


def _violation(fault: Fault) -> Violation:
    return Violation(fault.rule, fault.prop, fault.value, f"{fault} [{_validation.PREFIX}{fault.rule}]")


def stack_of(scope: object) -> Stack:
    """The stack that a construct is, or stands in; each is asked once."""
    from aws_cdk import Stack  # noqa: PLC0415  the rules above need no CDK

    if isinstance(scope, Stack):
        return scope
    construct = cast("IConstruct", scope)
    stack = _STACKS.get(construct)
    if stack is None:
        stack = _STACKS[construct] = Stack.of(construct)
    return stack


_STACKS: weakref.WeakKeyDictionary[IConstruct, Stack] = weakref.WeakKeyDictionary()


def region_of(construct: object) -> str | None:
    """The Region of the stack that a construct is in; None where it is known at deploy only."""
    stack = stack_of(construct)
    if stack not in _REGIONS:
        region = stack.environment.rpartition("/")[2]
        _REGIONS[stack] = None if region == "unknown-region" else region
    return _REGIONS[stack]


_REGIONS: weakref.WeakKeyDictionary[IConstruct, str | None] = weakref.WeakKeyDictionary()


def refusal(scope: Construct, construct_id: str, *faults: Fault) -> StageConfigurationError:
    """The error for a construct that is not made because of these faults."""
    return error(f"{scope.node.path}/{construct_id}".lstrip("/"), *faults)


def error(construct_path: str, *faults: Fault) -> StageConfigurationError:
    """The error that speaks of these faults."""
    return StageConfigurationError(construct_path, [_violation(fault) for fault in faults])


def require_grantee(construct: IConstruct, value: object) -> None:
    """Raise unless a value is something that permissions can be given to."""
    if not plays(value, "grant_principal"):
        expected = "a principal, such as a role or a function"
        fault = wrong_type("grantee", value, expected, rule="grantee", remedy=_wording.grantee(value))
        raise error(construct.node.path, fault)


def warn(construct: IConstruct, faults: Iterable[Fault]) -> None:
    """Attach the others to the construct as warnings that can be acknowledged."""
    warnings = [fault for fault in faults if not fault.fatal]
    _validation.warn(
        construct, [Violation(fault.rule, fault.prop, fault.value, str(fault), is_error=False) for fault in warnings]
    )
