"""Access logs: destination and format."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from .._values import closest_of
from ._apis import CLOUDFORMATION, GUIDE, HTTP, STAGE, WEBSOCKET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_PAGE: Final = f"{CLOUDFORMATION}aws-properties-apigatewayv2-stage-accesslogsettings.html"
_HTTP_PAGE: Final = f"{GUIDE}http-api-logging.html"
_HTTP_VARIABLES_PAGE: Final = f"{GUIDE}http-api-logging-variables.html"
_WEBSOCKET_PAGE: Final = f"{GUIDE}websocket-api-logging.html"
_MAX_HTTP_FORMAT: Final = 3072
_MAX_WEBSOCKET_FORMAT: Final = 1024
_REQUEST_ID: Final = re.compile(r"\$\{?context\.(?:requestId|extendedRequestId)\b")
_VARIABLE: Final = re.compile(r"\$\{?context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)")

_format_rule = functools.partial(
    rule, STAGE, "AccessLogSettings.Format", value_type=str, source=_HTTP_PAGE, checked="2026-11"
)
_destination_rule = functools.partial(
    rule, STAGE, "AccessLogSettings.DestinationArn", source=_HTTP_PAGE, checked="2026-11"
)

HTTP_VARIABLES: Final = frozenset(
    """
    accountId apiId authorizer.error authorizer.principalId awsEndpointRequestId awsEndpointRequestId2
    customDomain.basePathMatched dataProcessed domainName domainPrefix error.message error.messageString
    error.responseType extendedRequestId httpMethod identity.accountId identity.caller
    identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId
    identity.cognitoIdentityPoolId identity.principalOrgId identity.clientCert.clientCertPem
    identity.clientCert.subjectDN identity.clientCert.issuerDN identity.clientCert.serialNumber
    identity.clientCert.validity.notBefore identity.clientCert.validity.notAfter identity.sourceIp identity.user
    identity.userAgent identity.userArn integration.error integration.integrationStatus integration.latency
    integration.requestId integration.status integrationErrorMessage integrationLatency integrationStatus path
    protocol requestId requestTime requestTimeEpoch responseLatency responseLength routeKey stage status
    """.split()
)
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""

WEBSOCKET_VARIABLES: Final = frozenset(
    """
    apiId authorize.error authorize.latency authorize.status authorizer.error authorizer.integrationLatency
    authorizer.integrationStatus authorizer.latency authorizer.requestId authorizer.status authorizer.principalId
    authenticate.error authenticate.latency authenticate.status connectedAt connectionId domainName error.message
    error.messageString error.responseType error.validationErrorString eventType extendedRequestId
    identity.accountId identity.apiKey identity.apiKeyId identity.caller identity.cognitoAuthenticationProvider
    identity.cognitoAuthenticationType identity.cognitoIdentityId identity.cognitoIdentityPoolId
    identity.principalOrgId identity.sourceIp identity.user identity.userAgent identity.userArn integration.error
    integration.integrationStatus integration.latency integration.requestId integration.status integrationLatency
    messageId requestId requestTime requestTimeEpoch routeKey stage status waf.error waf.latency waf.status
    """.split()
)
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html"""


@_format_rule(
    id="accessLogFormat",
    kind=Kind.GRAMMAR,
    expected="{a string|a string, or AccessLogFormat.json(...)}",
    service="Access Log format must be single line",
)
def single_line(value: str, at: Context) -> Iterator[Problem]:
    """The format of access logs is a single line."""
    line = value if at.resource.template is None else value.rstrip("\r\n")
    if "\n" in line or "\r" in line:
        yield Problem("must be a single line", "join the lines{|; AccessLogFormat.json(...) writes one}")


@_format_rule(
    id="accessLogFormat",
    kind=Kind.GRAMMAR,
    service="Access Log format must include either $context.requestId or $context.extendedRequestId",
)
def request_id(value: str, _: Context) -> Iterator[Problem]:
    """The format contains `$context.requestId` or `$context.extendedRequestId`."""
    if not _REQUEST_ID.search(value):
        yield Problem("must name $context.requestId or $context.extendedRequestId", "add $context.requestId")


@_format_rule(id="longAccessLogFormat", kind=Kind.QUOTA, source=f"{GUIDE}http-api-quotas.html")
def long_format(value: str, at: Context) -> Iterator[Problem]:
    """The format has at most 3,072 bytes; for a WebSocket API AWS documents both 1,024 and 3,072."""
    size = len(value.encode(errors="replace"))
    most = _MAX_WEBSOCKET_FORMAT if at.resource.protocol == WEBSOCKET else _MAX_HTTP_FORMAT
    if size > most:
        yield Problem(f"should have at most {most:,} bytes", f"this format has {size:,}; shorten it by {size - most:,}")


def _unknown_variables(value: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Variables that are not known, each with a question about the closest one that is."""
    for name in dict.fromkeys(_VARIABLE.findall(value)):
        if name not in known and not name.startswith("authorizer."):
            closest = closest_of(name, sorted(known), cutoff=0.75)
            yield name, f"did you mean $context.{closest}? " if closest else ""


@_format_rule(
    id="accessLogVariable",
    kind=Kind.SET,
    protocol=HTTP,
    service="The following context variables are not supported: [$context.{variable}]",
    source=_HTTP_VARIABLES_PAGE,
)
def access_log_variable(value: str, _: Context) -> Iterator[Problem]:
    """The variables in the format are supported by HTTP APIs."""
    for name, closest in _unknown_variables(value, HTTP_VARIABLES):
        if name != "resourcePath":  # a rule of its own
            text = "must name variables that an HTTP API has"
            fix = f"{closest}the variables are listed at {_HTTP_VARIABLES_PAGE}"
            yield Problem(text, fix, value=f"$context.{name}", values={"variable": name})


@_format_rule(id="emptyAccessLogVariable", kind=Kind.RUN_TIME, protocol=HTTP, source=_HTTP_VARIABLES_PAGE)
def empty_variable(value: str, _: Context) -> Iterator[Problem]:
    """The format does not contain `$context.resourcePath`, which is always empty on an HTTP API."""
    if "resourcePath" in _VARIABLE.findall(value):
        fix = "this variable of REST APIs is always empty on an HTTP API; write $context.routeKey"
        yield Problem("should name variables that an HTTP API fills", fix, value="$context.resourcePath")


@_format_rule(id="unknownAccessLogVariable", kind=Kind.RUN_TIME, protocol=WEBSOCKET, source=_WEBSOCKET_PAGE)
def unknown_variable(value: str, _: Context) -> Iterator[Problem]:
    """The variables in the format are supported by WebSocket APIs; the log shows `-` for others."""
    for name, closest in _unknown_variables(value, WEBSOCKET_VARIABLES):
        text, fix = "should name variables that a WebSocket API has", f"{closest}the log shows - in its place"
        yield Problem(text, fix, value=f"$context.{name}")


def _arn_parts(arn: str) -> list[str]:
    """Partition, service, Region, account and the parts of the resource; empty for a text that is not an ARN."""
    prefix, *parts = arn.split(":")
    return parts if prefix == "arn" and len(parts) > 4 else []  # noqa: PLR2004  with one part of the resource


def _firehose(value: object, at: Context) -> str | None:
    """The name of the stream if the destination is one of Amazon Data Firehose."""
    if isinstance(value, str) and not is_unknown(value):
        parts = _arn_parts(value)
        return parts[4] if parts[1:2] == ["firehose"] else None
    target = at.resource.template.target(value) if at.resource.template else None
    is_stream = target is not None and target.type == "AWS::KinesisFirehose::DeliveryStream"
    return f"deliverystream/{target.logical_id}" if target and is_stream else None


_SUBSCRIBE: Final = "write to a log group, and add a subscription filter that sends its events to the stream"


@_destination_rule(id="accessLogDestination", kind=Kind.GRAMMAR, value_type=str, source=_PAGE)
def access_log_destination(value: str, at: Context) -> Iterator[Problem]:
    """The destination of access logs is the ARN of a log group."""
    parts = _arn_parts(value)
    is_log_group = parts[1:2] == ["logs"] and parts[4] == "log-group" and any(parts[5:6])
    if not is_log_group and _firehose(value, at) is None:
        copy = "copy the ARN as CloudWatch Logs shows it{|, or give the construct as log_group}"
        service = "".join(parts[1:2])
        yield Problem(
            "must be the ARN of a log group, arn:<partition>:logs:<region>:<account>:log-group:<name>",
            f"this is an ARN of {service}" if service != "logs" and service.replace("-", "").isalnum() else copy,
        )


_LITERALS: Final = re.compile(r"\$\{Token\[(?:[^\[\]{}]*\]\}|\{.*)", re.DOTALL)
_SEVERAL_GROUPS: Final = re.compile(r"^arn:(?:[^:]*:){0,3}[^:]*[*?\s]|:log-group:[^:]*(?:[*?\s]|\$\{)")


@_destination_rule(
    id="accessLogDestination",
    kind=Kind.GRAMMAR,
    given=True,
    service="Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '{arn}'",
)
def one_log_group(value: object, _: Context) -> Iterator[Problem]:
    """The destination is one log group: its ARN contains no wildcard except `:*` at the end."""
    if isinstance(value, str) and _SEVERAL_GROUPS.search(_LITERALS.sub("", value)):
        text = "must name one log group, without wildcards, blanks and policy variables"
        fix = "copy it as CloudWatch Logs shows it; in a policy it would match other log groups too"
        yield Problem(text, fix, values={"arn": value})


@_destination_rule(
    id="accessLogDestination",
    kind=Kind.SET,
    protocol=HTTP,
    given=True,
    service="Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '{stream}'",
)
def firehose_on_http(value: object, at: Context) -> Iterator[Problem]:
    """HTTP APIs do not support Amazon Data Firehose as the destination."""
    stream = _firehose(value, at)
    if stream is not None:
        text = "must be the ARN of a log group, HTTP APIs do not support Firehose"
        yield Problem(text, _SUBSCRIBE, values={"stream": stream})


@_destination_rule(id="firehoseOnWebSocket", kind=Kind.PRACTICE, protocol=WEBSOCKET, given=True, source=_WEBSOCKET_PAGE)
def firehose_on_web_socket(value: object, at: Context) -> Iterator[Problem]:
    """AWS documents Amazon Data Firehose as the destination for REST APIs only, not for WebSocket APIs."""
    if _firehose(value, at) is not None:
        yield Problem("should be the ARN of a log group", f"AWS documents Firehose for REST APIs only; {_SUBSCRIBE}")


@rule(
    STAGE,
    "AccessLogSettings",
    id="incompleteAccessLogSettings",
    kind=Kind.RUN_TIME,
    value_type=dict,
    service="Access Log value missing. Expected destinationArn and format.",
    source=_PAGE,
    checked="2026-11",
)
def incomplete(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    """Access logs require both `DestinationArn` and `Format`."""
    for missing, other in (("DestinationArn", "Format"), ("Format", "DestinationArn")):
        if value.get(missing) is None and value.get(other) is not None:
            fix = f"add {missing}, or leave out AccessLogSettings"
            yield Problem(f"should go with {other}", fix, (*at.path, missing), show_value=False)


@_destination_rule(id="logGroupArnWildcard", kind=Kind.PRACTICE, given=True, source=_PAGE)
def wildcard(value: object, at: Context) -> Iterator[Problem]:
    """The destination does not end in `:*`, as `Fn::GetAtt` of a log group does: it shows as drift."""
    target, attribute = at.resource.template.reference(value) if at.resource.template else (None, None)
    of_group = target is not None and target.type == "AWS::Logs::LogGroup" and attribute == "Arn"
    if of_group or (isinstance(value, str) and not is_unknown(value) and value.endswith(":*")):
        yield Problem(
            "should be an ARN without :* at its end",
            "the service removes it, and every drift detection shows the difference; write"
            " arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:<name> by Fn::Sub",
        )
