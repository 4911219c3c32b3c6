"""More of a kind than AWS's default quota is reported at synth, per account and Region of one app."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from stage_constructs import ivs
from stage_constructs.rules.ivs import events, every_resource

from .template_helpers import reported

QUOTAS: dict[str, tuple[type[Any], int]] = {
    "encoderConfigurationQuota": (ivs.EncoderConfiguration, 20),
    "eventLogQuota": (ivs.StageEventLog, 10),
    "ingestConfigurationQuota": (ivs.IngestConfiguration, 100),
    "stageQuota": (ivs.Stage, 1000),
    "storageConfigurationQuota": (ivs.StorageConfiguration, 5),
}


def create(scope: Any, rule: str, count: int) -> None:
    """Some constructs of a kind."""
    kind, _ = QUOTAS[rule]
    bucket = {"bucket": s3.Bucket(scope, "Bucket")} if kind is ivs.StorageConfiguration else {}
    for number in range(count):
        kind(scope, f"It{number}", **bucket)


@pytest.fixture
def other(app: cdk.App) -> cdk.Stack:
    """Another stack of the same environment."""
    return cdk.Stack(app, "Other", env=cdk.Environment(account="123456789012", region="eu-west-1"))


def test_the_quotas() -> None:
    """The quotas are those that AWS documents."""
    assert sorted([*every_resource.QUOTAS.values(), events.MAX_LOG_POLICIES]) == [5, 10, 20, 100, 1000]


@pytest.mark.parametrize("rule", sorted(QUOTAS.keys() - {"stageQuota"}))
def test_the_quota(app: cdk.App, stack: cdk.Stack, other: cdk.Stack, rule: str) -> None:
    """As many as the quota are not reported; one more, in another stack of the environment, is a warning."""
    quota = QUOTAS[rule][1]
    create(stack, rule, quota)
    create(cdk.Resource(other, "Scope"), rule, 1)
    [(path, found, severity)] = reported(app)
    assert path.startswith("Other/Scope/It0/")
    assert (found, severity) == (rule, "warning")


@pytest.mark.parametrize("rule", QUOTAS)
def test_up_to_the_quota(app: cdk.App, stack: cdk.Stack, rule: str) -> None:
    """As many as the quota are not reported."""
    create(stack, rule, min(QUOTAS[rule][1], 100))
    assert reported(app) == []


def test_other_environments(app: cdk.App, stack: cdk.Stack) -> None:
    """Each environment has a quota of its own."""
    create(stack, "storageConfigurationQuota", 5)
    elsewhere = cdk.Stack(app, "Elsewhere", env=cdk.Environment(account="123456789012", region="us-east-1"))
    create(elsewhere, "storageConfigurationQuota", 5)
    assert reported(app) == []


def test_unknown_environments(app: cdk.App, agnostic: cdk.Stack) -> None:
    """Stacks that can be deployed anywhere need not meet; each of them is counted alone."""
    create(agnostic, "encoderConfigurationQuota", 20)
    anywhere = cdk.Stack(app, "Anywhere", synthesizer=cdk.BootstraplessSynthesizer())
    create(anywhere, "encoderConfigurationQuota", 21)
    assert [path for path, _, _ in reported(app)] == ["Anywhere/It20/Resource"]


def test_a_quota_is_accepted(app: cdk.App, stack: cdk.Stack) -> None:
    """Once AWS has raised a quota, the warning is acknowledged."""
    create(stack, "encoderConfigurationQuota", 21)
    accepted = cdk.Acknowledgment(id="stage-constructs:encoderConfigurationQuota", reason="raised to 100")
    cdk.Validations.of(stack).acknowledge(accepted)
    assert reported(app) == []
