"""How many cases: a hundred of a class, beside those of its methods; nightly ten thousand."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

for name, examples in (("default", 100), ("nightly", 10_000)):
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=name == "default",
        suppress_health_check=list(HealthCheck),
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many cases of each class ended how."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, accepted, refused in dict(report.user_properties).get("ended", ()):
            terminalreporter.write_line(f"{name}: {accepted + refused} cases, {accepted} accepted, {refused} refused")
