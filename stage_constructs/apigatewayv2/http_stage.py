"""A stage of an HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .. import _grants
from .._arguments import has_member
from .._validation import report
from ..rules._unknown import is_unknown
from ._api_info import Protocol
from ._identifiers import execute_api_method, execute_api_path, executed_path
from ._imported_stage import ImportedStage
from ._stage import StageBase
from ._stage_metrics import stage_metric
from .route_settings import AccountLimit, RouteSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IDeploymentRef, IRouteRef
    from constructs import Construct

    from .access_log_settings import AccessLogSettings

_LOG_GROUP_ACTIONS = (
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
)
_LOG_DELIVERY_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:CreateLogGroup",
    "logs:DeleteLogDelivery",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)


@jsii.implements(apigatewayv2.IHttpStage)
class HttpStage(StageBase):
    """Define a stage of an HTTP API: a name under which a deployment of the API is called.

    Creates one `AWS::ApiGatewayV2::Stage`. If you enable access logs without a log group, one is created. A change of
    `api` or `stage_name` replaces the stage; all other properties update without replacement.

    It implements the native `IHttpStage`, for native constructs that take a stage.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
    """

    _protocol = Protocol.HTTP

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api: IApiRef,
        stage_name: str = "$default",
        description: str | None = None,
        auto_deploy: bool | None = None,
        deployment: IDeploymentRef | None = None,
        deployment_id: str | None = None,
        default_route_settings: RouteSettings | AccountLimit | None = RouteSettings(),
        route_settings: Mapping[str | IRouteRef, RouteSettings] | None = None,
        access_log_settings: AccessLogSettings | None = None,
        stage_variables: Mapping[str, str] | None = None,
        domain_mapping: apigatewayv2.DomainMappingOptions | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define a stage of an HTTP API.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            api: The API: a native `HttpApi`, a `CfnApi`, or an imported one.
            stage_name: 1 to 128 letters, digits, hyphens and underscores, or `$default`. Default: `$default`.
                `$default` is served at the root of the API's URL, others below their name. A change replaces the stage.
            description: At most 1024 characters. Default: none.
            auto_deploy: Whether changes of the API are deployed automatically. Default: True without a deployment.
                With one the default is False, and True is refused.
            deployment: Deployment that the stage serves, such as a `Deployment`. Default: none, see `auto_deploy`.
            deployment_id: The deployment by its id, in place of `deployment`. Default: none.
            default_route_settings: Throttles, metrics. Default: 5000 requests, 10000 requests per second, no metrics.
                In Regions whose account quota is smaller the default is 1250 and 2500, if the Region is known.
                `ACCOUNT_LIMIT` in its place writes no throttles.
            route_settings: Settings of single routes, by key such as `GET /pets` or by construct. Default: none.
                Omitted fields take the default settings; the stage is created after these routes.
            access_log_settings: Destination and format of access logs. Default: no access logs.
            stage_variables: At most 100; names of 1 to 64 word characters, values up to 512. Default: none.
            domain_mapping: Custom domain name, and path in it, of the stage. Default: none.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: The service would refuse one of the values.
        """
        super().__init__(
            scope,
            id,
            api=api,
            stage_name=stage_name,
            description=description,
            auto_deploy=auto_deploy,
            deployment=deployment,
            deployment_id=deployment_id,
            default_route_settings=default_route_settings,
            route_settings=route_settings,
            access_log_settings=access_log_settings,
            stage_variables=stage_variables,
            domain_mapping=domain_mapping,
            tags=tags,
        )

    @property
    def api(self) -> apigatewayv2.IHttpApi:
        """The API, as a native one."""
        if self._api is None or not has_member(self._api, "default_stage"):
            self._api = apigatewayv2.HttpApi.from_http_api_attributes(self, "Api", http_api_id=self.api_id)
        return cast("apigatewayv2.IHttpApi", self._api)

    @property
    def is_http_stage(self) -> bool:
        """Always True: tells native constructs what kind of stage this is."""
        return True

    @property
    def url(self) -> str:
        """URL of the stage: `https://{host}/` for `$default`, `https://{host}/{name}` for others."""
        return f"https://{self._endpoint('a url', 'read domain_url')}/{self._unless_default(self.stage_name)}"

    @property
    def origin_path(self) -> str:
        """Path of the stage at its host, for an origin of CloudFront: empty for `$default`, `/{name}` for others."""
        return self._unless_default(f"/{self.stage_name}")

    def arn_for_execute_api(self, method: str | apigatewayv2.HttpMethod = "*", path: str = "*") -> str:
        """ARN under which a method of a path is called, for policies and Lambda permissions.

        Args:
            method: HTTP method, as text or as the native enum; `ANY` and `*` mean each of them. Default: `*`.
            path: Path such as `/pets/{id}`, in which a parameter matches anything. Default: `*`, every path.

        Raises:
            StageConfigurationError: A wildcard is not alone, or there is a blank or a policy variable.
        """
        method = method.name if isinstance(method, apigatewayv2.HttpMethod) else method
        report(self, [*execute_api_method(method), *execute_api_path(path)])
        if not is_unknown(method):
            method = str.__str__(method).upper()
        return f"{self.execution_arn}/{'*' if method == 'ANY' else method}/{executed_path(path)}"

    metric_count = stage_metric("Count", "Sum")
    """Number of requests. Default statistic: `Sum` over five minutes."""
    metric_latency = stage_metric("Latency", "Average")
    """Milliseconds from request to response. Default statistic: `Average` over five minutes."""
    metric_integration_latency = stage_metric("IntegrationLatency", "Average")
    """Milliseconds that the integration took. Default statistic: `Average` over five minutes."""
    metric_client_error = stage_metric("4xx", "Sum")
    """Number of 4xx responses. Default statistic: `Sum` over five minutes."""
    metric_server_error = stage_metric("5xx", "Sum")
    """Number of 5xx responses. Default statistic: `Sum` over five minutes."""
    metric_data_processed = stage_metric("DataProcessed", "Sum")
    """Bytes processed. Default statistic: `Sum` over five minutes."""

    def grant_invoke(
        self,
        grantee: iam.IGrantable,
        *,
        route: str | IRouteRef | None = None,
        method: str | apigatewayv2.HttpMethod = "*",
        path: str = "*",
    ) -> iam.Grant:
        """Grant a principal permission to call the routes of the stage that use IAM authorization.

        Action: `execute-api:Invoke`.

        Args:
            grantee: The principal.
            route: Only this route, by key such as `GET /pets` or as construct. Default: `method` and `path`.
            method: HTTP method, as text or as the native enum; `ANY` and `*` mean each of them. Default: `*`.
            path: Path such as `/pets/{id}`, in which a parameter matches anything. Default: `*`, every path.

        Raises:
            StageConfigurationError: A wildcard is not alone, or there is a blank or a policy variable; or the route is
                given together with a method or a path, or has neither.
        """
        if route is not None:
            if (method, path) != ("*", "*"):
                raise self._error("route", route, "cannot be combined with method and path", "remove the one or other")
            method, path = self._method_and_path(route)
        return self._grant(
            grantee, _grants.Permission(("execute-api:Invoke",), [self.arn_for_execute_api(method, path)])
        )

    def _method_and_path(self, route: str | IRouteRef) -> tuple[str, str]:
        method, blank, path = self._known_route_key(route).partition(" ")
        if not blank:
            problem = 'must be a route with a method and a path, such as "GET /pets"'
            fix = "to allow all routes leave it out, or write the method and the path of the requests"
            raise self._error("route", route, problem, fix)
        return method, path

    def grant_log_delivery(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to deploy HTTP stages with access logs, which use vended log delivery.

        For the role that deploys, such as CloudFormation's execution role; the stage itself needs no role.

        Actions: `logs:CreateLogDelivery`, `logs:CreateLogGroup`, `logs:DeleteLogDelivery`, `logs:DescribeLogGroups`,
        `logs:DescribeLogStreams`, `logs:DescribeResourcePolicies`, `logs:FilterLogEvents`, `logs:GetLogDelivery`,
        `logs:GetLogEvents`, `logs:ListLogDeliveries`, `logs:PutResourcePolicy`, `logs:UpdateLogDelivery`.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html

        Args:
            grantee: The principal.
        """
        # IAM knows no resource narrower than * for the actions of log delivery.
        return self._grant(
            grantee,
            _grants.Permission(_LOG_GROUP_ACTIONS, [self._log_group_arn("*")]),
            _grants.Permission(_LOG_DELIVERY_ACTIONS, ["*"]),
        )

    def _unless_default(self, path: str) -> str:
        """A path, or nothing if this is the `$default` stage: that is served at the root."""
        name = self._stage_name
        if not is_unknown(name):
            return "" if name == "$default" else path
        parameter = _parameter(name)
        if parameter is None or parameter.stack is not self.stack:
            return path
        if "$default" not in (parameter.default, *(parameter.allowed_values or ())):
            return path
        condition = self.node.try_find_child("IsDefault") or cdk.CfnCondition(
            self, "IsDefault", expression=cdk.Fn.condition_equals(name, "$default")
        )
        return cdk.Token.as_string(cdk.Fn.condition_if(cast("cdk.CfnCondition", condition).logical_id, "", path))


def _parameter(name: object) -> cdk.CfnParameter | None:
    """The parameter of the template that a token stands for."""
    token = cdk.Tokenization.reverse_string(name).first_token if isinstance(name, str) and "${Token[" in name else None
    target = token.target if isinstance(token, cdk.Reference) else None
    return target if isinstance(target, cdk.CfnParameter) else None


@jsii.implements(apigatewayv2.IHttpStage)
class _ImportedHttpStage(ImportedStage, HttpStage):
    pass


HttpStage._imported = _ImportedHttpStage
