"""What HTTP and WebSocket stages have in common."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk.interfaces.aws_apigatewayv2 import StageReference

from .. import _checks, _grants
from .._metrics import faults_of as metric_faults
from .._metrics import takes_metric_options
from . import _domains, _rules, _secrets, _tree
from . import access_log_settings as access_logs
from . import api_gateway_account as accounts
from ._api import Protocol, endpoint_disabled, facts_of, throttle_quota_of
from ._route import route_key_of, settings_by_key
from ._stage_imports import StageImports
from ._stage_in_tree import StageInTree
from .route_settings import RouteSettings, library_defaults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.interfaces.aws_apigateway import IClientCertificateRef
    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IDeploymentRef, IRouteRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef
    from constructs import Construct
    from typing_extensions import Unpack

    from .._metrics import MetricOptions

_READ_LOGS = (
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogGroupFields",
    "logs:StartQuery",
)
_READ_QUERIES = ("logs:GetQueryResults", "logs:StopQuery")
"""Actions on queries of Logs Insights, for which IAM has no resource narrower than `*`: they need the id that
`logs:StartQuery` returns. `logs:DescribeQueries` is left out, since it lists the ids of all queries of the account."""

_LONGEST_DIMENSION = 255


class _Environment(NamedTuple):
    region: str
    account: str
    url_suffix: str


class StageBase(cdk.Resource, StageImports):
    """What HTTP and WebSocket stages, owned and imported, have in common.

    jsii compares each member of the classes before `Resource` with each native interface, whenever one is made: what
    no native interface names is kept behind it where it can be.
    """

    __jsii_ifaces__: ClassVar[list[type]] = []
    """Those of `Resource` are in the native stage interfaces already."""

    api_id: str
    """Id of the API."""
    description: str | None
    """Description as given or looked up; None where it is not known."""
    auto_deploy: bool | None
    """Whether the stage deploys by itself; None where it is not known."""
    deployment_id: str | None
    """Id of the deployment that the stage was given; None where it has none or it is not known."""
    stage_variables: dict[str, str]
    """Stage variables as given, added or looked up; empty where they are not known."""
    tags: dict[str, str]
    """Tags as given or looked up; those of `Tags.of` are in the template alone."""

    _stage_name: str
    _api: IApiRef | None
    _location: Mapping[str, str]
    """Region and account, where they are not those of the stack."""
    _access_logs: access_logs.AccessLogs | None
    _mapping: _domains.DomainMapping | None
    _account: accounts.ApiGatewayAccount | None
    _may_have_a_twin: bool
    _waiting: bool

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
        default_route_settings: RouteSettings,
        route_settings: Mapping[str | IRouteRef, RouteSettings] | None,
        access_log_settings: access_logs.AccessLogSettings | None,
        stage_variables: Mapping[str, str] | None,
        client_certificate_id: str | IClientCertificateRef | None = None,
        domain_mapping: apigatewayv2.DomainMappingOptions | None,
        account: accounts.ApiGatewayAccount | None = None,
        tags: Mapping[str, str] | None,
    ) -> None:
        facts = facts_of(api)
        certificate = getattr(client_certificate_id, "client_certificate_ref", None)
        certificate_id = cast("str | None", certificate.client_certificate_id if certificate else client_certificate_id)
        quota = throttle_quota_of(api if facts else None)
        by_key, route_faults = settings_by_key(route_settings, self._protocol, quota)
        faults = [
            *_rules.api(api, facts, self._protocol),
            *(_rules.api_id(facts.api_id, prop="api.api_id") if facts else ()),
            *_rules.stage_name(stage_name, self._protocol),
            *(_rules.number_of_stages(len(facts.stage_names) + 1) if facts else ()),
            *_rules.description(description),
            *_rules.identifier("deployment_id", deployment_id),
            *_rules.deployment(deployment, deployment_id),
            *_rules.auto_deploy(auto_deploy, deployment, "deployment"),
            *_rules.auto_deploy(auto_deploy, deployment_id, "deployment_id"),
            *_rules.route_settings("default_route_settings", default_route_settings, self._protocol, quota),
            *route_faults,
            *access_logs.faults_of(access_log_settings, self._protocol),
            *_rules.stage_variables(stage_variables),
            *_secrets.validate_readable(scope, description, stage_variables),
            *_rules.identifier("client_certificate_id", certificate_id),
            *_domains.faults_of(domain_mapping, self._protocol),
            *accounts.faults_of(account),
            *_rules.tags(tags),
            *_checks.known_keys(scope, "tags", tags),
        ]
        if faults:
            _checks.refuse(scope, id, faults)
        assert facts is not None  # noqa: S101  or it was refused above
        self._may_have_a_twin = stage_name in facts.stage_names
        if deployment is not None:
            deployment_id = deployment.deployment_ref.deployment_id
        self.api_id = facts.api_id
        self.description = description
        self.auto_deploy = deployment_id is None if auto_deploy is None else auto_deploy
        self.deployment_id = deployment_id
        self.stage_variables = dict(stage_variables or {})
        self.tags = dict(tags or {})
        self._stage_name = str.__str__(stage_name)  # the text of a member of a str enum
        self._api = api
        self._location = {}
        self._mapping = None
        self._account = account
        self._waiting = False
        self._default_route_settings = default_route_settings._over(library_defaults(quota))
        self._route_settings = by_key
        super().__init__(scope, id)
        self._access_logs = (
            None if access_log_settings is None else access_logs.resolve(self, access_log_settings, self._protocol)
        )
        self._resource = apigatewayv2.CfnStage(
            self,
            "Resource",
            api_id=self.api_id,
            stage_name=self._stage_name,
            description=description,
            auto_deploy=self.auto_deploy,
            deployment_id=deployment_id,
            default_route_settings=self._render_default_route_settings(),
            route_settings=self._render_route_settings(),
            access_log_settings=self._render_access_log_settings(),
            stage_variables=self.stage_variables or None,
            client_certificate_id=certificate_id,
            tags=self.tags or None,
        )
        facts.stage_names.add(stage_name)
        if account is not None:
            self._resource.node.add_dependency(account)
        if domain_mapping is not None:
            self._mapping = _domains.map_domain(self, api, domain_mapping)
        self._wait()
        if faults:
            _checks.warn(self, faults)

    @property
    def stage_name(self) -> str:
        """Name of the stage, as given: reading it makes nothing wait for the stage."""
        return self._stage_name

    @property
    def stage_ref(self) -> StageReference:
        """Reference to the stage, for whatever takes an `IStageRef`."""
        return StageReference(api_id=self.api_id, stage_name=self._stage_name)

    @property
    def stage_arn(self) -> str:
        """ARN of the stage as a resource, `arn:{partition}:apigateway:{region}::/apis/{api}/stages/{name}`."""
        return self.stack.format_arn(
            service="apigateway",
            region=self._environment.region,
            account="",
            resource="/apis",
            resource_name=f"{self.api_id}/stages/{self._stage_name}",
        )

    @property
    def execution_arn(self) -> str:
        """ARN under which the stage is called, `arn:{partition}:execute-api:{region}:{account}:{api}/{name}`.

        With `/*` behind it, it is what a Lambda permission wants as its source ARN.
        """
        return self.stack.format_arn(
            service="execute-api",
            region=self._environment.region,
            account=self._environment.account,
            resource=self.api_id,
            resource_name=self._stage_name,
        )

    @property
    def domain_url(self) -> str:
        """URL of the stage under its own domain name.

        Raises:
            StageConfigurationError: The stage has no domain mapping, or it is not known.
        """
        if self._mapping is None:
            raise self._error("domain_mapping", None, "must be given for a domain_url", "read url instead", tells=False)
        scheme = "https" if self._protocol is Protocol.HTTP else "wss"
        return f"{scheme}://{self._mapping.domain_name}/{self._mapping.key or ''}"

    @property
    def log_group(self) -> ILogGroupRef | None:
        """Log group of the access logs; None where there is none or only its ARN is known."""
        return self._access_logs.log_group if self._access_logs else None

    def add_stage_variable(self, name: str, value: str) -> None:
        """Add a stage variable.

        Args:
            name: 1 to 64 letters, digits and underscores, not in use yet.
            value: At most 512 letters, digits, spaces and characters of `-._~:/?#&=,`.

        Raises:
            StageConfigurationError: The service refuses the variable, or the stage has it already.
        """
        faults = [
            *_rules.stage_variable(name, value),
            *_secrets.validate_readable(self, None, {name: value}),
            *_rules.number_of_stage_variables(len(self.stage_variables) + 1),
        ]
        self._refuse(faults)
        if name in self.stage_variables:
            prop = f'stage_variables["{name}"]'
            raise self._error(prop, value, "is set already", "change it where the stage is made", tells=False)
        self.stage_variables[name] = value
        self._resource.stage_variables = self.stage_variables
        _checks.warn(self, faults)

    def add_route_settings(self, route: str | IRouteRef, settings: RouteSettings) -> None:
        """Add the settings of one route.

        Args:
            route: The route as a construct, or its key such as `GET /pets` or `$connect`; it has no settings yet.
            settings: Its settings; what they leave out is taken from the stage's default settings.

        Raises:
            StageConfigurationError: The service refuses the settings, or the route has some already; at synth, the
                API has no such route.
        """
        by_key, faults = settings_by_key({route: settings}, self._protocol, throttle_quota_of(self._api))
        self._refuse(faults)
        for key in by_key:
            if key in self._route_settings:
                there = "change the settings where the stage is made, or the earlier add_route_settings(...)"
                raise self._error(f'route_settings["{key}"]', settings, "is set already", there)
        self._route_settings |= by_key
        self._resource.route_settings = self._render_route_settings()
        self._wait()
        _checks.warn(self, faults)

    @takes_metric_options
    def metric(
        self, metric_name: str, *, route: str | IRouteRef | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """A CloudWatch metric of the stage, in namespace `AWS/ApiGateway`.

        Args:
            metric_name: Name of the metric.
            route: Only this route, as construct or as its key such as `GET /pets`. Default: all routes.
                There are metrics of each route only where `detailed_metrics_enabled` is set.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: `Average` over five minutes.
        """
        given = cast("MetricOptions", {name: value for name, value in options.items() if value is not None})
        self._refuse(
            [
                *_checks.text("metric_name", metric_name, rule="metricName", least=1, most=255, required=True),
                *metric_faults(given),
            ]
        )
        dimensions = dict(given.get("dimensions_map") or {"ApiId": self.api_id, "Stage": self._stage_name})
        if route is not None:
            dimensions["Route"] = self._route_key(route)
        given["dimensions_map"] = dimensions
        given = cast("MetricOptions", {**self._location, **given})
        return cloudwatch.Metric(namespace="AWS/ApiGateway", metric_name=metric_name, **given).attach_to(self)

    def _sum(self, metric_name: str, route: str | IRouteRef | None, options: MetricOptions) -> cloudwatch.Metric:
        options["statistic"] = options.get("statistic") or "Sum"
        return self.metric(metric_name, route=route, **options)

    def grant_read_logs(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal read the logs of the stage, by events and by queries of CloudWatch Logs Insights.

        To find the log groups it may list the names of all log groups of the account and Region.

        Args:
            grantee: Who may read.

        Raises:
            StageConfigurationError: The stage writes no logs, or it is not known where.
        """
        arns = self._log_arns()
        if not arns:
            raise self._error(
                "access_log_settings",
                None,
                "must be given for grant_read_logs",
                "the stage writes no logs that are known here; if there is a log group, use its grant_read(...)",
                tells=False,
            )
        log_groups = self.stack.format_arn(
            service="logs",
            region=self._environment.region,
            account=self._environment.account,
            resource="log-group",
            resource_name="*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        permissions = [
            _grants.Permission(_READ_LOGS, arns),
            _grants.Permission(("logs:DescribeLogGroups",), [log_groups]),  # it lists names: one group is none of it
            _grants.Permission(_READ_QUERIES, ["*"]),
        ]
        access_logs = self._access_logs
        if access_logs and access_logs.key_arn:
            of_group = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": access_logs.destination_arn}}
            permissions.append(_grants.Permission(("kms:Decrypt",), [access_logs.key_arn], of_group))
        return self._grant(grantee, *permissions)

    @functools.cached_property
    def _environment(self) -> _Environment:
        environment = self.env
        return _Environment(environment.region, environment.account, self.stack.url_suffix)

    @functools.cached_property
    def _host(self) -> str:
        if self._api is not None and endpoint_disabled(self._api):
            raise self._error(
                "api",
                self._api,
                "must have its execute-api endpoint for a url",
                "it was made with disable_execute_api_endpoint=True, read domain_url instead",
            )
        return f"{self.api_id}.execute-api.{self._environment.region}.{self._environment.url_suffix}"

    def _log_arns(self) -> list[str]:
        readable = self._access_logs and self._access_logs.readable_arn
        return [readable] if readable else []

    def _grant(self, grantee: iam.IGrantable, *permissions: _grants.Permission) -> iam.Grant:
        kind = "HTTP" if self._protocol is Protocol.HTTP else "WebSocket"
        reason = f"{kind} APIs have no resource policies"
        return _grants.add_to_principal(self, grantee, *permissions, account=self._environment.account, reason=reason)

    def _route_key(self, route: str | IRouteRef) -> str:
        key = route_key_of(route)
        if key is None or not 0 < len(key) <= _LONGEST_DIMENSION:
            raise self._error("route", route, "must be a route whose key is known", 'write the key, as "GET /pets"')
        return key

    def _refuse(self, faults: list[_checks.Fault]) -> None:
        fatal = [fault for fault in faults if fault.fatal]
        if fatal:
            raise _checks.error(self.node.path, *fatal)

    def _error(self, prop: str, value: object, problem: str, remedy: str, *, tells: bool = True) -> Exception:
        fault = _checks.Fault(rule=prop, prop=prop, value=value, problem=problem, remedy=remedy, tells_value=tells)
        return _checks.error(self.node.path, fault)

    def _routes_with_metrics(self) -> list[str]:
        """Keys of the routes that CloudWatch keeps metrics of, among those with settings of their own."""
        settings = {key: own._over(self._default_route_settings) for key, own in self._route_settings.items()}
        return [key for key, whole in settings.items() if whole.detailed_metrics_enabled is True]

    def _writes_logs(self) -> bool:
        """Whether API Gateway needs the role of the account to write logs."""
        return False

    def _needs_role(self) -> bool:
        """Whether the stage logs with a role of the account that it was not given."""
        return self._writes_logs() and self._account is None

    def _wait(self) -> None:
        """Be called back for what only the complete tree can tell, if there is any."""
        if not self._waiting and (self._route_settings or self._may_have_a_twin or self._needs_role()):
            self._waiting = True
            _tree.when_complete(StageInTree(self), self.stack)

    def _render_default_route_settings(self) -> apigatewayv2.CfnStage.RouteSettingsProperty:
        rendered = self._default_route_settings._rendered(execution_logs=self._protocol is Protocol.WEBSOCKET)
        return apigatewayv2.CfnStage.RouteSettingsProperty(**cast("dict[str, Any]", rendered))

    def _render_route_settings(self) -> dict[str, dict[str, object]] | None:
        return {
            key: {
                "".join(word.capitalize() for word in name.split("_")): value
                for name, value in settings._over(self._default_route_settings)
                ._rendered(execution_logs=self._protocol is Protocol.WEBSOCKET)
                .items()
            }
            for key, settings in self._route_settings.items()
        } or None

    def _render_access_log_settings(self) -> apigatewayv2.CfnStage.AccessLogSettingsProperty | None:
        logs = self._access_logs
        if logs is None:
            return None
        return apigatewayv2.CfnStage.AccessLogSettingsProperty(destination_arn=logs.destination_arn, format=logs.format)


class ImportedStage(StageBase):
    """A stage that is declared elsewhere; stands before the stage of its protocol among the bases."""

    description = None
    auto_deploy = None
    deployment_id = None
    _api = None
    _access_logs = None
    _mapping = None

    def __init__(self, scope: Construct, id: str, *, api_id: str, stage_name: str, location: Mapping[str, str]) -> None:
        cdk.Resource.__init__(self, scope, id, **location)
        self._location = location
        self.api_id = api_id
        self.stage_variables = {}
        self.tags = {}
        self._stage_name = str.__str__(stage_name)  # the text of a member of a str enum

    def add_stage_variable(self, name: str, value: str) -> None:
        """Refused: an imported stage cannot be changed."""
        prop = f'stage_variables["{name}"]'
        raise self._error(prop, value, "cannot be added to an imported stage", _ELSEWHERE, tells=False)

    def add_route_settings(self, route: str | IRouteRef, settings: RouteSettings) -> None:
        """Refused: an imported stage cannot be changed."""
        prop = f'route_settings["{route_key_of(route)}"]'
        raise self._error(prop, settings, "cannot be added to an imported stage", _ELSEWHERE)

    def _routes_with_metrics(self) -> list[str]:
        return []


_ELSEWHERE = "change the stage where it is declared"
