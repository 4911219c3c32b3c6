"""What a stage writes to its access logs for each request."""

from __future__ import annotations

import json as _json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ._api_info import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

_HTTP: Final = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "protocol": "$context.protocol",
    "responseLength": "$context.responseLength",
    "extendedRequestId": "$context.extendedRequestId",
}

_WEBSOCKET: Final = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "requestTime": "$context.requestTime",
    "eventType": "$context.eventType",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "connectionId": "$context.connectionId",
    "extendedRequestId": "$context.extendedRequestId",
}


_HTTP_DIAGNOSIS: Final = {
    "responseLatency": "$context.responseLatency",
    "integrationLatency": "$context.integrationLatency",
    "integrationStatus": "$context.integration.status",
    "integrationErrorMessage": "$context.integrationErrorMessage",
    "errorMessage": "$context.error.message",
    "errorResponseType": "$context.error.responseType",
    "authorizerError": "$context.authorizer.error",
}
"""What explains a 4xx or 5xx: an HTTP API has no other log. Variables without a value are logged as `-`."""

_WEBSOCKET_DIAGNOSIS: Final = {
    "integrationLatency": "$context.integrationLatency",
    "integrationStatus": "$context.integration.status",
    "integrationError": "$context.integration.error",
    "errorMessage": "$context.error.message",
    "errorResponseType": "$context.error.responseType",
    "authorizerError": "$context.authorizer.error",
    "authorizerStatus": "$context.authorizer.status",
}

_HTTP_DETAILS: Final = {
    "requestTimeEpoch": "$context.requestTimeEpoch",
    "apiId": "$context.apiId",
    "stage": "$context.stage",
    "domainName": "$context.domainName",
    "basePathMatched": "$context.customDomain.basePathMatched",
    "path": "$context.path",
    "integrationError": "$context.integration.error",
    "integrationServiceStatus": "$context.integration.integrationStatus",
    "integrationRequestId": "$context.integration.requestId",
    "awsEndpointRequestId": "$context.awsEndpointRequestId",
    "principalId": "$context.authorizer.principalId",
    "callerArn": "$context.identity.userArn",
    "userAgent": "$context.identity.userAgent",
}
"""What identifies a request at the integration, the authorizer and the client."""

_WEBSOCKET_DETAILS: Final = {
    "apiId": "$context.apiId",
    "stage": "$context.stage",
    "connectedAt": "$context.connectedAt",
    "messageId": "$context.messageId",
    "integrationServiceStatus": "$context.integration.integrationStatus",
    "integrationRequestId": "$context.integration.requestId",
    "authorizerLatency": "$context.authorizer.latency",
    "validationError": "$context.error.validationErrorString",
    "userAgent": "$context.identity.userAgent",
}


@dataclass(frozen=True, slots=True)
class AccessLogFormat:
    """The line that a stage writes to its access logs for each request or message.

    Made by one of the methods below; each fits the protocol of the stage that takes it: an HTTP stage logs
    method, protocol and length of the response, a WebSocket stage logs event type and connection.

    Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html,
    https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
    """

    _http: str
    _websocket: str
    _not_json: tuple[str, ...] = field(default=(), init=False)
    """Members whose values JSON does not have, such as `x=nan`."""

    @staticmethod
    def json(**fields: str) -> AccessLogFormat:
        """One JSON object per line, all values as strings.

        Args:
            fields: Key and value of each member, such as `requestId="$context.requestId"`. Default: the members
                that AWS documents for the protocol of the stage, with errors and latencies.
        """
        made = AccessLogFormat(
            _object(fields or {**_HTTP, **_HTTP_DIAGNOSIS}), _object(fields or {**_WEBSOCKET, **_WEBSOCKET_DIAGNOSIS})
        )
        not_json = tuple(f"{key}={value!r:.60}" for key, value in fields.items() if not _is_json(value))
        object.__setattr__(made, "_not_json", not_json)
        return made

    @staticmethod
    def detailed() -> AccessLogFormat:
        """One JSON object per line with what troubleshooting needs, all values as strings.

        The members of `json()`, and in addition: the ids of the request at the integration, the status of the service
        that was integrated (such as Lambda) beside that of the response, the authorizer, API and stage, the user agent;
        on an HTTP API the path, the domain name and its mapping, on a WebSocket API the message and the connection.

        `path` and `userAgent` are text that clients choose. A line is valid JSON as long as API Gateway escapes quotes
        and backslashes in them, which users have seen and AWS does not document. `json()` has neither. Both can hold
        personal data.

        Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html,
        https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
        """
        return AccessLogFormat(
            _object({**_HTTP, **_HTTP_DIAGNOSIS, **_HTTP_DETAILS}),
            _object({**_WEBSOCKET, **_WEBSOCKET_DIAGNOSIS, **_WEBSOCKET_DETAILS}),
        )

    @staticmethod
    def clf() -> AccessLogFormat:
        """The Common Log Format of web servers."""
        return AccessLogFormat(
            "$context.identity.sourceIp - - [$context.requestTime] "
            '"$context.httpMethod $context.routeKey $context.protocol" '
            "$context.status $context.responseLength $context.requestId $context.extendedRequestId",
            "$context.identity.sourceIp - - [$context.requestTime] "
            '"$context.eventType $context.routeKey $context.connectionId" '
            "$context.status $context.requestId $context.extendedRequestId",
        )

    @staticmethod
    def csv() -> AccessLogFormat:
        """Comma-separated values."""
        return AccessLogFormat(
            "$context.identity.sourceIp,$context.requestTime,$context.httpMethod,$context.routeKey,$context.protocol,"
            "$context.status,$context.responseLength,$context.requestId,$context.extendedRequestId",
            "$context.identity.sourceIp,$context.requestTime,$context.eventType,$context.routeKey,"
            "$context.connectionId,$context.status,$context.requestId,$context.extendedRequestId",
        )

    @staticmethod
    def xml() -> AccessLogFormat:
        """One XML element `request` a line, with the id of the request as its attribute."""
        return AccessLogFormat(_element(_HTTP), _element(_WEBSOCKET))

    @staticmethod
    def custom(text: str) -> AccessLogFormat:
        """A format of your own, the same for both protocols.

        Args:
            text: One line with `$context` variables; it must name `$context.requestId` or
                `$context.extendedRequestId`. A newline at its end is left out.
        """
        return AccessLogFormat(text, text)

    def _for(self, protocol: Protocol) -> str:
        return self._http if protocol is Protocol.HTTP else self._websocket


def _object(fields: Mapping[str, str]) -> str:
    return _json.dumps(fields, separators=(",", ":"), ensure_ascii=False, default=str)


def _is_json(value: object) -> bool:
    try:
        _json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _element(fields: Mapping[str, str]) -> str:
    members = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items() if key != "requestId")
    return f'<request id="{fields["requestId"]}">{members}</request>'
