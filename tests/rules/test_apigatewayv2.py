"""The rules over one resource of API Gateway: values on both sides of each limit."""

from __future__ import annotations

from typing import Any

import pytest

from stage_constructs.rules import evaluate
from stage_constructs.rules._resources import Resource
from stage_constructs.rules.apigatewayv2._apis import DEPLOYMENT, HTTP, STAGE, WEBSOCKET
from stage_constructs.rules.apigatewayv2.domain_mapping import MAPPING

GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:name"
FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"
ID = "$context.requestId"
NAN, INFINITY = float("nan"), float("inf")

Row = tuple[Any, str | None]

ON_BOTH: dict[str, list[Row]] = {
    "StageName": [
        *((name, None) for name in ("a", "a" * 128, "A-Z_09", "-", "_", "0", "default")),
        *((name, "stageName") for name in ("", "a" * 129, "a b", "a.b", "$DEFAULT", "default$", "é", "a\n", "\n", 5)),
    ],
    "Description": [
        *((text, None) for text in ("", "d" * 1024, "é" * 1024, "two\nlines")),
        ("d" * 1025, "description"),
    ],
    "DeploymentId": [("a", None), ("x" * 500, None), ("", "identifier")],
    "AutoDeploy": [(True, None), (False, None), ("yes", "autoDeploy")],
    "StageVariables": [
        ({}, None),
        ({f"v{n}": "x" for n in range(100)}, None),
        ({f"v{n}": "x" for n in range(101)}, "stageVariables"),
        (["a"], "stageVariables"),
        *(({name: "v"}, None) for name in ("a", "n" * 64, "_", "0")),
        *(({name: "v"}, "stageVariableName") for name in ("a-b", "", "n" * 65, "é")),
        *(({"a": value}, None) for value in ("v" * 512, "-._~:/?#&=,", "two words", "https://x.com/a?b=c&d=e#f")),
        *(({"a": value}, "longStageVariable") for value in ("v" * 513, "v" * 2048)),
        *(
            ({"a": value}, "stageVariableValue")
            for value in ("{}", "a;b", "a\n", "é", '"', "a'b", "%20", "v" * 2049, 5)
        ),
        ({"a": ""}, "emptyStageVariable"),
    ],
    "Tags": [
        *((tags, None) for tags in ({}, {"k" * 128: ""}, {"k": "v" * 1600}, {"aws": "x", "awsome": "x", "a:b": "c"})),
        ({f"t{n}": "x" for n in range(50)}, None),
        ({f"t{n}": "x" for n in range(51)}, "tags"),
        *((tags, "tags") for tags in ({"aws:a": "b"}, {"AWS:a": "b"}, {"": "b"}, {"k": "v" * 1601}, {"k" * 129: ""})),
    ],
    "DefaultRouteSettings.ThrottlingBurstLimit": [
        *((limit, None) for limit in (1, 5.0, 5000)),
        *((limit, "throttle") for limit in (-1, 0.5, 1.5, INFINITY, NAN, "5", True, {})),
        (0, "zeroThrottle"),
        (5001, "throttleAboveQuota"),
    ],
    "DefaultRouteSettings.ThrottlingRateLimit": [
        *((limit, None) for limit in (0.001, 1, 10000)),
        *((limit, "throttle") for limit in (-1, -0.001, INFINITY, NAN, "5", True, {})),
        (0, "zeroThrottle"),
        (10000.5, "throttleAboveQuota"),
    ],
    "DefaultRouteSettings.DetailedMetricsEnabled": [(True, None), (False, None), ("yes", "detailedMetrics")],
    "AccessLogSettings.Format": [
        *(
            (text, None)
            for text in (ID, "$context.extendedRequestId", "${context.requestId}", f"{ID}.", f"{ID}-$context.status")
        ),
        (f'{{"a":"{ID}"}}', None),
        (f"{ID} " + "x" * (1024 - len(f"{ID} ")), None),
        *((text, "accessLogFormat") for text in ("", "$context.stage", "context.requestId")),
        *((text, "accessLogFormat") for text in (f"{ID} \n", f"{ID} \r", f"{ID} a\nb", 5)),
    ],
    "AccessLogSettings.DestinationArn": [
        (GROUP, None),
        ("arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/aws/vendedlogs/a-b_c.d/e", None),
        ("arn:aws-cn:logs:cn-north-1:123456789012:log-group:x", None),
        *(
            (arn, "accessLogDestination")
            for arn in (
                "",
                "name",
                "/aws/name",
                "arn:aws:s3:::bucket",
                "arn:aws:logs:eu-west-1:123456789012:log-group",
                "arn:aws:logs:eu-west-1:123456789012:log-group:",
                "arn:aws:logs:eu-west-1:123456789012:destination:x",
                "arn:aws:kinesis:eu-west-1:123456789012:stream/x",
                "arn:aws:logs:*:123456789012:log-group:x",
                "arn:aws:logs:eu-west-1:*:log-group:x",
                f"{GROUP}*",
                f"{GROUP}-?",
                f"{GROUP} x",
                f"{GROUP}${{aws:username}}",
                5,
            )
        ),
        (f"{GROUP}:*", "logGroupArnWildcard"),
    ],
}
ON_HTTP: dict[str, list[Row]] = {
    "StageName": [("$default", None)],
    "DefaultRouteSettings.LoggingLevel": [(level, "executionLogsOnHttp") for level in ("OFF", "ERROR", "INFO")],
    "DefaultRouteSettings.DataTraceEnabled": [(True, "executionLogsOnHttp")],
    "AccessLogSettings.Format": [
        (f"{ID} " + "x" * (3072 - len(f"{ID} ")), None),
        (f"{ID} " + "é" * 1536, "longAccessLogFormat"),
        *((f"$context.{name}", "accessLogFormat accessLogVariable") for name in ("requestIds", "RequestId")),
        *(
            (f"{ID} $context.{name}", "accessLogVariable")
            for name in ("nosuch", "request.header.x", "connectionId", "eventType", "identity.nosuch", "waf.status")
        ),
        (f"{ID} ${{context.nosuch}}", "accessLogVariable"),
        (f"{ID} $context.resourcePath", "emptyAccessLogVariable"),
    ],
    "AccessLogSettings.DestinationArn": [(FIREHOSE, "accessLogDestination")],
    "ClientCertificateId": [("abc", "clientCertificateOnHttp")],
}
ON_WEBSOCKET: dict[str, list[Row]] = {
    "StageName": [("$default", "webSocketDefaultStage")],
    "DefaultRouteSettings.LoggingLevel": [
        *((level, None) for level in ("OFF", "ERROR", "INFO")),
        *((level, "loggingLevel") for level in ("DEBUG", "info", "", 5)),
    ],
    "DefaultRouteSettings.DataTraceEnabled": [(False, None), (True, "dataTraceWithoutLogging"), ("all", "dataTrace")],
    "DefaultRouteSettings": [
        ({"DataTraceEnabled": True, "LoggingLevel": "OFF"}, "dataTraceWithoutLogging"),
        ({"DataTraceEnabled": True, "LoggingLevel": "ERROR"}, "dataTraceLogsMessages"),
        ({"DataTraceEnabled": True, "LoggingLevel": "INFO"}, "dataTraceLogsMessages"),
        ({"DataTraceEnabled": False, "LoggingLevel": "INFO"}, None),
    ],
    "AccessLogSettings.Format": [
        (f"{ID} " + "x" * 1024, "longAccessLogFormat"),
        *((f"$context.{name}", "accessLogFormat unknownAccessLogVariable") for name in ("requestIds", "RequestId")),
        *((f"{ID} $context.{name}", "unknownAccessLogVariable") for name in ("httpMethod", "resourcePath", "nosuch")),
    ],
    "AccessLogSettings.DestinationArn": [(FIREHOSE, "firehoseOnWebSocket")],
    "ClientCertificateId": [("abc", None), ("", "identifier")],
}
HTTP_VARIABLES = """
    accountId apiId authorizer.claims.sub authorizer.error authorizer.principalId authorizer.any_thing
    awsEndpointRequestId awsEndpointRequestId2 customDomain.basePathMatched dataProcessed domainName domainPrefix
    error.message error.messageString error.responseType extendedRequestId httpMethod identity.accountId
    identity.caller identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType
    identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.principalOrgId
    identity.clientCert.clientCertPem identity.clientCert.subjectDN identity.clientCert.issuerDN
    identity.clientCert.serialNumber identity.clientCert.validity.notBefore identity.clientCert.validity.notAfter
    identity.sourceIp identity.user identity.userAgent identity.userArn integration.error
    integration.integrationStatus integration.latency integration.requestId integration.status
    integrationErrorMessage integrationLatency integrationStatus path protocol requestId requestTime
    requestTimeEpoch responseLatency responseLength routeKey stage status
""".split()
WEBSOCKET_VARIABLES = """
    apiId authorize.error authorize.latency authorize.status authorizer.error authorizer.integrationLatency
    authorizer.integrationStatus authorizer.latency authorizer.requestId authorizer.status authorizer.principalId
    authorizer.any_thing authenticate.error authenticate.latency authenticate.status connectedAt connectionId
    domainName error.message error.messageString error.responseType error.validationErrorString eventType
    extendedRequestId identity.accountId identity.apiKey identity.apiKeyId identity.caller
    identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId
    identity.cognitoIdentityPoolId identity.principalOrgId identity.sourceIp identity.user identity.userAgent
    identity.userArn integration.error integration.integrationStatus integration.latency integration.requestId
    integration.status integrationLatency messageId requestId requestTime requestTimeEpoch routeKey stage status
    waf.error waf.latency waf.status
""".split()

CASES = [
    (protocol, path, *row)
    for protocols, table in (((HTTP, WEBSOCKET), ON_BOTH), ((HTTP,), ON_HTTP), ((WEBSOCKET,), ON_WEBSOCKET))
    for protocol in protocols
    for path, rows in table.items()
    for row in rows
]


def broken(protocol: str, path: str, value: Any) -> set[str]:
    """The rules that a stage breaks by the value of a property."""
    name, _, inner = path.partition(".")
    properties: dict[str, Any] = {name: {inner: value} if inner else value}
    if name == "AccessLogSettings":
        properties[name] = {"DestinationArn": GROUP, "Format": ID} | properties[name]
    return {each.rule.id for each in evaluate(Resource(STAGE, properties, protocol=protocol, region="eu-west-1"))}


@pytest.mark.parametrize(
    ("protocol", "path", "value", "rule"),
    CASES,
    ids=[f"{protocol}-{path}-{str(value)[:20]}" for protocol, path, value, _ in CASES],
)
def test_limits(protocol: str, path: str, value: Any, rule: str | None) -> None:
    """A value within the limits breaks no rule, the next one breaks these rules and no other."""
    assert broken(protocol, path, value) == set((rule or "").split())


@pytest.mark.parametrize(
    ("protocol", "name"),
    [(HTTP, name) for name in HTTP_VARIABLES] + [(WEBSOCKET, name) for name in WEBSOCKET_VARIABLES],
)
def test_documented_variables(protocol: str, name: str) -> None:
    """Each variable that AWS documents for the protocol is accepted."""
    assert broken(protocol, "AccessLogSettings.Format", f"{ID} $context.{name}") == set()


@pytest.mark.parametrize(
    ("properties", "rules"),
    [
        ({"DeploymentId": "d"}, set()),
        ({"DeploymentId": "d", "AutoDeploy": False}, set()),
        ({"AutoDeploy": True}, set()),
        ({"DeploymentId": "d", "AutoDeploy": True}, {"deploymentWithAutoDeploy"}),
    ],
)
def test_deployments(properties: dict[str, Any], rules: set[str]) -> None:
    """A stage has a deployment or deploys by itself."""
    assert {each.rule.id for each in evaluate(Resource(STAGE, properties, protocol=HTTP))} == rules


@pytest.mark.parametrize(("length", "rules"), [(1024, []), (1025, ["description"])])
def test_descriptions_of_deployments(length: int, rules: list[str]) -> None:
    """A deployment has a description of the same length as a stage."""
    assert [each.rule.id for each in evaluate(Resource(DEPLOYMENT, {"Description": "d" * length}))] == rules


@pytest.mark.parametrize(
    ("key", "rules"),
    [
        *((key, []) for key in ("", "v1", "orders/v1/items", "k" * 300, "A-Z_a.z+0!*'(9),$", {"Ref": "Key"})),
        *((key, ["mappingKey"]) for key in ("k" * 301, "a b", "é", "a:b", "~", "{proxy+}", "v1\n", "a\\b", 5)),
    ],
)
def test_keys_of_mappings(key: Any, rules: list[str]) -> None:
    """A key of a domain mapping has these characters, and 300 of them at most."""
    assert [each.rule.id for each in evaluate(Resource(MAPPING, {"ApiMappingKey": key}))] == rules
