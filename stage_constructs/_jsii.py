"""The internals of jsii's Python runtime that this library relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence


def identity(construct: object) -> str:
    """The same for all Python objects that stand for one construct."""
    return str(cast("Any", construct).__jsii_ref__.ref)


def parts_of(value: object) -> Sequence[object]:
    """The objects whose classes have the members of a value: those behind a proxy, or the value itself."""
    return getattr(value, "_delegates", None) or (value,)
