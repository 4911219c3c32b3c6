"""Tags of any resource: a map, or a list of keys and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from ._engine import Context, Key, Kind, Problem, rule
from ._resources import as_dict
from ._unknown import is_unknown, may_be_absent
from ._values import length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_TAGS = 50
_MAX_KEY = 128
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def tag_rules(types: Sequence[str], *, max_value_length: int, source: str, as_list: bool = False) -> None:
    """Add the rule about the tags of some types, which are a map or a list."""

    @rule(
        types,
        "Tags",
        id="tags",
        kind=Kind.GRAMMAR,
        value_type=list if as_list else dict,
        expected="a list of tags" if as_list else '{an object|a dict} of keys and values such as {"team": "chat"}',
        doc=f"A resource has at most {_MAX_TAGS} tags: keys of 1 to {_MAX_KEY} characters that do not begin with"
        f" `aws:`, values of at most {max_value_length:,}, as {'a list' if as_list else 'an object'}.",
        source=source,
        checked="2026-11",
        changes_later=True,
    )
    def tags(value: Mapping[str, object] | Sequence[object], at: Context) -> Iterator[Problem]:
        items = value.values() if isinstance(value, Mapping) else value
        number = sum(not may_be_absent(item) for item in items)
        if number > _MAX_TAGS:
            fix = f"remove {number - _MAX_TAGS} of them"
            yield Problem(f"must hold at most {_MAX_TAGS} tags", fix, value=number)
        for key, tag in _pairs(value):
            path = ("Tags", Key(key))
            yield from _key_problems(key, path)
            if as_list and _CONTROL.search(key):
                text = "must have a key of letters, digits, spaces and + - = . _ : / @"
                yield Problem(text, "remove the line ends and other control characters", path, value=key)
            if at.resource.template is not None and isinstance(tag, (bool, int, float)):
                continue  # CloudFormation converts it to a string
            if isinstance(tag, str) and not is_unknown(tag):
                for problem in length(tag, 0, max_value_length):
                    yield Problem(problem.text, problem.fix, path, value=tag)
            elif not is_unknown(tag):
                yield Problem("must be a string", "write it as a text", path, value=tag)


def _key_problems(key: str, path: tuple[str, ...]) -> Iterator[Problem]:
    text = f"must have a key of 1 to {_MAX_KEY} characters that does not begin with aws:"
    if key.lower().startswith("aws:"):
        fix = "this prefix is reserved for AWS, write {key} for instance"
        yield Problem(text, fix, path, value=key, values={"key": key[4:] or "team"})
    elif not 1 <= len(key) <= _MAX_KEY:
        yield Problem(text, f"shorten it by {len(key) - _MAX_KEY}" if key else "leave the tag out", path, value=key)


def _pairs(tags: Mapping[str, object] | Sequence[object]) -> Iterator[tuple[str, object]]:
    if not isinstance(tags, list):
        yield from cast("Mapping[str, object]", tags).items()
        return
    for tag in cast("Sequence[object]", tags):
        key = as_dict(tag).get("Key")
        if isinstance(key, str) and not is_unknown(key):
            yield key, as_dict(tag).get("Value", "")
