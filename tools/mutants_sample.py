"""Keep a random sample of the mutants in a session of cosmic-ray: `mutants_sample.py SESSION NUMBER`.

Runs with the Python that has cosmic-ray.
"""

from __future__ import annotations

import random
import sys

from cosmic_ray.work_db import WorkDB, use_db

IN_ANNOTATIONS = "core/ReplaceBinaryOperator_BitOr"
"""Operators that change `str | None` and the like, which nothing evaluates."""

if __name__ == "__main__":
    with use_db(sys.argv[1], WorkDB.Mode.open) as session:
        mutants = [
            each for each in session.work_items if not each.mutations[0].operator_name.startswith(IN_ANNOTATIONS)
        ]
        chosen = random.sample(mutants, min(int(sys.argv[2]), len(mutants)))
        session.clear()
        session.add_work_items(chosen)
        sys.stdout.write(f"{len(chosen)} of {len(mutants)} mutants\n")
