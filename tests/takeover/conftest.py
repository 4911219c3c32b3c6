"""Runs the command, and synthesizes the app that it writes."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from stage_constructs.checks._command import main


@dataclass(frozen=True)
class TakenOver:
    """What the command wrote and printed."""

    folder: Path
    printed: str

    @property
    def code(self) -> str:
        """The app."""
        return (self.folder / "stages.py").read_text(encoding="utf-8")

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """The mapping for `cdk import`."""
        return json.loads((self.folder / "import.json").read_text())

    def stages(self, app: cdk.App) -> dict[str, dict[str, Any]]:
        """The resources that the app declares by logical id, without the property that an IVS stage always has."""
        spec = importlib.util.spec_from_file_location("stages", self.folder / "stages.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        environment = cdk.Environment(account="123456789012", region="eu-west-1")
        return assertions.Template.from_stack(module.Stages(app, "Stages", env=environment)).to_json()["Resources"]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the command on the content of a file; returns its status and what it printed to the two streams."""

    def run(content: Any, *arguments: str, output: str = "out") -> tuple[int, str, str]:
        path = tmp_path / "live.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        status = main(["takeover", str(path), "--output", str(tmp_path / output), *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def take_over(run, tmp_path: Path):
    """Takes the stages of a file over."""

    def take_over(content: Any, *arguments: str) -> TakenOver:
        status, printed, errors = run(content, *arguments)
        assert (status, errors) == (0, "")
        return TakenOver(tmp_path / "out", printed)

    return take_over
