"""The release: what builds the distribution that is published, and with what."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]


@pytest.fixture
def jobs() -> dict[str, Any]:
    """The jobs of the release workflow."""
    return yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]


@pytest.mark.parametrize(
    "name", ["build", "hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"]
)
def test_the_build_backend_is_pinned(name: str) -> None:
    """What builds, and all that it requires, has a version in constraints.txt."""
    assert re.search(rf"^{name}==[\d.]+$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)


def test_the_distribution_is_built_without_the_packages_of_development(jobs: dict[str, Any]) -> None:
    """The job that builds runs no target of make: they install them all."""
    commands = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert commands[-1] == "tools/build_distribution"
    assert not any(re.search(r"\b(make|pip)\b", command) for command in commands)


def test_what_is_published_has_been_tested_and_checked(jobs: dict[str, Any]) -> None:
    """Publishing waits for all other jobs, and it alone may ask for an identity token."""
    assert set(jobs["publish"]["needs"]) == jobs.keys() - {"publish"}
    assert "tools/release_check --built" in [step.get("run") for step in jobs["check"]["steps"]]
    assert [name for name, job in jobs.items() if "id-token" in job["permissions"]] == ["publish"]
