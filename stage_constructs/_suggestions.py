"""How a fault is told: values as whoever gave them writes them in Python, and what to write in their place.

Nothing here is asked before something is wrong.
"""

from __future__ import annotations

import enum
import json
import re
import reprlib
import types
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    from aws_cdk import Duration

_PLAIN: Final = (str, int, float, bool, type(None))
_LONGEST: Final = 120
_SPELLED_OUT: Final = re.compile(r"(?:[AEFHILMNORSX]|Http|Html|S3|Sns|Sqs|Ssm|Sdk|Sql|Ssl|Xml)(?=[A-Z0-9]|$)")
_VOWEL: Final = re.compile(r"[AEIO]|U(?!ni|se|sa|rl|ri|til)", re.IGNORECASE)
_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_SHORTEST_PART: Final = 4
_ALIKE: Final = 0.8
_Enum = TypeVar("_Enum", bound=enum.Enum)

NOT_SET: Final = "is it an environment variable or a context key that is not set?"
"""What becomes of a forgotten `None`."""


class Redacted(str):
    """What is said of a value that is not to be format_value."""

    __slots__ = ()


class _Shown(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxother = _LONGEST

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002  reprlib asks like this
        if isinstance(x, Redacted):
            return str.__str__(x)
        text = json.dumps(str.__str__(x), ensure_ascii=False)
        if "${Token[" in x:
            return f"the token {text}"
        return text if len(text) <= _LONGEST else f"{text[:100]}... ({len(x)} characters)"

    def repr_instance(self, x: object, level: int) -> str:
        if isinstance(x, enum.Enum):
            kind = type(x).__name__
            return x.name if kind.startswith("_") else f"{kind}.{x.name}"
        if isinstance(x, str):
            return self.repr_str(x, level)
        if isinstance(x, _PLAIN):
            return super().repr_instance(x, level)
        return _duration(x) or describe_type(x)


def format_value(value: object) -> str:
    """The value as the caller would write it, shortened; a construct is named by its class."""
    return _Shown().repr(value)


def describe_type(value: object) -> str:
    """The class of an object with its article; a proxy of jsii is named by its interface."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, types.ModuleType):
        return f"the module {value.__name__}"
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return f"the function {value.__name__}"
    parts: Sequence[object] = getattr(value, "_delegates", None) or (value,)
    name = type(parts[-1]).__name__.removeprefix("_").removesuffix("Proxy")
    imported = name.removeprefix("Imported")
    return with_article(name) if imported in ("", name) else f"an imported {imported}"


def with_article(name: str) -> str:
    """A name with its article, by its sound."""
    return f"an {name}" if _SPELLED_OUT.match(name) or _VOWEL.match(name) else f"a {name}"


def join_or(names: Iterable[str], last: str = "or") -> str:
    """Names as a sentence lists them."""
    *others, final = names
    return f"{', '.join(others)} {last} {final}" if others else final


def suggest_call(name: str, value: object, fields: Iterable[str], **meant: str) -> str:
    """The call to write in place of a dict or of a native struct; empty where nothing of it is recognised.

    Args:
        name: What is called.
        value: What was given.
        fields: Names of its keywords.
        meant: Other words for some of them, all in small letters.
    """
    names = list(fields)
    arguments: dict[str, str] = {}
    unknown: list[str] = []
    for key, member in _members(value).items():
        field = _field_meant(key, names, meant)
        if field is None or field in arguments:
            unknown.append(format_value(key))
        else:
            arguments[field] = format_argument(member)
    if not arguments:
        return ""
    call = f"write {name}({', '.join(f'{field}={text}' for field, text in arguments.items())})"
    return f"{call}; there is no {join_or(unknown)}" if unknown else call


def _members(value: object) -> dict[str, object]:
    """The members of a dict or of a native struct."""
    members = cast("object", value if isinstance(value, Mapping) else getattr(value, "_values", None))
    if not isinstance(members, Mapping):
        return {}
    return {str(key): member for key, member in cast("Mapping[object, object]", members).items()}


def _field_meant(key: str, fields: Sequence[str], meant: Mapping[str, str]) -> str | None:
    word = _letters(key)
    if word in meant:
        return meant[word]
    spelled = {_letters(field): field for field in fields}
    if word in spelled:
        return spelled[word]
    holding = [field for letters, field in spelled.items() if len(word) >= _SHORTEST_PART and word in letters]
    if len(holding) == 1:
        return holding[0]
    close = get_close_matches(word, spelled, n=1, cutoff=_ALIKE)
    return spelled[close[0]] if close else None


def _letters(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def format_argument(value: object) -> str:
    """A value as an argument; `...` for one that is no literal."""
    if isinstance(value, (*_PLAIN, enum.Enum)):
        return format_value(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(format_argument(each) for each in cast('Sequence[object]', value))}]"
    return _duration(value) or "..."


def suggest_import(value: object, *, by_name: str = "", by_arn: str = "") -> str:
    """The call that imports what a text names; empty where it names nothing.

    Args:
        value: What was given.
        by_name: The call for a name or an id, which stands at `{}`.
        by_arn: The call for an ARN.
    """
    if not isinstance(value, str) or not value or "${Token[" in value:
        return ""
    call = by_arn if value.startswith("arn:") else by_name
    return f"write {call.format(format_value(value))}" if call else ""


def closest_member(kind: type[_Enum], value: object) -> _Enum | None:
    """The member of an enum that was probably meant."""
    word = value.name if isinstance(value, enum.Enum) else value
    if not isinstance(word, str):
        return None
    spelled = {_letters(str(each.value)): each for each in kind} | {_letters(each.name): each for each in kind}
    close = get_close_matches(_letters(word), spelled, n=1)
    return spelled[close[0]] if close else None


def _duration(value: object) -> str:
    """The call that makes a duration, empty for anything else."""
    if not hasattr(type(value), "to_seconds") or cast("Duration", value).is_unresolved():
        return ""
    seconds = cast("Duration", value).to_seconds(integral=False)
    return f"Duration.seconds({int(seconds) if seconds == seconds // 1 else seconds})"
