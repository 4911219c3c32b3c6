"""Checks of the thresholds of alarms, and of the minimum number of requests."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, NamedTuple

from .._arguments import violation, warning
from .._suggestions import with_article
from ..rules._unknown import is_unknown
from ..rules._values import join_or
from ._alarm_definitions import ALARM_DEFINITIONS
from ._monitored_stage import StageKind
from .threshold import Threshold, levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeGuard

    from ..errors import Violation

_HUNDRED_PERCENT = 100


class _Range(NamedTuple):
    """The thresholds that a metric can cross."""

    expected: str
    low: float
    high: float = math.inf
    includes_high: bool = False
    is_minimum: bool = False
    """Whether the alarm fires below the threshold."""


_RANGES = {
    "rate": _Range("a share of all requests or messages, from 0 to less than 1", 0, 1),
    "percent": _Range("a percentage from 0 to less than 100", 0, 100),
    "ms": _Range("milliseconds, more than 0", sys.float_info.min),
    "publishers": _Range(
        "a number of participants from 1 to 12, the most that can publish on a stage", 1, 12, includes_high=True
    ),
    "subscribers": _Range("a number of participants, at least 1", 1),
    "traffic": _Range("a number of requests or messages in a period, at least 1", 1, is_minimum=True),
    "failures": _Range("a number of failures in a period, at least 1", 1),
}
"""By the last word of the name of a threshold."""


def validate_thresholds(
    kind: StageKind, thresholds: Mapping[str, object], defaults: Mapping[str, object]
) -> Iterator[Violation]:
    """Thresholds of this kind of stage, each in its range; the others have their defaults or are None."""
    names = ALARM_DEFINITIONS[kind]
    for name, value in thresholds.items():
        if name in names:
            for _, prop, level in levels(name, value):
                yield from _validate_threshold(prop, level, _RANGES[name.rpartition("_")[2]])
            if isinstance(value, Threshold):
                yield from _validate_order(name, value)
        elif value is not None and value != defaults[name]:
            problem = f"is no threshold of {with_article(kind.value)}"
            yield violation("threshold", name, value, problem, f"leave it out; there are {join_or(names, 'and')}")


def _validate_threshold(prop: str, value: object, limits: _Range) -> Iterator[Violation]:
    if _is_number_token(value):
        return
    expected, low, high = limits.expected, limits.low, limits.high
    if not _is_number(value) or not math.isfinite(value):
        fix = f"write a finite number, or {prop}=None to switch the alarm off"
        yield violation("threshold", prop, value, f"must be {expected}", fix)
    elif value < low or value > high or (value == high and not limits.includes_high):
        always = value < low and not limits.is_minimum
        fires = "fires in every period that has data" if always else "never fires"
        fix = f"the alarm {fires}; {prop}=None switches it off"
        if limits is _RANGES["rate"] and 1 < value < _HUNDRED_PERCENT:
            fix = f"the alarm never fires; write {value / _HUNDRED_PERCENT:g} for {value:g} %"
        yield warning("thresholdRange", prop, value, f"should be {expected}", fix)


def _validate_order(name: str, threshold: Threshold) -> Iterator[Violation]:
    """A warning threshold that is reached before the critical one."""
    warn, critical = threshold.warning, threshold.critical
    if not (_is_number(warn) and _is_number(critical)) or is_unknown(warn) or is_unknown(critical):
        return
    is_minimum = _RANGES[name.rpartition("_")[2]].is_minimum
    if warn <= critical if is_minimum else warn >= critical:
        side = "more" if is_minimum else "less"
        fix = "the warning never comes before the critical alarm; exchange the two, or leave out the warning"
        yield warning("thresholdRange", f"{name}.warning", warn, f"should be {side} than critical, {critical:g}", fix)


def validate_min_requests(kind: StageKind, value: object, default: object) -> Iterator[Violation]:
    """A number of requests, for a kind of stage that has requests."""
    if value is None or _is_number_token(value):
        return
    if kind is StageKind.IVS:
        if value != default:
            fix = "leave it out; it is for the rate alarms of HTTP and WebSocket stages"
            problem = f"is not supported on {with_article(kind.value)}"
            yield violation("minRequests", "min_requests", value, problem, fix)
    elif not _is_number(value) or not 0 <= value <= sys.float_info.max:
        fix = "write a number such as 10, or min_requests=None for no minimum"
        yield violation("minRequests", "min_requests", value, "must be a number of requests, at least 0", fix)


def _is_number_token(value: object) -> bool:
    return isinstance(value, float) and is_unknown(value)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
