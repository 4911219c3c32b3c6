"""Resources as rules read them: their properties, and in a template the resources around them.

CloudFormation accepts numbers, booleans and free JSON as strings: they are read as numbers, booleans and objects.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Final, cast

from ._engine import ValueTypes, value_types
from ._unknown import NO_VALUE, is_intrinsic, is_unknown

Properties = Mapping[str, object]

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_BOOLEANS: Final = {"true": True, "false": False}
_FREE_JSON: Final = {"AWS::ApiGatewayV2::Stage": ("RouteSettings", "StageVariables")}
"""Properties that take an object or its JSON text."""
_MAY_CREATE: Final = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::CustomResource", "Custom::")
"""How the types of resources begin that may create others."""
_LIBRARY: Final = "stage-constructs"
"""The key of this library in metadata, and the prefix of its ids."""
_IN_TEXT: Final = re.compile(r"\$\{(?!!)([^}.]+)(?:\.([^}]+))?\}")


@dataclass(eq=False)
class Resource:
    """A resource that is about to be created, or that is in a template."""

    type: str
    properties: Properties
    _: KW_ONLY
    protocol: str | None = None
    region: str | None = None
    account: str | None = None
    template: Template | None = None
    logical_id: str = ""
    is_conditional: bool = False
    dependencies: frozenset[str] = frozenset()
    declared: Properties = field(default_factory=dict[str, object])
    """The properties as a template declares them, `AWS::NoValue` included."""
    accepted: frozenset[str] = frozenset()
    """Ids of the rules that are not reported about it."""
    construct_path: str = ""
    """Path of the construct in a CDK app, where the template tells it."""


class Assembly:
    """The templates of an app."""

    def __init__(self, templates: Sequence[Template], protocols: Mapping[str, str] | None = None) -> None:
        self.templates = templates
        self.protocols = protocols or {}
        """Protocols of APIs that no template declares, by their ids."""
        self._positions: dict[int, int] = {}
        self._grouped: dict[tuple[str, object], dict[str, list[Resource]]] = {}
        count: collections.Counter[tuple[object, ...]] = collections.Counter()
        for template in templates:
            known = template.region and template.account
            environment = (template.region, template.account) if known else (template.deployed_together[0].path,)
            for resource in template.resources.values():
                if not resource.is_conditional:
                    count[(resource.type, *environment)] += 1
                    self._positions[id(resource)] = count[(resource.type, *environment)]

    @functools.cached_property
    def exports(self) -> Mapping[str, tuple[Template, object]]:
        """The values that templates export, by their names, with the template."""
        outputs = ((template, as_dict(output)) for template in self.templates for output in template.outputs.values())
        named = ((as_dict(output.get("Export")).get("Name"), template, output) for template, output in outputs)
        return {name: (template, output.get("Value")) for name, template, output in named if isinstance(name, str)}

    def grouped(self, resource_type: str, key: Callable[[Resource], str]) -> Mapping[str, Sequence[Resource]]:
        """The resources of a type in all templates, by a key; they are read once."""
        groups = self._grouped.get((resource_type, key))
        if groups is None:
            groups = self._grouped[resource_type, key] = {}
            for template in self.templates:
                for resource in template.of_type(resource_type):
                    groups.setdefault(key(resource), []).append(resource)
        return groups

    def position(self, resource: Resource) -> int:
        """The number of a resource among those of its type in its account and Region; 0 for a conditional one."""
        return self._positions.get(id(resource), 0)


class Template:
    """One template and the resources in it."""

    def __init__(
        self, content: Mapping[str, object], *, path: str = "", region: str | None = None, account: str | None = None
    ) -> None:
        self.path = path
        self.region = region
        self.account = account
        self.deployed_together: Sequence[Template] = (self,)
        """The templates that are deployed as one: this one, those nested in it, those that it is nested in."""
        self.assembly = Assembly(())
        """The templates of the same app."""
        self.outputs = as_dict(content.get("Outputs"))
        self.sam_globals = as_dict(content.get("Globals"))
        """Properties that AWS SAM adds to its resources, by the ends of their types."""
        self.accepted = _accepted(as_dict(content.get("Metadata")))
        """Ids of the rules that are not reported about any of its resources."""
        resources = content.get("Resources")
        declared: Properties = cast("Properties", resources) if isinstance(resources, Mapping) else {}
        self.resources = {
            logical_id: self._read(logical_id, cast("Properties", declaration))
            for logical_id, declaration in declared.items()
            if isinstance(declaration, Mapping)
        }
        self._has_macros = "Transform" in content or any(name.startswith("Fn::") for name in declared)
        self._by_type: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            self._by_type.setdefault(resource.type, []).append(resource)

    def _read(self, logical_id: str, declaration: Mapping[str, object]) -> Resource:
        resource_type, raw = str(declaration.get("Type")), declaration.get("Properties")
        depends_on = declaration.get("DependsOn")
        named = [depends_on] if isinstance(depends_on, str) else as_list(depends_on)
        metadata = as_dict(declaration.get("Metadata"))
        return Resource(
            resource_type,
            read_properties(resource_type, raw),
            region=self.region,
            account=self.account,
            template=self,
            logical_id=logical_id,
            is_conditional="Condition" in declaration,
            dependencies=frozenset([*(str(name) for name in named), *_referenced(raw)]),
            declared=as_dict(raw),
            accepted=self.accepted | _accepted(metadata),
            construct_path=str(metadata.get("aws:cdk:path", "")),
        )

    @property
    def types(self) -> Iterable[str]:
        """The types of the resources."""
        return self._by_type.keys()

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of some types."""
        return [resource for each in types for resource in self._by_type.get(each, ())]

    @functools.cached_property
    def is_complete(self) -> bool:
        """Whether nothing else creates resources: no macro, nested or included template, no custom resource."""
        others = any(name.startswith(_MAY_CREATE) for name in self.types)
        return not (self._has_macros or len(self.deployed_together) > 1 or others)

    def target(self, value: object) -> Resource | None:
        """The resource that a value refers to."""
        return self.reference(value)[0]

    def reference(self, value: object) -> tuple[Resource | None, str | None]:
        """The resource of the app that a value refers to, and the attribute if it names one."""
        if not isinstance(value, Mapping) or len(cast("Properties", value)) != 1:
            return None, None
        [(function, argument)] = cast("Properties", value).items()
        if function == "Fn::ImportValue":
            template, exported = self.assembly.exports.get(str(argument), (None, None))
            return (None, None) if template is None or template is self else template.reference(exported)
        logical_id: object = None
        attribute: object = None
        if function == "Ref":
            logical_id = argument
        elif function == "Fn::GetAtt":
            parts = argument.split(".", 1) if isinstance(argument, str) else as_list(argument)
            logical_id, attribute = parts if len(parts) == 2 else (None, None)  # noqa: PLR2004  id and attribute
        elif function == "Fn::Sub" and isinstance(argument, str) and (match := _IN_TEXT.fullmatch(argument)):
            logical_id, attribute = match.groups()
        resource = self.resources.get(logical_id) if isinstance(logical_id, str) else None
        return (None, None) if resource is None else (resource, attribute if isinstance(attribute, str) else None)

    def identity(self, value: object) -> str:
        """Equal for all values that refer to one resource, by whatever attribute.

        What is not in the app is one thing within a template; an id that is written out, or an export, is within an
        account and Region, where these are known.
        """
        target = self.target(value)
        if target:
            return f"{id(target.template)}/{target.logical_id}"
        written = isinstance(value, str) or (isinstance(value, Mapping) and "Fn::ImportValue" in value)
        if written and self.region and self.account:
            return f"{self.region}/{self.account}/{value}"
        return f"{id(self)}/{value}"

    def transitive_dependencies(self, resource: Resource, among: Iterable[str]) -> set[str]:
        """Those of some logical ids that CloudFormation creates before a resource."""
        wanted = set(among)
        found = wanted & resource.dependencies
        seen = set(resource.dependencies)
        to_visit = list(seen)
        while to_visit and found != wanted:
            visited = self.resources.get(to_visit.pop())
            if visited is not None:
                found |= wanted & visited.dependencies
                to_visit.extend(visited.dependencies - seen)
                seen |= visited.dependencies
        return found


def _accepted(metadata: Properties) -> frozenset[str]:
    """The rules that metadata accept, such as `{"stage-constructs": {"accept": ["zeroThrottle"]}}`."""
    ids = as_dict(metadata.get(_LIBRARY)).get("accept")
    each_id = [ids] if isinstance(ids, str) else as_dict(ids) or as_list(ids)
    return frozenset(str(rule_id).removeprefix(f"{_LIBRARY}:") for rule_id in each_id)


def as_dict(value: object) -> Mapping[str, object]:
    """The members of an object; empty for other and for unknown values."""
    if isinstance(value, Mapping) and not is_intrinsic(cast("Properties", value)):
        return cast("Properties", value)
    return {}


def as_list(value: object) -> Sequence[object]:
    """The items of a list; empty for other and for unknown values."""
    return () if is_unknown(value) or not isinstance(value, (list, tuple)) else cast("Sequence[object]", value)


def read_properties(resource_type: str, raw: object) -> dict[str, object]:
    """The properties of a resource in a template as the rules read them; empty where they are not known."""
    properties = dict(as_dict(raw))
    for name in _FREE_JSON.get(resource_type, ()):
        if isinstance(text := properties.get(name), str):
            with contextlib.suppress(ValueError):  # a rule reports that it is no object
                properties[name] = json.loads(text)
    return cast("dict[str, object]", _read_value(properties, value_types(resource_type)))


def _read_value(value: object, types: ValueTypes) -> object:
    """A value without `AWS::NoValue` in it, with the strings converted that stand for values of other types."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        if is_intrinsic(members):
            return members
        return {name: _read_value(item, types.member(name)) for name, item in members.items() if item != NO_VALUE}
    if isinstance(value, list):
        return [_read_value(item, types.member("*")) for item in cast("list[object]", value) if item != NO_VALUE]
    return value if types.own is None else _converted(value, types.own)


def _converted(value: object, kind: type) -> object:
    if kind is str and isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind is bool and isinstance(value, str):
        return _BOOLEANS.get(value.lower(), value)
    if kind is float and isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value or "e" in value.lower() else int(value)
    return value


def _referenced(raw: object) -> Iterator[str]:
    """The names that `Ref`, `Fn::GetAtt` and `Fn::Sub` mention anywhere in a value."""
    if isinstance(raw, list):
        for item in cast("list[object]", raw):
            yield from _referenced(item)
    elif isinstance(raw, Mapping):
        for function, argument in cast("Properties", raw).items():
            if function == "Ref" and isinstance(argument, str):
                yield argument
            elif function == "Fn::GetAtt":
                yield argument.split(".", 1)[0] if isinstance(argument, str) else str([*as_list(argument), ""][0])
            elif function == "Fn::Sub":
                pattern = argument if isinstance(argument, str) else [*as_list(argument), ""][0]
                yield from (name for name, _ in _IN_TEXT.findall(str(pattern)))
            yield from _referenced(argument)
