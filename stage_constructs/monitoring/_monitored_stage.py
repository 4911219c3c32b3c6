"""A stage of any kind, as dashboards and alarms see it."""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .._arguments import NOT_SET, has_member, violation
from .._suggestions import suggest_import
from ..rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from .. import apigatewayv2, ivs
    from ..errors import Violation

    ApiStage: TypeAlias = apigatewayv2.HttpStage | apigatewayv2.WebSocketStage
    WatchedStage: TypeAlias = ApiStage | ivs.Stage


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
_MEMBERS_OF_OTHERS = {
    "is_http_stage": "apigatewayv2.HttpStage",
    "callback_url": "apigatewayv2.WebSocketStage",
    "attr_active_session_id": "ivs.Stage",
}
"""Members of native stages, with the class of this library that wraps them."""


def kind_of(stage: object) -> StageKind | None:
    """The kind of a stage of this library, None for anything else; loads no package."""
    library = __name__.partition(".")[0]
    for kind, (package, name) in _CLASSES.items():
        module = sys.modules.get(f"{library}.{package}")
        if isinstance(stage, getattr(module, name, ())):
            return kind
    return None


def validate_stage(prop: str, value: object) -> Iterator[Violation]:
    """A stage of this library."""
    if kind_of(value) is not None:
        return
    if has_member(value, "stage_ref"):
        names = (name for member, name in _MEMBERS_OF_OTHERS.items() if has_member(value, member))
        fix = f'wrap it by {next(names, "the class that fits")}.from_stage_ref(self, "Id", stage)'
    else:
        name = "ivs.Stage" if ":ivs:" in str(value) else "apigatewayv2.HttpStage"
        call = suggest_import(value, by_arn=f'{name}.from_stage_arn(self, "Id", {{}})')
        fix = call or (NOT_SET if value is None else "give the construct; the from_... methods import one")
    expected = "must be a stage of this library: apigatewayv2.HttpStage, apigatewayv2.WebSocketStage or ivs.Stage"
    yield violation("stage", prop, value, expected, fix)


@dataclass(frozen=True, slots=True)
class MonitoredStage:
    """A stage, and where its metrics are."""

    kind: StageKind
    stage: WatchedStage
    title: str
    """Its kind, name and id; the path of the construct in place of a name that is known at deploy time only."""
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
            stage_id = cast("ivs.Stage", stage).stage_id
            dimensions, of_id = {"Stage": stage_id}, f"({stage_id})"
        else:
            api_id = cast("ApiStage", stage).api_id
            dimensions = {"ApiId": api_id, "Stage": cast("ApiStage", stage).stage_name}
            of_id = f"of API {api_id}"
        environment = stage.env
        region, account = (None if is_unknown(known) else known for known in (environment.region, environment.account))
        return cls(kind, stage, f"{kind.value} {_name(stage)} {of_id}", dimensions, region, account)

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for all constructs of the same stage."""
        return (self.kind, tuple(self.dimensions.values()), self.region, self.account)

    def routes(self) -> list[str]:
        """Keys of the routes that are known to have metrics of their own."""
        return [] if self.kind is StageKind.IVS else cast("ApiStage", self.stage)._routes_with_metrics()


_MAX_PATH = 256
"""Characters of a path in a title: the description of an alarm has at most 1,024."""


def _name(stage: WatchedStage) -> str:
    name = stage.stage_name
    if name is not None and not is_unknown(name):
        return name
    path = stage.node.path
    return path if len(path) <= _MAX_PATH else f"...{path[3 - _MAX_PATH :]}"
