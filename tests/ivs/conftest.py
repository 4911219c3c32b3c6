"""What the tests of Amazon IVS share."""

from __future__ import annotations

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from stage_constructs import ivs


@pytest.fixture
def agnostic(app: cdk.App) -> cdk.Stack:
    """A stack that can be deployed anywhere."""
    return cdk.Stack(app, "Agnostic", synthesizer=cdk.BootstraplessSynthesizer())


@pytest.fixture
def stage(stack: cdk.Stack) -> ivs.Stage:
    """A stage with defaults."""
    return ivs.Stage(stack, "Stage")


@pytest.fixture
def storage(stack: cdk.Stack) -> ivs.StorageConfiguration:
    """A storage configuration that was made elsewhere."""
    arn = "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/AbCdEf123456"
    return ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", arn)


@pytest.fixture
def role(stack: cdk.Stack) -> iam.Role:
    """A role of the stack."""
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())


def _role(stack: cdk.Stack) -> iam.IGrantable:
    return iam.Role(stack, "Grantee", assumed_by=iam.AccountRootPrincipal())


def _user(stack: cdk.Stack) -> iam.IGrantable:
    return iam.User(stack, "Grantee")


def _imported_role(stack: cdk.Stack) -> iam.IGrantable:
    return iam.Role.from_role_arn(stack, "Grantee", "arn:aws:iam::123456789012:role/backend")


@pytest.fixture(params=[_role, _user, _imported_role], ids=["role", "user", "imported-role"])
def grantee(request: pytest.FixtureRequest, stack: cdk.Stack) -> iam.IGrantable:
    """Each kind of principal that has policies of its own."""
    make: Callable[[cdk.Stack], iam.IGrantable] = request.param
    return make(stack)
