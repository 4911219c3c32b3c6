"""The tests that the page on testing shows are tests, and pass."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .pages import ROOT, blocks_of


@pytest.mark.slow
def test_the_tests_of_the_page_pass(tmp_path):
    """All blocks of the page as one file, run by pytest."""
    page = (ROOT / "docs" / "how-to" / "test-your-stack.md").read_text()
    code = "\n\n".join(block.text for block in blocks_of(page) if block.language == "python")
    (tmp_path / "test_pets.py").write_text(code)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--snapshot-update", "test_pets.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{code.count('def test_')} passed" in done.stdout
