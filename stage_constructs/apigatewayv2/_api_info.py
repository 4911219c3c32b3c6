"""What a stage has to know of its API, read once per API."""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk.interfaces.aws_apigatewayv2 import ApiReference

from .. import _suggestions
from .._arguments import NOT_SET, has_member, violation
from .._jsii import without_proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef

    from ..errors import Violation


class Protocol(str, enum.Enum):
    """The two kinds of API that API Gateway v2 has."""

    HTTP = "HTTP"
    WEBSOCKET = "WEBSOCKET"


@dataclass(frozen=True, slots=True)
class ApiInfo:
    """The id of an API and, where it is known, its protocol."""

    api_id: str
    protocol: Protocol | None


_EXPECTED: Final = {Protocol.HTTP: "an HTTP API", Protocol.WEBSOCKET: "a WebSocket API", None: "an API"}
_IMPORT: Final = {
    Protocol.HTTP: 'apigatewayv2.HttpApi.from_http_api_attributes(self, "Api", http_api_id={})',
    Protocol.WEBSOCKET: 'apigatewayv2.WebSocketApi.from_web_socket_api_attributes(self, "Api", web_socket_id={})',
}


def api_info(api: IApiRef) -> ApiInfo | None:
    """The id and the protocol of an API; None where the object is no API of API Gateway v2."""
    return _api_info(cast("Any", api)) if has_member(api, "api_ref") else None


@functools.lru_cache(maxsize=1024)
def _api_info(api: IApiRef) -> ApiInfo | None:
    protocol = _protocol_of(api)
    if isinstance(api, (apigatewayv2.HttpApi, apigatewayv2.WebSocketApi)):
        return ApiInfo(api.api_id, protocol)  # the reference holds the same id, and is one request more
    reference = without_proxy(api, "api_ref").api_ref
    # AppSync has APIs too
    return ApiInfo(reference.api_id, protocol) if isinstance(cast("object", reference), ApiReference) else None


def _protocol_of(api: IApiRef) -> Protocol | None:
    if has_member(api, "is_http_api"):
        return Protocol.HTTP
    if has_member(api, "is_websocket_api"):
        return Protocol.WEBSOCKET
    declared = api.protocol_type if isinstance(api, apigatewayv2.CfnApi) else None
    return Protocol(declared) if declared in Protocol.__members__ else None


def validate_api(value: object, info: ApiInfo | None, expected: Protocol | None = None) -> Iterator[Violation]:
    """An API, of the protocol that a stage is for."""
    wanted = _EXPECTED[expected]
    if info is None:
        yield violation("api", "api", value, f"must be {wanted} of API Gateway v2", _fix(value, expected))
    elif expected and info.protocol not in (None, expected):
        right = "WebSocketStage" if expected is Protocol.HTTP else "HttpStage"
        fix = f"this one has protocol {info.protocol.value}, use {right} for it"
        yield violation("apiProtocol", "api", value, f"must be {wanted}", fix)


def _fix(value: object, expected: Protocol | None) -> str:
    if has_member(value, "rest_api_id") or has_member(value, "rest_api_ref"):
        return "a REST API belongs to API Gateway v1, and so do its stages: use aws_apigateway.Stage"
    by_id = _IMPORT[expected or Protocol.HTTP]
    call = _suggestions.suggest_import(value, by_name=by_id)
    return call or (NOT_SET if value is None else f"give the construct; for an id use {by_id.format('...')}")


def endpoint_disabled(api: IApiRef) -> bool:
    """Whether an API is known to have no URL of its own; imported ones are not."""
    resource = api if isinstance(api, apigatewayv2.CfnApi) else api.node.default_child
    return isinstance(resource, apigatewayv2.CfnApi) and resource.disable_execute_api_endpoint is True
