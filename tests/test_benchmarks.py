"""The benchmarks: small and with few rounds, to see that they work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_all_parts_compare_templates_and_print_a_table() -> None:
    """The templates of all ways are equal, or the run ends with an error; each part prints rows of figures."""
    command = [sys.executable, "-m", "benchmarks", "--quick"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    sections = done.stdout.split("\n## ")
    assert len(sections) == 6
    for section in sections:
        rows = [line for line in section.splitlines() if line.startswith("|")]
        assert len(rows) > 2
        assert any(cell.strip().replace(".", "").isdigit() for cell in rows[2].split("|"))


def test_a_differing_template_is_seen() -> None:
    """The comparison ignores logical ids and metadata, and nothing else of a resource but the code of functions."""
    from benchmarks.run import comparable

    def template(id: str, name: str) -> dict[str, object]:
        stage = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"StageName": name}, "Metadata": {"path": id}}
        return {"Resources": {id: stage}, "Outputs": {"Url": {"Value": {"Ref": id}}}}

    assert comparable(template("One", "live")) == comparable(template("Other", "live"))
    assert comparable(template("One", "live")) != comparable(template("One", "beta"))
