"""Converts CloudFormation properties to the arguments of an L1.

An L1 takes its properties in snake_case, objects in them in camelCase, and JSON and maps as they are in the template.
A token must have the type of its property.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import aws_cdk as cdk

from ._spelling import snake_case
from .rules._engine import ValueTypes, value_types
from .rules._unknown import is_unknown


def l1_arguments(
    resource_type: str, properties: Mapping[str, object], *, verbatim: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The keyword arguments of an L1.

    Args:
        resource_type: CloudFormation type.
        properties: The properties as CloudFormation gets them; None for what is left out.
        verbatim: Properties that hold free JSON or a map.
    """
    types = value_types(resource_type)
    return {
        snake_case(name): value if name in verbatim else _l1_value(value, types.member(name))
        for name, value in properties.items()
        if value is not None
    }


def _l1_value(value: object, types: ValueTypes) -> object:
    if is_unknown(value):
        return _token(value, types.own or str)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value).items()
        return {f"{name[:1].lower()}{name[1:]}": _l1_value(item, types.member(name)) for name, item in members}
    if isinstance(value, list):
        return [_l1_value(item, types.member("*")) for item in cast("list[object]", value)]
    return value


def _token(value: Any, kind: type) -> object:
    """A token as the type of its property."""
    if kind is str and not isinstance(value, str):
        return cdk.Token.as_string(value)
    if kind is list and not isinstance(value, list):
        return cdk.Token.as_list(value)
    if kind is float and not isinstance(value, float):
        return cdk.Token.as_number(_without_encoding(value))
    if kind is bool and isinstance(value, (str, float)):
        return cdk.Token.as_any(_without_encoding(value))
    return cast("object", value)


def _without_encoding(value: Any) -> object:
    """The token that a string stands for; a dynamic reference is a string in the template too."""
    return cdk.Tokenization.reverse(value) if isinstance(value, str) and "${Token[" in value else value
