"""A run of the tests leaves nothing in the temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SYNTHESIZES = "tests/monitoring/test_stage_alarms.py::TestDefaults::test_descriptions"


@pytest.mark.slow
def test_nothing_is_left(tmp_path: Path) -> None:
    """Neither assemblies of CDK (`cdk.out*`) nor folders of pytest or of Node are left."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", SYNTHESIZES]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True)
    assert list(tmp_path.iterdir()) == []
