"""The widgets of all stages as one native widget, because each native widget and metric is a jsii kernel request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import constructs
import jsii
from aws_cdk import aws_cloudwatch as cloudwatch

from .._validation import raise_if_invalid
from ..errors import StageConfigurationError
from ._graphs import WIDTH, bottom_of, validate_size

if TYPE_CHECKING:
    from collections.abc import Callable


@jsii.implements(cloudwatch.IWidget, constructs.IValidation)
class StageWidgets:
    """The widgets of some stages, which are rendered at synth: routes may be added until then."""

    def __init__(
        self, dashboard: constructs.Construct, render: Callable[[int, int], list[dict[str, Any]]], number_of_stages: int
    ) -> None:
        self._dashboard = dashboard
        self._render = render
        self._number_of_stages = number_of_stages
        self._x = self._y = 0

    @property
    def warnings(self) -> None:
        """No warnings."""

    @property
    def warnings_v2(self) -> None:
        """No warnings."""

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return WIDTH

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return bottom_of(self.to_json()) - self._y

    def position(self, x: float, y: float) -> None:
        """Set the place of the first widget on the grid."""
        self._x, self._y = int(x), int(y)

    def to_json(self) -> list[Any]:
        """All widgets."""
        return self._render(self._x, self._y)

    def validate(self) -> list[str]:
        """Report more widgets than fit on a dashboard."""
        try:
            raise_if_invalid(self._dashboard, None, validate_size(self.to_json(), self._number_of_stages))
        except StageConfigurationError as error:
            return [str(error)]
        return []
