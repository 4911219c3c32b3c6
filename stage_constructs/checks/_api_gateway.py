"""Stages, deployments and domain mappings of API Gateway v2 in templates.

The faults of single values are those of the constructors. Those written here speak of what only a template can hold:
properties in the wrong form, and resources that do not wait for each other.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Final, cast

from .._checks import Fault
from ..apigatewayv2 import _rules
from ..apigatewayv2._api import Protocol
from ..apigatewayv2._route import BUILT_IN_KEYS
from ..apigatewayv2.route_settings import LoggingLevel, RouteSettings, throttle_quota
from ._finding import Finding
from ._template import Unknown, boolean, is_object, items_of, members_of, number, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ._template import Resource, Template

_API: Final = "AWS::ApiGatewayV2::Api"
_DEPLOYMENT: Final = "AWS::ApiGatewayV2::Deployment"
_MAPPING: Final = "AWS::ApiGatewayV2::ApiMapping"
_ROUTE: Final = "AWS::ApiGatewayV2::Route"
_STAGE: Final = "AWS::ApiGatewayV2::Stage"
_ACCOUNT: Final = "AWS::ApiGateway::Account"
_ACCOUNTS: Final = (_ACCOUNT, "Custom::ApiGatewayAccount")
"""How the types begin that set the CloudWatch role of the account; Serverless Framework does it by itself."""
_LOG_GROUP: Final = "AWS::Logs::LogGroup"
_ROLE: Final = "AWS::IAM::Role"
_STREAM: Final = "AWS::KinesisFirehose::DeliveryStream"
_LOGGING: Final = {LoggingLevel.ERROR.value, LoggingLevel.INFO.value}

_SETTINGS: Final = {
    "".join(word.capitalize() for word in each.name.split("_")): each.name for each in fields(RouteSettings)
}
"""Each setting of a route as CloudFormation spells it, with the field that holds it."""
_SPELLED: Final = {name.lower(): name for name in _SETTINGS}


def findings(templates: Sequence[Template]) -> Iterator[Finding]:
    """What is wrong with the stages of API Gateway v2 and what belongs to them."""
    for template in templates:
        apis = _apis_of(template)
        for api in apis.values():
            number = 0
            for stage in api.stages:
                number += not stage.is_conditional
                yield from (Finding(stage, fault) for fault in _faults_of_stage(api, stage))
                yield from (Finding(stage, replace(fault, prop="ApiId")) for fault in _rules.number_of_stages(number))
            for deployment in api.deployments:
                for fault in _faults_of_deployment(api, deployment):
                    yield Finding(deployment, fault)
        for mapping, fault in _faults_of_mappings(template, apis):
            yield Finding(mapping, fault)
        for account in template.all(_ACCOUNT):
            for fault in _rules.account_role(account["CloudWatchRoleArn"], _trust_of(account)):
                yield Finding(account, replace(fault, prop="CloudWatchRoleArn"))


@dataclass
class _Api:
    """An API, in this template or elsewhere, and those of its parts that stand in this template."""

    template: Template
    resource: Resource | None
    all_routes_tell_their_api: bool
    stages: list[Resource] = field(default_factory=list["Resource"])
    deployments: list[Resource] = field(default_factory=list["Resource"])
    routes: list[Resource] = field(default_factory=list["Resource"])

    @functools.cached_property
    def protocol(self) -> Protocol | None:
        """The protocol, where it can be known; an API that is imported from OpenAPI or made quickly is HTTP."""
        if self.resource is None:
            return None
        declared = self.resource["ProtocolType"]
        if declared is None and self.brings_its_routes:
            return Protocol.HTTP
        return Protocol(declared) if isinstance(declared, str) and declared in Protocol.__members__ else None

    @functools.cached_property
    def brings_its_routes(self) -> bool:
        """Whether it has routes that are no resources of their own."""
        properties = self.resource.properties if self.resource else {}
        return _rules.brings_its_routes({name[:1].lower() + name[1:]: value for name, value in properties.items()})

    @functools.cached_property
    def routes_by_key(self) -> dict[str, list[Resource]]:
        """The routes whose keys are known."""
        by_key: dict[str, list[Resource]] = {}
        for route in self.routes:
            key = route["RouteKey"]
            if isinstance(key, str) and not isinstance(key, Unknown):
                by_key.setdefault(key, []).append(route)
        return by_key

    @functools.cached_property
    def has_all_its_routes_here(self) -> bool:
        """Whether a route that does not stand here will not be there when the resources of this template are made."""
        known = sum(len(routes) for routes in self.routes_by_key.values())
        return (
            self.resource is not None
            and not self.brings_its_routes
            and self.template.is_whole
            and self.all_routes_tell_their_api
            and known == len(self.routes)
        )

    @functools.cached_property
    def stages_by_name(self) -> dict[str, list[Resource]]:
        """The stages that are made in any case, by their names as far as these are known."""
        by_name: dict[str, list[Resource]] = {}
        for stage in self.stages:
            name = text(stage["StageName"])
            if type(name) is str and not stage.is_conditional:
                by_name.setdefault(name, []).append(stage)
        return by_name


def _apis_of(template: Template) -> dict[str, _Api]:
    owners = [route["ApiId"] for route in template.all(_ROUTE)]
    told = all(type(owner) is str or template.target(owner) for owner in owners)
    apis: dict[str, _Api] = {}
    for resource_type, kept_in in ((_STAGE, "stages"), (_DEPLOYMENT, "deployments"), (_ROUTE, "routes")):
        for part in template.all(resource_type):
            identity = template.identity(part["ApiId"])
            if identity not in apis:
                found = template.target(part["ApiId"])
                resource = found[0] if found and found[0].type == _API else None
                apis[identity] = _Api(template, resource, told)
            cast("list[Resource]", getattr(apis[identity], kept_in)).append(part)
    return apis


def _faults_of_stage(api: _Api, stage: Resource) -> Iterator[Fault]:
    if api.protocol is None:  # only what holds for both
        of_websocket = list(_faults_of_values(stage, Protocol.WEBSOCKET))
        yield from (fault for fault in _faults_of_values(stage, Protocol.HTTP) if fault in of_websocket)
    else:
        yield from _faults_of_values(stage, api.protocol)
    yield from _faults_of_form(stage)
    yield from _faults_of_order(api, stage)
    namesakes = api.stages_by_name.get(str(text(stage["StageName"])), [])
    if stage in namesakes and len(namesakes) > 1:
        other = namesakes[0] if namesakes[0] is not stage else namesakes[1]
        yield _rules.twin(str(stage["StageName"]), other.logical_id)
    if api.protocol is Protocol.WEBSOCKET and _writes_logs(stage) and not _has_account(stage.template):
        prop = "AccessLogSettings" if stage["AccessLogSettings"] is not None else "DefaultRouteSettings.LoggingLevel"
        yield replace(
            _rules.NO_ACCOUNT,
            prop=prop,
            problem="should go with an AWS::ApiGateway::Account in the stack",
            remedy="add one with the ARN of a role by which API Gateway may write logs, or acknowledge this warning if"
            " another stack has set the role",
        )


def _faults_of_values(stage: Resource, protocol: Protocol) -> Iterator[Fault]:
    """What the rules of the constructors say of each property."""
    if stage["StageName"] is not None:
        yield from _rules.stage_name(text(stage["StageName"]), protocol)
    deployment_id = text(stage["DeploymentId"])
    yield from _rules.description(text(stage["Description"]))
    yield from _rules.identifier("deployment_id", deployment_id)
    yield from _rules.auto_deploy(boolean(stage["AutoDeploy"]), _surely(deployment_id), "deployment_id")
    yield from _rules.identifier("client_certificate_id", text(stage["ClientCertificateId"]))
    if protocol is Protocol.HTTP and _surely(stage["ClientCertificateId"]) is not None:
        yield Fault(
            rule="clientCertificateOnHttp",
            prop="ClientCertificateId",
            value=stage["ClientCertificateId"],
            problem="should be left out on an HTTP stage",
            remedy="leave it out; AWS documents client certificates of stages for REST and WebSocket APIs only",
            fatal=False,
        )
    quota = throttle_quota(stage.template.region)
    default = stage["DefaultRouteSettings"]
    if default is not None and not isinstance(default, Unknown):
        yield from _rules.route_settings("default_route_settings", _settings(default, protocol), protocol, quota)
    for key, of_route in _route_settings(stage).items():
        if not isinstance(of_route, Unknown) and not _is_setting(key, of_route):
            yield from _rules.route_settings(f'route_settings["{key}"]', _settings(of_route, protocol), protocol, quota)
    yield from _faults_of_access_logs(stage, protocol)
    variables = _json(stage["StageVariables"])
    if is_object(variables):
        yield from _rules.stage_variables({name: text(value) for name, value in variables.items()})
    if is_object(stage["Tags"]):
        yield from _rules.tags({key: text(value) for key, value in members_of(stage["Tags"]).items()})


def _faults_of_access_logs(stage: Resource, protocol: Protocol) -> Iterator[Fault]:
    logs = members_of(stage["AccessLogSettings"])
    log_format, destination = text(logs.get("Format")), logs.get("DestinationArn")
    if log_format is not None:
        line = log_format.rstrip("\r\n") if type(log_format) is str else log_format
        yield from _rules.access_log_format("access_log_settings.format", line, protocol)
    found = stage.template.target(destination)
    if found and found[0].type == _STREAM:
        destination = f"arn:<partition>:firehose:<region>:<account>:deliverystream/{found[0].logical_id}"
    if destination is not None:
        yield from _rules.access_log_destination("access_log_settings.destination_arn", destination, protocol)


def _faults_of_form(stage: Resource) -> Iterator[Fault]:
    """Properties in a form that no constructor of ours writes."""
    if _surely(stage["AccessPolicyId"]) is not None:
        yield _unsupported(
            "AccessPolicyId", stage["AccessPolicyId"], "leave it out, API Gateway v2 has no such property"
        )
    if isinstance(stage["Tags"], list):
        yield Fault(
            rule="tags",
            prop="Tags",
            value=stage["Tags"],
            problem="must be an object of keys and values",
            remedy='write {"team": "chat"} in place of [{"Key": "team", "Value": "chat"}]',
        )
    for name, value in members_of(stage["DefaultRouteSettings"]).items():
        if name not in _SETTINGS and _surely(value) is not None:
            yield _unsupported(f'DefaultRouteSettings["{name}"]', value, _spelling_of(name))
    for key, of_route in _route_settings(stage).items():
        if _is_setting(key, of_route):
            yield Fault(
                rule="flatRouteSettings",
                prop=f'RouteSettings["{key}"]',
                value=of_route,
                problem="must be the key of a route",
                remedy=f'write {{"GET /pets": {{"{_spelled(key)}": ...}}}} for instance; settings of all routes go to'
                " DefaultRouteSettings",
                service_says=f"Value of property {{/RouteSettings/{key}}} does not match type {{Object}}",
            )
            continue
        for name, value in members_of(of_route).items():
            if name not in _SETTINGS:
                yield Fault(
                    rule="routeSettingsSpelling",
                    prop=f'RouteSettings["{key}"]["{name}"]',
                    value=value,
                    problem="should be one of " + ", ".join(_SETTINGS),
                    remedy=_spelling_of(name) + "; inside RouteSettings no tool corrects the spelling",
                    fatal=False,
                )
    logs = stage["AccessLogSettings"]
    if is_object(logs):
        yield from _faults_of_log_form(stage, logs)


def _faults_of_log_form(stage: Resource, logs: Mapping[str, object]) -> Iterator[Fault]:
    given = [name for name in ("DestinationArn", "Format") if logs.get(name) is not None]
    if len(given) == 1:
        [missing] = {"DestinationArn", "Format"} - set(given)
        yield Fault(
            rule="incompleteAccessLogSettings",
            prop=f"AccessLogSettings.{missing}",
            value=None,
            problem=f"should go with {given[0]}",
            remedy=f"add {missing}, or leave out AccessLogSettings",
            service_says="Access Log value missing. Expected destinationArn and format.",
            fatal=False,
        )
    destination = logs.get("DestinationArn")
    found = stage.template.target(destination)
    of_group = found is not None and found[0].type == _LOG_GROUP and found[1] == "Arn"
    if of_group or (type(destination) is str and destination.endswith(":*")):
        yield Fault(
            rule="logGroupArnWildcard",
            prop="AccessLogSettings.DestinationArn",
            value=destination,
            problem="should be an ARN without :* at its end",
            remedy="the service keeps it without, and every drift detection shows the difference; write"
            " arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:<name> by Fn::Sub",
            fatal=False,
        )


def _faults_of_order(api: _Api, stage: Resource) -> Iterator[Fault]:
    """A route must be there before a stage has settings for it."""
    settings = _route_settings(stage).items()
    keys = [key for key, value in settings if key not in BUILT_IN_KEYS and not _is_setting(key, value)]
    if not keys:
        return
    here = {key: [route.logical_id for route in api.routes_by_key.get(key, [])] for key in keys}
    needed = api.template.needed(stage, {logical_id for routes in here.values() for logical_id in routes})
    for key, routes in here.items():
        if routes and needed.isdisjoint(routes):
            yield Fault(
                rule="routeSettingsBeforeRoute",
                prop=f'RouteSettings["{key}"]',
                value=key,
                problem=f"must wait for its route {routes[0]}",
                remedy=f"add {routes[0]} to DependsOn of the stage, or CloudFormation may make the stage first and,"
                " when it rolls back, end in UPDATE_ROLLBACK_FAILED",
                service_says=f"Unable to find Route by key {key} within the provided RouteSettings",
            )
        elif not routes and api.routes and api.has_all_its_routes_here:
            yield _rules.missing_route(key, api.routes_by_key.keys())


def _faults_of_deployment(api: _Api, deployment: Resource) -> Iterator[Fault]:
    yield from _rules.description(text(deployment["Description"]))
    routes = [route.logical_id for route in api.routes]
    if api.resource is None or api.brings_its_routes:
        return
    if not routes and api.has_all_its_routes_here:
        yield replace(_rules.deployment_without_route(api.resource.logical_id, elsewhere=False), prop="ApiId")
    elif routes and not api.template.needed(deployment, routes):
        yield Fault(
            rule="deploymentBeforeRoutes",
            prop="DependsOn",
            value=sorted(deployment.needs),
            problem="should name the routes that are to be deployed",
            remedy=f"add {', '.join(routes[:3])}{' and the others' if len(routes) > 3 else ''}, "  # noqa: PLR2004
            "or CloudFormation may make the deployment before them",
            service_says="At least one route is required before deploying the Api",
            fatal=False,
        )


def _faults_of_mappings(template: Template, apis: Mapping[str, _Api]) -> Iterator[tuple[Resource, Fault]]:
    """A domain name serves APIs of one protocol, and WebSocket APIs without mutual TLS."""
    protocols: dict[str, set[Protocol]] = {}
    mapped: list[tuple[Resource, str, Protocol]] = []
    for mapping in template.all(_MAPPING):
        found = template.target(mapping["ApiId"])
        api = apis.get(template.identity(mapping["ApiId"])) or (
            _Api(template, found[0], all_routes_tell_their_api=False) if found and found[0].type == _API else None
        )
        if api is not None and api.protocol is not None:
            domain = template.identity(mapping["DomainName"])
            protocols.setdefault(domain, set()).add(api.protocol)
            mapped.append((mapping, domain, api.protocol))
    for mapping, domain, protocol in mapped:
        if len(protocols[domain]) > 1 and not mapping.is_conditional:
            yield mapping, replace(_rules.shared_domain(mapping["DomainName"], protocol), prop="DomainName")
        found = template.target(mapping["DomainName"])
        if protocol is Protocol.WEBSOCKET and found:
            has_it = is_object(found[0]["MutualTlsAuthentication"])
            for fault in _rules.mutual_tls(mapping["DomainName"], has_it):
                yield mapping, replace(fault, prop="DomainName")


def _trust_of(account: Resource) -> str | None:
    """Who may assume the role of the account, None where that is not known."""
    found = account.template.target(account["CloudWatchRoleArn"])
    if found is None or found[0].type != _ROLE:
        return None
    statements = items_of(members_of(found[0]["AssumeRolePolicyDocument"]).get("Statement"))
    principals = [members_of(each).get("Principal") for each in statements]
    named = [members_of(each).get("Service") for each in principals]
    services = [service for each in named for service in (each, *items_of(each))]
    computed = any(isinstance(each, Unknown) for each in (*statements, *principals, *services))
    return json.dumps(principals) if principals and not computed else None


def _settings(value: object, protocol: Protocol) -> object:
    """The settings of a route as the rules take them.

    On HTTP what is known at deploy only is left out: a setting of execution logs may turn out to be none.
    """
    if not is_object(value):
        return value
    known: dict[str, object] = {}
    for name, field_name in _SETTINGS.items():
        setting = value.get(name)
        setting = number(setting) if name.startswith("Throttling") else setting
        setting = boolean(setting) if name.endswith("Enabled") else setting
        if protocol is Protocol.WEBSOCKET or not isinstance(setting, Unknown):
            known[field_name] = setting
    return RouteSettings(**known)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def _route_settings(stage: Resource) -> dict[str, object]:
    return members_of(_json(stage["RouteSettings"]))


def _json(value: object) -> object:
    """A free-form object, which CloudFormation takes as a text too."""
    if type(value) is not str:
        return value
    try:
        return cast("object", json.loads(value))
    except ValueError:
        return value


def _is_setting(key: str, value: object) -> bool:
    """Whether what should be the key of a route is the name of a setting."""
    return key in _SETTINGS or (_spelled(key) is not None and not is_object(value))


def _spelled(name: str) -> str | None:
    """The setting that a name means, whatever its case."""
    return _SPELLED.get(name.replace("_", "").lower())


def _spelling_of(name: str) -> str:
    known = _spelled(name)
    return f"write {known}" if known else f"leave it out, there is no setting {name}"


def _unsupported(prop: str, value: object, remedy: str) -> Fault:
    return Fault(
        rule="unsupportedProperty",
        prop=prop,
        value=value,
        problem="must be a property that the resource type has",
        remedy=remedy,
    )


def _surely(value: object) -> object:
    """A value, None where it may be absent."""
    return None if isinstance(value, Unknown) and value.may_be_absent else value


def _writes_logs(stage: Resource) -> bool:
    settings: Iterable[object] = (stage["DefaultRouteSettings"], *_route_settings(stage).values())
    levels: Collection[object] = [members_of(each).get("LoggingLevel") for each in settings]
    return is_object(stage["AccessLogSettings"]) or any(level in _LOGGING for level in levels)


def _has_account(template: Template) -> bool:
    return any(each.startswith(_ACCOUNTS) for member in template.family for each in member.types)
