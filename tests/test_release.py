"""The release: what builds the distribution that is published, and with what."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import stage_constructs

ROOT = Path(__file__).parents[1]


@pytest.fixture
def jobs() -> dict[str, Any]:
    """The jobs of the release workflow."""
    return yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]


@pytest.mark.parametrize(
    "name",
    [
        "build",
        "hatch-fancy-pypi-readme",
        "hatchling",
        "packaging",
        "pathspec",
        "pluggy",
        "tomlkit",
        "trove-classifiers",
    ],
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


def test_what_waits_for_the_address_of_the_repository_is_in_one_list() -> None:
    """Each file with a placeholder for it, and each setting that needs it, is named in RELEASING.md."""
    listed = (ROOT / "RELEASING.md").read_text().partition("## Before the first publication")[2]
    files = [path for path in ROOT.glob("*") if path.is_file()]
    for folder in ("docs", ".github", "stage_constructs", "examples"):
        files += (ROOT / folder).rglob("*")
    waiting = {
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix in {".md", ".py", ".toml", ".yml", ".yaml"} and "OWNER/" in path.read_text(encoding="utf-8")
    }
    assert waiting
    assert all(f"`{path}`" in listed for path in waiting)
    assert ("site_url:" in (ROOT / "mkdocs.yml").read_text()) != ("`site_url`" in listed)
    assert ("[project.urls]" in (ROOT / "pyproject.toml").read_text()) != ("`[project.urls]`" in listed)


def test_examples_name_this_version() -> None:
    """Whoever copies the GitHub action or the hook gets the release that the page describes."""
    page = (ROOT / "docs" / "how-to" / "ci.md").read_text()
    named = re.findall(r"OWNER/stage-constructs(?:@|\n +rev: )v([\d.]+)\n", page)
    assert named == [stage_constructs.__version__] * 2
    assert f"such as {stage_constructs.__version__}." in (ROOT / "action.yml").read_text()


def test_the_changelog_describes_this_version() -> None:
    """The newest section with a date is that of the package, and says what changes in templates."""
    text = (ROOT / "CHANGELOG.md").read_text()
    dated = re.findall(r"^## ([\d.]+) - \d{4}-\d\d-\d\d\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    version, section = dated[0]
    assert version == stage_constructs.__version__
    assert "### Templates" in section
