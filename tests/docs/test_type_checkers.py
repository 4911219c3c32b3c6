"""What the page on type checkers says of mypy and pyright is so."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .pages import ROOT, blocks_of

_WITHOUT_CASTS = {"cast(sns.ITopic, ": "(", "cast(cloudwatch.IAlarmAction, ": "("}


@pytest.fixture(scope="module")
def code():
    """The code of the page, as one file."""
    page = (ROOT / "docs" / "how-to" / "type-checkers.md").read_text()
    return "\n".join(block.text for block in blocks_of(page) if block.language == "python")


@pytest.fixture
def reports(tmp_path):
    """Gives what pyright reports of code, with further settings."""

    def check(text: str, **settings: bool) -> set[str]:
        (tmp_path / "app.py").write_text(text)
        configuration = {
            "include": ["app.py"],
            "venvPath": str(ROOT),
            "venv": ".venv",
            "extraPaths": [str(ROOT)],
            **settings,
        }
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(configuration))
        pyright = ROOT / "node_modules" / "pyright" / "index.js"
        command = [os.environ["JSII_NODE"], str(pyright), "--outputjson", "--project", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return {found["rule"] for found in json.loads(done.stdout)["generalDiagnostics"]}

    return check


@pytest.mark.slow
def test_pyright_accepts_the_page_and_needs_the_casts(code, reports):
    """With the casts there is nothing to report; without them there is, unless it is turned off as the page says."""
    assert reports(code) == set()
    for cast, plain in _WITHOUT_CASTS.items():
        assert cast in code
        code = code.replace(cast, plain)
    assert reports(code) == {"reportArgumentType", "reportCallIssue"}
    assert reports(code, reportArgumentType=False, reportCallIssue=False) == set()


@pytest.mark.slow
def test_mypy_needs_no_casts(code, tmp_path):
    """Native objects are accepted as they are."""
    for cast, plain in _WITHOUT_CASTS.items():
        code = code.replace(cast, plain)
    (tmp_path / "app.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path / "cache"), "app.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
