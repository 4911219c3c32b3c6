"""What an import of the package loads, and how long it takes."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(program: str) -> str:
    """The output of a program in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout


HEAVY = [
    "aws_apigatewayv2",
    "aws_cloudwatch",
    "aws_ec2",
    "aws_events",
    "aws_events_targets",
    "aws_iam",
    "aws_kinesisfirehose",
    "aws_kms",
    "aws_lambda",
    "aws_logs",
    "aws_s3",
]


def test_an_import_loads_no_other_service() -> None:
    """Services that stages have to do with are loaded when they are used, and the other package not at all."""
    loaded = set(run("import stage_constructs.ivs, sys; print(*sys.modules)").split())
    assert "aws_cdk.aws_ivs" in loaded
    assert [name for name in HEAVY if f"aws_cdk.{name}" in loaded] == []
    assert "stage_constructs.apigatewayv2" not in loaded


def test_a_stage_loads_no_other_service() -> None:
    """A stage in an app needs nothing but its own service."""
    program = (
        "import sys, aws_cdk; from stage_constructs import ivs;"
        "ivs.Stage(aws_cdk.Stack(aws_cdk.App(), 'Stack'), 'Stage'); print(*sys.modules)"
    )
    loaded = set(run(program).split())
    assert [name for name in HEAVY if f"aws_cdk.{name}" in loaded] == []


def test_an_import_is_quick() -> None:
    """The package adds at most a twentieth of a second to what it stands on; the best of three runs counts."""
    program = (
        "import time, aws_cdk, aws_cdk.aws_ivs; before = time.process_time();"
        "import stage_constructs.ivs; print(time.process_time() - before)"
    )
    assert min(float(run(program)) for _ in range(3)) < 0.05


@pytest.mark.parametrize(("importer", "other"), [("ivs", "apigatewayv2"), ("apigatewayv2", "ivs")])
def test_the_packages_do_not_know_each_other(importer: str, other: str) -> None:
    """Who uses one of the two services does not load the other."""
    loaded = run(f"import stage_constructs.{importer}, sys; print(*sys.modules)").split()
    assert f"stage_constructs.{other}" not in loaded


def test_the_package_is_loaded_on_first_use() -> None:
    """The package is an attribute of the library that is loaded when it is asked for."""
    program = "import stage_constructs, sys; print('aws_cdk' in sys.modules, stage_constructs.ivs.Stage.__name__)"
    assert run(program).split() == ["False", "Stage"]
