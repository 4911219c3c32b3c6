"""How a stage that is declared elsewhere is imported."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, ClassVar, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk.interfaces.aws_apigatewayv2 import StageReference

from .. import _checks, _lookup
from . import _rules
from ._api import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk.interfaces.aws_apigatewayv2 import IStageRef
    from constructs import Construct
    from typing_extensions import Self

    from ._stage import ImportedStage


class StageImports:
    """The `from_*` of HTTP and WebSocket stages."""

    _protocol: ClassVar[Protocol]
    _imported: ClassVar[type[ImportedStage]]

    @classmethod
    def from_stage_attributes(cls, scope: Construct, id: str, *, api_id: str, stage_name: str) -> Self:
        """Import a stage by the id of its API and its name.

        The stage knows its URLs and ARNs and has metrics and grants; it cannot be changed.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            api_id: Id of the API, such as `aabbccddee`.
            stage_name: Name of the stage.

        Raises:
            StageConfigurationError: The name is none that a stage can have.
        """
        return cls._import(scope, id, api_id=api_id, stage_name=stage_name)

    @classmethod
    def from_stage_id(cls, scope: Construct, id: str, stage_id: str) -> Self:
        """Import a stage by `<api id>/<stage name>`, the id that Terraform gives it.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage_id: Such as `aabbccddee/example-stage`.

        Raises:
            StageConfigurationError: The id has another form.
        """
        if _checks.is_token(stage_id):
            api_id, stage_name = (cdk.Fn.select(index, cdk.Fn.split("/", stage_id)) for index in range(2))
        else:
            api_id, slash, stage_name = stage_id.partition("/") if isinstance(stage_id, str) else ("", "", "")
            if not (api_id and slash):
                raise _checks.refusal(scope, id, _rules.stage_id(stage_id))
        return cls._import(scope, id, api_id=api_id, stage_name=stage_name)

    @classmethod
    def from_stage_arn(cls, scope: Construct, id: str, stage_arn: str) -> Self:
        """Import a stage by its ARN, with the Region that the ARN names.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage_arn: Such as `arn:aws:apigateway:eu-west-1::/apis/aabbccddee/stages/example-stage`.

        Raises:
            StageConfigurationError: The ARN is not that of a stage.
        """
        if _checks.is_token(stage_arn):
            api_id, stage_name = (cdk.Fn.select(index, cdk.Fn.split("/", stage_arn)) for index in (2, 4))
            return cls._import(scope, id, api_id=api_id, stage_name=stage_name)
        match = _rules.STAGE_ARN.fullmatch(stage_arn) if isinstance(stage_arn, str) else None
        if match is None:
            raise _checks.refusal(scope, id, _rules.stage_arn(stage_arn))
        location = {"region": match["region"]}
        return cls._import(scope, id, api_id=match["api"], stage_name=match["name"], location=location)

    @classmethod
    def from_stage_ref(cls, scope: Construct, id: str, stage: IStageRef) -> Self:
        """Wrap a stage of another kind, native L2 or L1, so that it has the attributes and methods of this one.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: The stage to wrap. It is left as it is.

        Raises:
            StageConfigurationError: The stage is of the other protocol.
        """
        of_other_protocol = "callback_url" if cls._protocol is Protocol.HTTP else "is_http_stage"
        reference = getattr(stage, "stage_ref", None)
        if not isinstance(reference, StageReference) or _checks.plays(stage, of_other_protocol):
            raise _checks.refusal(scope, id, _rules.stage(stage, cls._protocol))
        name = stage.stage_name if isinstance(stage, apigatewayv2.CfnStage) else reference.stage_name
        environment = getattr(stage, "env", None)
        location = {
            name: value
            for name, value in (
                ("region", environment and environment.region),
                ("account", environment and environment.account),
            )
            if value and not _checks.is_token(value)
        }
        return cls._import(scope, id, api_id=reference.api_id, stage_name=name, location=location)

    @classmethod
    def from_lookup(cls, scope: Construct, id: str, *, api_id: str, stage_name: str) -> Self:
        """Import a stage as it is in the account at synth: the CDK CLI asks Cloud Control, and keeps the answer.

        Beside what every imported stage knows, this one knows its live `description`, `auto_deploy`,
        `deployment_id`, `stage_variables` and `tags`. Until the CLI has asked they are empty. The answer is kept in
        `cdk.context.json`; `cdk context --reset` forgets it. Values of stage variables and tags are in that file, and
        in the cloud assembly, in plain text: keep secrets out of them, and read the file before you commit it.

        Args:
            scope: Where to put the construct, in a stack with a concrete account and Region.
            id: Id of the construct in that scope.
            api_id: Id of the API, such as `aabbccddee`.
            stage_name: Name of the stage.

        Raises:
            StageConfigurationError: The stack has no concrete environment, or there is no such stage in it.
        """
        faults = [
            *_rules.known_at_synth("api_id", api_id),
            *_rules.api_id(api_id),
            *_rules.known_at_synth("stage_name", stage_name),
            *_rules.stage_name(stage_name, cls._protocol),
        ]
        _checks.refuse(scope, id, faults)
        _lookup.require_environment(scope, id)
        try:
            [live] = _lookup.look_up(
                scope,
                "AWS::ApiGatewayV2::Stage",
                {"exactIdentifier": f"{api_id}|{stage_name}"},
                required=["StageName"],
                optional=["Description", "AutoDeploy", "DeploymentId", "StageVariables", "Tags"],
                placeholder={"StageName": stage_name},
            )
        except _lookup.LookupFailedError as failure:
            raise _checks.refusal(scope, id, _rules.no_such_stage(stage_name, api_id, str(failure))) from None
        stage = cls._import(scope, id, api_id=api_id, stage_name=stage_name)
        known = cast("ImportedStage", stage)
        known.description = live.get("Description")
        known.auto_deploy = live.get("AutoDeploy")
        known.deployment_id = live.get("DeploymentId")
        known.stage_variables = dict(live.get("StageVariables") or {})
        tags = cast("Mapping[str, str]", live.get("Tags") or {})
        known.tags = {key: tag for key, tag in tags.items() if not key.startswith("aws:")}
        return stage

    @classmethod
    def _import(
        cls,
        scope: Construct,
        id: str,
        *,
        api_id: str,
        stage_name: str,
        location: Mapping[str, str] = types.MappingProxyType({}),
    ) -> Self:
        faults = [
            *_rules.api_id(api_id),
            *_rules.stage_name(stage_name, cls._protocol),
        ]
        _checks.refuse(scope, id, faults)
        return cast("Self", cls._imported(scope, id, api_id=api_id, stage_name=stage_name, location=location))
