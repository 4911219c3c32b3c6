"""Quotas that AWS raises on request warn, per account and Region of one app."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from stage_constructs import ivs
from stage_constructs.ivs import _rules

from .template_helpers import warnings

MADE: dict[str, tuple[str, Any]] = {
    "encoder configurations": ("encoderConfigurationQuota", ivs.EncoderConfiguration),
    "event logs": ("eventLogQuota", ivs.StageEventLog),
    "ingest configurations": ("ingestConfigurationQuota", ivs.IngestConfiguration),
    "stages": ("stageQuota", ivs.Stage),
    "storage configurations": ("storageConfigurationQuota", ivs.StorageConfiguration),
}
QUOTAS = {
    "encoder configurations": 20,
    "event logs": 10,
    "ingest configurations": 100,
    "stages": 1000,
    "storage configurations": 5,
}


def make(scope: Any, kind: str, count: int) -> None:
    """Make some of a kind."""
    cls = MADE[kind][1]
    bucket = {"bucket": s3.Bucket(scope, "Bucket")} if cls is ivs.StorageConfiguration else {}
    for number in range(count):
        cls(scope, f"It{number}", **bucket)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotas of three, for tests that are about something else than the number."""
    monkeypatch.setattr(_rules, "QUOTAS", dict.fromkeys(MADE, 3))


def test_the_quotas() -> None:
    """The quotas are those that AWS documents."""
    assert _rules.QUOTAS == QUOTAS


@pytest.mark.parametrize("kind", sorted(QUOTAS.keys() - {"stages"}))
def test_above_the_quota(stack: cdk.Stack, kind: str) -> None:
    """One more than the quota warns once, with an id to acknowledge it by."""
    make(stack, kind, QUOTAS[kind] + 1)
    (warning,) = warnings(stack)
    assert f"{kind} should be at most {QUOTAS[kind]} in one account and Region" in warning
    assert f"stage-constructs:{MADE[kind][0]}" in warning


@pytest.mark.parametrize("kind", MADE)
def test_up_to_the_quota(small: None, stack: cdk.Stack, kind: str) -> None:
    """As many as the quota allows are made without a word."""
    make(stack, kind, 3)
    assert warnings(stack) == []


@pytest.mark.parametrize("kind", MADE)
def test_over_stacks(small: None, app: cdk.App, stack: cdk.Stack, kind: str) -> None:
    """Stacks of one environment are counted together, also below other scopes."""
    make(stack, kind, 2)
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    make(cdk.Resource(other, "Scope"), kind, 2)
    assert len(warnings(other)) == 1


def test_other_environments(small: None, app: cdk.App, stack: cdk.Stack) -> None:
    """Each environment has a quota of its own."""
    make(stack, "stages", 3)
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="123456789012", region="us-east-1"))
    make(other, "stages", 3)
    assert warnings(stack) == warnings(other) == []


def test_other_apps(small: None, stack: cdk.Stack) -> None:
    """Each app is counted alone."""
    make(stack, "stages", 3)
    env = cdk.Environment(account="123456789012", region="eu-west-1")
    other = cdk.Stack(cdk.App(analytics_reporting=False), "Other", env=env)
    make(other, "stages", 3)
    assert warnings(other) == []


def test_unknown_environments(small: None, app: cdk.App, agnostic: cdk.Stack) -> None:
    """Stacks that can be deployed anywhere need not meet; each of them is counted alone."""
    other = cdk.Stack(app, "Other", synthesizer=cdk.BootstraplessSynthesizer())
    make(agnostic, "stages", 2)
    make(other, "stages", 4)
    assert warnings(agnostic) == []
    assert len(warnings(other)) == 1


def test_more_event_logs_than_log_resource_policies(stack: cdk.Stack) -> None:
    """Log resource policies are ten in a Region and AWS raises no more: the warning says to share a log."""
    make(stack, "event logs", 11)
    (warning,) = warnings(stack)
    assert "one of the ten log resource policies of the Region" in warning
    assert "write one StageEventLog for several stages" in warning
