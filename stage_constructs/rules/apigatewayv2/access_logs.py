"""Access logs: destination and format."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from ._apis import HTTP, STAGE, WEBSOCKET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_HTTP_PAGE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html"
_HTTP_VARIABLES: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"
_WEBSOCKET_PAGE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html"
_STAGE_PAGE: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-properties-apigatewayv2-stage-accesslogsettings.html"
)
_FORMAT: Final = "AccessLogSettings.Format"
_DESTINATION: Final = "AccessLogSettings.DestinationArn"
_LOG_GROUP_ARN: Final = "arn:<partition>:logs:<region>:<account>:log-group:<name>"
_ARN_PARTS: Final = 6
MAX_HTTP_FORMAT: Final = 3072
MAX_WEBSOCKET_FORMAT: Final = 1024
_REQUEST_ID: Final = re.compile(r"\$\{?context\.(?:requestId|extendedRequestId)\b")
_VARIABLE: Final = re.compile(r"\$\{?context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)")

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


@rule(
    STAGE,
    _FORMAT,
    id="accessLogFormat",
    kind=Kind.GRAMMAR,
    value_type=str,
    expected="{a string|a string, or AccessLogFormat.json(...)}",
    doc="The format of access logs is a single line.",
    fix="join the lines{|; AccessLogFormat.json(...) writes one}",
    service="Access Log format must be single line",
    source=_HTTP_PAGE,
    checked="2026-11",
)
def single_line(value: str, at: Context) -> Iterator[Problem]:
    line = value if at.resource.template is None else value.rstrip("\r\n")
    if "\n" in line or "\r" in line:
        yield Problem("must be a single line")


@rule(
    STAGE,
    _FORMAT,
    id="accessLogFormat",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="The format of access logs names the request.",
    fix="add $context.requestId",
    service="Access Log format must include either $context.requestId or $context.extendedRequestId",
    source=_HTTP_PAGE,
    checked="2026-11",
)
def request_id(value: str, _: Context) -> Iterator[Problem]:
    if not _REQUEST_ID.search(value):
        yield Problem("must name $context.requestId or $context.extendedRequestId")


@rule(
    STAGE,
    _FORMAT,
    id="longAccessLogFormat",
    kind=Kind.QUOTA,
    value_type=str,
    doc=f"The format has at most {MAX_HTTP_FORMAT:,} bytes on an HTTP API; on a WebSocket API AWS names both"
    f" {MAX_WEBSOCKET_FORMAT:,} and {MAX_HTTP_FORMAT:,}.",
    fix="Shorten it.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html",
    checked="2026-11",
)
def long_format(value: str, at: Context) -> Iterator[Problem]:
    size = len(value.encode(errors="replace"))
    most = MAX_WEBSOCKET_FORMAT if at.resource.protocol == WEBSOCKET else MAX_HTTP_FORMAT
    if size > most:
        yield Problem(f"should have at most {most:,} bytes", f"this format has {size:,}; shorten it by {size - most:,}")


def _unknown_variables(value: str, known: Collection[str]) -> Iterator[str]:
    for name in dict.fromkeys(_VARIABLE.findall(value)):
        if name not in known and not name.startswith("authorizer."):
            yield name


@rule(
    STAGE,
    _FORMAT,
    id="accessLogVariable",
    kind=Kind.SET,
    protocol=HTTP,
    value_type=str,
    doc="The format names only variables that an HTTP API has.",
    fix="Remove the variable, or look up its name.",
    service="The following context variables are not supported: [$context.{variable}]",
    source=_HTTP_VARIABLES,
    checked="2026-11",
)
def access_log_variable(value: str, _: Context) -> Iterator[Problem]:
    for name in _unknown_variables(value, HTTP_VARIABLES):
        if name != "resourcePath":
            yield Problem(
                "must name variables that an HTTP API has",
                f"{_closest(name, HTTP_VARIABLES)}the variables are listed at {_HTTP_VARIABLES}",
                value=f"$context.{name}",
                values={"variable": name},
            )


@rule(
    STAGE,
    _FORMAT,
    id="emptyAccessLogVariable",
    kind=Kind.RUN_TIME,
    protocol=HTTP,
    value_type=str,
    doc="The format names no variable that stays empty on an HTTP API.",
    fix="this variable belongs to REST APIs and stays empty here, write $context.routeKey",
    source=_HTTP_VARIABLES,
    checked="2026-11",
)
def empty_variable(value: str, _: Context) -> Iterator[Problem]:
    if "resourcePath" in _VARIABLE.findall(value):
        yield Problem("should name variables that an HTTP API fills", value="$context.resourcePath")


@rule(
    STAGE,
    _FORMAT,
    id="unknownAccessLogVariable",
    kind=Kind.RUN_TIME,
    protocol=WEBSOCKET,
    value_type=str,
    doc="The format names only variables that a WebSocket API has.",
    fix="Remove it; the log shows `-` in its place.",
    source=_WEBSOCKET_PAGE,
    checked="2026-11",
)
def unknown_variable(value: str, _: Context) -> Iterator[Problem]:
    for name in _unknown_variables(value, WEBSOCKET_VARIABLES):
        yield Problem(
            "should name variables that a WebSocket API has",
            f"{_closest(name, WEBSOCKET_VARIABLES)}the log shows - in its place",
            value=f"$context.{name}",
        )


def _closest(name: str, known: Collection[str]) -> str:
    spelled = {variable.lower(): variable for variable in known}
    close = get_close_matches(name.lower(), sorted(spelled), n=1, cutoff=0.75)
    return f"did you mean $context.{spelled[close[0]]}? " if close else ""


def _service_of(arn: str) -> str:
    parts = arn.split(":")
    return parts[2] if len(parts) >= _ARN_PARTS and parts[0] == "arn" else ""


@rule(
    STAGE,
    _DESTINATION,
    id="accessLogDestination",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="Access logs go to a log group, which is named by its ARN.",
    fix="copy the ARN as CloudWatch Logs shows it{|, or give the construct as log_group}",
    source=_STAGE_PAGE,
    checked="2026-11",
)
def access_log_destination(value: str, _: Context) -> Iterator[Problem]:
    parts = value.split(":")
    service = _service_of(value)
    if service == "firehose":
        return  # two rules of their own
    if service != "logs" or parts[5] != "log-group" or not any(parts[6:7]):
        other = f"this is an ARN of {service}" if service not in ("", "logs") else ""
        yield Problem(f"must be the ARN of a log group, {_LOG_GROUP_ARN}", other)


_LITERALS: Final = re.compile(r"\$\{Token\[(?:[^\[\]{}]*\]\}|\{.*)", re.DOTALL)
_SEVERAL_GROUPS: Final = re.compile(r"^arn:(?:[^:]*:){0,3}[^:]*[*?\s]|:log-group:[^:]*(?:[*?\s]|\$\{)")


@rule(
    STAGE,
    _DESTINATION,
    id="accessLogDestination",
    kind=Kind.GRAMMAR,
    given=True,
    doc="The destination is one log group: no wildcard is in its ARN but for `:*` at the end.",
    fix="copy it as CloudWatch Logs shows it; in a policy it would stand for other log groups too",
    service="Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '{arn}'",
    source=_HTTP_PAGE,
    checked="2026-11",
)
def one_log_group(value: object, _: Context) -> Iterator[Problem]:
    if isinstance(value, str) and _SEVERAL_GROUPS.search(_LITERALS.sub("", value)):
        text = "must name one log group, without wildcards, blanks and policy variables"
        yield Problem(text, values={"arn": value})


def _firehose(value: object, at: Context) -> str | None:
    """The name of the stream where the destination is one of Amazon Data Firehose."""
    if isinstance(value, str) and not is_unknown(value):
        return value.split(":")[5] if _service_of(value) == "firehose" else None
    target = at.resource.template.target(value) if at.resource.template else None
    return f"deliverystream/{target.logical_id}" if target and target.type == _STREAM else None


_STREAM: Final = "AWS::KinesisFirehose::DeliveryStream"
_SUBSCRIBE: Final = "write to a log group, and feed the stream by a subscription filter of that group"


@rule(
    STAGE,
    _DESTINATION,
    id="accessLogDestination",
    kind=Kind.SET,
    protocol=HTTP,
    given=True,
    doc="An HTTP API does not write access logs to Amazon Data Firehose.",
    fix=_SUBSCRIBE,
    service="Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '{stream}'",
    source=_HTTP_PAGE,
    checked="2026-11",
)
def firehose_on_http(value: object, at: Context) -> Iterator[Problem]:
    stream = _firehose(value, at)
    if stream is not None:
        text = "must be the ARN of a log group, for an HTTP API does not write to Firehose"
        yield Problem(text, values={"stream": stream})


@rule(
    STAGE,
    _DESTINATION,
    id="firehoseOnWebSocket",
    kind=Kind.PRACTICE,
    protocol=WEBSOCKET,
    given=True,
    doc="Access logs of a WebSocket stage go to a log group.",
    fix=f"AWS documents Firehose for REST APIs only; {_SUBSCRIBE}",
    source=_WEBSOCKET_PAGE,
    checked="2026-11",
)
def firehose_on_web_socket(value: object, at: Context) -> Iterator[Problem]:
    if _firehose(value, at) is not None:
        yield Problem("should be the ARN of a log group")


@rule(
    STAGE,
    "AccessLogSettings",
    id="incompleteAccessLogSettings",
    kind=Kind.RUN_TIME,
    value_type=dict,
    doc="`DestinationArn` and `Format` go together.",
    fix="Add the one that is missing.",
    service="Access Log value missing. Expected destinationArn and format.",
    source=_STAGE_PAGE,
    checked="2026-11",
)
def incomplete(value: Mapping[str, object], at: Context) -> Iterator[Problem]:
    given = [name for name in ("DestinationArn", "Format") if value.get(name) is not None]
    if len(given) == 1:
        [missing] = {"DestinationArn", "Format"} - set(given)
        yield Problem(
            f"should go with {given[0]}",
            f"add {missing}, or leave out AccessLogSettings",
            (*at.path, missing),
            show_value=False,
        )


@rule(
    STAGE,
    _DESTINATION,
    id="logGroupArnWildcard",
    kind=Kind.PRACTICE,
    given=True,
    doc="The destination is an ARN without `:*`, in which `Fn::GetAtt` of a log group ends; the service keeps it"
    " without, which shows as drift.",
    fix="the service keeps it without, and every drift detection shows the difference; write"
    " arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:<name> by Fn::Sub",
    source=_STAGE_PAGE,
    checked="2026-11",
)
def wildcard(value: object, at: Context) -> Iterator[Problem]:
    target, attribute = at.resource.template.reference(value) if at.resource.template else (None, None)
    of_group = target is not None and target.type == "AWS::Logs::LogGroup" and attribute == "Arn"
    if of_group or (isinstance(value, str) and not is_unknown(value) and value.endswith(":*")):
        yield Problem("should be an ARN without :* at its end")
