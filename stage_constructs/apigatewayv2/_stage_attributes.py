"""Names, ARNs and URLs of HTTP and WebSocket stages, declared here or elsewhere."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import aws_cdk as cdk
from aws_cdk.interfaces.aws_apigatewayv2 import StageReference

from .. import _arguments
from ..errors import StageConfigurationError
from ._api_info import Protocol, endpoint_disabled
from ._route import route_key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IRouteRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef

    from . import _domains
    from . import access_log_settings as access_logs

_MAX_DIMENSION = 255
"""Characters of a dimension of a metric, such as the key of a route."""


class _Environment(NamedTuple):
    region: str
    account: str
    url_suffix: str


class StageAttributes(cdk.Resource):
    """A stage by its API and its name."""

    __jsii_ifaces__: ClassVar[list[type]] = []
    """Those of `Resource` are in the native stage interfaces already."""

    api_id: str
    _protocol: ClassVar[Protocol]
    _stage_name: str
    _api: IApiRef | None
    _location: Mapping[str, str]
    """Region and account, where they are not those of the stack."""
    _access_logs: access_logs.AccessLogs | None
    _mapping: _domains.DomainMapping | None

    @property
    def stage_name(self) -> str:
        """Name of the stage, as given: reading it adds no dependency on the stage."""
        return self._stage_name

    @property
    def stage_ref(self) -> StageReference:
        """Reference to the stage, for constructs that take an `IStageRef`."""
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
    def host(self) -> str:
        """Host name of the API, `{api}.execute-api.{region}.{suffix}`, for an origin of CloudFront.

        Raises:
            StageConfigurationError: The API has no execute-api endpoint.
        """
        return self._endpoint("host", "use the domain name of domain_mapping")

    @property
    def origin_path(self) -> str:
        """Path of the stage at its host, for an origin of CloudFront: `/{name}`."""
        return f"/{self._stage_name}"

    @property
    def domain_url(self) -> str:
        """URL of the stage under its own domain name.

        Raises:
            StageConfigurationError: The stage has no domain mapping, or it is not known.
        """
        scheme = "https" if self._protocol is Protocol.HTTP else "wss"
        return f"{scheme}://{self._domain_path('domain_url', 'url')}"

    @property
    def log_group(self) -> ILogGroupRef | None:
        """Log group of the access logs; None where there is none or only its ARN is known."""
        return self._access_logs.log_group if self._access_logs else None

    @functools.cached_property
    def _environment(self) -> _Environment:
        environment = self.env
        return _Environment(environment.region, environment.account, self.stack.url_suffix)

    @functools.cached_property
    def _host(self) -> str | None:
        """Host name of the execute-api endpoint; None where it is disabled."""
        if self._api is not None and endpoint_disabled(self._api):
            return None
        return f"{self.api_id}.execute-api.{self._environment.region}.{self._environment.url_suffix}"

    def _endpoint(self, attribute: str, instead: str) -> str:
        """The host name for an attribute, and what to use where the execute-api endpoint is disabled."""
        if self._host is None:
            fix = f"it was made with disable_execute_api_endpoint=True, {instead} instead"
            fix += "" if self._mapping else ", which needs domain_mapping"
            raise self._error("api", self._api, f"must have its execute-api endpoint for {attribute}", fix)
        return self._host

    def _domain_path(self, attribute: str, instead: str) -> str:
        """The domain name and the path in it for an attribute, and what to read where there is no domain mapping."""
        if self._mapping is None:
            problem = f"must be given for a {attribute}"
            raise self._error("domain_mapping", None, problem, f"read {instead} instead", show_value=False)
        return f"{self._mapping.domain_name}/{self._mapping.key or ''}"

    def _known_route_key(self, route: str | IRouteRef) -> str:
        """The key of a route, which a method was given by its key or as a construct."""
        key = route_key_of(route)
        if key is None or not 0 < len(key) <= _MAX_DIMENSION:
            raise self._error("route", route, "must be a route whose key is known", 'write the key, as "GET /pets"')
        return key

    def _error(self, prop: str, value: object, problem: str, fix: str, *, show_value: bool = True) -> Exception:
        violation = _arguments.violation(prop.partition("[")[0], prop, value, problem, fix, show_value=show_value)
        return StageConfigurationError(self.node.path, [violation])


def as_string(name: object) -> str:
    """A name, or a token of another form as a string."""
    return name if isinstance(name, str) else cdk.Token.as_string(name)
