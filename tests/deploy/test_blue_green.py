"""The blue/green example over several deploys: production moves only when it is told to, and back."""

from __future__ import annotations

import pytest

from emulator import live_state
from emulator.cdk import Cdk, CdkError

SHOP = """
from examples.blue_green import BlueGreenExample
BlueGreenExample(app, "{stack}", live=app.node.get_context("live"), paths={paths})
"""
NAME = "shop-blue-green"


@pytest.fixture
def shop(make_app):
    """The example with some routes."""

    def make(*paths: str) -> Cdk:
        return make_app(SHOP.format(stack=NAME, paths=paths), stack="unused")

    return make


def _served(emulator) -> tuple[str, str, str]:
    """Deployments of the live stage and of the preview, and the output that names the latter."""
    stages = {stage["StageName"]: stage for stage in live_state.stages(emulator, NAME).values()}
    output = live_state.outputs(emulator, NAME)["PreviewDeployment"]
    return stages["$default"]["DeploymentId"], stages["preview"]["DeploymentId"], output


def test_production_moves_when_it_is_told_to_and_back(emulator, shop):
    """A change of routes reaches the preview; the live stage follows by id, and goes back by the id before."""
    cdk = shop("/cart")
    with pytest.raises(CdkError, match="No context value present for live"):
        cdk.deploy(NAME)
    cdk.deploy(NAME, "--context", "live=newest")
    live, preview, first = _served(emulator)
    assert live == preview == first

    cdk = shop("/cart", "/orders")
    cdk.deploy(NAME, "--context", f"live={first}")
    live, preview, second = _served(emulator)
    assert (live, preview) == (first, second)
    assert first != second

    cdk.deploy(NAME, "--context", f"live={second}")
    assert _served(emulator) == (second, second, second)
    cdk.deploy(NAME, "--context", f"live={first}")
    assert _served(emulator) == (first, second, second)
    cdk("destroy", "--force", NAME, "--context", f"live={first}")
