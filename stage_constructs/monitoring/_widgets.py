"""The widgets of all stages as one native widget, which is rendered at synth.

Native metrics and widgets cost a request to the jsii kernel each; this widget returns all of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_cloudwatch as cloudwatch

from .._validation import is_accepted
from ..errors import StageConfigurationError
from . import _arguments, _graphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._monitored_stage import MonitoredStage


@jsii.implements(cloudwatch.IWidget, constructs.IValidation)
class StageWidgets:
    """The rows of all stages, one below the other."""

    def __init__(
        self, dashboard: constructs.Construct, monitored_stages: Sequence[MonitoredStage], *, log_queries: bool = False
    ) -> None:
        self._dashboard = dashboard
        self._log_queries = log_queries
        self._monitored_stages = monitored_stages
        self._account = cdk.Stack.of(dashboard).account
        self._region = cdk.Aws.REGION
        self._x = self._y = 0

    @property
    def warnings(self) -> None:
        """Nothing to warn of."""

    @property
    def warnings_v2(self) -> None:
        """Nothing to warn of."""

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return _graphs.WIDTH

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return sum(_graphs.height_of(monitored, queries=self._log_queries) for monitored in self._monitored_stages)

    def position(self, x: float, y: float) -> None:
        """Be placed on the grid."""
        self._x, self._y = int(x), int(y)

    def to_json(self) -> list[Any]:
        """All widgets."""
        widgets: list[dict[str, Any]] = []
        y = self._y
        for monitored in self._monitored_stages:
            environment = self._environment(monitored)
            widgets += _graphs.widgets_of(monitored, self._x, y, environment, queries=self._log_queries)
            y += _graphs.height_of(monitored, queries=self._log_queries)
        return widgets

    def validate(self) -> list[str]:
        """Report too many widgets, where routes were added after the dashboard."""
        size = _graphs.size_of(self._monitored_stages, queries=self._log_queries)
        violations = [
            each
            for each in _arguments.dashboard_size(*size, len(self._monitored_stages))
            if not is_accepted(self._dashboard, each.rule)
        ]
        return [str(StageConfigurationError(self._dashboard.node.path, violations))] if violations else []

    def _environment(self, monitored: MonitoredStage) -> dict[str, str]:
        environment = {"region": monitored.region or self._region}
        if monitored.account is not None and monitored.account != self._account:
            environment["accountId"] = monitored.account
        return environment
