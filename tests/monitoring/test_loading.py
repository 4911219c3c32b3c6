"""What an import of the package loads."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded_by(program: str) -> list[str]:
    """The modules that an interpreter of its own has loaded after a program."""
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_an_import_loads_no_service() -> None:
    """Stages and CloudWatch are loaded by whoever uses them."""
    loaded = loaded_by("import stage_constructs.monitoring")
    assert not {"stage_constructs.apigatewayv2", "stage_constructs.ivs"} & set(loaded)
    assert not [name for name in loaded if name.startswith("aws_cdk.aws_cloudwatch")]


@pytest.mark.parametrize(
    ("used", "stage", "other"),
    [
        ("ivs", "used.Stage(stack, 'Stage')", "apigatewayv2"),
        ("apigatewayv2", "used.HttpStage.from_stage_id(stack, 'Stage', 'aabbccddee/prod')", "ivs"),
    ],
)
def test_stages_of_one_service_load_no_other(used: str, stage: str, other: str) -> None:
    """A dashboard and alarms of stages of one service load nothing of the other one."""
    loaded = loaded_by(
        f"import aws_cdk; from stage_constructs import monitoring, {used} as used\n"
        f"stack = aws_cdk.Stack(aws_cdk.App(), 'Stack'); stage = {stage}\n"
        "monitoring.StageDashboard(stack, 'Dashboard', stages=[stage])\n"
        "monitoring.StageAlarms(stack, 'Alarms', stage=stage)\n"
    )
    assert not {f"stage_constructs.{other}", f"aws_cdk.aws_{other}"} & set(loaded)


def test_the_package_is_loaded_on_first_use() -> None:
    """The package is an attribute of the library that is loaded when it is asked for."""
    assert "stage_constructs.monitoring" not in loaded_by("import stage_constructs")
    loaded = loaded_by("import stage_constructs; stage_constructs.monitoring.StageDashboard")
    assert "stage_constructs.monitoring" in loaded
