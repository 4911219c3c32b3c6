"""What a stage has to know of the API that it belongs to, read once per API."""

from __future__ import annotations

import enum
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._checks import is_token, plays, region_of
from ..rules.apigatewayv2.route_settings import ThrottleQuota, throttle_quota

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef


class Protocol(str, enum.Enum):
    """The two kinds of API that API Gateway v2 has."""

    HTTP = "HTTP"
    WEBSOCKET = "WEBSOCKET"


@dataclass(frozen=True, slots=True)
class ApiFacts:
    """The id of an API and, where they can be known, its protocol and the names of its stages."""

    api_id: str
    protocol: Protocol | None
    stage_names: set[str] = field(default_factory=set[str])
    """Names that are taken as far as it is known; each stage adds its own."""


_KNOWN: weakref.WeakKeyDictionary[object, ApiFacts] = weakref.WeakKeyDictionary()


def facts_of(api: IApiRef) -> ApiFacts | None:
    """The facts of an API; None where the object is no API of API Gateway v2."""
    try:
        known = _KNOWN.get(api)
        if known is None:
            known = _KNOWN[api] = ApiFacts(api.api_ref.api_id, _protocol_of(api), _stages_of(api))
    except (AttributeError, TypeError):
        return None
    return known


def throttle_quota_of(api: IApiRef | None) -> ThrottleQuota:
    """AWS's default throttle quota where an API is declared, or imported to."""
    return throttle_quota(region_of(api) if plays(api, "node") else None)


def endpoint_disabled(api: IApiRef) -> bool:
    """Whether an API is known to have no URL of its own; imported ones are not."""
    resource = api if isinstance(api, apigatewayv2.CfnApi) else api.node.default_child
    return isinstance(resource, apigatewayv2.CfnApi) and resource.disable_execute_api_endpoint is True


def _stages_of(api: IApiRef) -> set[str]:
    """The stage that the API makes itself: native HTTP APIs unless told not to, others in a quick create."""
    makes_one = api.target if isinstance(api, apigatewayv2.CfnApi) else getattr(api, "default_stage", None)
    return {"$default"} if makes_one is not None else set()


def _protocol_of(api: IApiRef) -> Protocol | None:
    if plays(api, "is_http_api"):
        return Protocol.HTTP
    if plays(api, "is_websocket_api"):
        return Protocol.WEBSOCKET
    if isinstance(api, apigatewayv2.CfnApi):
        declared = api.protocol_type
        if declared and not is_token(declared) and declared in Protocol.__members__:
            return Protocol(declared)
    return None
