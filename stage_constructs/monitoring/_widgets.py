"""The widgets of all stages as one widget of CloudWatch's construct, which asks for them when the tree is complete.

Metrics and widgets of the CDK cost a request to the jsii kernel each; here one answer carries them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import constructs
import jsii
from aws_cdk import aws_cloudwatch as cloudwatch

from .. import _checks
from . import _charts, _rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._subject import Subject


@jsii.implements(cloudwatch.IWidget, constructs.IValidation)
class StageWidgets:
    """The rows of all stages, one below the other."""

    def __init__(
        self, dashboard: constructs.Construct, subjects: Sequence[Subject], *, log_queries: bool = False
    ) -> None:
        self._dashboard = dashboard
        self._log_queries = log_queries
        self._subjects = subjects
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
        return _charts.WIDTH

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return sum(_charts.height_of(subject, queries=self._log_queries) for subject in self._subjects)

    def position(self, x: float, y: float) -> None:
        """Be placed on the grid."""
        self._x, self._y = int(x), int(y)

    def to_json(self) -> list[Any]:
        """All widgets."""
        widgets: list[dict[str, Any]] = []
        y = self._y
        for subject in self._subjects:
            environment = self._environment(subject)
            widgets += _charts.widgets_of(subject, self._x, y, environment, queries=self._log_queries)
            y += _charts.height_of(subject, queries=self._log_queries)
        return widgets

    def validate(self) -> list[str]:
        """Say so if routes that were added since made too many of them."""
        size = _charts.size_of(self._subjects, queries=self._log_queries)
        faults = list(_rules.dashboard_size(*size, len(self._subjects)))
        return [str(_checks.error(self._dashboard.node.path, *faults))] if faults else []

    def _environment(self, subject: Subject) -> dict[str, str]:
        environment = {"region": subject.region or self._region}
        if subject.account is not None and subject.account != self._account:
            environment["accountId"] = subject.account
        return environment
