"""The error that every construct of this library raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that one value breaks."""

    rule: str
    """Id of the rule, such as `stageName`; `stage-constructs:stageName` accepts it."""
    prop: str
    """The property as the caller wrote it, such as `default_route_settings.throttling_rate_limit`."""
    value: object
    """The value as given."""
    message: str
    """What is wrong and what to write instead."""
    is_error: bool = True
    """Whether the service refuses the value; otherwise it is accepted, and surely a mistake."""


class StageConfigurationError(ValueError):
    """What the service would refuse at deploy, or what cannot work, raised at synth.

    The text names the property, what is accepted, the value as given, what to write instead, the service's own words
    where they are known, and the id of the rule. When several properties are wrong the text lists them all, and the
    attributes describe the first.

    Attributes:
        construct_path: Path of the construct in the tree, such as `MyStack/Stage`.
        prop: The property as the caller wrote it, such as `default_route_settings.throttling_rate_limit`.
        value: The value as given.
        rule: Id of the rule, such as `throttle`.
        violations: All that is wrong, each with `rule`, `prop`, `value` and `message`.
    """

    def __init__(self, construct_path: str, violations: Sequence[Violation]) -> None:
        messages = list(dict.fromkeys(violation.message for violation in violations))
        listed = messages[0] if len(messages) == 1 else "".join(f"\n  - {message}" for message in messages)
        super().__init__(f"{construct_path}: {listed}")
        self.construct_path = construct_path
        self.violations = tuple(violations)
        first = self.violations[0]
        self.prop = first.prop
        self.value = first.value
        self.rule = first.rule
