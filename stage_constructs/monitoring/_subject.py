"""What there is to know of a stage in order to watch it, whichever kind it is of."""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .. import _checks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from .. import apigatewayv2, ivs

    WatchedStage: TypeAlias = apigatewayv2.HttpStage | apigatewayv2.WebSocketStage | ivs.Stage


class Kind(enum.Enum):
    """The kinds of stage, as people call them."""

    HTTP = "HTTP stage"
    WEBSOCKET = "WebSocket stage"
    IVS = "IVS stage"

    @property
    def namespace(self) -> str:
        """Namespace of the metrics in CloudWatch."""
        return "AWS/IVSRealTime" if self is Kind.IVS else "AWS/ApiGateway"


_CLASSES = {
    Kind.HTTP: ("apigatewayv2", "HttpStage"),
    Kind.WEBSOCKET: ("apigatewayv2", "WebSocketStage"),
    Kind.IVS: ("ivs", "Stage"),
}


def kind_of(stage: object) -> Kind | None:
    """The kind of a stage of this library, None for anything else.

    Whoever has a stage has loaded its package, so that none has to be loaded here.
    """
    library = __name__.partition(".")[0]
    for kind, (package, name) in _CLASSES.items():
        module = sys.modules.get(f"{library}.{package}")
        if isinstance(stage, getattr(module, name, ())):
            return kind
    return None


@dataclass(frozen=True, slots=True)
class Subject:
    """A stage that is watched."""

    kind: Kind
    stage: WatchedStage
    title: str
    """What people call it: its name and id, or its path where the name is known at deploy only."""
    dimensions: Mapping[str, str]
    """The dimensions of its metrics."""
    region: str | None
    """Its Region, None where it is known at deploy only."""
    account: str | None
    """Its account, None where it is known at deploy only."""

    @classmethod
    def of(cls, stage: WatchedStage) -> Subject:
        """What there is to know of a stage of this library."""
        kind = cast("Kind", kind_of(stage))
        if kind is Kind.IVS:
            room = cast("ivs.Stage", stage)
            dimensions = {"Stage": room.stage_id}
            title = f"{_name(room, room.stage_name)} ({room.stage_id})"
        else:
            api_stage = cast("apigatewayv2.HttpStage | apigatewayv2.WebSocketStage", stage)
            dimensions = {"ApiId": api_stage.api_id, "Stage": api_stage.stage_name}
            title = f"{_name(stage, api_stage.stage_name)} of API {api_stage.api_id}"
        environment = stage.env
        region, account = (
            None if _checks.is_token(known) else known for known in (environment.region, environment.account)
        )
        return cls(kind, stage, f"{kind.value} {title}", dimensions, region, account)

    @property
    def identity(self) -> tuple[object, ...]:
        """What is the same for all constructs that stand for one stage."""
        return (self.kind, tuple(self.dimensions.values()), self.region, self.account)

    def routes(self) -> list[str]:
        """Keys of the routes that are known to have metrics of their own."""
        if self.kind is Kind.IVS:
            return []
        return cast("apigatewayv2.HttpStage | apigatewayv2.WebSocketStage", self.stage)._routes_with_metrics()


_MAX_PATH = 256
"""Characters of a path in a title: the description of an alarm has 1,024 at most, with what to do."""


def _name(stage: WatchedStage, name: str | None) -> str:
    if name is not None and not _checks.is_token(name):
        return name
    path = stage.node.path
    return path if len(path) <= _MAX_PATH else f"...{path[3 - _MAX_PATH :]}"
