"""Tags of any resource: a map, or a list of keys and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ._engine import Context, Key, Kind, Problem, rule
from ._resources import as_dict
from ._unknown import is_unknown
from ._values import length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MAX_TAGS = 50
_MAX_KEY = 128


def tag_rules(types: Sequence[str], *, max_value_length: int, source: str, as_list: bool = False) -> None:
    """Add the rules about the tags of some types, which are a map or a list."""
    columns: dict[str, Any] = {
        "id": "tags",
        "kind": Kind.GRAMMAR,
        "doc": f"A resource has at most {_MAX_TAGS} tags: keys of 1 to {_MAX_KEY} characters that do not begin with"
        f" `aws:`, values of at most {max_value_length:,}, as {'a list' if as_list else 'an object'}.",
        "fix": "Remove tags, or choose other keys.",
        "source": source,
        "checked": "2026-11",
    }

    @rule(types, "Tags", value_type=list if as_list else dict, expected=_EXPECTED[as_list], **columns)
    def tags(value: Mapping[str, object] | Sequence[object], at: Context) -> Iterator[Problem]:
        if len(value) > _MAX_TAGS:
            excess = len(value) - _MAX_TAGS
            yield Problem(f"must hold at most {_MAX_TAGS} tags", f"remove {excess} of them", value=len(value))
        for key, tag in _pairs(value):
            path = ("Tags", Key(key))
            if not 1 <= len(key) <= _MAX_KEY or key.lower().startswith("aws:"):
                text = f"must have a key of 1 to {_MAX_KEY} characters that does not begin with aws:"
                yield Problem(text, _fix_of_key(key), path, value=key, values={"key": key[4:] or "team"})
            if at.resource.template is not None and isinstance(tag, (bool, int, float)):
                continue  # CloudFormation makes a text of it
            if is_unknown(tag):
                continue
            if not isinstance(tag, str):
                yield Problem("must be a string", "write it as a text", path, value=tag)
            else:
                for problem in length(tag, 0, max_value_length):
                    yield Problem(problem.text, problem.fix, path, value=tag)


_EXPECTED = {False: '{an object|a dict} of keys and values such as {"team": "chat"}', True: "a list of tags"}


def _pairs(tags: Mapping[str, object] | Sequence[object]) -> Iterator[tuple[str, object]]:
    if not isinstance(tags, list):
        yield from cast("Mapping[str, object]", tags).items()
        return
    for tag in cast("Sequence[object]", tags):
        key = as_dict(tag).get("Key")
        if isinstance(key, str) and not is_unknown(key):
            yield key, as_dict(tag).get("Value", "")


def _fix_of_key(key: str) -> str:
    if key.lower().startswith("aws:"):
        return "this prefix is reserved for AWS, write {key} for instance"
    return f"shorten it by {len(key) - _MAX_KEY}" if key else "leave the tag out"
