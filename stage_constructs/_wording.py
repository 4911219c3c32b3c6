"""How a fault is told: values as whoever gave them writes them in Python, and what to write in their place.

Nothing here is asked before something is wrong.
"""

from __future__ import annotations

import enum
import json
import math
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


class InWords(str):
    """What is said of a value that is not to be shown."""

    __slots__ = ()


class _Shown(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxother = _LONGEST

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002  reprlib asks like this
        if isinstance(x, InWords):
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
        return _duration(x) or kind_of(x)


def shown(value: object) -> str:
    """The value as the caller would write it, shortened; a construct is named by its class."""
    return _Shown().repr(value)


def kind_of(value: object) -> str:
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
    return an(name) if imported in ("", name) else f"an imported {imported}"


def an(name: str) -> str:
    """A name with its article, by its sound."""
    return f"an {name}" if _SPELLED_OUT.match(name) or _VOWEL.match(name) else f"a {name}"


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names as a sentence lists them."""
    *others, final = names
    return f"{', '.join(others)} {last} {final}" if others else final


def instead(value: object, expected: str) -> str:
    """What to write in place of a value of the wrong type."""
    if value is None:
        of_text = expected.startswith(("a string", "True or False", "a number", "a whole number"))
        return NOT_SET if of_text else "it cannot be left out"
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return f"call it, {value.__name__}(...)"
    return _written_as(value, expected) or f"{kind_of(value)} is not taken here"


def _written_as(value: object, expected: str) -> str:
    if expected == "a string":
        return _as_text(value)
    if expected == "True or False" and isinstance(value, (str, int)):
        meant = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(str(value).lower())
        return "write one of them" if meant is None else f"write {meant}"
    if "number" in expected:
        return _as_number(value, whole=expected.startswith("a whole"))
    if expected.startswith("a list") and isinstance(value, (str, enum.Enum)):
        return f"write [{shown(value)}]"
    return "write such a dict" if expected.startswith("a dict") and not isinstance(value, Mapping) else ""


def _as_text(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f'write "{value.value}"'
    return f'write "{value}"' if isinstance(value, (int, float)) else ""


def _as_number(value: object, *, whole: bool) -> str:
    if whole and isinstance(value, float) and math.isfinite(value):
        return f"write {round(value)}"
    if not isinstance(value, str):
        return ""
    digits = re.fullmatch(r"\s*(\d[\d_]*(?:\.\d+)?)\s*", value)
    return f"write {digits[1]}" if digits else "write it in digits, without a unit"


def as_call(name: str, value: object, fields: Iterable[str], **meant: str) -> str:
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
            unknown.append(shown(key))
        else:
            arguments[field] = written(member)
    if not arguments:
        return ""
    call = f"write {name}({', '.join(f'{field}={text}' for field, text in arguments.items())})"
    return f"{call}; there is no {listed(unknown)}" if unknown else call


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


def written(value: object) -> str:
    """A value as an argument; `...` for one that is no literal."""
    if isinstance(value, (*_PLAIN, enum.Enum)):
        return shown(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(written(each) for each in cast('Sequence[object]', value))}]"
    return _duration(value) or "..."


def imported(value: object, *, by_name: str = "", by_arn: str = "") -> str:
    """The call that imports what a text names; empty where it names nothing.

    Args:
        value: What was given.
        by_name: The call for a name or an id, which stands at `{}`.
        by_arn: The call for an ARN.
    """
    if not isinstance(value, str) or not value or "${Token[" in value:
        return ""
    call = by_arn if value.startswith("arn:") else by_name
    return f"write {call.format(shown(value))}" if call else ""


def member_meant(kind: type[_Enum], value: object) -> _Enum | None:
    """The member of an enum that was probably meant."""
    word = value.name if isinstance(value, enum.Enum) else value
    if not isinstance(word, str):
        return None
    spelled = {_letters(str(each.value)): each for each in kind} | {_letters(each.name): each for each in kind}
    close = get_close_matches(_letters(word), spelled, n=1)
    return spelled[close[0]] if close else None


def role(value: object) -> str:
    """What to write for a role."""
    by_arn, by_name = "iam.Role.from_role_arn(scope, id, {})", "iam.Role.from_role_name(scope, id, {})"
    otherwise = "give the construct; for an ARN use iam.Role.from_role_arn(...), for a name from_role_name(...)"
    return imported(value, by_arn=by_arn, by_name=by_name) or otherwise


def grantee(value: object) -> str:
    """What to write for whoever is to be allowed something."""
    if isinstance(value, str):
        if _SERVICE.fullmatch(value):
            return f"write iam.ServicePrincipal({shown(value)})"
        if re.fullmatch(r"\d{12}", value):
            return f"write iam.AccountPrincipal({shown(value)})"
        if re.match(r"arn:[^:]*:iam::\d*:user/", value):
            return f"write iam.User.from_user_arn(scope, id, {shown(value)})"
    return role(value) if isinstance(value, str) else instead(value, "a principal")


def tags(value: object) -> str:
    """The dict to write in place of a list of tags, as CloudFormation and the SDKs have them."""
    items = cast("Sequence[object]", value) if isinstance(value, (list, tuple)) else ()
    members = [_members(item) for item in items]
    found = {str(each.get("Key", each.get("key"))): each.get("Value", each.get("value")) for each in members}
    return f"write {shown(found)}" if found and "None" not in found else ""


def key(value: object) -> str:
    """What to write for a key of KMS."""
    if isinstance(value, str) and value.startswith("alias/"):
        return f"write kms.Key.from_lookup(scope, id, alias_name={shown(value)})"
    by_arn = imported(value, by_arn="kms.Key.from_key_arn(scope, id, {})")
    return by_arn or "give the construct; for an ARN use kms.Key.from_key_arn(...)"


def log_group(value: object) -> str:
    """What to write for a log group."""
    by_arn = "logs.LogGroup.from_log_group_arn(scope, id, {})"
    by_name = "logs.LogGroup.from_log_group_name(scope, id, {})"
    otherwise = "give the construct; for a name use logs.LogGroup.from_log_group_name(...)"
    return imported(value, by_arn=by_arn, by_name=by_name) or otherwise


def retention(value: object) -> str:
    """What to write for the time that log events are kept."""
    from aws_cdk.aws_logs import RetentionDays  # noqa: PLC0415  nothing is wrong yet in most apps

    days = value
    if hasattr(type(value), "to_days") and not cast("Duration", value).is_unresolved():
        days = cast("Duration", value).to_days(integral=False)
    if isinstance(days, (int, float)) and not isinstance(days, bool):
        longer = [number for number in _RETENTION if number >= days]
        if not longer:
            return "write logs.RetentionDays.INFINITE to keep them for good"
        name = f"logs.RetentionDays.{_RETENTION[longer[0]]}"
        return f"write {name}" if longer[0] == days else f"write {name}, the next longer time"
    meant = member_meant(RetentionDays, value)
    return f"write logs.{shown(meant)}" if meant else "write logs.RetentionDays.ONE_YEAR for instance"


_RETENTION: Final = {
    1: "ONE_DAY",
    3: "THREE_DAYS",
    5: "FIVE_DAYS",
    7: "ONE_WEEK",
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    120: "FOUR_MONTHS",
    150: "FIVE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    400: "THIRTEEN_MONTHS",
    545: "EIGHTEEN_MONTHS",
    731: "TWO_YEARS",
    1096: "THREE_YEARS",
    1827: "FIVE_YEARS",
    2192: "SIX_YEARS",
    2557: "SEVEN_YEARS",
    2922: "EIGHT_YEARS",
    3288: "NINE_YEARS",
    3653: "TEN_YEARS",
}


def removal_policy(value: object) -> str:
    """What to write for a removal policy."""
    from aws_cdk import RemovalPolicy  # noqa: PLC0415  nothing is wrong yet in most apps

    meant = member_meant(RemovalPolicy, value)
    return f"write {shown(meant)}" if meant else "write RemovalPolicy.RETAIN for instance"


def duration(value: object, example: str = "Duration.seconds(60)") -> str:
    """What to write for a duration: a bare number is taken for seconds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1:
        return f"write Duration.seconds({value:g})"
    return f"write {example} for instance"


def _duration(value: object) -> str:
    """The call that makes a duration, empty for anything else."""
    if not hasattr(type(value), "to_seconds") or cast("Duration", value).is_unresolved():
        return ""
    seconds = cast("Duration", value).to_seconds(integral=False)
    return f"Duration.seconds({int(seconds) if seconds == seconds // 1 else seconds})"
