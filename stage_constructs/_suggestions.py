"""Values as they are written in Python, and the calls that messages suggest."""

from __future__ import annotations

import enum
import json
import re
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar, cast

from ._jsii import parts_of
from .rules._values import closest_of, join_or, letters

if TYPE_CHECKING:
    from aws_cdk import Duration

_LITERALS: Final = (str, int, float, bool, type(None))
_MAX_LENGTH: Final = 120
_TAKES_AN: Final = re.compile(
    "[AEIOaeio]"
    "|U(?!ni|se|sa|rl|ri|til)"  # the U of User and Union is spoken like "you"
    "|([FHLMNRSX]|Http|Html|Sns|Sqs|Ssm|Sdk|Sql|Ssl|Xml)(?=[A-Z0-9]|$)"  # letters that are spoken one by one
)
_Enum = TypeVar("_Enum", bound=enum.Enum)
_MIN_PART: Final = 4
"""Letters of a word that is taken for a part of a keyword."""


class Redacted(str):
    """What a message shows in place of a value that must not be shown."""

    __slots__ = ()


class _PythonRepr(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxother = _MAX_LENGTH

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002  the signature of reprlib
        text = json.dumps(str.__str__(x), ensure_ascii=False)
        if "${Token[" in x:
            return f"the token {text}"
        return text if len(text) <= _MAX_LENGTH else f"{text[:100]}... ({len(x)} characters)"

    def repr_instance(self, x: object, level: int) -> str:
        if isinstance(x, Redacted):
            return str.__str__(x)
        if isinstance(x, enum.Enum):
            kind = type(x).__name__
            return x.name if kind.startswith("_") else f"{kind}.{x.name}"
        if isinstance(x, str):
            return self.repr_str(x, level)
        if isinstance(x, _LITERALS):
            return super().repr_instance(x, level)
        return _format_duration(x) or describe_type(x)


def format_value(value: object) -> str:
    """The value as it is written in Python, shortened; an object is described by its class."""
    return _PythonRepr().repr(value)


def format_argument(value: object) -> str:
    """The value as an argument of a call; `...` for one that is no literal."""
    if isinstance(value, (*_LITERALS, enum.Enum)):
        return format_value(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(format_argument(item) for item in cast('Sequence[object]', value))}]"
    return _format_duration(value) or "..."


def _format_duration(value: object) -> str:
    """The call that makes a duration; empty for anything else, and for a token."""
    if not hasattr(type(value), "to_seconds") or cast("Duration", value).is_unresolved():
        return ""
    seconds = cast("Duration", value).to_seconds(integral=False)
    return f"Duration.seconds({int(seconds) if seconds == seconds // 1 else seconds})"


def describe_type(value: object) -> str:
    """The class of an object with its article; a jsii proxy is described by its interface."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    name = type(parts_of(value)[-1]).__name__.removeprefix("_").removesuffix("Proxy")
    imported = name.removeprefix("Imported")
    return with_article(name) if imported in ("", name) else f"an imported {imported}"


def with_article(name: str) -> str:
    """A name with "a" or "an"."""
    return f"an {name}" if _TAKES_AN.match(name) else f"a {name}"


def suggest_call(name: str, value: object, fields: Iterable[str], **other_names: str) -> str:
    """The call to write in place of a dict or a native struct; empty if no member of it is recognized.

    Args:
        name: What is called.
        value: The value as given.
        fields: The keywords of the call.
        other_names: Keywords by names that they have elsewhere, in lower case.
    """
    members = cast("object", value if isinstance(value, Mapping) else getattr(value, "_values", None))
    if not isinstance(members, Mapping):
        return ""
    keywords = {letters(field): field for field in fields} | other_names
    arguments: dict[str, str] = {}
    unknown: list[str] = []
    for key, member in cast("Mapping[object, object]", members).items():
        keyword = _closest_keyword(str(key), keywords)
        if keyword is None or keyword in arguments:
            unknown.append(format_value(key))
        else:
            arguments[keyword] = format_argument(member)
    if not arguments:
        return ""
    call = f"write {name}({', '.join(f'{keyword}={argument}' for keyword, argument in arguments.items())})"
    return f"{call}; there is no {join_or(unknown)}" if unknown else call


def _closest_keyword(key: str, keywords: Mapping[str, str]) -> str | None:
    word = letters(key)
    if word in keywords:
        return keywords[word]
    containing = [each for each in keywords if word in each] if len(word) >= _MIN_PART else []
    return keywords.get(containing[0] if len(containing) == 1 else closest_of(word, keywords, cutoff=0.8))


def closest_member(kind: type[_Enum], value: object) -> _Enum | None:
    """The member of an enum whose name or value is closest to a value."""
    members = {str(member.value): member for member in kind} | {member.name: member for member in kind}
    return members.get(closest_of(value.name if isinstance(value, enum.Enum) else value, members))


def suggest_import(value: object, *, by_name: str = "", by_arn: str = "") -> str:
    """The call that imports a resource by its name or ARN; empty if the value is neither.

    Args:
        value: The value as given.
        by_name: The call for a name or an id, with `{}` in its place.
        by_arn: The call for an ARN.
    """
    if not isinstance(value, str) or not value or "${Token[" in value:
        return ""
    call = by_arn if value.startswith("arn:") else by_name
    return f"write {call.format(format_value(value))}" if call else ""
