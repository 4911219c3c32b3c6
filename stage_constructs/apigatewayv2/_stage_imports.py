"""How a stage that is declared elsewhere is imported."""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING, ClassVar, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk.interfaces.aws_apigatewayv2 import StageReference

from .. import _lookup, _suggestions
from .._arguments import NOT_SET, has_member, text, violation
from .._read_only import read_only
from .._validation import configuration_error, raise_if_invalid, violations_of
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.apigatewayv2._apis import STAGE
from ._api_info import Protocol
from ._identifiers import api_id as validate_api_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk.interfaces.aws_apigatewayv2 import IStageRef
    from constructs import Construct
    from typing_extensions import Self

    from ..errors import Violation
    from ._imported_stage import ImportedStage


class StageImports:
    """The `from_*` of HTTP and WebSocket stages."""

    _protocol: ClassVar[Protocol]
    _imported: ClassVar[type[ImportedStage]]

    @classmethod
    def from_stage_attributes(cls, scope: Construct, id: str, *, api_id: str, stage_name: str) -> Self:
        """Import a stage by the id of its API and its name.

        The stage has URLs, ARNs, metrics and grants; it cannot be changed.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            api_id: Id of the API, such as `aabbccddee`.
            stage_name: Name of the stage.

        Raises:
            StageConfigurationError: The name is not a valid stage name.
        """
        return cls._import(scope, id, api_id=api_id, stage_name=stage_name)

    @classmethod
    def from_stage_id(cls, scope: Construct, id: str, stage_id: str) -> Self:
        """Import a stage by `<api id>/<stage name>`, its id in Terraform.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage_id: Such as `aabbccddee/example-stage`.

        Raises:
            StageConfigurationError: The id has another form.
        """
        if is_unknown(stage_id):
            api_id, stage_name = (cdk.Fn.select(index, cdk.Fn.split("/", stage_id)) for index in range(2))
        else:
            api_id, slash, stage_name = stage_id.partition("/") if isinstance(stage_id, str) else ("", "", "")
            if not (api_id and slash):
                raise configuration_error(scope, id, _wrong_stage_id(stage_id))
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
        if is_unknown(stage_arn):
            api_id, stage_name = (cdk.Fn.select(index, cdk.Fn.split("/", stage_arn)) for index in (2, 4))
            return cls._import(scope, id, api_id=api_id, stage_name=stage_name)
        match = _STAGE_ARN.fullmatch(stage_arn) if isinstance(stage_arn, str) else None
        if match is None:
            raise configuration_error(scope, id, _wrong_stage_arn(stage_arn))
        location = {"region": match["region"]}
        return cls._import(scope, id, api_id=match["api"], stage_name=match["name"], location=location)

    @classmethod
    def from_stage_ref(cls, scope: Construct, id: str, stage: IStageRef) -> Self:
        """Import a native stage, L2 or L1, to use the attributes and methods of this class.

        Its access logs are known, with the log group if it is one of this app.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: The stage. It is not changed.

        Raises:
            StageConfigurationError: The stage is of the other protocol.
        """
        of_other_protocol = "callback_url" if cls._protocol is Protocol.HTTP else "is_http_stage"
        reference = getattr(stage, "stage_ref", None)
        if not isinstance(reference, StageReference) or has_member(stage, of_other_protocol):
            raise configuration_error(scope, id, _wrong_stage(stage, cls._protocol))
        name = stage.stage_name if isinstance(stage, apigatewayv2.CfnStage) else reference.stage_name
        environment = getattr(stage, "env", None)
        location = {
            name: value
            for name, value in (
                ("region", environment and environment.region),
                ("account", environment and environment.account),
            )
            if value and not is_unknown(value)
        }
        wrapped = cls._import(scope, id, api_id=reference.api_id, stage_name=name, location=location)
        cast("ImportedStage", wrapped)._declared = stage
        return wrapped

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
        named = (("api_id", api_id), ("stage_name", stage_name))
        violations = [
            *(each for prop, value in named for each in _known_at_synth(prop, value)),
            *_validate(api_id, stage_name, cls._protocol),
        ]
        raise_if_invalid(scope, id, violations)
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
            raise configuration_error(scope, id, _no_such_stage(stage_name, api_id, str(failure))) from None
        stage = cls._import(scope, id, api_id=api_id, stage_name=stage_name)
        known = cast("ImportedStage", stage)
        known.description = live.get("Description")
        known.auto_deploy = live.get("AutoDeploy")
        known.deployment_id = live.get("DeploymentId")
        known.stage_variables = read_only(live.get("StageVariables"))
        tags = cast("Mapping[str, str]", live.get("Tags") or {})
        known.tags = read_only({key: tag for key, tag in tags.items() if not key.startswith("aws:")})
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
        raise_if_invalid(scope, id, list(_validate(api_id, stage_name, cls._protocol)))
        return cast("Self", cls._imported(scope, id, api_id=api_id, stage_name=stage_name, location=location))


_STAGE_ARN: Final = re.compile(
    r"arn:[a-z0-9-]+:apigateway:(?P<region>[a-z0-9-]+)::/apis/(?P<api>[A-Za-z0-9]+)/stages/(?P<name>[^/]+)"
)
_STAGE_ID: Final = re.compile(r"(?P<api>[a-z0-9]+)/(?P<name>[^/]+)")
_EXECUTION_ARN: Final = re.compile(r"arn:[a-z0-9-]+:execute-api:[a-z0-9-]+:\d*:(?P<api>[a-z0-9]+)/(?P<name>[^/]+)")


def _validate(api_id: object, stage_name: object, protocol: Protocol) -> Iterator[Violation]:
    """The id of an API and the name of a stage."""
    yield from validate_api_id(api_id)
    if stage_name is None:
        yield violation("stageName", "stage_name", None, "must be a string", NOT_SET)
    yield from violations_of(Resource(STAGE, {"StageName": stage_name}, protocol=protocol.value))


def _known_at_synth(prop: str, value: object) -> Iterator[Violation]:
    """A text that a lookup can ask for."""
    yield from text(prop, value, 255, rule="lookup")
    if isinstance(value, str) and is_unknown(value):
        fix = "a lookup cannot wait for a deployment; use from_stage_attributes(...) instead"
        yield violation("lookup", prop, value, "must be known at synth", fix)


def _no_such_stage(stage_name: str, api_id: str, answer: str) -> Violation:
    problem = f"must be that of a stage of API {api_id} in the account and Region of the stack"
    fix = f"look at `aws apigatewayv2 get-stages --api-id {api_id}`, and at the profile that the CLI uses"
    return violation("lookup", "stage_name", stage_name, problem, f"{fix} (the service answers: {answer})")


def _wrong_stage_id(value: object) -> Violation:
    fix = NOT_SET if value is None else "copy it as the service shows it"
    if isinstance(value, str) and value and "/" not in value:
        fix = f'write from_stage_attributes(self, "Stage", api_id={_suggestions.format_value(value)}, stage_name=...)'
    fix = _suggestions.suggest_import(value, by_arn='from_stage_arn(self, "Stage", {})') or fix
    problem = 'must be "<api id>/<stage name>", such as "aabbccddee/example-stage"'
    return violation("stageId", "stage_id", value, problem, fix)


def _wrong_stage_arn(value: object) -> Violation:
    by_id = _STAGE_ID.fullmatch(value) or _EXECUTION_ARN.match(value) if isinstance(value, str) else None
    fix = NOT_SET if value is None else "copy it as the service shows it"
    if by_id:
        fix = f'write from_stage_id(self, "Stage", "{by_id["api"]}/{by_id["name"]}")'
    problem = "must be the ARN of a stage, arn:<partition>:apigateway:<region>::/apis/<api id>/stages/<name>"
    return violation("stageArn", "stage_arn", value, problem, fix)


def _wrong_stage(value: object, protocol: Protocol) -> Violation:
    kind, other = ("an HTTP", "WebSocketStage") if protocol is Protocol.HTTP else ("a WebSocket", "HttpStage")
    fix = NOT_SET if value is None else "give the construct; from_stage_id and from_stage_arn import one by its names"
    if has_member(value, "is_http_stage") or has_member(value, "callback_url"):
        fix = f"use {other}.from_stage_ref(...) for this one"
    elif has_member(value, "stage_ref"):
        fix = "this one belongs to another service"
    return violation("stage", "stage", value, f"must be {kind} stage of API Gateway v2", fix)
