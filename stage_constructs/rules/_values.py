"""Checks that many rules share."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, cast

from ._engine import Problem

if TYPE_CHECKING:
    import enum
    from collections.abc import Collection, Iterator


def length(value: str, least: int, most: int | None) -> Iterator[Problem]:
    """A text of at least and at most so many characters."""
    if len(value) < least:
        yield Problem("must not be empty")
    elif most is not None and len(value) > most:
        yield Problem(f"must have at most {most:,} characters", f"shorten it by {len(value) - most}")


def one_of(value: object, values: Collection[str]) -> Iterator[Problem]:
    """One of a set of texts."""
    if value not in values:
        yield Problem(f"must be {join_or(values)}")


def number_between(value: float, least: int, most: int, unit: str = "", *, whole: bool = True) -> Iterator[Problem]:
    """A number within a range."""
    if math.isfinite(value) and least <= value <= most and (not whole or value == int(value)):
        return
    of_unit = f" {unit}" if unit else ""
    nearest = min(max(round(value), least), most) if math.isfinite(value) else most
    yield Problem(
        f"must be {'a whole number' if whole else 'a number'} from {least:,} to {most:,}{of_unit}",
        f"the nearest valid value is {nearest:,}",
    )


def join_or(items: Collection[str], word: str = "or") -> str:
    """`A, B or C`."""
    *others, last = items
    return f"{', '.join(others)} {word} {last}" if others else last


def closest_of(value: object, values: Collection[str], *, cutoff: float = 0.6) -> str:
    """The member of a set of texts that a text is closest to; empty where none is as similar as the cutoff."""
    from difflib import get_close_matches  # noqa: PLC0415  nothing is wrong yet in most apps

    spelled = {letters(item): item for item in values}
    word = letters(value) if isinstance(value, str) else ""
    return next((spelled[match] for match in get_close_matches(word, spelled, n=1, cutoff=cutoff)), "")


def letters(name: str) -> str:
    """The letters and digits of a name in lower case, which all spellings of it share."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def values_of(enumeration: type[enum.Enum]) -> tuple[str, ...]:
    """The values of an enum of texts."""
    return tuple(cast("str", member.value) for member in enumeration)
