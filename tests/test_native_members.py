"""What AWS adds to the interfaces and the props that this library plays or wraps comes to our notice.

`native_members.json` holds what has been looked at. A newer `aws-cdk-lib` that has more fails here with the list; once
the members are in our classes, or decided against, `python -m tests.test_native_members` writes them down.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_ivs as ivs

from .test_interfaces import implementers

LOOKED_AT = Path(__file__).with_name("native_members.json")
WRAPPED = [
    apigatewayv2.CfnStage,
    apigatewayv2.CfnStage.AccessLogSettingsProperty,
    apigatewayv2.CfnStage.RouteSettingsProperty,
    apigatewayv2.CfnDeployment,
    apigatewayv2.HttpStage,
    apigatewayv2.WebSocketStage,
    ivs.CfnEncoderConfiguration,
    ivs.CfnIngestConfiguration,
    ivs.CfnPublicKey,
    ivs.CfnStage,
    ivs.CfnStage.AutoParticipantRecordingConfigurationProperty,
    ivs.CfnStorageConfiguration,
]


def members(cls: type) -> set[str]:
    """The members of an interface; the props of a construct or a struct."""
    if not getattr(cls, "_is_protocol", False):
        return set(inspect.signature(cls.__init__).parameters) - {"self", "scope", "id"}
    return {
        name
        for base in cls.__mro__
        for name, value in vars(base).items()
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
    }


def looked_over() -> dict[str, type]:
    """By name, every interface that a class of ours claims and every class that one wraps."""
    played: Iterable[type] = (one for cls in implementers() for one in vars(cls).get("__jsii_ifaces__", ()))
    return {f"{cls.__module__}.{cls.__qualname__}": cls for cls in (*played, *WRAPPED)}


@pytest.mark.parametrize("name", looked_over())
def test_nothing_is_new(name: str) -> None:
    """The installed aws-cdk-lib has no member that has not been looked at."""
    known = json.loads(LOOKED_AT.read_text())
    gained = members(looked_over()[name]) - set(known.get(name, ()))
    assert not gained, f"aws-cdk-lib gave {name}: {', '.join(sorted(gained))}"


def test_the_stages_are_looked_over() -> None:
    """The list holds the wide interfaces, with what they inherit, and the properties of both services."""
    known = json.loads(LOOKED_AT.read_text())
    assert {"stage_name", "url", "api", "metric_latency", "env"} <= set(known["aws_cdk.aws_apigatewayv2.IHttpStage"])
    assert "callback_url" in known["aws_cdk.aws_apigatewayv2.IWebSocketStage"]
    assert known.keys() == looked_over().keys()


def test_a_member_that_is_new_is_listed() -> None:
    """What an interface gains is among its members, and so is a new prop."""

    class Grown(apigatewayv2.CfnStage):
        def __init__(self, *, ipv6_only: bool) -> None:
            """Not called."""

    assert members(Grown) == {"ipv6_only"}
    assert "metric_count" in members(apigatewayv2.IHttpStage) - members(apigatewayv2.IStage)


if __name__ == "__main__":
    seen = {name: sorted(members(cls)) for name, cls in sorted(looked_over().items())}
    LOOKED_AT.write_text(json.dumps(seen, indent=1) + "\n")
    sys.exit(0)
