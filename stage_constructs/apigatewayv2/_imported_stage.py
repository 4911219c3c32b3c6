"""A stage that is declared elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from .. import _arguments
from .._read_only import read_only
from ._existing_stage import existing_stage
from ._route import route_key_of
from ._stage import StageBase
from ._stage_attributes import as_string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef, IStageRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef
    from constructs import Construct

    from .route_settings import RouteSettings

_ELSEWHERE = "change the stage where it is declared"


class ImportedStage(StageBase):
    """A stage that is declared elsewhere; stands before the stage of its protocol among the bases."""

    description = None
    auto_deploy = None
    deployment_id = None
    _api = None
    _access_logs = None
    _mapping = None
    _declared: IStageRef | None = None
    """The stage of this app that it stands for, where it is known."""

    def __init__(self, scope: Construct, id: str, *, api_id: str, stage_name: str, location: Mapping[str, str]) -> None:
        self._stage_name = _arguments.plain(stage_name)
        cdk.Resource.__init__(self, scope, id, physical_name=as_string(self._stage_name), **location)
        self._location = location
        self.api_id = api_id
        self.stage_variables = read_only(None)
        self.tags = read_only(None)

    @property
    def log_group(self) -> ILogGroupRef | None:
        """Log group of the access logs of a stage of this app; None where it is not known."""
        self._read_access_logs()
        return super().log_group

    def grant_read_logs(self, grantee: iam.IGrantable) -> iam.Grant:
        """As of a stage that is declared here, where a stage of this app is wrapped."""
        self._read_access_logs()
        return super().grant_read_logs(grantee)

    def _read_access_logs(self) -> None:
        """Of a stage of this app, each time: `StageSettings` may be applied later."""
        declared = None if self._declared is None else existing_stage(self._declared)
        self._access_logs = None if declared is None else declared.access_logs()

    def add_stage_variable(self, name: str, value: str) -> None:
        """Refused: an imported stage cannot be changed."""
        prop = f'stage_variables["{name}"]'
        raise self._error(prop, value, "cannot be added to an imported stage", _ELSEWHERE, show_value=False)

    def add_route_settings(self, route: str | IRouteRef, settings: RouteSettings) -> None:
        """Refused: an imported stage cannot be changed."""
        prop = f'route_settings["{route_key_of(route)}"]'
        raise self._error(prop, settings, "cannot be added to an imported stage", _ELSEWHERE)

    def _routes_with_metrics(self) -> list[str]:
        declared = None if self._declared is None else existing_stage(self._declared)
        return [] if declared is None else declared.routes_with_metrics()
