"""Attributes of constructs that are read, and never changed in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, cast


class ReadOnlyDict(dict[str, str]):
    """A dict that cannot be changed; CDK takes it as a dict, which it does not do for `MappingProxyType`."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("these values cannot be changed here: give them to the construct when it is created")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore[reportAssignmentType]


def read_only(values: object) -> ReadOnlyDict:
    """A copy of a map that cannot be changed; empty for a token."""
    return ReadOnlyDict(cast("Mapping[str, str]", values) if isinstance(values, Mapping) else {})
