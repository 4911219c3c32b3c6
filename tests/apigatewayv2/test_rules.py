"""The rules of API Gateway v2, as functions over plain values."""

from __future__ import annotations

import inspect
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs._checks import Fault, error, is_token
from stage_constructs.apigatewayv2 import ACCOUNT_LIMIT, LoggingLevel, RouteSettings, _rules
from stage_constructs.apigatewayv2._api import ApiFacts, Protocol
from stage_constructs.errors import Violation

HTTP, WEBSOCKET = Protocol.HTTP, Protocol.WEBSOCKET
BOTH = [HTTP, WEBSOCKET]
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:name"
FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"
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


def settings(**fields: Any) -> RouteSettings:
    """Route settings of any values."""
    return RouteSettings(**fields)


def variables(number: int) -> dict[str, str]:
    """So many stage variables."""
    return {f"v{n}": "x" for n in range(number)}


def fmt(text: str) -> str:
    """A format that names the request."""
    return f"$context.requestId {text}"


class _Deployment:
    deployment_ref = None


class _Domain:
    domain_name_ref = None


class _Mapping:
    def __init__(self, mapping_key: str | None = None) -> None:
        self.mapping_key = mapping_key


DOMAIN = _Domain()

ACCEPTED: list[tuple[Any, tuple[Any, ...]]] = [
    (_rules.number_of_stages, (10,)),
    *(
        (_rules.account_role, ("r", trust))
        for trust in (None, '{"Service": "apigateway.amazonaws.com"}', '{"AWS": "*"}')
    ),
    (_rules.mutual_tls, ("d", False)),
    *(
        (_rules.stage_name, (name, protocol))
        for protocol in BOTH
        for name in ("a", "a" * 128, "A-Z_09", "-", "_", "0", "default")
    ),
    (_rules.stage_name, ("$default", HTTP)),
    *((_rules.description, (value,)) for value in (None, "", "d" * 1024, "é" * 1024, "two\nlines")),
    *((_rules.auto_deploy, values) for values in ((None, "d", "p"), (False, "d", "p"), (True, None, "p"))),
    *((_rules.identifier, ("deployment_id", value)) for value in (None, "a", "x" * 500)),
    *((_rules.known_at_synth, ("api_id", value)) for value in ("a", "$default")),
    *((_rules.deployment, values) for values in ((None, None), (None, "abc"), (_Deployment(), None))),
    *((_rules.route_key, ("route_settings", key, key)) for key in ("GET /pets", "$default", "sendMessage", "*")),
    *(
        (_rules.domain_mapping, values)
        for protocol in BOTH
        for values in (
            (None, None, None, protocol),
            (_Mapping(), _Domain(), None, protocol),
            (_Mapping("v1/live"), _Domain(), protocol, protocol),
        )
    ),
    *((_rules.stage_variables, (value,)) for value in (None, {}, variables(100), {"a": "b"})),
    *(
        (_rules.stage_variable, pair)
        for pair in (
            ("a", "v" * 512),
            ("n" * 64, "v"),
            ("_", "v"),
            ("0", "v"),
            ("a", "-._~:/?#&=,"),
            ("a", "two words"),
            ("a", "https://example.com/a?b=c&d=e#f"),
        )
    ),
    *(
        (_rules.tags, (value,))
        for value in (
            None,
            {},
            {f"t{n}": "x" for n in range(50)},
            {"k" * 128: ""},
            {"k": "v" * 1600},
            {"aws": "x", "awsome": "x", "a:b": "c"},
        )
    ),
    *(
        (_rules.route_settings, ("p", value, p))
        for p in BOTH
        for value in (
            settings(),
            settings(throttling_burst_limit=1, throttling_rate_limit=0.001),
            settings(throttling_burst_limit=5000, throttling_rate_limit=10000),
            settings(throttling_burst_limit=5.0),
            settings(throttling_burst_limit=ACCOUNT_LIMIT, throttling_rate_limit=ACCOUNT_LIMIT),
            settings(detailed_metrics_enabled=True),
            settings(detailed_metrics_enabled=False, data_trace_enabled=False),
        )
    ),
    *((_rules.route_settings, ("p", settings(logging_level=level), WEBSOCKET)) for level in LoggingLevel),
    (_rules.route_settings, ("p", settings(logging_level="INFO"), WEBSOCKET)),
    (_rules.account_role_removal, (False,)),
    (_rules.stage_variable, ("a", "{{resolve:ssm:/name}}")),
    *((_rules.access_log_format, ("f", fmt(f"$context.{name}"), HTTP)) for name in HTTP_VARIABLES),
    *((_rules.access_log_format, ("f", fmt(f"$context.{name}"), WEBSOCKET)) for name in WEBSOCKET_VARIABLES),
    *(
        (_rules.access_log_format, ("f", text, p))
        for p in BOTH
        for text in (
            "$context.requestId",
            "$context.extendedRequestId",
            "${context.requestId}",
            "$context.requestId.",
            "$context.requestId-$context.status",
            '{"a":"$context.requestId"}',
            "$context.requestId " + "x" * (1024 - len("$context.requestId ")),
        )
    ),
    *(
        (_rules.access_log_destination, ("d", arn, p))
        for p in BOTH
        for arn in (
            GROUP,
            f"{GROUP}:*",
            "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/aws/vendedlogs/a-b_c.d/e",
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:x",
        )
    ),
    *((_rules.api, ("api", ApiFacts("a", protocol), expected)) for expected in BOTH for protocol in (expected, None)),
]

REFUSED: list[tuple[Any, tuple[Any, ...], str, Any, str]] = [
    *(
        (_rules.stage_name, (name, protocol), "stage_name", name, "Stage name only allows a-zA-Z0-9_")
        for protocol in BOTH
        for name in ("", "a" * 129, "a b", "a.b", "$DEFAULT", "default$", "é", "a\n", "\n")
    ),
    (_rules.stage_name, ("my stage!", HTTP), "stage_name", "my stage!", 'write "my-stage"'),
    (_rules.description, ("d" * 1025,), "description", "d" * 1025, "at most 1024 characters"),
    (_rules.description, ("d" * 1025,), "description", "d" * 1025, "shorten it by 1"),
    (_rules.auto_deploy, (True, "d", "deployment"), "deployment", "d", "because AutoDeploy is enabled"),
    (_rules.auto_deploy, ("yes", None, "d"), "auto_deploy", "yes", "True or False"),
    (_rules.identifier, ("deployment_id", ""), "deployment_id", "", "leave it out"),
    *((_rules.known_at_synth, ("api_id", v), "api_id", v, "a string") for v in (None, 5, {})),
    (_rules.known_at_synth, ("api_id", ""), "api_id", "", "that is not set?"),
    (_rules.known_at_synth, ("api_id", "${Token[TOKEN.1]}"), "api_id", "${Token[TOKEN.1]}", "from_stage_attributes"),
    (_rules.deployment, ("abc", None), "deployment", "abc", 'write deployment_id="abc"'),
    (_rules.deployment, (_Deployment(), "abc"), "deployment_id", "abc", "drop one of them"),
    *(
        (_rules.route_key, ("route_settings", route, key), "route_settings", route, "write the key")
        for route, key in ((5, None), ("", ""), ("${Token[TOKEN.1]}", "${Token[TOKEN.1]}"))
    ),
    *((_rules.domain_mapping, (v, None, None, HTTP), "domain_mapping", v, "DomainMappingOptions") for v in (5, "x")),
    (_rules.domain_mapping, (_Mapping(""), _Domain(), None, HTTP), "domain_mapping.mapping_key", "", "root"),
    *(
        (_rules.domain_mapping, (_Mapping(), DOMAIN, other, own), "domain_mapping.domain_name", DOMAIN, "share")
        for own, other in ((HTTP, WEBSOCKET), (WEBSOCKET, HTTP))
    ),
    (_rules.stage_variables, (variables(101),), "stage_variables", 101, "remove 1 of them"),
    (_rules.stage_variables, (["a"],), "stage_variables", ["a"], "a dict such as"),
    (_rules.stage_variable, ("a-b", "v"), 'stage_variables["a-b"]', "a-b", 'write "a_b"'),
    (_rules.stage_variable, ("a-b", "v"), 'stage_variables["a-b"]', "a-b", "Invalid stage variable name: a-b."),
    (_rules.stage_variable, ("", "v"), 'stage_variables[""]', "", "1 to 64"),
    (_rules.stage_variable, ("n" * 65, "v"), f'stage_variables["{"n" * 65}"]', "n" * 65, "1 to 64"),
    (_rules.stage_variable, ("é", "v"), 'stage_variables["é"]', "é", "word characters"),
    *(
        (_rules.stage_variable, ("a", value), 'stage_variables["a"]', value, "Invalid stage variable value of key a.")
        for value in ("{}", "a;b", "a\n", "é", '"', "a'b", "%20", "v" * 2049)
    ),
    (_rules.stage_variable, ("a", 5), 'stage_variables["a"]', 5, "an int is not accepted"),
    (_rules.tags, ({f"t{n}": "" for n in range(51)},), "tags", 51, "remove 1 of them"),
    (_rules.tags, ({"aws:a": "b"},), 'tags["aws:a"]', "aws:a", "that prefix is AWS's own"),
    (_rules.tags, ({"AWS:a": "b"},), 'tags["AWS:a"]', "AWS:a", "that prefix is AWS's own"),
    (_rules.tags, ({"": "b"},), 'tags[""]', "", "1 to 128 characters"),
    (_rules.tags, ({"k": "v" * 1601},), 'tags["k"]', "v" * 1601, "at most 1600 characters"),
    *(
        (_rules.route_settings, ("p", settings(throttling_burst_limit=v), p), "p.throttling_burst_limit", v, "whole")
        for p in BOTH
        for v in (-1, 0.5, 1.5, float("inf"))
    ),
    *(
        (_rules.route_settings, ("p", settings(throttling_rate_limit=v), p), "p.throttling_rate_limit", v, "0 or more")
        for p in BOTH
        for v in (-1, -0.001, float("inf"))
    ),
    *(
        (_rules.route_settings, ("p", settings(throttling_rate_limit=v), HTTP), "p.throttling_rate_limit", v, "number")
        for v in ("5", True, {})
    ),
    (
        _rules.route_settings,
        ("p", settings(throttling_rate_limit="5"), HTTP),
        "p.throttling_rate_limit",
        "5",
        "ACCOUNT_LIMIT",
    ),
    *(
        (
            _rules.route_settings,
            ("p", settings(logging_level=level), HTTP),
            "p.logging_level",
            level,
            "Execution logs are not supported on protocolType HTTP",
        )
        for level in LoggingLevel
    ),
    (
        _rules.route_settings,
        ("p", settings(data_trace_enabled=True), HTTP),
        "p.data_trace_enabled",
        True,
        "Execution logs are not supported on protocolType HTTP",
    ),
    *(
        (_rules.route_settings, ("p", settings(logging_level=v), WEBSOCKET), "p.logging_level", v, "LoggingLevel.INFO")
        for v in ("DEBUG", "info", "", 5)
    ),
    (_rules.route_settings, ("p", {}, HTTP), "p", {}, "RouteSettings(...)"),
    *(
        (_rules.access_log_format, ("f", text, p), "f", text, "must include either")
        for p in BOTH
        for text in ("", "$context.stage", "context.requestId", "$context.requestIds", "$context.RequestId")
    ),
    *(
        (_rules.access_log_format, ("f", text, p), "f", text, "must be single line")
        for p in BOTH
        for text in (fmt("\n"), fmt("\r"), fmt("a\nb"))
    ),
    *(
        (
            _rules.access_log_format,
            ("f", fmt(f"$context.{name}"), HTTP),
            "f",
            f"$context.{name}",
            f"not supported: [$context.{name}]",
        )
        for name in ("nosuch", "request.header.x", "connectionId", "eventType", "identity.nosuch", "waf.status")
    ),
    (_rules.access_log_format, ("f", fmt("${context.nosuch}"), HTTP), "f", "$context.nosuch", "not supported"),
    *(
        (_rules.access_log_destination, ("d", arn, p), "d", arn, "must be the ARN of a log group")
        for p in BOTH
        for arn in (
            "",
            "name",
            "/aws/name",
            "arn:aws:s3:::bucket",
            "arn:aws:logs:eu-west-1:123456789012:log-group",
            "arn:aws:logs:eu-west-1:123456789012:log-group:",
            "arn:aws:logs:eu-west-1:123456789012:destination:x",
            "arn:aws:kinesis:eu-west-1:123456789012:stream/x",
            None,
            5,
        )
    ),
    (_rules.access_log_destination, ("d", FIREHOSE, HTTP), "d", FIREHOSE, "'deliverystream/amazon-apigateway-x'"),
    (_rules.api, ("x", None, HTTP), "api", "x", "HttpApi.from_http_api_attributes"),
    (_rules.api, ("x", None, WEBSOCKET), "api", "x", "WebSocketApi.from_web_socket_api_attributes"),
    (_rules.api, ("x", ApiFacts("a", WEBSOCKET), HTTP), "api", "x", "use WebSocketStage for it"),
    (_rules.api, ("x", ApiFacts("a", HTTP), WEBSOCKET), "api", "x", "use HttpStage for it"),
]

REFUSED += [
    *((_rules.api_id, (v,), "api_id", v, "id of one API") for v in ("a*", "a?", "a b", "a/b", "a:b", "${a}")),
    *((_rules.execute_api_method, (v,), "method", v, "one HTTP method") for v in ("G*", "GET/a", "GET a", "${a}")),
    *((_rules.execute_api_path, (v,), "path", v, "pets/{id}") for v in ("/a*", "/a?", "/a b", "/${a}", "/{a")),
    *((_rules.executed_route_key, (v,), "route_key", v, "one route") for v in ("a*", "a?", "${a}")),
]

WARNED: list[tuple[Any, tuple[Any, ...], str]] = [
    (_rules.account_role_removal, (True,), "destroyedAccountRole"),
    (_rules.description, ("{{resolve:secretsmanager:x}}",), "readableSecret"),
    (_rules.stage_variable, ("a", "{{resolve:ssm-secure:x}}"), "readableSecret"),
    *(
        (_rules.route_settings, ("p", settings(logging_level=level, data_trace_enabled=True), WEBSOCKET), rule)
        for level, rule in ((LoggingLevel.ERROR, "dataTraceLogsMessages"), (LoggingLevel.INFO, "dataTraceLogsMessages"))
    ),
    (_rules.execute_api_method, ("PROPFIND",), "unknownHttpMethod"),
    (_rules.stage_name, ("$default", WEBSOCKET), "webSocketDefaultStage"),
    (_rules.stage_variable, ("a", ""), "emptyStageVariable"),
    (_rules.stage_variable, ("a", "v" * 513), "longStageVariable"),
    (_rules.stage_variable, ("a", "v" * 2048), "longStageVariable"),
    *(
        (_rules.route_settings, ("p", settings(**{name: 0}), p), "zeroThrottle")
        for p in BOTH
        for name in ("throttling_burst_limit", "throttling_rate_limit")
    ),
    *(
        (_rules.route_settings, ("p", settings(**{name: value}), p), "throttleAboveQuota")
        for p in BOTH
        for name, value in (("throttling_burst_limit", 10**9), ("throttling_rate_limit", 10000.5))
    ),
    (_rules.route_settings, ("p", settings(data_trace_enabled=True), WEBSOCKET), "dataTraceWithoutLogging"),
    (
        _rules.route_settings,
        ("p", settings(data_trace_enabled=True, logging_level=LoggingLevel.OFF), WEBSOCKET),
        "dataTraceWithoutLogging",
    ),
    *((_rules.access_log_format, ("f", fmt("x" * 1024), p), "longAccessLogFormat") for p in BOTH),
    (_rules.access_log_format, ("f", fmt("$context.resourcePath"), HTTP), "emptyAccessLogVariable"),
    (_rules.access_log_format, ("f", fmt("$context.httpMethod"), WEBSOCKET), "unknownAccessLogVariable"),
    (_rules.access_log_format, ("f", fmt("$context.resourcePath"), WEBSOCKET), "unknownAccessLogVariable"),
    (_rules.access_log_destination, ("d", FIREHOSE, WEBSOCKET), "firehoseOnWebSocket"),
    (_rules.number_of_stages, (11,), "manyStages"),
    (_rules.account_role, ("r", '{"Service": "lambda.amazonaws.com"}'), "accountRoleTrust"),
    (_rules.mutual_tls, ("d", True), "mutualTlsOnWebSocket"),
]


@pytest.mark.parametrize(("rule", "values"), ACCEPTED)
def test_what_the_service_accepts_is_accepted(rule: Any, values: tuple[Any, ...]) -> None:
    """A value that the service takes raises no fault and no warning."""
    assert list(rule(*values)) == []


@pytest.mark.parametrize(("rule", "values", "prop", "value", "says"), REFUSED)
def test_what_the_service_refuses_is_refused(
    rule: Any, values: tuple[Any, ...], prop: str, value: Any, says: str
) -> None:
    """A value that the service refuses is a fatal fault with prop, value, remedy and the service's words."""
    fault = next(fault for fault in rule(*values) if fault.fatal and says in str(fault))
    assert fault.prop == prop
    assert fault.value == value
    assert fault.remedy
    assert str(fault).startswith(f"{prop} ")
    may_be_a_password = fault.rule == "stageVariableValue" or value == ["a"]
    assert (", got " in str(fault)) is not may_be_a_password


def test_not_a_number_is_no_throttle() -> None:
    """NaN is refused, which compares with nothing."""
    for name in ("throttling_burst_limit", "throttling_rate_limit"):
        (fault,) = _rules.route_settings("p", settings(**{name: float("nan")}), HTTP)
        assert fault.fatal


@pytest.mark.parametrize(("rule", "values", "rule_id"), WARNED)
def test_what_is_surely_a_mistake_warns(rule: Any, values: tuple[Any, ...], rule_id: str) -> None:
    """A value that the service takes and nobody wants is a warning, not an error."""
    (fault,) = rule(*values)
    assert fault.rule == rule_id
    assert not fault.fatal
    assert fault.remedy


def test_every_rule_is_covered_here() -> None:
    """Each public rule that judges a value is among the cases above."""
    public = {
        function
        for name, function in inspect.getmembers(_rules, inspect.isfunction)
        if function.__module__ == _rules.__name__
        and not name.startswith("_")
        and "Iterator" in str(inspect.signature(function).return_annotation)
    }
    covered = {rule for rule, *_ in [*ACCEPTED, *REFUSED, *WARNED]}
    assert public - covered == {_rules.number_of_stage_variables}


class TestTokens:
    @pytest.mark.parametrize("protocol", BOTH)
    def test_strings_pass_every_check(self, protocol: Protocol) -> None:
        """A string token, whole or inside a text, passes every check of a string."""
        for token in (cdk.Fn.import_value("X"), f"a b{cdk.Aws.REGION}é", cdk.Lazy.string(_Producer())):
            assert list(_rules.stage_name(token, protocol)) == []
            assert list(_rules.description(token)) == []
            assert list(_rules.identifier("deployment_id", token)) == []
            assert list(_rules.stage_variable("a", token)) == []
            assert list(_rules.tags({"a": token})) == []
            assert list(_rules.access_log_format("f", token, protocol)) == []
            assert list(_rules.access_log_destination("d", token, protocol)) == []
        level = settings(logging_level=cdk.Fn.import_value("X"))
        assert list(_rules.route_settings("p", level, WEBSOCKET)) == []

    @pytest.mark.parametrize("protocol", BOTH)
    def test_numbers_pass_every_check(self, protocol: Protocol) -> None:
        """A number token, which looks negative, passes every check of a number."""
        token = cdk.Token.as_number(cdk.Fn.import_value("X"))
        assert token < 0
        given = settings(throttling_burst_limit=token, throttling_rate_limit=token)
        assert list(_rules.route_settings("p", given, protocol)) == []

    def test_the_name_of_a_variable_cannot_be_a_token(self) -> None:
        """The keys of a map must be known at synth."""
        (fault,) = _rules.stage_variable(cdk.Fn.import_value("X"), "v")
        assert fault.fatal
        assert "a token cannot be the name" in fault.remedy

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (lambda: cdk.Aws.REGION, True),
            (lambda: f"a{cdk.Aws.REGION}b", True),
            (lambda: cdk.Token.as_number({"Ref": "X"}), True),
            (lambda: cdk.Token.as_list({"Ref": "X"}), True),
            (lambda: cdk.Fn.condition_if("C", "a", "b"), True),
            (lambda: cdk.Lazy.any(_Producer()), True),
            (lambda: cdk.Stack(cdk.App(), "S"), False),
            (lambda: cdk.CfnResource(cdk.Stack(cdk.App(), "S"), "R", type="A::B::C"), False),
            *((lambda value=value: value, False) for value in (None, "", "a", "${a}", 0, -1, -1e300, True, [], {})),
            (lambda: ["a"], False),
            (lambda: b"${Token[", False),
        ],
    )
    def test_tokens_are_told_from_values(self, value: Any, expected: bool) -> None:
        """Tokens in all their forms are known as such, and nothing else is."""
        given = value()
        assert is_token(given) is expected
        if not isinstance(given, (bytes, cdk.Stack, cdk.CfnResource)) and given is not None:
            assert cdk.Token.is_unresolved(given) is expected


@jsii.implements(cdk.IStableStringProducer, cdk.IStableAnyProducer)
class _Producer:
    def produce(self) -> str:
        return "x"


class TestMessages:
    def test_imported_constructs_are_named_by_their_interface(self) -> None:
        """What stands for a native import is shown as its interface, not as the machinery behind it."""
        scope = cdk.Stack(cdk.App(), "S")
        api = apigatewayv2.HttpApi.from_http_api_attributes(scope, "A", http_api_id="x")
        (fault,) = _rules.api(api, ApiFacts("x", HTTP), WEBSOCKET)
        assert "got an IHttpApi: " in str(fault)

    def test_one_fault(self) -> None:
        """The message of one fault is one line with path, prop, rule, value, remedy and the service's words."""
        fault = Fault(
            rule="r", prop="p", value="x", problem="must be y", remedy="write y", service_says="Only y is allowed"
        )
        made = error("Stack/Stage", fault)
        message = 'p must be y, got "x": write y (the service answers: Only y is allowed) [stage-constructs:r]'
        assert str(made) == f"Stack/Stage: {message}"
        assert (made.construct_path, made.prop, made.value, made.rule) == ("Stack/Stage", "p", "x", "r")
        assert made.violations == (Violation("r", "p", "x", message),)

    def test_long_values_are_shortened(self) -> None:
        """A long value is cut in the message and whole in the attribute."""
        (fault,) = _rules.description("d" * 5000)
        assert len(str(error("S", fault))) < 300
        assert "(5000 characters)" in str(error("S", fault))
        assert error("S", fault).value == "d" * 5000

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ('say "hi"', r'"say \"hi\""'),
            ("é", '"é"'),
            (None, "None"),
            (5, "5"),
            (LoggingLevel.INFO, "LoggingLevel.INFO"),
            (cdk.RemovalPolicy.RETAIN, "RemovalPolicy.RETAIN"),
            ({"a": object()}, '{"a": an object}'),
            (object(), "an object"),
            ({1: _rules.Fault}, "{1: the class Fault}"),
            ([1, 2], "[1, 2]"),
        ],
    )
    def test_values_are_shown_as_they_are_written(self, value: Any, shown: str) -> None:
        """A value is shown as the caller would write it, an object by its class."""
        assert f"got {shown}: " in str(Fault(rule="r", prop="p", value=value, problem="must", remedy="do"))
