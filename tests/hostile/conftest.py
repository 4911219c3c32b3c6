"""How many cases: a few hundred as a rule, ten thousand with HYPOTHESIS_PROFILE=nightly."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

for name, examples in (("default", 200), ("nightly", 10_000)):
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=name == "default",
        suppress_health_check=list(HealthCheck),
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
