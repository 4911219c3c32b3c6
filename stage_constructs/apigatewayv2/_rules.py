"""What API Gateway v2 accepts and refuses of a stage, as functions over plain values.

Each function yields the faults of one property. Tokens pass. The service's answers and the pages behind the
rules: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html,
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Final, cast

from .. import _wording
from .._checks import Fault, boolean, is_token, plays, text, wrong_form, wrong_type
from .._checks import tags as tags_of_any_service
from ..rules.apigatewayv2.route_settings import DEFAULT_QUOTA, ThrottleQuota
from ._api import ApiFacts, Protocol
from .route_settings import ACCOUNT_LIMIT, LoggingLevel, RouteSettings

_API: Final = {Protocol.HTTP: "an HTTP API", Protocol.WEBSOCKET: "a WebSocket API", None: "an API"}
_STAGE: Final = {Protocol.HTTP: "an HTTP stage", Protocol.WEBSOCKET: "a WebSocket stage"}
_IMPORT_API: Final = {
    Protocol.HTTP: "apigatewayv2.HttpApi.from_http_api_attributes(scope, id, http_api_id={})",
    Protocol.WEBSOCKET: "apigatewayv2.WebSocketApi.from_web_socket_api_attributes(scope, id, web_socket_id={})",
}
_SETTINGS: Final = tuple(each.name for each in fields(RouteSettings))
STAGE_ARN: Final = re.compile(
    r"arn:[a-z0-9-]+:apigateway:(?P<region>[a-z0-9-]+)::/apis/(?P<api>[A-Za-z0-9]+)/stages/(?P<name>[^/]+)"
)
_STAGE_ID: Final = re.compile(r"(?P<api>[a-z0-9]+)/(?P<name>[^/]+)")
_EXECUTION_ARN: Final = re.compile(r"arn:[a-z0-9-]+:execute-api:[a-z0-9-]+:\d*:(?P<api>[a-z0-9]+)/(?P<name>[^/]+)")
_STAGE_NAME: Final = re.compile(r"\$default|[A-Za-z0-9_-]{1,128}")
_VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_VARIABLE_VALUE: Final = re.compile(r"[A-Za-z0-9\-._~:/?#&=, ]*")
_REQUEST_ID: Final = re.compile(r"\$\{?context\.(?:requestId|extendedRequestId)\b")
_VARIABLE: Final = re.compile(r"\$\{?context\.([A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)")

_TOKEN: Final = re.compile(r"\$\{Token\[(?:[^\[\]{}]*\]\}|\{.*)", re.DOTALL)
"""A token of CDK, or an intrinsic function of a template, which is the whole text."""
_POLICY_VARIABLE: Final = re.compile(r"\$\{")
_WILDCARD: Final = re.compile(r"[*?]|\$\{")
_NOT_IN_AN_ARN: Final = re.compile(r"[*?\s]|\$\{")
_NOT_IN_AN_ID: Final = re.compile(r"[*?\s/:]|\$\{")
_PARAMETER: Final = re.compile(r"(?<!\$)\{[^{}]*\}")
_GROUPS: Final = re.compile(r":log-group:[^:]*(?:[*?\s]|\$\{)")
_SECRET: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):|\bStreamKey\b")
"""Dynamic references of CloudFormation, and the attribute of an ingest configuration of Amazon IVS."""
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_METHODS: Final = frozenset({"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

NO_EXECUTION_LOGS: Final = "Execution logs are not supported on protocolType HTTP"

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


def api(value: object, facts: ApiFacts | None, expected: Protocol | None = None) -> Iterator[Fault]:
    """An API, of the protocol that a stage is for."""
    wanted = _API[expected]
    if facts is None:
        yield wrong_type("api", value, f"{wanted} of API Gateway v2", rule="api", remedy=_api_meant(value, expected))
    elif expected and facts.protocol not in (None, expected):
        right = "WebSocketStage" if expected is Protocol.HTTP else "HttpStage"
        yield Fault(
            rule="apiProtocol",
            prop="api",
            value=value,
            problem=f"must be {wanted}",
            remedy=f"this one has protocol {facts.protocol.value}, use {right} for it",
        )


def _api_meant(value: object, expected: Protocol | None) -> str:
    if plays(value, "rest_api_id") or plays(value, "rest_api_ref"):
        return "a REST API is of API Gateway v1, and so are its stages: use aws_apigateway.Stage"
    by_id = _IMPORT_API[expected or Protocol.HTTP]
    return _wording.imported(value, by_name=by_id) or f"give the construct; for an id use {by_id.format('...')}"


def stage_name(value: object, protocol: Protocol) -> Iterator[Fault]:
    """`$default`, or 1 to 128 letters, digits, hyphens and underscores."""
    if not isinstance(value, str):
        yield wrong_type("stage_name", value, "a string", rule="stageName")
    elif is_token(value):
        return
    elif not _STAGE_NAME.fullmatch(value):
        suggestion = re.sub(r"[^A-Za-z0-9_-]+", "-", value).strip("-")[:128] or "prod"
        too_long = value.startswith(suggestion) and len(value) > 128
        yield Fault(
            rule="stageName",
            prop="stage_name",
            value=value,
            problem="must be $default or 1 to 128 letters, digits, hyphens and underscores",
            remedy=f"shorten it by {len(value) - 128}" if too_long else f'write "{suggestion}" for instance',
            service_says="Stage name only allows a-zA-Z0-9_",
        )
    elif value == "$default" and protocol is Protocol.WEBSOCKET:
        yield Fault(
            rule="webSocketDefaultStage",
            prop="stage_name",
            value=value,
            problem="should be a name of its own on a WebSocket API",
            remedy="clients would still have to connect to wss://.../$default, and execution logs and first"
            ' connects have been seen to fail; write "prod" for instance',
            fatal=False,
        )


def stage_id(value: object) -> Fault:
    """What is no id of a stage."""
    expected = '"<api id>/<stage name>", such as "aabbccddee/example-stage"'
    known = isinstance(value, str) and bool(value) and not is_token(value)
    by_arn = _wording.imported(value, by_arn="from_stage_arn(scope, id, {})")
    by_api = f"write from_stage_attributes(scope, id, api_id={_wording.shown(value)}, stage_name=...)" if known else ""
    return wrong_form("stage_id", value, expected, by_arn or by_api)


def stage_arn(value: object) -> Fault:
    """What is no ARN of a stage."""
    expected = "the ARN of a stage, arn:<partition>:apigateway:<region>::/apis/<api id>/stages/<name>"
    by_id = _STAGE_ID.fullmatch(value) if isinstance(value, str) else None
    by_execution = _EXECUTION_ARN.match(value) if isinstance(value, str) else None
    found = by_id or by_execution
    by_attributes = f'write from_stage_id(scope, id, "{found["api"]}/{found["name"]}")' if found else ""
    return wrong_form("stage_arn", value, expected, by_attributes)


def stage(value: object, protocol: Protocol) -> Fault:
    """What is no stage of this protocol."""
    remedy = ""
    if plays(value, "is_http_stage") or plays(value, "callback_url"):
        remedy = (
            f"use {'WebSocketStage' if protocol is Protocol.HTTP else 'HttpStage'}.from_stage_ref(...) for this one"
        )
    elif plays(value, "stage_ref"):
        remedy = "this one is of another service"
    elif isinstance(value, str):
        remedy = "give the construct; from_stage_id, from_stage_arn and from_stage_attributes import one by its names"
    return wrong_type("stage", value, f"{_STAGE[protocol]} of API Gateway v2", rule="stage", remedy=remedy)


def twin(name: str, path: str) -> Fault:
    """Two stages of one API with the same name."""
    return Fault(
        rule="stageExists",
        prop="stage_name",
        value=name,
        problem="must be that of no other stage of the API",
        remedy=f"{path} has it already; "
        + (
            "make the API by HttpApi(..., create_default_stage=False), or choose another name"
            if path.endswith("/DefaultStage/Resource")
            else "choose another name"
        ),
        service_says="Stage already exists",
    )


def number_of_stages(number: int) -> Iterator[Fault]:
    """At most 10 stages of an API, unless AWS has raised the quota."""
    if number > 10:
        yield Fault(
            rule="manyStages",
            prop="api",
            value=number,
            problem="should have at most 10 stages",
            remedy="AWS refuses more unless the quota of the account was raised; once it is, acknowledge this warning",
            fatal=False,
        )


def description(value: object) -> Iterator[Fault]:
    """At most 1024 characters."""
    if value is not None:
        yield from text("description", value, rule="description", most=1024)
        if names_a_secret(value):
            yield readable_secret("description")


def names_a_secret(value: object) -> bool:
    """Whether a text, or the intrinsic function of a template, is a secret once CloudFormation has resolved it."""
    return isinstance(value, str) and _SECRET.search(value) is not None


def readable_secret(prop: str) -> Fault:
    """A secret that everyone can read who can read the stage."""
    return Fault(
        rule="readableSecret",
        prop=prop,
        value=None,
        tells_value=False,
        problem="should not be a secret",
        remedy="everyone with apigateway:GET on the stage can read it; keep the secret in AWS Secrets Manager, give the"
        " integration permission to read it, and pass its name",
        fatal=False,
    )


def deployment(value: object, deployment_id: object) -> Iterator[Fault]:
    """A deployment is given once, as a construct or by its id."""
    if value is None:
        return
    if not plays(value, "deployment_ref"):
        remedy = _wording.imported(value, by_name="deployment_id={}") or "give an id as deployment_id"
        yield wrong_type("deployment", value, "a deployment", rule="deployment", remedy=remedy)
    elif deployment_id is not None:
        yield Fault(
            rule="deployment",
            prop="deployment_id",
            value=deployment_id,
            problem="cannot be combined with deployment",
            remedy="a stage serves one deployment; drop one of them",
        )


def auto_deploy(value: object, deployment: object, deployment_prop: str) -> Iterator[Fault]:
    """A stage deploys by itself or takes a deployment, not both."""
    if value is None:
        return
    yield from boolean("auto_deploy", value, rule="autoDeploy")
    if value is True and deployment is not None:
        yield Fault(
            rule="deploymentWithAutoDeploy",
            prop=deployment_prop,
            value=deployment,
            problem="cannot be combined with auto_deploy=True",
            remedy="drop one of them; with a deployment, auto_deploy is False by itself",
            service_says="Deployment ID cannot be set on this stage because AutoDeploy is enabled.",
        )


def identifier(prop: str, value: object) -> Iterator[Fault]:
    """The id of another resource, such as a deployment or a certificate."""
    if value is not None:
        yield from text(prop, value, rule="identifier", least=1)


def api_id(value: object, *, prop: str = "api_id") -> Iterator[Fault]:
    """The id of one API: it becomes a part of ARNs, in which IAM would take wildcards and policy variables for such."""
    yield from text(prop, value, rule="identifier", least=1, required=True)
    if isinstance(value, str) and _NOT_IN_AN_ID.search(_literals(value)):
        yield Fault(
            rule="identifier",
            prop=prop,
            value=value,
            problem="must be the id of one API, without wildcards, blanks, slashes and policy variables",
            remedy="copy it as the service shows it; in a policy it would stand for other APIs too",
        )


def _literals(value: str) -> str:
    """What is known of a text that may hold tokens."""
    return _TOKEN.sub("", value)


def execute_api_method(value: object) -> Iterator[Fault]:
    """An HTTP method, `ANY`, or `*` alone."""
    yield from text("method", value, rule="executeApi", least=1)
    if not isinstance(value, str) or is_token(value) or value in ("", "*") or value.upper() in _METHODS:
        return
    if _LETTERS.fullmatch(value):
        yield Fault(
            rule="unknownHttpMethod",
            prop="method",
            value=value,
            problem=f"should be {_wording.listed(sorted(_METHODS))}",
            remedy="HTTP APIs have no routes for other methods, ANY routes apart",
            fatal=False,
        )
    else:
        method, _, path = value.partition("/" if " " not in value else " ")
        separate = method.upper() in _METHODS and path
        yield Fault(
            rule="executeApi",
            prop="method",
            value=value,
            problem='must be one HTTP method, or "*" alone for each of them',
            remedy=f'write method="{method.upper()}", path="/{path.lstrip("/")}"'
            if separate
            else 'write "GET" for instance',
        )


def execute_api_path(value: object) -> Iterator[Fault]:
    """A path in which parameters stand in braces, or `*` alone."""
    yield from text("path", value, rule="executeApi", least=1)
    if not isinstance(value, str) or value in ("*", "/*"):
        return
    literals = _literals(value)
    if _POLICY_VARIABLE.search(literals):
        remedy = "policy variables are not supported; write a parameter such as {id} for what may vary"
    elif _NOT_IN_AN_ARN.search(literals):
        method, _, path = value.partition(" ")
        remedy = (
            f'write method="{method.upper()}", path={_wording.shown(path)}'
            if method.upper() in _METHODS
            else f"write {_wording.shown(re.sub(r'[*?]+', '{proxy+}', value))}, a parameter matches anything"
        )
    elif set("{}") & set(_PARAMETER.sub("", literals)):
        remedy = "write a parameter in braces, as in /pets/{id}"
    else:
        return
    yield Fault(
        rule="executeApi",
        prop="path",
        value=value,
        problem='must be a path such as /pets/{id}, or "*" alone for every path',
        remedy=remedy,
    )


def executed_path(value: str) -> str:
    """A path as ARNs have it: a parameter, which is greedy there, is `*`."""
    return _PARAMETER.sub("*", value).lstrip("/")


def executed_route_key(value: object) -> Iterator[Fault]:
    """The key of one route of a WebSocket API, or `*` alone."""
    yield from text("route_key", value, rule="routeKey", least=1)
    if isinstance(value, str) and value != "*" and _WILDCARD.search(_literals(value)):
        yield Fault(
            rule="routeKey",
            prop="route_key",
            value=value,
            problem='must be the key of one route, or "*" alone for every route',
            remedy="a wildcard or policy variable in it would stand for other routes too; grant each route by its key",
        )


def known_at_synth(prop: str, value: object) -> Iterator[Fault]:
    """A text that a lookup can ask for."""
    yield from text(prop, value, rule="lookup", least=1, required=True)
    if isinstance(value, str) and is_token(value):
        yield Fault(
            rule="lookup",
            prop=prop,
            value=value,
            problem="must be known at synth",
            remedy="a lookup cannot wait for a deployment; use from_stage_attributes(...) instead",
        )


def no_such_stage(stage_name: str, api_id: str, said: str) -> Fault:
    """A lookup that has found nothing."""
    return Fault(
        rule="lookup",
        prop="stage_name",
        value=stage_name,
        problem=f"must be that of a stage of API {api_id} in the account and Region of the stack",
        remedy=f"look at `aws apigatewayv2 get-stages --api-id {api_id}`, and at the profile that the CLI uses",
        service_says=said,
    )


def stage_variables(value: object) -> Iterator[Fault]:
    """At most 100 names of 1 to 64 word characters, with values that the service can store."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        expected = 'a dict such as {"tableName": "pets"}'
        yield replace(wrong_type("stage_variables", value, expected, rule="stageVariables"), tells_value=False)
        return
    given = cast("Mapping[object, object]", value)
    yield from number_of_stage_variables(len(given))
    for name, variable in given.items():
        yield from stage_variable(name, variable)


def number_of_stage_variables(number: int) -> Iterator[Fault]:
    """At most 100 variables."""
    if number > 100:
        yield Fault(
            rule="stageVariables",
            prop="stage_variables",
            value=number,
            problem="must hold at most 100 variables",
            remedy=f"remove {number - 100} of them",
        )


def stage_variable(name: object, value: object) -> Iterator[Fault]:
    """One stage variable."""
    prop = f'stage_variables["{name}"]'
    if not isinstance(name, str) or is_token(name) or not _VARIABLE_NAME.fullmatch(name):
        yield Fault(
            rule="stageVariableName",
            prop=prop,
            value=name,
            problem="must have a name of 1 to 64 letters, digits and underscores",
            remedy="a token cannot be the name of a variable"
            if is_token(name)
            else f'write "{re.sub(r"[^A-Za-z0-9_]", "_", str(name))[:64] or "name"}" for instance',
            service_says=f"Invalid stage variable name: {name}. Please use names with only word characters.",
        )
    yield from _stage_variable_value(name, prop, value)


def _stage_variable_value(name: object, prop: str, value: object) -> Iterator[Fault]:
    """The value of a stage variable, which is never shown: it may be a password."""
    if names_a_secret(value):
        yield readable_secret(prop)
    if is_token(value) or (isinstance(value, str) and "{{resolve:" in value):
        return
    if not isinstance(value, str):
        yield Fault(
            rule="stageVariableValue",
            prop=prop,
            value=value,
            tells_value=False,
            problem="must be a string",
            remedy=_wording.NOT_SET if value is None else f"{_wording.an(type(value).__name__)} is not accepted",
        )
    elif not _VARIABLE_VALUE.fullmatch(value) or len(value) > 2048:
        yield Fault(
            rule="stageVariableValue",
            prop=prop,
            value=value,
            tells_value=False,
            problem='must be at most 512 letters, digits, spaces and characters of "-._~:/?#&=,"',
            remedy=_other_than_a_variable(value),
            service_says=f"Invalid stage variable value of key {name}.  Please use values with alphanumeric"
            " characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
        )
    elif not value:
        yield Fault(
            rule="emptyStageVariable",
            prop=prop,
            value=value,
            tells_value=False,
            problem="should not be empty",
            remedy="API Gateway treats an empty value as a deletion of the variable; leave it out",
            fatal=False,
        )
    elif len(value) > 512:
        yield Fault(
            rule="longStageVariable",
            prop=prop,
            value=value,
            tells_value=False,
            problem="should have at most 512 characters",
            remedy=f"the service's quota is 512; shorten it by {len(value) - 512}",
            fatal=False,
        )


def _other_than_a_variable(value: str) -> str:
    odd = re.search(r"[^A-Za-z0-9\-._~:/?#&=, ]", value)
    there = f"character {odd.start() + 1} is not among them" if odd else f"shorten it by {len(value) - 512}"
    return f"{there}; keep such a value in a parameter or a secret and give its name here"


def tags(value: object) -> Iterator[Fault]:
    """At most 50 tags."""
    yield from tags_of_any_service("tags", value, longest_value=1600)


def route_settings(
    prop: str, value: object, protocol: Protocol, quota: ThrottleQuota = DEFAULT_QUOTA
) -> Iterator[Fault]:
    """Throttles that are numbers within the quota, and execution logs on WebSocket stages only."""
    if not isinstance(value, RouteSettings):
        yield wrong_type(prop, value, "RouteSettings(...)", rule="routeSettings", remedy=_settings_meant(prop, value))
        return
    if value.data_trace_enabled is not None:
        yield from boolean(f"{prop}.data_trace_enabled", value.data_trace_enabled, rule="dataTrace")
    if value.detailed_metrics_enabled is not None:
        yield from boolean(f"{prop}.detailed_metrics_enabled", value.detailed_metrics_enabled, rule="detailedMetrics")
    yield from _execution_logs(prop, value, protocol)
    yield from _throttle(f"{prop}.throttling_burst_limit", value.throttling_burst_limit, quota.burst, whole=True)
    yield from _throttle(f"{prop}.throttling_rate_limit", value.throttling_rate_limit, quota.rate, whole=False)


def _settings_meant(prop: str, value: object) -> str:
    if value is None:
        return "leave it out for the defaults"
    key = re.fullmatch(r'route_settings\["(\w+)"\]', prop)
    if key and not plays(value, "items"):
        flat = _settings_call({key[1]: value}).removeprefix("write ")
        if flat:
            return f'the keys are routes: write {{"GET /pets": {flat}}} for instance, or give default_route_settings'
    return _settings_call(value) or "write RouteSettings(throttling_burst_limit=100) for instance"


def _settings_call(value: object) -> str:
    return _wording.as_call("RouteSettings", value, _SETTINGS, loglevel="logging_level")


def keyed_settings(value: object) -> Fault:
    """Settings that are not by their routes."""
    fitting = "default_route_settings takes the settings of all routes" if isinstance(value, RouteSettings) else ""
    expected = 'a dict such as {"GET /pets": RouteSettings(...)}'
    return wrong_type("route_settings", value, expected, rule="routeSettings", remedy=fitting)


def route_key(prop: str, route: object, key: str | None) -> Iterator[Fault]:
    """A key that is known at synth, for it becomes a key of the template."""
    if key is None or not key or is_token(key):
        yield Fault(
            rule="routeKey",
            prop=prop,
            value=route,
            problem="must be keyed by routes whose key is known",
            remedy='write the key, as "GET /pets" on an HTTP API or "sendMessage" on a WebSocket API',
        )


def missing_route(key: str, known: Collection[str]) -> Fault:
    """Settings for a route that the API does not have."""
    names = [f'"{each}"' for each in get_close_matches(key, sorted(known), n=3, cutoff=0.5)]
    hint = "it has none yet, add the route"
    if names:
        hint = f"the closest {'is' if len(names) == 1 else 'are'} {_wording.listed(names, 'and')}"
    elif known:
        some = [f'"{each}"' for each in sorted(known)[:3]]
        hint = f"add the route, or write the key of another, such as {_wording.listed(some)}"
    return Fault(
        rule="missingRoute",
        prop="route_settings",
        value=key,
        problem="must be keyed by routes that the API has",
        remedy=hint,
        service_says=f"Unable to find Route by key {key} within the provided RouteSettings",
    )


def unreachable_route(key: str, its_stack: str, own_stack: str) -> Fault:
    """Settings for a route that is deployed after the stage."""
    return Fault(
        rule="routeInAnotherStack",
        prop="route_settings",
        value=key,
        problem="must be keyed by routes that are deployed before the stage",
        remedy=f"stack {its_stack} with the route needs the API of stack {own_stack}, and CloudFormation deploys it"
        f" after the stage; declare the stage in {its_stack} or in a stack after it",
        service_says=f"Unable to find Route by key {key} within the provided RouteSettings",
    )


def brings_its_routes(api: Mapping[str, object]) -> bool:
    """Whether the properties of an API hold routes that are no resources of their own."""
    return any(api.get(name) is not None for name in ("body", "bodyS3Location", "target"))


NO_ACCOUNT: Final = Fault(
    rule="accountLoggingRole",
    prop="account",
    value=None,
    tells_value=False,
    problem="should be given, for this stage writes logs, which takes the CloudWatch role of the account",
    remedy="write account=ApiGatewayAccount.of(self), or acknowledge this warning if another stack has set the role",
    service_says="CloudWatch Logs role ARN must be set in account settings to enable logging",
    fatal=False,
)


def account_role(role: object, trust: str | None) -> Iterator[Fault]:
    """A role that API Gateway may assume, as far as it is known who may."""
    if trust is not None and "apigateway" not in trust and '"*"' not in trust:
        yield Fault(
            rule="accountRoleTrust",
            prop="role",
            value=role,
            problem="should be a role that apigateway.amazonaws.com may assume",
            remedy='make it with assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com")',
            service_says="The role ARN does not have required permissions configured. Please grant trust permission"
            " for API Gateway and add the required role policy.",
            fatal=False,
        )


def account_role_removal(destroyed: bool) -> Iterator[Fault]:
    """The role of the account outlives the stack that made it."""
    if destroyed:
        yield Fault(
            rule="destroyedAccountRole",
            prop="removal_policy",
            value=_wording.InWords("RemovalPolicy.DESTROY"),
            problem="should be RemovalPolicy.RETAIN",
            remedy="CloudFormation deletes the role with the stack and leaves the setting as it is: all REST and"
            " WebSocket APIs of the Region then write no logs; keep the role, or acknowledge this warning",
            fatal=False,
        )


def domain_mapping(
    value: object, domain_name: object, other_protocol: Protocol | None, protocol: Protocol
) -> Iterator[Fault]:
    """A domain name that APIs of one protocol share."""
    if value is None:
        return
    if not plays(domain_name, "domain_name_ref"):
        expected = "apigatewayv2.DomainMappingOptions(domain_name=...)"
        yield wrong_type("domain_mapping", value, expected, rule="domainMapping", remedy=_domain_meant(value))
    elif getattr(value, "mapping_key", None) == "":
        yield Fault(
            rule="domainMapping",
            prop="domain_mapping.mapping_key",
            value="",
            problem="must not be empty",
            remedy="leave it out to serve the stage at the root of the domain",
        )
    elif other_protocol not in (None, protocol):
        yield shared_domain(domain_name, protocol)


def _domain_meant(value: object) -> str:
    name = "domain_name=apigatewayv2.DomainName(scope, id, domain_name={}, certificate=...)"
    if isinstance(value, str):
        return f"write apigatewayv2.DomainMappingOptions({name.format(_wording.shown(value))})"
    call = _wording.as_call("apigatewayv2.DomainMappingOptions", value, ["domain_name", "mapping_key"])
    if "domain_name=..." in call:
        return call
    if plays(value, "domain_name_ref"):
        return "write apigatewayv2.DomainMappingOptions(domain_name=...) with the domain name in it"
    return f"write apigatewayv2.DomainMappingOptions({name.format('...')})"


def shared_domain(domain_name: object, protocol: Protocol) -> Fault:
    """A domain name that serves an API of the other protocol already."""
    return Fault(
        rule="sharedDomain",
        prop="domain_mapping.domain_name",
        value=domain_name,
        problem="must be a domain name of its own",
        remedy=f"{'a WebSocket' if protocol is Protocol.HTTP else 'an HTTP'} API of this app has it already, and"
        " API Gateway does not let WebSocket APIs share a domain name with others; use another one for this stage",
    )


def mutual_tls(domain_name: object, has_it: bool) -> Iterator[Fault]:
    """A WebSocket API's domain name does not ask clients for certificates."""
    if has_it:
        yield Fault(
            rule="mutualTlsOnWebSocket",
            prop="domain_mapping.domain_name",
            value=domain_name,
            problem="should be a domain name without mutual TLS",
            remedy="AWS has it for HTTP and REST APIs only, and AWS SAM refuses it here; use another one",
            service_says="Mutual TLS domain name association is not supported for Websocket APIs.",
            fatal=False,
        )


def deployment_without_route(api: str, *, elsewhere: bool) -> Fault:
    """A deployment of an API that has no route yet."""
    return Fault(
        rule="deploymentWithoutRoute",
        prop="api",
        value=api,
        problem="must have a route before it can be deployed",
        remedy="those it has stand in stacks that are deployed after this one, declare the deployment there"
        if elsewhere
        else "add one, by add_routes(...) of the API for instance",
        service_says="At least one route is required before deploying the Api",
    )


def _execution_logs(prop: str, value: RouteSettings, protocol: Protocol) -> Iterator[Fault]:
    level = value.logging_level
    if protocol is Protocol.HTTP:
        for name, given in (
            ("logging_level", level),
            ("data_trace_enabled", value.data_trace_enabled or None),
        ):
            if given is not None:
                yield Fault(
                    rule="executionLogsOnHttp",
                    prop=f"{prop}.{name}",
                    value=given,
                    problem="must be left out on an HTTP stage, which has no execution logs",
                    remedy="use access_log_settings to log requests",
                    service_says=NO_EXECUTION_LOGS,
                )
    elif level is not None and not (isinstance(level, str) and is_token(level)) and level not in tuple(LoggingLevel):
        yield Fault(
            rule="loggingLevel",
            prop=f"{prop}.logging_level",
            value=level,
            problem="must be LoggingLevel.OFF, LoggingLevel.ERROR or LoggingLevel.INFO",
            remedy=f"write {_wording.shown(_level_meant(level))}",
        )
    elif value.data_trace_enabled is True and level in (None, LoggingLevel.OFF):
        yield Fault(
            rule="dataTraceWithoutLogging",
            prop=f"{prop}.data_trace_enabled",
            value=True,
            problem="should go with a logging_level",
            remedy="while the level is OFF nothing is traced; add logging_level=LoggingLevel.INFO",
            fatal=False,
        )
    elif value.data_trace_enabled is True and level in (LoggingLevel.ERROR, LoggingLevel.INFO):
        yield Fault(
            rule="dataTraceLogsMessages",
            prop=f"{prop}.data_trace_enabled",
            value=True,
            problem="should be False in production",
            remedy="the execution logs hold whole messages, personal data and credentials in them too; leave it out, or"
            " acknowledge this warning",
            fatal=False,
        )


def _level_meant(level: object) -> LoggingLevel:
    other = {"DEBUG": "INFO", "TRACE": "INFO", "WARN": "ERROR", "WARNING": "ERROR", "NONE": "OFF", "FALSE": "OFF"}
    word = str(level).upper()
    return _wording.member_meant(LoggingLevel, other.get(word, level)) or LoggingLevel.INFO


def _throttle(prop: str, value: object, quota: int, *, whole: bool) -> Iterator[Fault]:
    if value is None or value is ACCOUNT_LIMIT or (isinstance(value, float) and is_token(value)):
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield wrong_type(
            prop,
            value,
            "a number of requests" if whole else "a number of requests a second",
            rule="throttle",
            remedy=_throttle_meant(value),
        )
    elif not math.isfinite(value) or value < 0 or (whole and value != int(value)):
        yield Fault(
            rule="throttle",
            prop=prop,
            value=value,
            problem="must be a whole number, 0 or more" if whole else "must be 0 or more",
            remedy="write ACCOUNT_LIMIT for no limit of the stage's own",
        )
    elif value == 0:
        yield Fault(
            rule="zeroThrottle",
            prop=prop,
            value=value,
            problem="should be more than 0",
            remedy="0 answers every request with 429 Too Many Requests; ACCOUNT_LIMIT sets no limit",
            fatal=False,
        )
    elif value > quota:
        yield Fault(
            rule="throttleAboveQuota",
            prop=prop,
            value=value,
            problem=f"should be at most {quota}, the default quota of an account in this Region",
            remedy="a stage cannot exceed the quota of its account; write ACCOUNT_LIMIT for no limit of the stage's"
            " own, or acknowledge this warning if AWS has raised the quota",
            fatal=False,
        )


def _throttle_meant(value: object) -> str:
    digits = re.fullmatch(r"\s*(\d+)\s*", value) if isinstance(value, str) else None
    return f"write {digits[1] if digits else '100 for instance'}, or ACCOUNT_LIMIT for no limit of the stage's own"


def access_log_format(prop: str, value: object, protocol: Protocol) -> Iterator[Fault]:
    """One line that names the request, with variables that the service knows."""
    if not isinstance(value, str):
        names = [str(each) for each in cast("Mapping[object, object]", value)] if plays(value, "items") else []
        named = all(each.isidentifier() for each in names)
        remedy = _wording.as_call("AccessLogFormat.json", value, names) if named else ""
        yield wrong_type(prop, value, "a string or an AccessLogFormat", rule="accessLogFormat", remedy=remedy)
        return
    yield from _faults_of_line(prop, str.__str__(value), protocol)


@functools.lru_cache(maxsize=256)
def _faults_of_line(prop: str, value: str, protocol: Protocol) -> tuple[Fault, ...]:
    """Many stages have one format."""
    return tuple(_line(prop, value, protocol))


def _line(prop: str, value: str, protocol: Protocol) -> Iterator[Fault]:
    if "\n" in value or "\r" in value:
        yield Fault(
            rule="accessLogFormat",
            prop=prop,
            value=value,
            problem="must be a single line",
            remedy="join the lines; AccessLogFormat.json(...) writes one",
            service_says="Access Log format must be single line",
        )
    if is_token(value):
        return
    if not _REQUEST_ID.search(value):
        yield Fault(
            rule="accessLogFormat",
            prop=prop,
            value=value,
            problem="must name $context.requestId or $context.extendedRequestId",
            remedy="add $context.requestId",
            service_says="Access Log format must include either $context.requestId or $context.extendedRequestId",
        )
    if len(value.encode()) > 1024:
        yield Fault(
            rule="longAccessLogFormat",
            prop=prop,
            value=value,
            problem="should have at most 1024 bytes",
            remedy=f"this one has {len(value.encode())}; AWS names 1,024 in one place and 3 KB in another, so try it"
            " out or shorten it",
            fatal=False,
        )
    yield from _variables(prop, value, protocol)


def _variables(prop: str, value: str, protocol: Protocol) -> Iterator[Fault]:
    known = HTTP_VARIABLES if protocol is Protocol.HTTP else WEBSOCKET_VARIABLES
    for name in dict.fromkeys(_VARIABLE.findall(value)):
        if name in known or name.startswith("authorizer."):
            continue
        if protocol is Protocol.WEBSOCKET:
            yield Fault(
                rule="unknownAccessLogVariable",
                prop=prop,
                value=f"$context.{name}",
                problem="should name variables that a WebSocket API has",
                remedy=f"the log will show - in its place{_variable_meant(name, known)}",
                fatal=False,
            )
        elif name == "resourcePath":
            yield Fault(
                rule="emptyAccessLogVariable",
                prop=prop,
                value="$context.resourcePath",
                problem="should name variables that an HTTP API fills",
                remedy="this one is of REST APIs and stays empty here, write $context.routeKey",
                fatal=False,
            )
        else:
            yield Fault(
                rule="accessLogVariable",
                prop=prop,
                value=f"$context.{name}",
                problem="must name variables that an HTTP API has",
                remedy=f"{_variable_meant(name, known, '', ' ')}the variables are listed at https://docs.aws.amazon.com/apigateway/latest/developerguide/"
                "http-api-logging-variables.html",
                service_says=f"The following context variables are not supported: [$context.{name}]",
            )


def _variable_meant(name: str, known: Collection[str], before: str = "; ", after: str = "") -> str:
    spelled = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), sorted(spelled), n=1, cutoff=0.75)
    return f"{before}did you mean $context.{spelled[close[0]]}?{after}" if close else ""


def access_log_destination(prop: str, value: object, protocol: Protocol) -> Iterator[Fault]:
    """The ARN of one log group: who may read the logs may read what it stands for."""
    if isinstance(value, str) and is_token(value):
        if _GROUPS.search(_literals(value)):
            yield several_log_groups(prop, value)
        return
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) < 6 or parts[0] != "arn":
        yield Fault(
            rule="accessLogDestination",
            prop=prop,
            value=value,
            problem="must be the ARN of a log group, arn:<partition>:logs:<region>:<account>:log-group:<name>",
            remedy=_log_group_meant(value),
        )
    elif parts[2] == "firehose" and protocol is Protocol.WEBSOCKET:
        yield Fault(
            rule="firehoseOnWebSocket",
            prop=prop,
            value=value,
            problem="should be the ARN of a log group",
            remedy="AWS documents Firehose for REST APIs only; write to a log group, and feed the stream by a"
            " subscription filter of that group",
            fatal=False,
        )
    elif parts[2] == "firehose":
        yield Fault(
            rule="accessLogDestination",
            prop=prop,
            value=value,
            problem="must be the ARN of a log group, for an HTTP API does not write to Firehose",
            remedy="write to a log group, and feed the stream by a subscription filter of that group",
            service_says="Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': "
            f"'{parts[5]}'",
        )
    elif parts[2] != "logs" or parts[5] != "log-group" or not any(parts[6:7]):
        yield Fault(
            rule="accessLogDestination",
            prop=prop,
            value=value,
            problem="must be the ARN of a log group, arn:<partition>:logs:<region>:<account>:log-group:<name>",
            remedy=f"this is an ARN of {parts[2]}"
            if parts[2] != "logs"
            else "this one names no log group, copy it as CloudWatch Logs shows it",
        )
    elif _NOT_IN_AN_ARN.search(str(value).removesuffix(":*")) or _GROUPS.search(str(value)):
        yield several_log_groups(prop, value)


def several_log_groups(prop: str, value: object) -> Fault:
    """A log group whose name has a wildcard."""
    return Fault(
        rule="accessLogDestination",
        prop=prop,
        value=value,
        problem="must name one log group, without wildcards, blanks and policy variables",
        remedy="copy it as CloudWatch Logs shows it; in a policy it would stand for other log groups too",
        service_says="Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': "
        f"'{value}'",
    )


def names_several_log_groups(arn: str) -> bool:
    """Whether the ARN of a log group has a wildcard in its name, as far as that is known."""
    return _GROUPS.search(_literals(arn)) is not None


def _log_group_meant(value: object) -> str:
    by_name = "log_group=logs.LogGroup.from_log_group_name(scope, id, {})"
    otherwise = "give a log group as log_group, a name by logs.LogGroup.from_log_group_name(...)"
    return _wording.imported(value, by_name=by_name) or otherwise
