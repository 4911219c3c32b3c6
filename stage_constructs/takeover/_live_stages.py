"""Live stages as Terraform state and the AWS CLI tell them, with their properties as CloudFormation names them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_GATEWAY: Final = "AWS::ApiGatewayV2::Stage"
IVS: Final = "AWS::IVS::Stage"
_TERRAFORM: Final = {"aws_apigatewayv2_stage": API_GATEWAY, "awscc_ivs_stage": IVS}
_DEPLOYMENT: Final = "aws_apigatewayv2_deployment"
_PROPERTIES: Final = (
    "StageName Description AutoDeploy DeploymentId DefaultRouteSettings RouteSettings AccessLogSettings StageVariables"
    " ClientCertificateId Tags"
).split()
_MAPS: Final = ("StageVariables", "Tags")
_LISTS: Final = ("MediaTypes", "Storage")
_OBJECTS: Final = (
    "DefaultRouteSettings RouteSettings AccessLogSettings AutoParticipantRecordingConfiguration HlsConfiguration"
    " ParticipantRecordingHlsConfiguration ThumbnailConfiguration ParticipantThumbnailConfiguration"
).split()
_NOTHING: Final[tuple[object, ...]] = (None, "", {}, [])
"""Values that stand for a property that is not set."""
_ACCOUNT: Final = 4
"""Place of the account in an ARN."""
_THROTTLES: Final = ("ThrottlingBurstLimit", "ThrottlingRateLimit")


@dataclass(kw_only=True, slots=True)
class LiveStage:
    """A stage, and where it was found."""

    name: str
    """Its address in Terraform, or its name."""
    type: str
    """Type of the resource in CloudFormation."""
    identifier: dict[str, str]
    """What CloudFormation knows it by."""
    properties: dict[str, Any]
    """Its properties in CloudFormation; what has no value is left out."""
    protocol: str = ""
    """`HTTP` or `WEBSOCKET`."""
    region: str | None = None
    account: str | None = None
    addresses: tuple[str, ...] = ()
    """The resources that Terraform must let go of: the stage, and the deployment that it serves."""
    notes: list[str] = field(default_factory=list[str])
    """What of it is not taken over, and why."""
    obstacle: str = ""
    """Why the stage itself cannot be taken over."""


def live_stages(content: Any, *, api_id: str | None, protocol: str | None) -> list[LiveStage]:
    """The stages of a JSON file.

    Args:
        content: The parsed file.
        api_id: Id of the API, which the AWS CLI does not print.
        protocol: `HTTP` or `WEBSOCKET`, where it is not to be derived.

    Raises:
        ValueError: It is not what this function knows, or a stage cannot be identified.
    """
    file = _dict(content)
    if "planned_values" in file:
        raise ValueError("is a Terraform plan; write the JSON of the state: terraform show -json > state.json")
    if "format_version" in file or "terraform_version" in file:
        return _terraform_stages(file, protocol)
    if "stage" in file:
        return [_ivs_stage(_dict(file["stage"]))]
    stages = [_dict(each) for each in file["Items"]] if isinstance(file.get("Items"), list) else [file]
    if not all("StageName" in each for each in stages):
        raise ValueError(
            "is neither Terraform state in JSON, nor what get-stages or get-stage of `aws apigatewayv2`, or get-stage"
            " of `aws ivs-realtime`, print"
        )
    if "NextToken" in file:
        raise ValueError("is one page of the stages; leave out --max-items and --no-paginate")
    if stages and api_id is None:
        raise ValueError("does not tell the API of its stages; add --api-id")
    return [_api_stage(str(each["StageName"]), {"ApiId": api_id, **each}, protocol) for each in stages]


def _terraform_stages(file: Mapping[str, Any], protocol: str | None) -> list[LiveStage]:
    resources = list(_managed_resources(file))
    deployments = {str(values.get("id")): address for address, kind, values in resources if kind == _DEPLOYMENT}
    stages: list[LiveStage] = []
    for address, kind, values in resources:
        if _TERRAFORM.get(kind) == IVS:
            stage = _ivs_stage(values, address)
        elif _TERRAFORM.get(kind) == API_GATEWAY:
            stage = _terraform_api_stage(address, values, protocol)
        else:
            continue
        deployment = deployments.get(str(stage.properties.get("DeploymentId", "")))
        stage.addresses = (address, deployment) if deployment else (address,)
        stages.append(stage)
    return stages


def _managed_resources(file: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Address, type and values of each resource: of `terraform show -json`, or of a `terraform.tfstate`."""
    for each in _resources_of_module(_dict(_dict(file.get("values")).get("root_module"))):
        yield str(each.get("address")), str(each.get("type")), _dict(each.get("values"))
    for each in map(_dict, _list(file.get("resources"))):
        kind = str(each.get("type"))
        prefix = f"{each['module']}." if each.get("module") else ""
        for instance in map(_dict, _list(each.get("instances"))):
            index = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
            if each.get("mode") == "managed" and "deposed" not in instance:
                yield f"{prefix}{kind}.{each.get('name')}{index}", kind, _dict(instance.get("attributes"))


def _resources_of_module(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in map(_dict, _list(module.get("resources"))):
        if each.get("mode") == "managed":
            yield each
    for child in map(_dict, _list(module.get("child_modules"))):
        yield from _resources_of_module(child)


def _terraform_api_stage(address: str, values: dict[str, Any], protocol: str | None) -> LiveStage:
    defaults = _pascal(_first(values.get("default_route_settings")))
    routes = {str(each.get("route_key")): _pascal(each) for each in map(_dict, _list(values.get("route_settings")))}
    # The provider writes 0 for a throttle that the service does not return.
    zeros = [(each, name) for each in (defaults, *routes.values()) for name in _THROTTLES if each.get(name) == 0]
    for settings, name in zeros:
        del settings[name]
    stage = _api_stage(
        address,
        {
            **_pascal(values),
            "StageName": values.get("name"),
            "AccessLogSettings": _pascal(_first(values.get("access_log_settings"))),
            "DefaultRouteSettings": defaults,
            "RouteSettings": routes,
            "StageVariables": values.get("stage_variables"),
            "Tags": values.get("tags_all") or values.get("tags"),
        },
        protocol or {"wss": "WEBSOCKET", "https": "HTTP"}.get(str(values.get("invoke_url")).partition(":")[0]),
    )
    if zeros:
        stage.notes.append(
            "throttles of 0: the state of Terraform has 0 where none is set; with a limit of 0 the stage would answer"
            " every request with 429"
        )
    _locate(stage, values.get("execution_arn"))
    stage.region = values.get("region") or stage.region
    return stage


def _api_stage(name: str, values: dict[str, Any], protocol: str | None) -> LiveStage:
    """A stage of API Gateway v2 from values that are named as in the service's API."""
    identifier = {key: values.get(key) for key in ("ApiId", "StageName")}
    if not all(isinstance(each, str) and each for each in identifier.values()):
        raise ValueError(f"has no API id or no name of {name}")
    properties = {key: values[key] for key in _PROPERTIES if values.get(key) not in _NOTHING}
    _check_kinds(properties, name)
    if not properties.get("AccessLogSettings", {}).get("DestinationArn"):
        properties.pop("AccessLogSettings", None)
    # Only stages of WebSocket APIs have a log level.
    execution_logs = _dict(properties.get("DefaultRouteSettings")).get("LoggingLevel")
    protocol = protocol or ("WEBSOCKET" if execution_logs else "HTTP")
    stage = LiveStage(
        name=name, type=API_GATEWAY, identifier=cast("Any", identifier), properties=properties, protocol=protocol
    )
    if values.get("ApiGatewayManaged") is True:
        stage.obstacle = "quick create made it, and API Gateway lets nobody else manage it"
    return stage


def _ivs_stage(values: dict[str, Any], address: str | None = None) -> LiveStage:
    """A stage of IVS, from its attributes in Terraform or from the service's API."""
    name, arn = values.get("name"), values.get("arn")
    if not isinstance(arn, str) or not arn:
        raise ValueError(f"has no ARN of {address or 'the stage'}")
    recording = "auto_participant_recording_configuration"
    properties = {
        "Name": name,
        "AutoParticipantRecordingConfiguration": _pascal(
            values.get(recording) or values.get("autoParticipantRecordingConfiguration")
        ),
        "Tags": _tags(values.get("tags")),
    }
    properties = {key: value for key, value in properties.items() if value not in _NOTHING}
    stage = LiveStage(name=address or str(name or arn), type=IVS, identifier={"Arn": arn}, properties=properties)
    _check_kinds(properties, stage.name)
    _locate(stage, arn)
    return stage


def _check_kinds(properties: Mapping[str, Any], name: str) -> None:
    """Refuse what a property cannot be, such as a text in place of an object."""
    for key, value in properties.items():
        kind = dict if key in (*_OBJECTS, *_MAPS) else list if key in _LISTS else (str, int, float)
        is_of_kind = isinstance(value, kind)
        if not is_of_kind:
            raise ValueError(f"has {key} of {name} in an unknown form")
        if key == "RouteSettings":
            for settings in _dict(value).values():
                _check_kinds({"DefaultRouteSettings": settings}, name)
        elif key in _OBJECTS:
            _check_kinds(_dict(value), name)


def _locate(stage: LiveStage, arn: object) -> None:
    """The Region and the account of an ARN."""
    parts = str(arn or "").split(":")
    if parts[0] == "arn" and len(parts) > _ACCOUNT:
        stage.region, stage.account = parts[3] or None, parts[_ACCOUNT] or None


def _tags(tags: Any) -> dict[str, Any]:
    """Tags as a map: `awscc` has a list."""
    return {str(each.get("key")): each.get("value") for each in map(_dict, _list(tags))} or _dict(tags)


def _pascal(value: Any) -> Any:
    """Members named as in CloudFormation, those of nested objects too; what is not given is left out."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {_pascal_key(key): _pascal(each) for key, each in members.items() if each not in _NOTHING}
    return value


def _pascal_key(key: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in key.split("_"))


def _dict(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _first(value: Any) -> dict[str, Any]:
    """The block of which Terraform allows one."""
    return _dict(next(iter(_list(value)), None))
