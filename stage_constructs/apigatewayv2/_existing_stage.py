"""A stage that is in the tree already, whoever declared it: what `StageSettings` has to know of it."""

from __future__ import annotations

import contextlib
import functools
import json
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_logs as logs

from .._arguments import has_member
from ..rules._unknown import is_unknown
from . import _tree
from ._api_info import Protocol
from .access_log_settings import AccessLogs, arn_of, without_wildcard

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_apigatewayv2 import IStageRef
    from constructs import IConstruct

    from ._stage import StageBase

OWNERS: Final[weakref.WeakKeyDictionary[apigatewayv2.CfnStage, StageBase]] = weakref.WeakKeyDictionary()
"""The stages of this library, by their L1."""

_OBJECTS: Final = ("AccessLogSettings", "DefaultRouteSettings")
"""Properties whose members an L1 spells in camelCase."""
_DETAILED: Final = "DetailedMetricsEnabled"


class ExistingStage:
    """An L1 stage, with the construct that declares it; asks JavaScript only for what is read."""

    def __init__(self, resource: apigatewayv2.CfnStage) -> None:
        self.resource = resource
        self.owner = OWNERS.get(resource)
        """The stage of this library that the L1 belongs to."""

    @functools.cached_property
    def properties(self) -> Mapping[str, Any]:
        """The properties of the L1 by their CloudFormation names."""
        return {_pascal_case(name): value for name, value in self.resource._cfn_properties.items()}

    def members(self, name: str) -> dict[str, Any] | None:
        """The members of a property, by their CloudFormation names; None where they are not known at synth."""
        value = self.properties.get(name)
        if isinstance(value, str) and not is_unknown(value):
            with contextlib.suppress(ValueError):  # free JSON may be written as text
                value = json.loads(value)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or is_unknown(cast("object", value)):
            return None
        items = cast("Mapping[str, Any]", value).items()
        return {_pascal_case(key): item for key, item in items} if name in _OBJECTS else dict(items)

    @functools.cached_property
    def adds_variables(self) -> bool:
        """Whether it is a native L2, which renders its variables at synth; once resolved they could not be added to."""
        value = self.properties.get("StageVariables")
        is_lazy = value is not None and not isinstance(value, (str, Mapping))
        return is_lazy and self.owner is None and has_member(self.construct, "add_stage_variable")

    @functools.cached_property
    def construct(self) -> IConstruct:
        """The construct that users know as the stage: an L2, or the L1 where it stands alone."""
        if self.owner is not None:
            return self.owner
        node = self.resource.node
        parent = node.scope if node.id in {"Resource", "Default"} else None
        return self.resource if parent is None or isinstance(parent, cdk.Stack) else parent

    @functools.cached_property
    def protocol(self) -> Protocol | None:
        """The protocol of its API, where it is known."""
        if self.owner is not None:
            return self.owner._protocol
        protocol = _protocol_of(self.properties["ApiId"])
        if protocol is None and isinstance(self.construct, apigatewayv2.HttpStage):
            return Protocol.HTTP
        if protocol is None and isinstance(self.construct, apigatewayv2.WebSocketStage):
            return Protocol.WEBSOCKET
        return protocol

    def access_logs(self) -> AccessLogs | None:
        """Where it writes access logs, with the log group if it is one of this app."""
        if self.owner is not None:
            return self.owner._access_logs
        current = self.members("AccessLogSettings") or {}
        destination, text = current.get("DestinationArn"), current.get("Format")
        if not isinstance(destination, str) or not isinstance(text, str):
            return None
        log_group = self.construct.node.try_find_child("AccessLogs")
        if isinstance(log_group, logs.LogGroup) and arn_of(log_group) == destination:
            return AccessLogs(log_group, destination, text)
        target = _tree.referred(destination)
        if isinstance(target, logs.CfnLogGroup):
            return AccessLogs(target, without_wildcard(destination), text)
        return AccessLogs(None, without_wildcard(destination), text)

    def routes_with_metrics(self) -> list[str]:
        """Keys of the routes that CloudWatch keeps metrics of, among those with settings of their own."""
        settings = self.members("RouteSettings") or {}
        by_key = ((key, cast("Mapping[str, object]", own)) for key, own in settings.items() if isinstance(own, Mapping))
        return [key for key, own in by_key if own.get(_DETAILED) is True]

    def has_route_metrics(self, route_key: str) -> bool | None:
        """Whether CloudWatch keeps metrics of a route; None where it is not known at synth."""
        routes, defaults = self.members("RouteSettings"), self.members("DefaultRouteSettings")
        own = None if routes is None else routes.get(route_key, {})
        if not isinstance(own, Mapping) or is_unknown(cast("object", own)) or defaults is None:
            return None
        value = cast("Mapping[str, object]", {**defaults, **own}).get(_DETAILED, False)
        return value if isinstance(value, bool) else None


def existing_stage(stage: IStageRef) -> ExistingStage | None:
    """A stage of the tree, L2 or L1; None for an imported one."""
    resource: object = stage
    if not isinstance(resource, apigatewayv2.CfnStage) and has_member(stage, "node"):
        resource = stage.node.default_child
    return ExistingStage(resource) if isinstance(resource, apigatewayv2.CfnStage) else None


@functools.lru_cache(maxsize=1024)
def _protocol_of(api_id: str) -> Protocol | None:
    """The protocol of an API of the app; one without a protocol has an OpenAPI definition, and is HTTP."""
    api = _tree.api_resource(api_id)
    if api is None:
        return None
    declared = api.protocol_type or "HTTP"
    return Protocol(declared) if declared in Protocol.__members__ else None


def _pascal_case(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"
