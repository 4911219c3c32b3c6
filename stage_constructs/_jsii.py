"""The internals of jsii's Python runtime that this library relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def identity(construct: object) -> str:
    """The same for all Python objects that stand for one construct."""
    return str(cast("Any", construct).__jsii_ref__.ref)


def parts_of(value: object) -> Sequence[object]:
    """The objects whose classes have the members of a value: those behind a proxy, or the value itself."""
    return getattr(value, "_delegates", None) or (value,)


def without_proxy(value: T, member: str) -> T:
    """What stands behind a proxy and has a member: the proxy itself asks for the value of each member twice."""
    return cast("T", next((part for part in parts_of(value) if hasattr(type(part), member)), value))
