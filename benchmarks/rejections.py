"""What is caught before deploy of what API Gateway refuses of a stage, or what would be an outage.

Each fault is built three times: with the stages of this library, with the native L2 stages, and, by escape hatches
where these have no property for it, in the template of the latter, which cfn-lint reads. A fault counts as caught
where the program ends in an error or warns, and does neither without the fault; or where the construct makes it
right, whatever the program says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk import assertions
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    Deployment,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

Build = Callable[[cdk.Stack, bool], object]
"""Builds a program in a stack, with the fault or without."""
Template = dict[str, Any]

STAGE: Final = "AWS::ApiGatewayV2::Stage"
GROUP: Final = "arn:aws:logs:eu-west-1:123456789012:log-group:name"
FIREHOSE: Final = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"
CERTIFICATE: Final = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
FORMAT: Final = "$context.requestId"

NOT_KNOWABLE: Final = {
    15: "an ARN may be that of a log group that another program makes; one of the app is referred to, so made first",
    16: "the permissions of whoever deploys are not in the app; grant_log_delivery gives them",
    17: "how full the log resource policy of the account is; the group that a stage makes has a policy of its own",
    18: "how many log resource policies the account has; no stage makes one",
    35: "the throttle limits of the account",
}
"""Rows that only the account knows, and why."""


@dataclass(frozen=True)
class Case:
    """One row of the table of rejections."""

    row: int
    fault: str
    ours: Build
    native: Build
    right: Callable[[Template, Template], bool] | None = None
    """Whether the fault is not in the template of the program with it; the second is of the one without."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of a program."""

    error: str = ""
    warnings: tuple[str, ...] = ()
    template: Template | None = None


def outcome(build: Build, wrong: bool) -> Outcome:
    """Build and synthesize a program, without the findings of CDK's own cfn-lint, which has a column of its own."""
    app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
    environment = cdk.Environment(account="123456789012", region="eu-west-1")
    stack = cdk.Stack(app, "Stack", env=environment, synthesizer=cdk.BootstraplessSynthesizer())
    try:
        build(stack, wrong)
        template = assertions.Template.from_stack(stack).to_json()
    except (ValueError, TypeError, RuntimeError) as refused:
        return Outcome(error=str(refused))
    said = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    warnings = [*(message.entry.data for message in said), *_reported(app)]
    return Outcome(warnings=tuple(sorted(warnings)), template=dict(template))


def _reported(app: cdk.App) -> Iterator[str]:
    """The warnings that CDK reports of the synthesized templates."""
    path = Path(app.outdir) / "validation-report.json"
    reports = json.loads(path.read_text(encoding="utf-8"))["pluginReports"] if path.is_file() else []
    for violation in (violation for report in reports for violation in report["violations"]):
        if violation["severity"] == "warning":
            yield f"{violation['description']}: {violation['suggestedFix']} [{violation['ruleName']}]"


def caught(case: Case, build: Build) -> tuple[str, str]:
    """How a program with the fault ends: `error`, `warning`, `made right` or nothing; and what is said."""
    with_fault, without = outcome(build, True), outcome(build, False)
    if without.error:
        raise AssertionError(f"row {case.row} is refused without its fault: {without.error}")
    if with_fault.error:
        return "error", with_fault.error
    new = [warning for warning in with_fault.warnings if warning not in without.warnings]
    if new:
        return "warning", "\n".join(new)
    if case.right is not None and case.right(with_fault.template or {}, without.template or {}):
        return "made right", ""
    return "", ""


def main() -> int:
    """Print the table and its totals; 1 where a decidable row is not caught here."""
    rows = list(table())
    print("| row | fault | here | native L2 | cfn-lint |")
    print("| --- | --- | --- | --- | --- |")
    for row in rows:
        print("| " + " | ".join(str(cell) or "-" for cell in row) + " |")
    for row, why in NOT_KNOWABLE.items():
        print(f"| {row} | only the account knows: {why} | - | - | - |")
    print()
    print(summary(rows))
    return int(any(not here for _, _, here, _, _ in rows))


def table() -> Iterator[tuple[int, str, str, str, str]]:
    """The rows: number, fault, and how it is caught here, by the native L2 and by cfn-lint."""
    for case in CASES:
        rules = " ".join(sorted(_findings(case, True) - _findings(case, False)))
        yield case.row, case.fault, caught(case, case.ours)[0], caught(case, case.native)[0], rules


def summary(rows: list[tuple[int, str, str, str, str]]) -> str:
    """The line of the README with the totals."""
    here, native, linted = (sum(1 for row in rows if row[column]) for column in (2, 3, 4))
    return (
        f"Of {len(rows) + len(NOT_KNOWABLE)} known rejections {len(rows)} can be known before deploy: "
        f"stage-constructs catches {here}, the native L2 stages {native}, cfn-lint {linted}."
    )


_LINTED: dict[str, set[str]] = {}


def _findings(case: Case, wrong: bool) -> set[str]:
    """The rules that cfn-lint names for the native template."""
    from cfnlint import ManualArgs, lint

    template = json.dumps(outcome(case.native, wrong).template or {}, sort_keys=True)
    if template == "{}":
        return set()
    if template not in _LINTED:
        found = lint(template, config=ManualArgs(regions=["eu-west-1"], include_checks=["E", "W"]))
        _LINTED[template] = {match.rule.id for match in found}
    return _LINTED[template]


def _http_api(stack: cdk.Stack) -> apigatewayv2.HttpApi:
    return apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)


def _ours(kind: type[Any], wrong: dict[str, Any], right: dict[str, Any] | None = None) -> Build:
    """A stage of ours with other properties where it is wrong."""

    def build(stack: cdk.Stack, is_wrong: bool) -> None:
        api = _http_api(stack) if kind is HttpStage else apigatewayv2.WebSocketApi(stack, "Api")
        kind(stack, "Stage", **{"api": api, "stage_name": "prod", **((wrong if is_wrong else right) or {})})

    return build


def _native(kind: type[Any], wrong: dict[str, Any], right: dict[str, Any] | None = None, **overrides: Any) -> Build:
    """A native stage with other properties where it is wrong, and with overrides of raw ones."""

    def build(stack: cdk.Stack, is_wrong: bool) -> None:
        given = (wrong if is_wrong else right) or {}
        name = {"stage_name": "prod", "auto_deploy": True}
        if kind is apigatewayv2.HttpStage:
            stage = kind(stack, "Stage", http_api=_http_api(stack), **{**name, **given})
        else:
            api = apigatewayv2.WebSocketApi(stack, "Api")
            stage = kind(stack, "Stage", web_socket_api=api, **{**name, **given})
        for path, value in (overrides if is_wrong else {}).items():
            stage.node.default_child.add_property_override(path.replace("__", "."), value)

    return build


NATIVE_HTTP: Final = apigatewayv2.HttpStage
NATIVE_WEBSOCKET: Final = apigatewayv2.WebSocketStage


def _logs(**props: Any) -> dict[str, Any]:
    return {"access_log_settings": AccessLogSettings(**{"destination_arn": GROUP, **props})}


def _throttle(**props: float) -> dict[str, Any]:
    return {"default_route_settings": RouteSettings(**props)}  # type: ignore[arg-type]


def _format(row: int, fault: str, text: str) -> Case:
    """A fault of the format of access logs."""
    overrides = {"AccessLogSettings": {"DestinationArn": GROUP, "Format": text}}
    return Case(row, fault, _ours(HttpStage, _logs(format=text), _logs()), _native(NATIVE_HTTP, {}, **overrides))


def _destination(row: int, fault: str, arn: str) -> Case:
    """A fault of the destination of access logs."""
    overrides = {"AccessLogSettings": {"DestinationArn": arn, "Format": FORMAT}}
    return Case(
        row, fault, _ours(HttpStage, _logs(destination_arn=arn), _logs()), _native(NATIVE_HTTP, {}, **overrides)
    )


def _variables(row: int, fault: str, variables: dict[str, str]) -> Case:
    """A fault of the stage variables, for which the native stages have a property."""
    given = {"stage_variables": variables}
    right = {"stage_variables": {"table": "pets"}}
    return Case(row, fault, _ours(HttpStage, given, right), _native(NATIVE_HTTP, given, right))


def _native_format_without_id(stack: cdk.Stack, wrong: bool) -> None:
    """The one fault that the native stages look for."""
    settings: Any = _NativeAccessLogs(stack, "$context.stage" if wrong else FORMAT)
    apigatewayv2.HttpStage(stack, "Stage", http_api=_http_api(stack), auto_deploy=True, access_log_settings=settings)


@jsii.implements(apigatewayv2.IAccessLogSettings)
class _NativeAccessLogs:
    def __init__(self, stack: cdk.Stack, text: str) -> None:
        self._destination = apigatewayv2.LogGroupLogDestination(logs.LogGroup(stack, "Group"))
        self._format = apigateway.AccessLogFormat.custom(text)

    @property
    def destination(self) -> apigatewayv2.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> apigateway.AccessLogFormat:
        return self._format


def _route(stack: cdk.Stack, api: Any, key: str, id: str = "Route") -> apigatewayv2.CfnRoute:
    return apigatewayv2.CfnRoute(stack, id, api_id=api.api_id, route_key=key)


def _ours_with_route(stack: cdk.Stack, wrong: bool) -> None:
    api = _http_api(stack)
    _route(stack, api, "GET /pets")
    key = "GET /nosuch" if wrong else "GET /pets"
    HttpStage(stack, "Stage", api=api, route_settings={key: RouteSettings(throttling_rate_limit=5)})


def _native_with_route(stack: cdk.Stack, wrong: bool) -> None:
    api = _http_api(stack)
    _route(stack, api, "GET /pets")
    stage: Any = apigatewayv2.HttpStage(stack, "Stage", http_api=api, auto_deploy=True)
    key = "GET /nosuch" if wrong else "GET /pets"
    stage.node.default_child.route_settings = {key: {"ThrottlingRateLimit": 5}}


def _only(program: Build) -> Build:
    """A program that is the same with the fault and without: what counts is its template."""
    return lambda stack, _: program(stack, False)


def _stage_waits_for_route(template: Template, _: Template) -> bool:
    (stage,) = (each for each in template["Resources"].values() if each["Type"] == STAGE)
    return stage.get("DependsOn") == ["Route"]


def _has_both_log_settings(template: Template, _: Template) -> bool:
    (stage,) = (each for each in template["Resources"].values() if each["Type"] == STAGE)
    return set(stage["Properties"].get("AccessLogSettings", {})) == {"DestinationArn", "Format"}


def _deployments(template: Template) -> set[str]:
    return {name for name, each in template["Resources"].items() if each["Type"] == "AWS::ApiGatewayV2::Deployment"}


def _is_made_anew(template: Template, before: Template) -> bool:
    return _deployments(template) != _deployments(before)


def _mapping_waits_for_stage(template: Template, _: Template) -> bool:
    by_type = {each["Type"]: (name, each) for name, each in template["Resources"].items()}
    return by_type[STAGE][0] in by_type["AWS::ApiGatewayV2::ApiMapping"][1].get("DependsOn", [])


def _ours_account_role(stack: cdk.Stack, wrong: bool) -> None:
    ApiGatewayAccount(stack, "Account", role=_role(stack, wrong))


def _native_account_role(stack: cdk.Stack, wrong: bool) -> None:
    apigateway.CfnAccount(stack, "Account", cloud_watch_role_arn=_role(stack, wrong).role_arn)


def _role(stack: cdk.Stack, wrong: bool) -> iam.Role:
    service = "lambda.amazonaws.com" if wrong else "apigateway.amazonaws.com"
    policy = iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal(service), managed_policies=[policy])


def _ours_deployment(stack: cdk.Stack, wrong: bool) -> None:
    api = apigatewayv2.WebSocketApi(stack, "Api")
    if not wrong:
        _route(stack, api, "send")
    WebSocketStage(stack, "Stage", api=api, stage_name="prod", deployment=Deployment(stack, "Deployment", api=api))


def _native_deployment(stack: cdk.Stack, wrong: bool) -> None:
    api = apigatewayv2.WebSocketApi(stack, "Api")
    if not wrong:
        _route(stack, api, "send")
    deployment = apigatewayv2.CfnDeployment(stack, "Deployment", api_id=api.api_id)
    stage: Any = apigatewayv2.WebSocketStage(stack, "Stage", web_socket_api=api, stage_name="prod")
    stage.node.default_child.deployment_id = deployment.ref


def _ours_changed_routes(stack: cdk.Stack, wrong: bool) -> None:
    _ours_deployment(stack, False)
    if wrong:
        _route(stack, stack.node.find_child("Api"), "more", "More")


def _native_changed_routes(stack: cdk.Stack, wrong: bool) -> None:
    _native_deployment(stack, False)
    if wrong:
        _route(stack, stack.node.find_child("Api"), "more", "More")


def _ours_default_stage(stack: cdk.Stack, wrong: bool) -> None:
    HttpStage(stack, "Stage", api=apigatewayv2.HttpApi(stack, "Api", create_default_stage=wrong))


def _native_default_stage(stack: cdk.Stack, wrong: bool) -> None:
    api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=wrong)
    apigatewayv2.HttpStage(stack, "Stage", http_api=api, auto_deploy=True)


def _domain(stack: cdk.Stack, **props: Any) -> apigatewayv2.DomainMappingOptions:
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
    name = apigatewayv2.DomainName(stack, "Domain", domain_name="example.com", certificate=certificate, **props)
    return apigatewayv2.DomainMappingOptions(domain_name=name)


def _ours_mapping(stack: cdk.Stack, _: bool) -> None:
    HttpStage(stack, "Stage", api=_http_api(stack), domain_mapping=_domain(stack))


def _native_mapping(stack: cdk.Stack, _: bool) -> None:
    apigatewayv2.HttpStage(stack, "Stage", http_api=_http_api(stack), auto_deploy=True, domain_mapping=_domain(stack))


def _accounts(stack: cdk.Stack, wrong: bool, native: bool) -> None:
    for number in range(1 + wrong):
        if native:
            apigateway.CfnAccount(stack, f"Account{number}", cloud_watch_role_arn="arn:aws:iam::123456789012:role/r")
        else:
            ApiGatewayAccount(stack, f"Account{number}")


def _ours_stages(stack: cdk.Stack, wrong: bool) -> None:
    api = _http_api(stack)
    for number in range(10 + wrong):
        HttpStage(stack, f"Stage{number}", api=api, stage_name=f"stage{number}")


def _native_stages(stack: cdk.Stack, wrong: bool) -> None:
    api = _http_api(stack)
    for number in range(10 + wrong):
        apigatewayv2.HttpStage(stack, f"Stage{number}", http_api=api, stage_name=f"stage{number}", auto_deploy=True)


def _mutual_tls(stack: cdk.Stack, wrong: bool) -> apigatewayv2.DomainMappingOptions:
    if not wrong:
        return _domain(stack)
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "trusted")
    return _domain(stack, mtls=apigatewayv2.MTLSConfig(bucket=bucket, key="truststore.pem"))


def _ours_mutual_tls(stack: cdk.Stack, wrong: bool) -> None:
    api = apigatewayv2.WebSocketApi(stack, "Api")
    WebSocketStage(stack, "Stage", api=api, stage_name="prod", domain_mapping=_mutual_tls(stack, wrong))


def _native_mutual_tls(stack: cdk.Stack, wrong: bool) -> None:
    api = apigatewayv2.WebSocketApi(stack, "Api")
    mapping = _mutual_tls(stack, wrong)
    apigatewayv2.WebSocketStage(
        stack, "Stage", web_socket_api=api, stage_name="prod", auto_deploy=True, domain_mapping=mapping
    )


def _ours_shared_domain(stack: cdk.Stack, wrong: bool) -> None:
    mapping = _domain(stack)
    HttpStage(stack, "Http", api=_http_api(stack), domain_mapping=mapping)
    api = apigatewayv2.WebSocketApi(stack, "WebSocket")
    other = apigatewayv2.DomainMappingOptions(domain_name=mapping.domain_name, mapping_key="chat")
    WebSocketStage(stack, "Stage", api=api, stage_name="prod", domain_mapping=other if wrong else None)


def _native_shared_domain(stack: cdk.Stack, wrong: bool) -> None:
    mapping = _domain(stack)
    apigatewayv2.HttpStage(stack, "Http", http_api=_http_api(stack), auto_deploy=True, domain_mapping=mapping)
    api = apigatewayv2.WebSocketApi(stack, "WebSocket")
    other = apigatewayv2.DomainMappingOptions(domain_name=mapping.domain_name, mapping_key="chat")
    apigatewayv2.WebSocketStage(
        stack,
        "Stage",
        web_socket_api=api,
        stage_name="prod",
        auto_deploy=True,
        domain_mapping=other if wrong else None,
    )


_LOGGED = {"DestinationArn": GROUP, "Format": FORMAT}
_FLAT: Any = {"LoggingLevel": "ERROR"}
_TAGS: Any = [{"Key": "team", "Value": "pets"}]
_DEBUG: Any = "DEBUG"
_LONG = "x" * 1025

CASES: Final = (
    Case(
        1,
        "log level on an HTTP stage",
        _ours(HttpStage, {"default_route_settings": RouteSettings(logging_level=LoggingLevel.OFF)}),
        _native(NATIVE_HTTP, {}, DefaultRouteSettings__LoggingLevel="OFF"),
    ),
    Case(
        2,
        "data trace on an HTTP stage",
        _ours(HttpStage, {"default_route_settings": RouteSettings(data_trace_enabled=True)}),
        _native(NATIVE_HTTP, {}, DefaultRouteSettings__DataTraceEnabled=True),
    ),
    Case(
        3,
        "WebSocket stage that logs without a role of the account",
        _ours(WebSocketStage, _logs(), {}),
        _native(NATIVE_WEBSOCKET, {}, AccessLogSettings=_LOGGED),
    ),
    Case(4, "role of the account that API Gateway cannot assume", _ours_account_role, _native_account_role),
    Case(5, "settings for a route that is not there", _ours_with_route, _native_with_route),
    Case(
        6,
        "route and its settings go in the wrong order on rollback",
        _only(_ours_with_route),
        _only(_native_with_route),
        _stage_waits_for_route,
    ),
    Case(
        7,
        "flat settings in place of settings by route",
        _ours(HttpStage, {"route_settings": _FLAT}),
        _native(NATIVE_HTTP, {}, RouteSettings={"ThrottlingRateLimit": 5}),
    ),
    Case(
        8,
        "settings of a route in camelCase",
        _ours(HttpStage, {"route_settings": {"$default": {"throttlingRateLimit": 5}}}),
        _native(NATIVE_HTTP, {}, RouteSettings={"$default": {"throttlingRateLimit": 5}}),
    ),
    Case(
        9,
        "access log format without a request id",
        _ours(HttpStage, _logs(format="$context.stage"), _logs()),
        _native_format_without_id,
    ),
    _format(10, "access log format of two lines", f"{FORMAT}\n$context.stage"),
    _format(11, "access log variable that an HTTP API does not have", f"{FORMAT} $context.nosuch"),
    Case(
        12,
        "access log destination without a format",
        _ours(HttpStage, _logs(), _logs()),
        _native(NATIVE_HTTP, {}, AccessLogSettings={"DestinationArn": GROUP}),
        _has_both_log_settings,
    ),
    _destination(13, "access log destination that is no ARN", "/aws/name"),
    _destination(14, "access logs of an HTTP stage to Firehose", FIREHOSE),
    Case(
        19,
        "deployment id beside auto deploy",
        _ours(HttpStage, {"deployment_id": "abc123", "auto_deploy": True}, {"auto_deploy": True}),
        _native(NATIVE_HTTP, {}, DeploymentId="abc123"),
    ),
    Case(20, "deployment of an API without routes", _ours_deployment, _native_deployment),
    Case(
        21,
        "routes change, and the deployment that a stage serves with them",
        _ours_changed_routes,
        _native_changed_routes,
        _is_made_anew,
    ),
    Case(
        22,
        "characters of the stage name",
        _ours(HttpStage, {"stage_name": "bad stage"}),
        _native(NATIVE_HTTP, {"stage_name": "bad stage"}),
    ),
    Case(
        23,
        "stage name of more than 128 characters",
        _ours(HttpStage, {"stage_name": "x" * 129}),
        _native(NATIVE_HTTP, {"stage_name": "x" * 129}),
    ),
    Case(24, "stage of a name that the API has already", _ours_default_stage, _native_default_stage),
    _variables(25, "characters of the name of a stage variable", {"bad-key": "pets"}),
    _variables(26, "characters of the value of a stage variable", {"table": "pets!"}),
    _variables(27, "empty value of a stage variable", {"table": ""}),
    _variables(28, "more than 100 stage variables", {f"v{number}": "x" for number in range(101)}),
    Case(
        29,
        "description of more than 1024 characters",
        _ours(HttpStage, {"description": _LONG}),
        _native(NATIVE_HTTP, {"description": _LONG}),
    ),
    Case(
        30,
        "stage that is replaced under its domain mapping",
        _ours_mapping,
        _native_mapping,
        _mapping_waits_for_stage,
    ),
    Case(31, "tags as a list", _ours(HttpStage, {"tags": _TAGS}), _native(NATIVE_HTTP, {}, Tags=_TAGS)),
    Case(
        32,
        "access policy id, which no stage has",
        _ours(HttpStage, {"access_policy_id": "abc"}),
        _native(NATIVE_HTTP, {}, AccessPolicyId="abc"),
    ),
    Case(
        33,
        "account settings in two places, deployed at once",
        lambda stack, wrong: _accounts(stack, wrong, native=False),
        lambda stack, wrong: _accounts(stack, wrong, native=True),
    ),
    Case(34, "more than ten stages of an API", _ours_stages, _native_stages),
    Case(
        36,
        "negative throttle",
        _ours(HttpStage, _throttle(throttling_burst_limit=-1)),
        _native(NATIVE_HTTP, {"throttle": apigatewayv2.ThrottleSettings(burst_limit=-1)}),
    ),
    Case(
        37,
        "throttle of 0, which answers every request with 429",
        _ours(HttpStage, _throttle(throttling_rate_limit=0)),
        _native(NATIVE_HTTP, {"throttle": apigatewayv2.ThrottleSettings(rate_limit=0, burst_limit=0)}),
    ),
    Case(
        38,
        "client certificate of an HTTP stage",
        _ours(HttpStage, {"client_certificate_id": "abc123"}),
        _native(NATIVE_HTTP, {}, ClientCertificateId="abc123"),
    ),
    Case(39, "WebSocket stage under a domain name with mutual TLS", _ours_mutual_tls, _native_mutual_tls),
    Case(40, "domain name shared by HTTP and WebSocket APIs", _ours_shared_domain, _native_shared_domain),
    Case(
        41,
        "log level that is none",
        _ours(WebSocketStage, {"default_route_settings": RouteSettings(logging_level=_DEBUG)}),
        _native(NATIVE_WEBSOCKET, {}, DefaultRouteSettings__LoggingLevel="DEBUG"),
    ),
)


if __name__ == "__main__":
    sys.exit(main())
