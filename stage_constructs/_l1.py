"""From CloudFormation properties to the arguments of an L1.

An L1 takes its own properties in snake_case, objects inside of them in camelCase, and free JSON and maps as they
are in the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ._spelling import argument_name


def l1_arguments(properties: Mapping[str, object], *, verbatim: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The keyword arguments of an L1.

    Args:
        properties: The properties as CloudFormation gets them; None for what is left out.
        verbatim: Properties that hold free JSON or a map.
    """
    return {
        argument_name(name): value if name in verbatim else _camel_case(value)
        for name, value in properties.items()
        if value is not None
    }


def _camel_case(value: object) -> object:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return {f"{name[:1].lower()}{name[1:]}": _camel_case(item) for name, item in members.items()}
    if isinstance(value, list):
        return [_camel_case(item) for item in cast("list[object]", value)]
    return value
