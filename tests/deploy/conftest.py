"""The emulator for the deploy tests, and apps to deploy to it."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from emulator import aws
from emulator.cdk import Cdk


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory):
    """One emulator for all tests, bootstrapped."""
    folder = tmp_path_factory.mktemp("emulator")
    with aws.running(folder / "emulator.log") as running:
        cdk = Cdk(running, log=folder / "bootstrap.log", output=folder / "cdk.out", folder=folder)
        cdk("bootstrap", f"aws://{aws.ACCOUNT}/{aws.REGION}")
        yield running


@pytest.fixture
def make_app(emulator: aws.Emulator, tmp_path: Path):
    """Write an app of one stack, whose body is given as text, and return the CDK CLI for it."""

    def make(body: str, *, stack: str, strict: bool = True) -> Cdk:
        program = _PROGRAM.format(body=textwrap.dedent(body), stack=stack, strict=strict)
        (tmp_path / "app.py").write_text(program)
        return Cdk(
            emulator,
            log=tmp_path / "cdk.log",
            output=tmp_path / "cdk.out",
            folder=tmp_path,
            app=f"{sys.executable} app.py",
        )

    return make


_PROGRAM = """
import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from stage_constructs.apigatewayv2 import *

app = cdk.App(context={{
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:validateAgainstDefaultRules": {strict},
}})
stack = cdk.Stack(app, "{stack}")
{body}
app.synth()
"""
