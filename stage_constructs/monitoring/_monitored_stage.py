"""A stage of any kind, as dashboards and alarms see it."""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk

from .._arguments import NOT_SET, has_member, violation
from .._suggestions import suggest_import
from .._synthesis import environment_of
from ..rules._unknown import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk.interfaces import aws_apigatewayv2, aws_ivs

    from .. import apigatewayv2, ivs
    from ..apigatewayv2._existing_stage import ExistingStage
    from ..errors import Violation

    WatchedStage: TypeAlias = (
        apigatewayv2.HttpStage
        | apigatewayv2.WebSocketStage
        | ivs.Stage
        | aws_apigatewayv2.IStageRef
        | aws_ivs.IStageRef
    )


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
_NATIVE_MEMBERS = {"is_http_stage": StageKind.HTTP, "callback_url": StageKind.WEBSOCKET}
"""Members of native L2 stages that tell the kind without a request."""


def _kind_of_own(stage: object) -> StageKind | None:
    """The kind of a stage of this library, None for anything else; loads no package."""
    library = __name__.partition(".")[0]
    for kind, (package, name) in _CLASSES.items():
        module = sys.modules.get(f"{library}.{package}")
        if isinstance(stage, getattr(module, name, ())):
            return kind
    return None


def validate_stage(prop: str, value: object, monitored: MonitoredStage | None) -> Iterator[Violation]:
    """A stage of one of the two services, whose kind is known."""
    if monitored is not None:
        return
    expected = "must be a stage of API Gateway v2 or Amazon IVS"
    if has_member(value, "rest_api") or has_member(value, "rest_api_id"):
        fix = "a stage of a REST API belongs to API Gateway v1; the metric_... methods of it create alarms"
    elif has_member(value, "stage_ref"):
        expected = "must be a stage of an API whose protocol is known"
        calls = (f'apigatewayv2.{name}.from_stage_ref(self, "Id", stage)' for name in ("HttpStage", "WebSocketStage"))
        fix = f"wrap it by {' or '.join(calls)}"
    else:
        name = "ivs.Stage" if ":ivs:" in str(value) else "apigatewayv2.HttpStage"
        call = suggest_import(value, by_arn=f'{name}.from_stage_arn(self, "Id", {{}})')
        fix = call or (NOT_SET if value is None else "give the construct; the from_... methods import one")
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
    arn: str | None
    """ARN of an IVS stage."""

    @classmethod
    def of(cls, stage: object) -> MonitoredStage | None:
        """Read what is known of a stage; None where it is none, or its kind is not known."""
        known = _read(stage) if has_member(stage, "stage_ref") else None
        if known is None:
            return None
        kind, name, key = known
        arn = key if kind is StageKind.IVS else None
        if arn is None:
            dimensions, of_id = {"ApiId": key, "Stage": cast("str", name)}, f"of API {key}"
        else:
            stage_id = _ivs_id(stage, arn)
            dimensions, of_id = {"Stage": stage_id}, f"({stage_id})"
        region, account = _location(stage)
        watched = cast("WatchedStage", stage)
        return cls(kind, watched, f"{kind.value} {_name(watched, name)} {of_id}", dimensions, region, account, arn)

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for all constructs of the same stage."""
        return (self.kind, tuple(self.dimensions.values()), self.region, self.account)

    def metric(self, name: str, statistic: str, period: cdk.Duration, route: str | None) -> cloudwatch.Metric:
        """A metric of the stage, or of one route: as those of its methods, in one request."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        return cloudwatch.Metric(
            namespace=self.kind.namespace,
            metric_name=name,
            dimensions_map={**self.dimensions, **({} if route is None else {"Route": route})},
            statistic=statistic,
            period=period,
            region=self.region,
            account=self.account,
        )

    def existing(self) -> ExistingStage | None:
        """The stage of API Gateway as it is in the tree now; None for an imported one."""
        from ..apigatewayv2._existing_stage import existing_stage

        return existing_stage(getattr(self.stage, "_declared", None) or cast("Any", self.stage))

    def routes(self) -> list[str]:
        """Keys of the routes that are known to have metrics of their own."""
        if self.kind is StageKind.IVS:
            return []
        if _kind_of_own(self.stage):
            return cast("apigatewayv2.HttpStage", self.stage)._routes_with_metrics()
        existing = self.existing()
        return existing.routes_with_metrics() if existing else []


def _read(stage: Any) -> tuple[StageKind, str | None, str] | None:
    """The kind of a stage, its name, and the id of its API or its ARN in IVS; None where they are not known."""
    own = _kind_of_own(stage)
    if own is not None:
        return own, stage.stage_name, stage.stage_arn if own is StageKind.IVS else stage.api_id
    if has_member(stage, "attr_active_session_id"):
        return StageKind.IVS, stage.name, stage.attr_arn
    if not isinstance(cast("object", stage), cdk.CfnResource):
        reference = stage.stage_ref
        if has_member(reference, "stage_arn"):
            return StageKind.IVS, None, reference.stage_arn
        kind = _native_kind(stage)
        if kind is not None:
            return kind, reference.stage_name, reference.api_id
    from ..apigatewayv2._existing_stage import existing_stage

    existing = existing_stage(stage)
    if existing is None or existing.protocol is None:
        return None
    # The reference to an L1 has a token for the name, with which the alarms would depend on the stage.
    return StageKind[existing.protocol.name], existing.properties["StageName"], existing.properties["ApiId"]


def _native_kind(stage: object) -> StageKind | None:
    """The kind of a native L2 stage; costs no request."""
    return next((kind for member, kind in _NATIVE_MEMBERS.items() if has_member(stage, member)), None)


def _ivs_id(stage: Any, arn: str) -> str:
    from ..ivs import _references

    return stage.stage_id if _kind_of_own(stage) else _references.stage_id_of(arn)


def _location(stage: Any) -> tuple[str | None, str | None]:
    """Region and account of a stage; a native one is where its stack is, which costs fewer requests to find out."""
    is_native = isinstance(stage, cdk.CfnResource) or _native_kind(stage) is not None
    if is_native and not _kind_of_own(stage):
        environment = environment_of(stage)
        return environment.region, environment.account
    own = stage.env
    region, account = (None if is_unknown(known) else known for known in (own.region, own.account))
    return region, account


_MAX_PATH = 256
"""Characters of a path in a title: the description of an alarm has at most 1,024."""


def _name(stage: WatchedStage, name: str | None) -> str:
    if name is not None and not is_unknown(name):
        return name
    path = stage.node.path
    return path if len(path) <= _MAX_PATH else f"...{path[3 - _MAX_PATH :]}"
