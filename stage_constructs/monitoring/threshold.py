"""The two thresholds of an alarm."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """A warning and a critical threshold for the same metric, in place of a number, which is a critical threshold.

    Each makes an alarm: the critical one with the `actions` of `StageAlarms`, the warning one with `warning_actions`.
    `StageAlarms` checks the values.
    """

    critical: float | None = None
    """Threshold of the alarm that a number makes too, with the same logical id. Default: no such alarm."""
    warning: float | None = None
    """Threshold of a second alarm, which is reached earlier. Default: no such alarm."""


WARNING_SUFFIX = "_warning"
"""At the end of the name of an alarm on a warning threshold."""


def levels(name: str, threshold: object) -> list[tuple[str, str, object]]:
    """The alarms on a threshold: the name of each, its argument, and its value."""
    if not isinstance(threshold, Threshold):
        return [] if threshold is None else [(name, name, threshold)]
    both = (
        (name, f"{name}.critical", threshold.critical),
        (f"{name}{WARNING_SUFFIX}", f"{name}.warning", threshold.warning),
    )
    return [level for level in both if level[2] is not None]
