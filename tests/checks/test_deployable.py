"""Templates that deploy, in the styles of the tools that write them: none has an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from stage_constructs.checks import check_template
from stage_constructs.checks._command import main

DEPLOYABLE = sorted(Path(__file__).with_name("deployable").iterdir())
WARNINGS = {
    "cdk-http-api.json": {("logGroupArnWildcard", "HttpApiDefaultStage3EEB07D6")},
    "cfn-dynamic-references.yaml": {("accountLoggingRole", "Stage")},
    "cfn-nested.yaml": {("accountLoggingRole", "Chat"), ("unknownRoute", "OwnStage")},
    "sam-http-api.yaml": {("unexpandedTransform", "Api")},
    "sam-implicit-api.yaml": {("unexpandedTransform", "Hello")},
    "sam-websocket-api.yaml": {("unexpandedTransform", "Chat")},
    "sst-api.json": {("logGroupArnWildcard", "apiApiDefaultStage0F1E2D3C")},
}


@pytest.mark.parametrize("path", DEPLOYABLE, ids=lambda path: path.name)
def test_a_template_that_deploys_has_no_errors(path: Path) -> None:
    """The template has no error, and no warning but these."""
    assert {(each.severity, each.rule, each.logical_id) for each in check_template(path)} == {
        ("warning", rule, logical_id) for rule, logical_id in WARNINGS.get(path.name, set())
    }


@pytest.mark.parametrize("path", DEPLOYABLE, ids=lambda path: path.name)
def test_cfn_lint_finds_no_errors_either(path: Path) -> None:
    """Neither does cfn-lint, which expands loops: by the rules of this library, and by its own."""
    config = ConfigMixIn(["--append-rules", "stage_constructs.cfn_lint", "--template", str(path)])
    assert [str(each) for each in Runner(config).run() if each.rule.severity == "error"] == []


def test_the_command_accepts_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """The command exits with 0, with and without a Region."""
    assert main(["check", *map(str, DEPLOYABLE)]) == 0
    assert main(["check", "--region=eu-west-1", "--account=123456789012", *map(str, DEPLOYABLE)]) == 0
    assert f"{len(DEPLOYABLE)} templates checked: " in capsys.readouterr().out
