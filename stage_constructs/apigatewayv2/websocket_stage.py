"""A stage of a WebSocket API."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .. import _grants
from .._arguments import has_member
from .._validation import report
from ..rules.apigatewayv2.route_settings import LoggingLevel
from ._api_info import Protocol
from ._identifiers import executed_route_key
from ._imported_stage import ImportedStage
from ._stage import StageBase
from ._stage_metrics import stage_metric
from .route_settings import AccountLimit, RouteSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces.aws_apigateway import IClientCertificateRef
    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IDeploymentRef, IRouteRef
    from constructs import Construct

    from .access_log_settings import AccessLogSettings
    from .api_gateway_account import ApiGatewayAccount


@jsii.implements(apigatewayv2.IWebSocketStage)
class WebSocketStage(StageBase):
    """Define a stage of a WebSocket API: a name under which a deployment of the API is called.

    Creates one `AWS::ApiGatewayV2::Stage`. If you enable access logs without a log group, one is created. A change of
    `api` or `stage_name` replaces the stage; all other properties update without replacement.

    Access logs and execution logs of a WebSocket stage are written with the CloudWatch role of the account: see
    `ApiGatewayAccount`.

    It implements the native `IWebSocketStage`, for native constructs that take a stage.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
    """

    _protocol = Protocol.WEBSOCKET

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api: IApiRef,
        stage_name: str,
        description: str | None = None,
        auto_deploy: bool | None = None,
        deployment: IDeploymentRef | None = None,
        deployment_id: str | None = None,
        default_route_settings: RouteSettings | AccountLimit | None = RouteSettings(),
        route_settings: Mapping[str | IRouteRef, RouteSettings] | None = None,
        access_log_settings: AccessLogSettings | None = None,
        stage_variables: Mapping[str, str] | None = None,
        client_certificate_id: str | IClientCertificateRef | None = None,
        domain_mapping: apigatewayv2.DomainMappingOptions | None = None,
        account: ApiGatewayAccount | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define a stage of a WebSocket API.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            api: The API: a native `WebSocketApi`, a `CfnApi`, or an imported one.
            stage_name: 1 to 128 letters, digits, hyphens and underscores, the path that clients connect to.
                A change replaces the stage.
            description: At most 1024 characters. Default: none.
            auto_deploy: Whether changes of the API are deployed automatically. Default: True without a deployment.
                With one the default is False, and True is refused.
            deployment: Deployment that the stage serves, such as a `Deployment`. Default: none, see `auto_deploy`.
            deployment_id: The deployment by its id, in place of `deployment`. Default: none.
            default_route_settings: Throttles, metrics, logs. Default: 5000 messages, 10000 messages per second.
                In Regions whose account quota is smaller the default is 1250 and 2500, if the Region is known.
                `ACCOUNT_LIMIT` in its place writes no throttles.
                By default there are no metrics for each route and no execution logs.
            route_settings: Settings of single routes, by key such as `sendMessage` or by construct. Default: none.
                Omitted fields take the default settings; the stage is created after these routes.
            access_log_settings: Destination and format of access logs. Default: no access logs.
            stage_variables: At most 100; names of 1 to 64 word characters, values up to 512. Default: none.
            client_certificate_id: Client certificate for HTTP integrations, as construct or by its id. Default: none.
                The construct is an `aws_apigateway.CfnClientCertificate`.
            domain_mapping: Custom domain name, and path in it, of the stage. Default: none.
            account: CloudWatch role of the account, needed for logs. Default: any account resource of the stack.
                A stage that logs is created after it; a warning says if there is none.
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
            client_certificate_id=client_certificate_id,
            domain_mapping=domain_mapping,
            account=account,
            tags=tags,
        )

    @property
    def api(self) -> apigatewayv2.IWebSocketApi:
        """The API, as a native one."""
        if self._api is None or not has_member(self._api, "is_websocket_api"):
            self._api = apigatewayv2.WebSocketApi.from_web_socket_api_attributes(self, "Api", web_socket_id=self.api_id)
        return cast("apigatewayv2.IWebSocketApi", self._api)

    @property
    def url(self) -> str:
        """URL that clients connect to, `wss://{host}/{name}`."""
        return f"wss://{self._endpoint('a url', 'read domain_url')}/{self.stage_name}"

    @property
    def callback_url(self) -> str:
        """Endpoint of the `@connections` API of the stage, `https://{host}/{name}`."""
        return f"https://{self._endpoint('a callback_url', 'read domain_callback_url')}/{self.stage_name}"

    @property
    def domain_callback_url(self) -> str:
        """Endpoint of the `@connections` API under the domain name of the stage, `https://{domain}/{mapping key}`.

        Raises:
            StageConfigurationError: The stage has no domain mapping, or it is not known.
        """
        return f"https://{self._domain_path('domain_callback_url', 'callback_url')}"

    @property
    def execution_log_group_name(self) -> str:
        """Name of the log group that API Gateway creates for execution logs."""
        return f"/aws/apigateway/{self.api_id}/{self.stage_name}"

    def arn_for_route(self, route_key: str = "*") -> str:
        """ARN under which a route is called, for policies and Lambda permissions.

        Args:
            route_key: Key of the route, such as `$connect`. Default: `*`, every route.

        Raises:
            StageConfigurationError: A wildcard is not alone, or there is a policy variable.
        """
        report(self, executed_route_key(route_key))
        return f"{self.execution_arn}/{route_key}"

    metric_connect_count = stage_metric("ConnectCount", "Sum")
    """Number of messages to the `$connect` integration. Default statistic: `Sum` over five minutes."""
    metric_message_count = stage_metric("MessageCount", "Sum")
    """Number of messages from and to clients. Default statistic: `Sum` over five minutes."""
    metric_client_error = stage_metric("ClientError", "Sum")
    """Number of 4xx responses of API Gateway before the integration. Default statistic: `Sum` over five minutes."""
    metric_execution_error = stage_metric("ExecutionError", "Sum")
    """Number of errors in calling the integration. Default statistic: `Sum` over five minutes."""
    metric_integration_error = stage_metric("IntegrationError", "Sum")
    """Number of 4xx and 5xx responses of the integration. Default statistic: `Sum` over five minutes."""
    metric_integration_latency = stage_metric("IntegrationLatency", "Average")
    """Milliseconds that the integration took. Default statistic: `Average` over five minutes."""

    def grant_invoke(self, grantee: iam.IGrantable, *, route_key: str = "$connect") -> iam.Grant:
        """Grant a principal permission to connect, if the `$connect` route uses IAM authorization.

        Action: `execute-api:Invoke`.

        Args:
            grantee: The principal.
            route_key: Key of the route. Default: `$connect`, the only one that API Gateway authorizes.

        Raises:
            StageConfigurationError: A wildcard is not alone, or there is a policy variable.
        """
        return self._grant(grantee, _grants.Permission(("execute-api:Invoke",), [self.arn_for_route(route_key)]))

    def grant_manage_connections(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to send to, get and close connections of this stage through `callback_url`.

        Action: `execute-api:ManageConnections`.

        Args:
            grantee: The principal, such as the function behind a route.
        """
        arn = f"{self.execution_arn}/*/@connections/*"
        return self._grant(grantee, _grants.Permission(("execute-api:ManageConnections",), [arn]))

    def grant_management_api_access(self, grantee: iam.IGrantable) -> iam.Grant:
        """`grant_manage_connections` by the name that the native `WebSocketStage` has for it.

        Args:
            grantee: The principal.
        """
        return self.grant_manage_connections(grantee)

    def _writes_logs(self) -> bool:
        levels = {each.logging_level for each in (self._default_route_settings, *self._route_settings.values())}
        return self._access_logs is not None or not levels.isdisjoint({LoggingLevel.ERROR, LoggingLevel.INFO})

    def _log_arns(self) -> list[str]:
        execution_logs = self._log_group_arn(f"{self.execution_log_group_name}:*")
        return [*super()._log_arns(), execution_logs]


@jsii.implements(apigatewayv2.IWebSocketStage)
class _ImportedWebSocketStage(ImportedStage, WebSocketStage):
    pass


WebSocketStage._imported = _ImportedWebSocketStage
