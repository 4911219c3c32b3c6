"""A stage of any kind, as dashboards and alarms see it."""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ..rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from .. import apigatewayv2, ivs

    WatchedStage: TypeAlias = apigatewayv2.HttpStage | apigatewayv2.WebSocketStage | ivs.Stage


class StageKind(enum.Enum):
    """The kinds of stages."""

    HTTP = "HTTP stage"
    WEBSOCKET = "WebSocket stage"
    IVS = "IVS stage"

    @property
    def namespace(self) -> str:
        """Namespace of the metrics in CloudWatch."""
        return "AWS/IVSRealTime" if self is StageKind.IVS else "AWS/ApiGateway"


_CLASSES = {
    StageKind.HTTP: ("apigatewayv2", "HttpStage"),
    StageKind.WEBSOCKET: ("apigatewayv2", "WebSocketStage"),
    StageKind.IVS: ("ivs", "Stage"),
}


def kind_of(stage: object) -> StageKind | None:
    """The kind of a stage of this library, None for anything else; loads no package."""
    library = __name__.partition(".")[0]
    for kind, (package, name) in _CLASSES.items():
        module = sys.modules.get(f"{library}.{package}")
        if isinstance(stage, getattr(module, name, ())):
            return kind
    return None


@dataclass(frozen=True, slots=True)
class MonitoredStage:
    """A stage, and where its metrics are."""

    kind: StageKind
    stage: WatchedStage
    title: str
    """Its name and id; its path in place of the name where that is known at deploy time only."""
    dimensions: Mapping[str, str]
    """The dimensions of its metrics."""
    region: str | None
    """Its Region, None where it is known at deploy time only."""
    account: str | None
    """Its account, None where it is known at deploy time only."""

    @classmethod
    def of(cls, stage: WatchedStage) -> MonitoredStage:
        """Read what is known of a stage of this library."""
        kind = cast("StageKind", kind_of(stage))
        if kind is StageKind.IVS:
            ivs_stage = cast("ivs.Stage", stage)
            dimensions = {"Stage": ivs_stage.stage_id}
            title = f"{_name(ivs_stage, ivs_stage.stage_name)} ({ivs_stage.stage_id})"
        else:
            api_stage = cast("apigatewayv2.HttpStage | apigatewayv2.WebSocketStage", stage)
            dimensions = {"ApiId": api_stage.api_id, "Stage": api_stage.stage_name}
            title = f"{_name(stage, api_stage.stage_name)} of API {api_stage.api_id}"
        environment = stage.env
        region, account = (None if is_unknown(known) else known for known in (environment.region, environment.account))
        return cls(kind, stage, f"{kind.value} {title}", dimensions, region, account)

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for all constructs of the same stage."""
        return (self.kind, tuple(self.dimensions.values()), self.region, self.account)

    def routes(self) -> list[str]:
        """Keys of the routes that are known to have metrics of their own."""
        if self.kind is StageKind.IVS:
            return []
        return cast("apigatewayv2.HttpStage | apigatewayv2.WebSocketStage", self.stage)._routes_with_metrics()


_MAX_PATH = 256
"""Characters of a path in a title: the description of an alarm has at most 1,024."""


def _name(stage: WatchedStage, name: str | None) -> str:
    if name is not None and not is_unknown(name):
        return name
    path = stage.node.path
    return path if len(path) <= _MAX_PATH else f"...{path[3 - _MAX_PATH :]}"
