"""The length of the patterns of rules on events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown

RULE: Final = "AWS::Events::Rule"
_DEFAULT: Final = 2048
_MOST: Final = 4096
_COLUMNS: Final[dict[str, Any]] = {
    "source": "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
    "checked": "2026-11",
}


@rule(
    RULE,
    "EventPattern",
    id="longEventPattern",
    kind=Kind.QUOTA,
    doc=f"The pattern of a rule on events of Amazon IVS has at most {_DEFAULT:,} characters, which is AWS's default"
    " quota.",
    fix="EventBridge refuses a longer one unless the quota was raised; name fewer events or stages, or create several"
    " rules",
    **_COLUMNS,
)
def long_event_pattern(value: object, at: Context) -> Iterator[Problem]:
    if _DEFAULT < (size := _size_of(value, at)) <= _MOST:
        yield Problem(f"should have at most {_DEFAULT:,} characters", value=size)


@rule(
    RULE,
    "EventPattern",
    id="eventPattern",
    kind=Kind.LIMIT,
    doc=f"The pattern of a rule has at most {_MOST:,} characters, the most that AWS raises the quota to.",
    fix="name fewer events or stages, or create several rules",
    **_COLUMNS,
)
def event_pattern(value: object, at: Context) -> Iterator[Problem]:
    if (size := _size_of(value, at)) > _MOST:
        yield Problem(f"must have at most {_MOST:,} characters", value=size)


def _size_of(pattern: object, at: Context) -> int:
    """Characters of a pattern at least; 0 where it is not one of events of Amazon IVS."""
    return _least_size(pattern) if at.known("EventPattern.source") == ["aws.ivs"] else 0


def _least_size(value: object) -> int:
    """Characters of a value as JSON, where what is known only at deploy time counts for nothing."""
    if is_unknown(value):
        return 0
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        known = {name: item for name, item in members.items() if not is_unknown(item)}
        return sum(len(json.dumps(name)) + 2 + _least_size(item) for name, item in known.items()) + 1
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return sum(1 + _least_size(item) for item in items if not is_unknown(item)) + 1
    return len(json.dumps(value, ensure_ascii=False, default=str))
