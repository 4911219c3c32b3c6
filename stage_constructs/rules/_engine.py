"""Rules as data: what a service accepts of a CloudFormation property, and how a resource is checked against it.

A rule is one row. Its check is a plain function over the value as CloudFormation gets it; it knows no constructs. The
same rows judge what a constructor is about to create and what stands in a template.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from ._unknown import is_unknown, may_be_absent

if TYPE_CHECKING:
    from ._resources import Resource

Path = tuple[str, ...]
"""Names of properties and keys of maps and lists that lead to a value."""


class Key(str):
    """A key of a map in a path, which is no name of a property."""

    __slots__ = ()


class Verbatim(str):
    """A value in a text that is shown as it is: it may hold what looks like a placeholder."""

    __slots__ = ()


class Kind(enum.Enum):
    """What a rule is about, which decides whether breaking it is an error."""

    GRAMMAR = "grammar"
    """A form that can never be valid."""
    CONFLICT = "conflict"
    """Values that can never be valid together."""
    SET = "set"
    """A value outside of a set that AWS may extend."""
    LIMIT = "limit"
    """A limit that AWS does not raise on request."""
    QUOTA = "quota"
    """A limit that AWS raises on request."""
    PRACTICE = "practice"
    """Accepted by the service, and surely a mistake."""
    RUN_TIME = "run time"
    """Deploys, and does not work."""

    @property
    def is_error(self) -> bool:
        """Whether breaking the rule is an error, and not a warning."""
        return self in _ERRORS


_ERRORS: Final = frozenset({Kind.GRAMMAR, Kind.CONFLICT, Kind.SET, Kind.LIMIT})


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found, in words that are spelled for their reader.

    `{AutoDeploy=true}` is a property, `{suggestion}` a value given in `values`.
    """

    text: str
    """The end of a sentence that begins with the property."""
    fix: str = ""
    """What to write instead. Default: the fix of the rule."""
    path: Path | None = None
    """The property, where it is another than the one judged."""
    show_value: bool = True
    """Whether the value explains anything."""
    quote_service: bool = True
    """Whether the service's words of the rule are about this."""
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    """Values by their names in the texts."""
    value: object = None
    """The value to show, where it is another than the one judged."""


Check = Callable[[Any, "Context"], Iterable[Problem]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rule:
    """One row: what must hold for a property of a resource type."""

    id: str
    """camelCase; `stage-constructs:<id>` accepts the rule. Rows of one fact share it."""
    kind: Kind
    types: Sequence[str]
    """CloudFormation types."""
    paths: Sequence[str]
    """Properties, such as `DefaultRouteSettings.ThrottlingRateLimit`; `*` is any key or item, `` the whole resource."""
    check: Check
    doc: str
    """What must hold, as a sentence for the documentation."""
    fix: str
    """What to do, as a sentence for the documentation."""
    service: str = ""
    """The service's own words."""
    source: str = ""
    """Page that documents it."""
    checked: str = ""
    """Month in which the source was last read."""
    value_type: type | None = None
    """Type of the value, checked before: str, bool, float, dict or list. Default: any."""
    expected: str = ""
    """That type in words. Default: those of `value_type`."""
    protocol: str | None = None
    """Protocol of the API that the rule is about. Default: all."""
    given: bool = False
    """Whether it matters only that the property is given: then unknown values are judged too."""
    across: bool = False
    """Whether other resources are looked at; such rules are judged in a template."""
    secret: bool = False
    """Whether the value must never be shown."""


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """A rule that a resource breaks."""

    rule: Rule
    resource: Resource
    path: Path
    value: object
    problem: Problem

    @property
    def resource_type(self) -> str:
        """The CloudFormation type of the resource."""
        return self.resource.type


@dataclass(frozen=True, slots=True)
class Context:
    """Where a value stands: its resource, and the values beside it."""

    resource: Resource
    path: Path

    @property
    def key(self) -> str:
        """Key or number of the value in its map or list."""
        return self.path[-1]

    def known(self, path: str) -> Any:
        """Another property of the resource; None where it is left out or not known."""
        return _known(self.resource.properties, tuple(path.split(".")))

    def beside(self, name: str, default: object = None) -> Any:
        """Another member of the object that holds the value; None where it is not known."""
        value = _value_at(self.resource.properties, (*self.path[:-1], name))
        return default if value is None else None if is_unknown(value) else value

    def has(self, path: str) -> bool:
        """Whether another property is given, known or not."""
        value = _value_at(self.resource.properties, tuple(path.split(".")))
        return value is not None and not may_be_absent(value)


def _value_at(properties: Mapping[str, object], path: Path) -> object:
    value: object = properties
    for name in path:
        value = _as_mapping(value).get(name)
    return value


def _as_mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _known(properties: Mapping[str, object], path: Path) -> object:
    value: object = properties
    for name in path:
        if is_unknown(value):
            return None
        value = _as_mapping(value).get(name)
    return None if is_unknown(value) else value


_RULES: Final[list[Rule]] = []


def rule(types: str | Sequence[str], paths: str | Sequence[str], **columns: Any) -> Callable[[Check], Check]:
    """Add a row, as the decorator of its check.

    Args:
        types: One CloudFormation type or several.
        paths: One property or several.
        **columns: The other columns of `Rule`.
    """

    def add(check: Check) -> Check:
        all_types = (types,) if isinstance(types, str) else tuple(types)
        all_paths = (paths,) if isinstance(paths, str) else tuple(paths)
        _RULES.append(Rule(types=all_types, paths=all_paths, check=check, **columns))
        _tree.cache_clear()
        return check

    return add


def registered_rules() -> Sequence[Rule]:
    """The rows of all modules that have been imported."""
    return tuple(_RULES)


class _Node:
    """The rules of one property, and of what is in it."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.children: dict[str, _Node] = {}

    def at(self, path: str) -> _Node:
        node = self
        for name in path.split(".") if path else ():
            node = node.children.setdefault(name, _Node())
        return node


@functools.cache
def _tree(resource_type: str) -> _Node:
    root = _Node()
    for row in _RULES:
        if resource_type in row.types:
            for path in row.paths:
                root.at(path).rules.append(row)
    return root


def evaluate(resource: Resource) -> Iterator[RuleViolation]:
    """The rules that a resource breaks; those across resources only where it stands in a template."""
    yield from _evaluate(_tree(resource.type), resource.properties, Context(resource, ()))


def _evaluate(node: _Node, value: object, context: Context) -> Iterator[RuleViolation]:
    unknown = is_unknown(value)
    if unknown and may_be_absent(value):
        return
    rules = [row for row in node.rules if _concerns(row, context.resource) and (row.given or not unknown)]
    yield from _judge(rules, value, context, unknown=unknown)
    if node.children and not unknown:
        for key, item, child in _members(value, node.children):
            yield from _evaluate(child, item, Context(context.resource, (*context.path, key)))


def _judge(rules: Sequence[Rule], value: object, context: Context, *, unknown: bool) -> Iterator[RuleViolation]:
    """Of a value of the wrong type that is reported, and nothing else that depends on the type."""
    mismatched = False
    for row in rules:
        if unknown or row.value_type is None or _is_a(value, row.value_type):
            problems = row.check(value, context)
        elif not mismatched:
            mismatched = True
            expected = row.expected or _EXPECTED[row.value_type]
            problems = (Problem(f"must be {expected}", _FIX_OF_TYPE[row.value_type], quote_service=False),)
        else:
            continue
        for problem in problems:
            shown = value if problem.value is None else problem.value
            path = context.path if problem.path is None else problem.path
            yield RuleViolation(row, context.resource, path, shown, problem)


def _members(value: object, children: Mapping[str, _Node]) -> Iterator[tuple[str, object, _Node]]:
    """What is in a value, in its order, with the rules about it."""
    of_any = children.get("*")
    if isinstance(value, Mapping):
        for name, item in cast("Mapping[str, object]", value).items():
            child = of_any or children.get(name)
            if child is not None and item is not None:
                yield Key(name) if of_any else name, item, child
    elif isinstance(value, (list, tuple)) and of_any is not None:
        for index, item in enumerate(cast("Sequence[object]", value)):
            yield Key(index), item, of_any


def _concerns(row: Rule, resource: Resource) -> bool:
    if row.across and resource.template is None:
        return False
    return row.protocol is None or row.protocol == resource.protocol


def _is_a(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is dict:
        return isinstance(value, Mapping)
    return isinstance(value, kind)


_FIX_OF_TYPE: Final[dict[type, str]] = {
    str: "write a text",
    bool: "write {=true} or {=false}",
    float: "write a number",
    dict: "write such {an object|a dict}",
    list: "write a list",
}
_EXPECTED: Final[dict[type, str]] = {
    str: "a string",
    bool: "{=true} or {=false}",
    float: "a number",
    dict: "an object",
    list: "a list",
}


@functools.cache
def property_types(resource_type: str) -> Mapping[Path, type]:
    """The types of properties, by their paths, as the rules read them."""
    return {
        tuple(path.split(".")): row.value_type
        for row in _RULES
        if resource_type in row.types and row.value_type is not None
        for path in row.paths
    }
