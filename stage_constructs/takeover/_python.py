"""Python code in the form that formatters leave as it is.

A call or a dict is on one line if it is short, so that the whole line fits whatever is before it. Else each of its
parts has a line that ends in a comma, which formatters do not join.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_SHORT: Final = 76


def call(function: str, *arguments: str, **named: str | None) -> str:
    """A call; a named argument that is None is left out."""
    parts = [*arguments, *(f"{name}={code}" for name, code in named.items() if code is not None)]
    line = f"{function}({', '.join(parts)})"
    return line if len(line) <= _SHORT and "\n" not in line else over_lines(f"{function}(", parts, ")")


def dictionary(items: Mapping[str, str]) -> str:
    """A dict of texts to code."""
    parts = [f"{literal(key)}: {code}" for key, code in items.items()]
    line = f"{{{', '.join(parts)}}}"
    return line if len(line) <= _SHORT and "\n" not in line else over_lines("{", parts, "}")


def over_lines(start: str, parts: Iterable[str], end: str) -> str:
    """Parts in brackets, each on lines of its own."""
    lines = "".join(f"{part},\n" for part in parts)
    return f"{start}\n{textwrap.indent(lines, '    ')}{end}"


def literal(value: object) -> str:
    """A text, a number, a truth value, or a list of these.

    Raises:
        ValueError: It is something else.
    """
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    raise ValueError("has an object or no number where a text or a number is expected")


def comment(lines: Iterable[str]) -> list[str]:
    """Lines of a comment, each text wrapped."""
    return [f"# {line}" for text in lines for line in textwrap.wrap(printable(text), 100, subsequent_indent="  ")]


def printable(text: str) -> str:
    """The text with escapes for line ends, control characters and what else cannot be seen."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _quoted(text: str) -> str:
    """The text in double quotes, or in single ones where these need fewer escapes."""
    code = repr(text)
    if code.startswith('"') or text.count('"') > text.count("'"):
        return code
    body = code[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{body}"'
