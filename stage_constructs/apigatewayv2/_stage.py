"""What HTTP and WebSocket stages have in common."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .. import _arguments
from .._arguments import has_member
from .._l1 import l1_arguments
from .._other_names import KeywordNames
from .._read_only import read_only
from .._synthesis import environment_of, known_environment, remember_environment
from .._validation import PREFIX, raise_if_invalid, report, violations_of, warn
from ..rules._resources import Resource
from ..rules.apigatewayv2._apis import STAGE
from ..rules.apigatewayv2.route_settings import throttle_quota
from . import _domains, _secrets, _tree
from . import access_log_settings as access_logs
from . import api_gateway_account as accounts
from ._api_info import Protocol, api_info, validate_api
from ._existing_stage import OWNERS
from ._identifiers import api_id as validate_api_id
from ._route import settings_by_key
from ._stage_attributes import as_string
from ._stage_grants import StageGrants
from ._stage_imports import StageImports
from ._stage_metrics import StageMetrics
from ._stage_order import StageOrder
from .route_settings import AccountLimit, RouteSettings, expand_account_limit, library_defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_apigateway import IClientCertificateRef
    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IDeploymentRef, IRouteRef
    from constructs import Construct

    from ..errors import Violation


class StageBase(KeywordNames, StageGrants, StageMetrics, StageImports):
    """What HTTP and WebSocket stages, owned and imported, have in common."""

    api_id: str
    """Id of the API."""
    description: str | None
    """Description as given or looked up; None where it is not known."""
    auto_deploy: bool | None
    """Whether the stage deploys by itself; None where it is not known."""
    deployment_id: str | None
    """Id of the deployment that the stage was given; None where it has none or it is not known."""
    stage_variables: Mapping[str, str]
    """Stage variables as given, added or looked up; empty where they are not known. Read-only."""
    tags: Mapping[str, str]
    """Tags as given or looked up; those of `Tags.of` are in the template alone. Read-only."""

    _account: accounts.ApiGatewayAccount | None
    _hook_registered: bool = False

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api: IApiRef,
        stage_name: str,
        description: str | None,
        auto_deploy: bool | None,
        deployment: IDeploymentRef | None,
        deployment_id: str | None,
        default_route_settings: RouteSettings | AccountLimit | None,
        route_settings: Mapping[str | IRouteRef, RouteSettings] | None,
        access_log_settings: access_logs.AccessLogSettings | None,
        stage_variables: Mapping[str, str] | None,
        client_certificate_id: str | IClientCertificateRef | None = None,
        domain_mapping: apigatewayv2.DomainMappingOptions | None,
        account: accounts.ApiGatewayAccount | None = None,
        tags: Mapping[str, str] | None,
    ) -> None:
        info = api_info(api)
        certificate = getattr(client_certificate_id, "client_certificate_ref", None)
        certificate_id = certificate.client_certificate_id if certificate else client_certificate_id
        given_deployment = deployment_id if deployment is None else _id_of(deployment)
        by_key, violations = settings_by_key(route_settings)
        settings = RouteSettings() if default_route_settings is None else expand_account_limit(default_route_settings)
        violations += [
            *validate_api(api, info, self._protocol),
            *(validate_api_id(info.api_id, prop="api.api_id") if info else ()),
            *_validate_deployment(deployment, deployment_id),
            *_arguments.value_object(
                "default_route_settings", settings, RouteSettings, rule="routeSettings", loglevel="logging_level"
            ),
            *access_logs.validate_access_logs(access_log_settings),
            *_secrets.validate_readable(scope, description, stage_variables),
            *_domains.validate_domain_mapping(domain_mapping),
            *accounts.validate_account(account),
            *_arguments.required("stage_name", stage_name, rule="stageName"),
            *_validate_variables(stage_variables),
            *_arguments.map_of_texts("tags", tags, key_rule="tags", value_rule="tags"),
            *_arguments.known_keys(scope, "tags", tags),
        ]
        scope_environment = known_environment(scope)
        environment = scope_environment or environment_of(api if has_member(api, "node") else scope)
        region = environment.region
        defaults = library_defaults(throttle_quota(region), execution_logs=self._protocol is Protocol.WEBSOCKET)
        self._default_route_settings = (
            settings._with_defaults(defaults) if isinstance(cast("object", settings), RouteSettings) else defaults
        )
        self._route_settings = by_key
        properties: dict[str, object] = {
            "ApiId": info.api_id if info else None,
            "StageName": _arguments.plain(stage_name),
            "Description": _arguments.plain(description),
            "AutoDeploy": given_deployment is None if auto_deploy is None else auto_deploy,
            "DeploymentId": given_deployment,
            "DefaultRouteSettings": self._render_settings(self._default_route_settings),
            "RouteSettings": self._render_route_settings(by_key),
            "AccessLogSettings": access_logs.properties_of(access_log_settings, self._protocol),
            "StageVariables": _arguments.map_or_none(stage_variables),
            "ClientCertificateId": certificate_id,
            "Tags": _arguments.map_or_none(tags),
        }
        resource = Resource(STAGE, properties, protocol=self._protocol.value, region=region)
        violations += _without_inherited(violations_of(resource), by_key)
        if violations:
            raise_if_invalid(scope, id, violations)
        assert info is not None  # noqa: S101  it was raised above
        self.api_id = info.api_id
        self.description = description
        self.auto_deploy = cast("bool", properties["AutoDeploy"])
        self.deployment_id = given_deployment
        self.stage_variables = read_only(properties["StageVariables"])
        self.tags = read_only(properties["Tags"])
        self._stage_name = cast("str", properties["StageName"])
        self._api = api
        self._location = {}
        self._mapping = None
        self._account = account
        super().__init__(scope, id, physical_name=as_string(self._stage_name))
        remember_environment(self, scope_environment)
        self._access_logs = None
        if access_log_settings is not None:
            logs = self._access_logs = access_logs.create_access_logs(self, access_log_settings, self._protocol)
            properties["AccessLogSettings"] = {"DestinationArn": logs.destination_arn, "Format": logs.format}
        unknown_tags = None if isinstance(properties["Tags"], Mapping) else properties.pop("Tags")
        self._resource = apigatewayv2.CfnStage(self, "Resource", **l1_arguments(STAGE, properties, verbatim=_VERBATIM))
        OWNERS[self._resource] = self
        if unknown_tags is not None:  # a token for the whole map, which an L1 does not take
            self._resource.add_property_override("Tags", unknown_tags)
        environment.resources.append(self._resource)
        environment.protocols[info.api_id] = self._protocol.value
        if account is not None:
            self._depend_on(account)
        if domain_mapping is not None:
            self._mapping = _domains.map_domain(self, api, domain_mapping, environment)
        self._register_synthesis_hook()
        if violations:
            warn(self, violations)

    def add_stage_variable(self, name: str, value: str) -> None:
        """Add a stage variable.

        Args:
            name: 1 to 64 letters, digits and underscores, not in use yet.
            value: At most 512 letters, digits, spaces and characters of `-._~:/?#&=,`.

        Raises:
            StageConfigurationError: The service refuses the variable, or the stage has it already.
        """
        prop = f'stage_variables["{name}"]'
        if name in self.stage_variables:
            raise self._error(prop, value, "is set already", "change it where the stage is created", show_value=False)
        report(self, _validate_variables({name: value}))
        variables = {**self.stage_variables, name: value}
        of_all = self._violations_of({"StageVariables": _arguments.plain(variables)})
        violations = [
            *_secrets.validate_readable(self, None, {name: value}),
            *self._violations_of({"StageVariables": _arguments.plain({name: value})}),
            *(each for each in of_all if each.rule == "stageVariables"),
        ]
        report(self, violations)
        self.stage_variables = read_only(variables)
        self._resource.stage_variables = variables

    def add_route_settings(self, route: str | IRouteRef, settings: RouteSettings) -> None:
        """Add the settings of one route.

        Args:
            route: The route as a construct, or its key such as `GET /pets` or `$connect`; it has no settings yet.
            settings: Its settings; what they leave out is taken from the stage's default settings.

        Raises:
            StageConfigurationError: The service refuses the settings, or the route has some already; at synth, the
                API has no such route.
        """
        by_key, violations = settings_by_key({route: settings})
        report(self, violations)
        for key in by_key.keys() & self._route_settings.keys():
            fix = "change the settings where the stage is created, or the earlier add_route_settings(...)"
            raise self._error(f'route_settings["{key}"]', settings, "is set already", fix)
        added = self._violations_of({"RouteSettings": self._render_route_settings(by_key)})
        report(self, _without_inherited(added, by_key))
        self._route_settings = self._route_settings | by_key
        self._resource.route_settings = self._render_route_settings(self._route_settings)
        self._register_synthesis_hook()

    def _violations_of(self, properties: dict[str, object]) -> list[Violation]:
        """What is wrong with properties that are added."""
        region = environment_of(self).region
        return violations_of(Resource(STAGE, properties, protocol=self._protocol.value, region=region))

    def _routes_with_metrics(self) -> list[str]:
        """Keys of the routes that CloudWatch keeps metrics of, among those with settings of their own."""
        settings = self._with_defaults(self._route_settings)
        return [key for key, whole in settings.items() if whole.detailed_metrics_enabled is True]

    def _writes_logs(self) -> bool:
        """Whether API Gateway needs the role of the account to write logs."""
        return False

    def _needs_role(self) -> bool:
        """Whether the stage logs with a role of the account that it was not given."""
        return self._writes_logs() and self._account is None

    def _depend_on(self, account: accounts.ApiGatewayAccount) -> None:
        self._resource.add_resource_dependency(account._resource)
        if environment_of(account) is not environment_of(self):  # the template of this stage does not show it
            acknowledgment = cdk.Acknowledgment(id=f"{PREFIX}accountLoggingRole", reason="the account was given")
            cdk.Validations.of(self).acknowledge(acknowledgment)

    def _register_synthesis_hook(self) -> None:
        """Have the dependencies on routes and on the account's role added once the tree is complete."""
        if not self._hook_registered and (self._route_settings or self._needs_role()):
            self._hook_registered = True
            _tree.on_synthesis(StageOrder(self).add_dependencies, environment_of(self).stack)

    def _with_defaults(self, settings: Mapping[str, RouteSettings]) -> dict[str, RouteSettings]:
        return {key: own._with_defaults(self._default_route_settings) for key, own in settings.items()}

    def _render_route_settings(self, settings: Mapping[str, RouteSettings]) -> dict[str, dict[str, object]] | None:
        return {key: self._render_settings(whole) for key, whole in self._with_defaults(settings).items()} or None

    def _render_settings(self, settings: RouteSettings) -> dict[str, object]:
        rendered = settings._to_cloudformation()
        if self._protocol is Protocol.HTTP and rendered.get("DataTraceEnabled") is False:
            del rendered["DataTraceEnabled"]  # an HTTP stage traces nothing anyway
        return rendered


_VERBATIM = frozenset({"RouteSettings", "StageVariables", "Tags"})


def _id_of(deployment: object) -> str | None:
    return getattr(getattr(deployment, "deployment_ref", None), "deployment_id", None)


def _validate_deployment(deployment: object, deployment_id: object) -> Iterator[Violation]:
    """A deployment is given once, as a construct or by its id."""
    if deployment is None:
        return
    yield from _arguments.construct(
        "deployment", deployment, "deployment_ref", "a deployment", rule="deployment", by_name="deployment_id={}"
    )
    if deployment_id is not None:
        problem, fix = "cannot be combined with deployment", "a stage serves one deployment; remove one of the two"
        yield _arguments.violation("deployment", "deployment_id", deployment_id, problem, fix)


def _without_inherited(violations: list[Violation], by_key: Mapping[str, RouteSettings]) -> list[Violation]:
    """The violations but for values that the settings of a route take from the default settings, which has them too."""
    if not violations:
        return violations
    inherited = {
        f'route_settings["{key}"].{field.name}'
        for key, own in by_key.items()
        for field in dataclasses.fields(own)
        if getattr(own, field.name) is None
    }
    return [each for each in violations if each.prop not in inherited]


def _validate_variables(variables: object) -> Iterator[Violation]:
    yield from _arguments.map_of_texts(
        "stage_variables", variables, key_rule="stageVariableName", value_rule="stageVariableValue"
    )
