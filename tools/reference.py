"""How the reference shows a class: grouped members, and one first sentence for the class and its constructor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator

DIRECTIVE: Final = re.compile(r"^::: stage_constructs\.(\S+)\n", re.MULTILINE)
"""What mkdocstrings replaces by a part of the reference."""
_GROUPS: Final = {
    "Import": r"from_",
    "Grants": r"grant",
    "Metrics": r"metric",
    "Events": r"on_",
}


class OneFirstSentence(griffe.Extension):
    """Extension of griffe: what a constructor does is said by its class, so its first sentence goes."""

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:
        """Drop it, where the class has a docstring."""
        constructor = cls.members.get("__init__")
        if cls.docstring and constructor and constructor.docstring:
            constructor.docstring.value = constructor.docstring.value.partition("\n\n")[2]


def grouped(markdown: str, package: griffe.Object | griffe.Alias) -> str:
    """The page with a directive for each member of a class that has several kinds of them, below a heading a kind."""
    return DIRECTIVE.sub(lambda match: "".join(_directives(match[1], package[match[1]])), f"{markdown}\n")


def _directives(path: str, item: griffe.Object | griffe.Alias) -> Iterator[str]:
    groups: dict[str, list[str]] = {name: [] for name in ("Import", "Attributes", "Methods", *_GROUPS)}
    for name, member in members_of(item).items():
        groups[_group_of(name, member)].append(name)
    if sum(map(bool, groups.values())) < 2:  # noqa: PLR2004  an enum needs no heading
        yield f"::: stage_constructs.{path}\n"
        return
    yield f"::: stage_constructs.{path}\n    options:\n      members: false\n      inherited_members: false\n"
    for group, names in groups.items():
        if names:
            yield f"\n### {group}\n"
        for name in names:
            yield f"\n::: stage_constructs.{path}.{name}\n    options:\n      heading_level: 4\n"


def members_of(item: griffe.Object | griffe.Alias) -> dict[str, griffe.Object | griffe.Alias]:
    """What the reference shows of a class: public members with a docstring, inherited ones too."""
    if not item.is_class:
        return {}
    return {
        name: member for name, member in item.all_members.items() if not name.startswith("_") and member.has_docstring
    }


def _group_of(name: str, member: griffe.Object | griffe.Alias) -> str:
    for group, prefix in _GROUPS.items():
        if re.match(prefix, name):
            return group
    return "Methods" if member.is_function else "Attributes"
