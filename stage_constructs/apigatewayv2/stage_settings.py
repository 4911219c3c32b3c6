"""Settings for a stage that is in the tree already."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._arguments import has_member, violation
from .._jsii import identity
from ..errors import StageConfigurationError
from ._existing_stage import ExistingStage
from ._stage_change import StageChange

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from aws_cdk.interfaces.aws_apigateway import IClientCertificateRef
    from aws_cdk.interfaces.aws_apigatewayv2 import IRouteRef
    from constructs import IConstruct

    from ..errors import Violation
    from .access_log_settings import AccessLogSettings
    from .route_settings import AccountLimit, RouteSettings


class StageSettings(cdk.Mixin):
    """Settings for a stage that is in the tree already, whoever declared it: a mixin.

    ```python
    api.default_stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
    ```

    Apply it to the stage that a native `HttpApi` creates by itself, to a native `HttpStage` or `WebSocketStage`, to a
    `CfnStage`, to a stage of this library, or to all stages of an app with `cdk.Mixins.of(app).apply(...)`. The stage
    keeps its logical id and is updated in place. What is not given is not touched: maps and settings are merged, and
    no default is written. Values are validated by the same rules as those of `HttpStage` and `WebSocketStage`.

    `with_` on a construct that holds no stage is an error; `Mixins.of(...)` skips what is no stage. An error reaches
    the caller as `RuntimeError` with the text of the `StageConfigurationError`: JavaScript calls the mixin.

    `HttpStage.from_stage_ref(self, "Stage", api.default_stage)` adds grants, metrics and the log group.

    Source: https://docs.aws.amazon.com/cdk/v2/guide/mixins.html
    """

    def __init__(
        self,
        *,
        default_route_settings: RouteSettings | AccountLimit | None = None,
        route_settings: Mapping[str | IRouteRef, RouteSettings] | None = None,
        access_log_settings: AccessLogSettings | None = None,
        stage_variables: Mapping[str, str] | None = None,
        client_certificate_id: str | IClientCertificateRef | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        keep_existing: bool = False,
    ) -> None:
        """Define settings for stages that are in the tree already.

        Args:
            default_route_settings: Throttles, metrics, execution logs of all routes. Default: left as they are.
                Only fields that are given are written. `ACCOUNT_LIMIT` removes a throttle; in place of settings, both.
            route_settings: Settings of single routes, by key or by construct. Default: left as they are.
                Only fields that are given change. A route that had no settings also takes those that the stage has for
                all routes, since API Gateway does not merge the two. The stage is created after these routes.
            access_log_settings: Where and how requests are logged. Default: left as they are.
                Without a destination the stage keeps the one it has, or a log group is created for it.
            stage_variables: Stage variables to add or change. Default: left as they are.
            client_certificate_id: Id of a client certificate, or the construct. Default: left as it is. WebSocket only.
            description: At most 1024 characters. Default: left as it is.
            tags: Tags to add or change. Default: left as they are.
            keep_existing: Whether values that the stage has already win over those given here. Default: False.
        """
        super().__init__()
        self._default_route_settings = default_route_settings
        self._route_settings = route_settings
        self._access_log_settings = access_log_settings
        self._stage_variables = stage_variables
        certificate = getattr(client_certificate_id, "client_certificate_ref", None)
        self._client_certificate_id = certificate.client_certificate_id if certificate else client_certificate_id
        self._description = description
        self._tags = tags
        self._keep_existing = keep_existing

    def supports(self, construct: IConstruct) -> bool:
        """Whether a construct is a stage as CloudFormation knows it; called by CDK.

        Args:
            construct: The construct that `with_` or `Mixins.of(...)` is called on, or one below it.

        Raises:
            StageConfigurationError: `with_` was called on this construct, which holds no stage.
        """
        if isinstance(construct, apigatewayv2.CfnStage):
            return True
        target = self._target_of_with()
        if target is not None and identity(target) == identity(construct) and not _holds_stage(construct):
            raise StageConfigurationError(construct.node.path, [_no_stage(construct)])
        return False

    def apply_to(self, construct: IConstruct) -> None:
        """Write the settings to a stage; called by CDK.

        Args:
            construct: The stage.

        Raises:
            StageConfigurationError: API Gateway does not accept one of the values.
        """
        StageChange(self, ExistingStage(cast("apigatewayv2.CfnStage", construct))).apply()

    def _target_of_with(self) -> object:
        """The construct that `with_` is called on with this mixin; None where `Mixins.of(...)` applies it.

        CDK asks for each construct on its own and does not tell who asks; the call is among the callers of this one.
        """
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_name in {"with_", "apply"} and self in frame.f_locals.get("mixins", ()):
                return frame.f_locals["self"] if frame.f_code.co_name == "with_" else None
            frame = frame.f_back
        return None


def _holds_stage(construct: IConstruct) -> bool:
    native = isinstance(construct, (apigatewayv2.HttpStage, apigatewayv2.WebSocketStage))
    return native or any(isinstance(each, apigatewayv2.CfnStage) for each in construct.node.find_all())


def _no_stage(construct: IConstruct) -> Violation:
    fix = "call with_ on the stage, as in api.default_stage.with_(StageSettings(...))"
    if has_member(construct, "stage_ref"):
        fix = "an imported stage is changed where it is declared; for one of this app call with_ on that construct"
        if not has_member(construct, "api"):
            fix = "this one is a stage of another service"
    elif has_member(construct, "default_stage") or has_member(construct, "is_websocket_api"):
        fix = "the API has no stage yet; create one with these settings, HttpStage or WebSocketStage"
    problem = "must be a stage of API Gateway v2, or a construct that holds one"
    return violation("stage", "with_(StageSettings(...))", None, problem, fix, show_value=False)
