"""Rules as data: what a service accepts of a CloudFormation property, and how a resource is checked against it.

A rule is one row. Its check is a plain function over the value as CloudFormation gets it; it knows no constructs. The
same rows check what a constructor is about to create and what is in a template.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from ._unknown import is_intrinsic, is_unknown, may_be_absent

if TYPE_CHECKING:
    from ._resources import Resource, Template

Path = tuple[str, ...]
"""Names of properties and keys of maps and lists that lead to a value."""


class Key(str):
    """A key of a map in a path, not the name of a property."""

    __slots__ = ()


class Kind(enum.Enum):
    """What a rule is about, which decides whether a violation is an error."""

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
    """The service accepts it, and it is surely a mistake."""
    RUN_TIME = "run time"
    """Deploys, and does not work."""

    @property
    def is_error(self) -> bool:
        """Whether a violation is an error, and not a warning."""
        return self in (Kind.GRAMMAR, Kind.CONFLICT, Kind.SET, Kind.LIMIT)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found, in words that are spelled for their reader.

    `{AutoDeploy=true}` is a property with a value, `{suggestion}` an entry of `values`.
    """

    text: str
    """The end of a sentence that begins with the property."""
    fix: str = ""
    """What to write instead. Default: the fix of the rule."""
    path: Path | None = None
    """The property. Default: the one that was checked."""
    show_value: bool = True
    """Whether the message shows the value."""
    quote_service: bool = True
    """Whether the service's words of the rule are about this problem."""
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    """Values for the placeholders in the texts and in the service's words."""
    value: object = None
    """The value to show. Default: the one that was checked."""


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
    """What must hold, as a sentence for the documentation. Default: the docstring of the check."""
    source: str
    """Page that documents it."""
    checked: str
    """Month in which the source was last read."""
    fix: str = ""
    """What to write instead, for problems that do not say it themselves."""
    service: str = ""
    """The service's own words."""
    value_type: type | None = None
    """str, bool, float, dict or list: the check is called with values of this type only. Default: any."""
    expected: str = ""
    """The type in words. Default: those of `value_type`."""
    protocol: str | None = None
    """Protocol of the APIs that the rule is about. Default: all."""
    given: bool = False
    """Whether the check is called with unknown values too."""
    across: bool = False
    """Whether the check reads other resources; such rules are evaluated in templates only."""
    changes_later: bool = False
    """Whether the property changes after the constructor, as `Tags.of` adds tags at synth."""
    secret: bool = False
    """Whether messages never show the value."""

    @property
    def is_late(self) -> bool:
        """Whether a constructor cannot judge it, or not for good."""
        return self.across or self.changes_later


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
    """Where a value is: its resource, and the values beside it."""

    resource: Resource
    path: Path

    @property
    def key(self) -> str:
        """Key or number of the value in its map or list."""
        return self.path[-1]

    @property
    def template(self) -> Template:
        """The template of the resource, for rules across resources."""
        assert self.resource.template is not None  # noqa: S101  such rules are evaluated in templates only
        return self.resource.template

    def known(self, path: str) -> Any:
        """Another property of the resource; None where it is left out or not known."""
        value = self._value_at(path.split("."))
        return None if is_unknown(value) else value

    def beside(self, name: str, default: object = None) -> Any:
        """Another member of the object that holds the value; None where it is not known."""
        value = self._value_at((*self.path[:-1], name))
        return default if value is None else None if is_unknown(value) else value

    def has(self, path: str) -> bool:
        """Whether another property is given, known or not."""
        value = self._value_at(path.split("."))
        return value is not None and not may_be_absent(value)

    def _value_at(self, path: Sequence[str]) -> object:
        value = cast("Any", self.resource.properties)
        for name in path:
            members = cast("Any", value) if isinstance(value, Mapping) else None
            value = None if members is None or is_intrinsic(members) else members.get(name)
        return value


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
        row: dict[str, Any] = {"doc": check.__doc__ or "", **columns}
        _RULES.append(Rule(types=all_types, paths=all_paths, check=check, **row))
        _tree.cache_clear()
        value_types.cache_clear()
        return check

    return add


def type_rule(types: str | Sequence[str], paths: str | Sequence[str], value_type: type, **columns: Any) -> None:
    """Add a row that states the type of properties and nothing else."""

    def any_value(value: object, at: Context) -> Iterable[Problem]:
        return ()

    rule(types, paths, kind=Kind.GRAMMAR, value_type=value_type, **columns)(any_value)


def registered_rules() -> Sequence[Rule]:
    """The rows of all modules that have been imported."""
    return tuple(_RULES)


@dataclass(frozen=True, slots=True)
class _Node:
    """The rules of one property, and of what is in it."""

    rules: list[Rule] = field(default_factory=list[Rule])
    children: dict[str, _Node] = field(default_factory=dict[str, "_Node"])


@functools.cache
def _tree(resource_type: str, protocol: str | None, *, in_template: bool, late: bool) -> _Node:
    """The rules that concern a resource, by the names in their paths."""
    root = _Node()
    for row in _RULES:
        is_wanted = row.is_late if late else in_template or not row.across
        if is_wanted and resource_type in row.types and row.protocol in (None, protocol):
            for path in row.paths:
                node = root
                for name in path.split(".") if path else ():
                    node = node.children.setdefault(name, _Node())
                node.rules.append(row)
    return root


def evaluate(resource: Resource, *, late: bool = False) -> Iterator[RuleViolation]:
    """The rules that a resource breaks; those across resources only where it is in a template.

    Args:
        resource: The resource.
        late: Whether only the rules are evaluated that a constructor cannot judge. Default: False, all rules are.
    """
    tree = _tree(resource.type, resource.protocol, in_template=resource.template is not None, late=late)
    yield from _evaluate(tree, resource.properties, Context(resource, ()))


def _evaluate(node: _Node, value: object, context: Context) -> Iterator[RuleViolation]:
    unknown = is_unknown(value)
    if unknown and may_be_absent(value):
        return
    mismatched = False
    for row in node.rules:
        if unknown and not row.given:
            continue
        problems: Iterable[Problem] = ()
        if unknown or row.value_type is None or _is_a(value, row.value_type):
            problems = row.check(value, context)
        elif not mismatched:  # one violation, and no check that requires the type is called
            mismatched = True
            expected, fix = _TYPES[row.value_type]
            problems = (Problem(f"must be {row.expected or expected}", fix, quote_service=False),)
        for problem in problems:
            shown = value if problem.value is None else problem.value
            path = context.path if problem.path is None else problem.path
            yield RuleViolation(row, context.resource, path, shown, problem)
    if node.children and not (unknown or mismatched):
        for key, item, child in _members(value, node.children):
            yield from _evaluate(child, item, Context(context.resource, (*context.path, key)))


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


def _is_a(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, Mapping if kind is dict else kind)


_TYPES: Final[Mapping[type, tuple[str, str]]] = {
    str: ("a string", "write a text"),
    bool: ("{=true} or {=false}", "write {=true} or {=false}"),
    float: ("a number", "write a number"),
    dict: ("an object", "write such {an object|a dict}"),
    list: ("a list", "write a list"),
}
"""The types in words, and what to write."""


@dataclass(slots=True)
class ValueTypes:
    """The type of a value and those of what is in it, as the rules read them."""

    own: type | None = None
    members: dict[str, ValueTypes] = field(default_factory=dict[str, "ValueTypes"])
    """By names; `*` is any key or item."""

    def member(self, name: str) -> ValueTypes:
        """The types of a member."""
        return self.members.get(name) or self.members.get("*", _NO_TYPES)


_NO_TYPES: Final = ValueTypes()


@functools.cache
def value_types(resource_type: str) -> ValueTypes:
    """The types of the properties of a resource."""
    root = ValueTypes()
    for row in _RULES:
        if row.value_type is not None and resource_type in row.types:
            for path in row.paths:
                types = root
                for name in path.split("."):
                    types = types.members.setdefault(name, ValueTypes())
                types.own = row.value_type
    return root
