"""Synthesized templates as the rules read them: resources, values, and who needs whom.

A value that CloudFormation computes at deploy is `Unknown`, which is a token for every rule. Nothing is guessed at:
neither the default of a parameter nor the branch of a condition.
"""

from __future__ import annotations

import functools
import json
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NO_VALUE: Final = {"Ref": "AWS::NoValue"}
_NESTED: Final = ".nested.template.json"
_IN_TEXT: Final = re.compile(r"\$\{(?!!)([^}.]+)(?:\.([^}]+))?\}")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_UNKNOWN_NUMBER: Final[float] = struct.unpack(">d", b"\xfb\xff" + bytes(6))[0]
"""A number that every rule knows as a token."""
_BOOLEANS: Final = {"true": True, "false": False}


class Unknown(str):
    """A value that is known at deploy only; its text holds the intrinsic function that computes it."""

    __slots__ = ("intrinsic",)

    creation_stack = resolve = None
    """By these a rule knows a token of any type."""

    intrinsic: Mapping[str, object]

    @classmethod
    def of(cls, intrinsic: Mapping[str, object]) -> Unknown:
        """The value that an intrinsic function computes."""
        unknown = cls(f"${{Token[{json.dumps(intrinsic, sort_keys=True)}]}}")
        unknown.intrinsic = intrinsic
        return unknown

    @property
    def may_be_absent(self) -> bool:
        """Whether the property may turn out to be left out, by a condition for instance."""
        return "AWS::NoValue" in self or "Fn::Transform" in self


def read(raw: object) -> object:
    """A value of a template, with what is known at deploy only as `Unknown`, and None for no value."""
    if is_object(raw):
        if raw == NO_VALUE:
            return None
        if _is_intrinsic(raw):
            return Unknown.of(raw)
        return {name: read(value) for name, value in raw.items() if value != NO_VALUE}
    if isinstance(raw, list):
        return [read(item) for item in cast("list[object]", raw) if item != NO_VALUE]
    return raw


def _is_intrinsic(members: Mapping[str, object]) -> bool:
    """Whether CloudFormation puts something else in the place of an object."""
    return list(members) == ["Ref"] or any(name.startswith("Fn::") for name in members)


def text(value: object) -> object:
    """A value of a property that is a string: CloudFormation takes numbers and booleans as well."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def number(value: object) -> object:
    """A value of a property that is a number: CloudFormation takes its digits as well."""
    if isinstance(value, Unknown):
        return _UNKNOWN_NUMBER
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value or "e" in value.lower() else int(value)
    return value


def boolean(value: object) -> object:
    """A value of a property that is a boolean: CloudFormation takes its name as well."""
    return _BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Whether a value is an object whose members are known."""
    return isinstance(value, dict)


def members_of(value: object) -> dict[str, object]:
    """The members of an object; none where it is none, or is not known."""
    return value if is_object(value) else {}


def items_of(value: object) -> list[object]:
    """The items of a list; none where it is none, or is not known."""
    return cast("list[object]", value) if isinstance(value, list) else []


class Resource:
    """One resource of a template."""

    def __init__(self, template: Template, logical_id: str, declaration: Mapping[str, object]) -> None:
        self.template = template
        self.logical_id = logical_id
        self.type = str(declaration.get("Type"))
        self._declaration = declaration

    @functools.cached_property
    def properties(self) -> dict[str, object]:
        """The properties as the rules read them; none where they are not known."""
        return members_of(read(self._declaration.get("Properties")))

    def __getitem__(self, name: str) -> object:
        """A property, None where it is left out."""
        return self.properties.get(name)

    @property
    def is_conditional(self) -> bool:
        """Whether it depends on the deployment if there will be such a resource."""
        return "Condition" in self._declaration

    @functools.cached_property
    def needs(self) -> frozenset[str]:
        """The logical ids that CloudFormation makes first, as they stand in `DependsOn` or are referred to."""
        before = self._declaration.get("DependsOn", [])
        named = [before] if isinstance(before, str) else items_of(before)
        return frozenset([*(str(name) for name in named), *_referred(self._declaration.get("Properties"))])


class Template:
    """One template and the resources in it."""

    def __init__(
        self, path: str, content: Mapping[str, object], region: str | None = None, account: str | None = None
    ) -> None:
        self.path = path
        self.region = region
        self.account = account
        self.family: Sequence[Template] = (self,)
        """The templates that are deployed as one: nested ones stand beside the one they are nested in."""
        declared = members_of(content.get("Resources"))
        self.resources = {
            logical_id: Resource(self, logical_id, declaration)
            for logical_id, declaration in declared.items()
            if is_object(declaration)
        }
        self._grows = "Transform" in content or any(name.startswith("Fn::") for name in declared)
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)

    @property
    def types(self) -> Iterable[str]:
        """The types of the resources."""
        return self._by_type.keys()

    def all(self, resource_type: str) -> list[Resource]:
        """The resources of a type."""
        return self._by_type.get(resource_type, [])

    @property
    def is_whole(self) -> bool:
        """Whether what does not stand here will not be deployed with it: no macro or nested stack adds to it."""
        return not (self._grows or len(self.family) > 1 or self.all("AWS::CloudFormation::Stack"))

    def target(self, value: object) -> tuple[Resource, str | None] | None:
        """The resource of this template that a value refers to, with the attribute if it names one."""
        if not isinstance(value, Unknown) or len(value.intrinsic) != 1:
            return None
        [(function, argument)] = value.intrinsic.items()
        logical_id: object = None
        attribute: object = None
        if function == "Ref":
            logical_id = argument
        elif function == "Fn::GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else items_of(argument)
            logical_id, attribute = parts if len(parts) == 2 else (None, None)  # noqa: PLR2004
        elif function == "Fn::Sub" and isinstance(argument, str) and (match := _IN_TEXT.fullmatch(argument)):
            logical_id, attribute = match.groups()
        resource = self.resources.get(logical_id) if isinstance(logical_id, str) else None
        return None if resource is None else (resource, attribute if isinstance(attribute, str) else None)

    def identity(self, value: object) -> str:
        """What is the same for all values that refer to one resource, by whatever attribute."""
        found = self.target(value)
        return f"{{{found[0].logical_id}}}" if found else str(value)

    def needed(self, resource: Resource, among: Iterable[str]) -> set[str]:
        """Those of the logical ids that CloudFormation makes before a resource, however far the way is."""
        wanted = set(among)
        found = wanted & resource.needs
        seen = set(resource.needs)
        ahead = list(seen)
        while ahead and found != wanted:
            on_the_way = self.resources.get(ahead.pop())
            if on_the_way is not None:
                found |= wanted & on_the_way.needs
                ahead.extend(on_the_way.needs - seen)
                seen |= on_the_way.needs
        return found


def _referred(raw: object) -> Iterator[str]:
    """The names that `Ref`, `Fn::GetAtt` and `Fn::Sub` mention anywhere in a value."""
    if isinstance(raw, list):
        for item in cast("list[object]", raw):
            yield from _referred(item)
    elif is_object(raw):
        for function, argument in raw.items():
            if function == "Ref" and isinstance(argument, str):
                yield argument
            elif function == "Fn::GetAtt":
                yield str(argument).split(".", 1)[0] if isinstance(argument, str) else str([*items_of(argument), ""][0])
            elif function == "Fn::Sub":
                pattern = argument if isinstance(argument, str) else [*items_of(argument), ""][0]
                yield from (name for name, _ in _IN_TEXT.findall(str(pattern)))
            yield from _referred(argument)


def read_templates(path: str, region: str | None, account: str | None) -> list[Template]:
    """The template of a stack and those nested in it, if they speak of a service that the rules are about."""
    texts = {path: Path(path).read_text(encoding="utf-8")}
    texts |= {nested: Path(nested).read_text(encoding="utf-8") for nested in _nested_in(path)}
    if not any("AWS::ApiGateway" in each or "AWS::IVS::" in each for each in texts.values()):
        return []
    templates = [Template(each, members_of(json.loads(content)), region, account) for each, content in texts.items()]
    for template in templates:
        template.family = templates
    return templates


def _nested_in(path: str) -> list[str]:
    """The templates of nested stacks, which are assets of the stack."""
    manifest = Path(path.removesuffix(".template.json") + ".assets.json")
    if not manifest.is_file():
        return []
    files = members_of(members_of(json.loads(manifest.read_text(encoding="utf-8"))).get("files"))
    sources = [members_of(members_of(each).get("source")).get("path") for each in files.values()]
    return [str(manifest.parent / source) for source in sources if isinstance(source, str) and source.endswith(_NESTED)]
