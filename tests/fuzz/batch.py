"""Cases that are built side by side, and judged together."""

from __future__ import annotations

import collections
import contextlib
import itertools
import signal
from collections.abc import Iterator
from typing import Any

from stage_constructs import StageConfigurationError

from .public_api import Operation
from .sandbox import Sandbox, cases_in, errors_in

_LONGEST = 30
"""Seconds that a case may take."""


_OTHER_REFUSALS = {"checks": (ValueError,)}
"""What has no construct to name in an error."""


class Batch:
    """Some of the cases are refused, and the others stand in one template until it is full."""

    def __init__(self, size: int = 100) -> None:
        self.ended: collections.Counter[tuple[str, str]] = collections.Counter()
        self.problems: list[str] = []
        self._size = size
        self._numbers = itertools.count(1)
        self._open()

    def _open(self) -> None:
        self.sandbox = Sandbox()
        self._accepted: dict[str, tuple[str, object]] = {}

    def run(self, operation: Operation, given: dict[str, Any]) -> bool:
        """Whether it was accepted."""
        case = self.sandbox.case = f"Case{next(self._numbers)}Z"
        try:
            with _time_limit():
                operation.call(self.sandbox, given)
        except (StageConfigurationError, TypeError, *_OTHER_REFUSALS.get(operation.package, ())):
            self.ended[str(operation), "refused"] += 1
            assert self.sandbox.stack.node.try_find_child(case) is None
            return False
        self.ended[str(operation), "accepted"] += 1
        self._accepted[case] = (str(operation), given)
        if len(self._accepted) == self._size:
            self.judge()
        return True

    def judge(self) -> None:
        """Keep what is wrong with the template: what the judge says, and what was left of refused cases."""
        try:
            template = self.sandbox.template()
        except RuntimeError as failure:
            self._blame("synth", str(failure))
        else:
            left = {case for logical_id in template["Resources"] for case in cases_in(logical_id)}
            self.problems += [f"{case} was refused and left something" for case in left - self._accepted.keys()]
            for error in errors_in(template):
                self._blame("judge", error)
        self._open()

    def _blame(self, who: str, said: str) -> None:
        cases = {case: self._accepted[case] for case in cases_in(said) & self._accepted.keys()}
        self.problems.append(f"{who}: {said[:2000]}: {cases}")


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
