"""Resource types of API Gateway v2 that ministack lacks, and the refusals of the service that it does not make.

The refusals are those that a wrong order of resources or a likely mistake runs into: they show that the order in our
templates is right, and what a mistake would meet.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import changesets, drift, provisioners

from . import cloud_control

Properties = dict[str, Any]

_BUILT_IN_ROUTES = {"$default", "$connect", "$disconnect"}


def register() -> None:
    """Add the types and the refusals to the ministack of this process."""
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::ApiGatewayV2::Deployment"] = {
        "create": _create_deployment,
        "update": _update_deployment,
        "delete": _delete_deployment,
    }
    handlers["AWS::ApiGatewayV2::RouteResponse"] = {
        "create": _create_route_response,
        "update": _update_route_response,
        "delete": _delete_route_response,
    }
    stage = handlers["AWS::ApiGatewayV2::Stage"]
    _refuse_what_the_service_refuses(stage)
    _refuse_second_stage_of_a_name()
    _refuse_keys_of_mappings()
    stage["import"] = _import_stage
    changesets._IMPORT_LOOKUPS["AWS::ApiGatewayV2::Stage"] = (("ApiId", "StageName"), _import_problem)
    compared = frozenset(
        {"Description", "AutoDeploy", "DeploymentId", "StageVariables", "DefaultRouteSettings", "Tags"}
    )
    drift._DRIFT_READERS["AWS::ApiGatewayV2::Stage"] = (_live_stage, compared)


def _answer(response: tuple[int, Any, bytes]) -> Properties:
    status, _, body = response
    answer: Properties = json.loads(body) if body else {}
    if status >= 400:  # noqa: PLR2004  HTTP's own number
        raise ValueError(answer.get("message", answer))
    return answer


def _routes(api_id: str) -> set[str]:
    return {route["routeKey"] for route in apigateway._routes.get(api_id, {}).values()}


def _create_deployment(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    api_id = props["ApiId"]
    if not _routes(api_id):
        raise ValueError("At least one route is required before deploying the Api")
    made = _answer(apigateway._create_deployment(api_id, {"description": props.get("Description", "")}))
    return made["deploymentId"], {"DeploymentId": made["deploymentId"]}


def _update_deployment(physical_id: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, Properties]:
    if old["ApiId"] != new["ApiId"]:
        return _create_deployment(physical_id, new, stack_name)
    apigateway._deployments[new["ApiId"]][physical_id]["description"] = new.get("Description", "")
    return physical_id, {"DeploymentId": physical_id}


def _delete_deployment(physical_id: str, props: Properties) -> None:
    stages = apigateway._stages.get(props["ApiId"], {})
    if any(stage.get("deploymentId") == physical_id for stage in stages.values()):
        raise ValueError("Active stages pointing to this deployment must be moved or deleted")
    apigateway._deployments.get(props["ApiId"], {}).pop(physical_id, None)


def _create_route_response(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    data = {"routeResponseKey": props["RouteResponseKey"]}
    made = _answer(apigateway._create_route_response(props["ApiId"], props["RouteId"].split("/")[-1], data))
    return made["routeResponseId"], {"RouteResponseId": made["routeResponseId"]}


def _update_route_response(
    physical_id: str, old: Properties, new: Properties, stack_name: str
) -> tuple[str, Properties]:
    data = {"routeResponseKey": new["RouteResponseKey"]}
    _answer(apigateway._update_route_response(new["ApiId"], new["RouteId"].split("/")[-1], physical_id, data))
    return physical_id, {"RouteResponseId": physical_id}


def _delete_route_response(physical_id: str, props: Properties) -> None:
    route_id = props["RouteId"].split("/")[-1]
    if route_id in apigateway._routes.get(props["ApiId"], {}):
        apigateway._delete_route_response(props["ApiId"], route_id, physical_id)


def _refuse_what_the_service_refuses(stage: dict[str, Any]) -> None:
    create, update = stage["create"], stage["update"]

    def refusing_create(logical_id: str, props: Properties, *rest: Any) -> Any:
        _check_stage_name(props)
        _check_stage(props, {})
        return create(logical_id, props, *rest)

    def refusing_update(physical_id: str, old: Properties, new: Properties, *rest: Any, **named: Any) -> Any:
        same = (old.get("ApiId"), old.get("StageName")) == (new.get("ApiId"), new.get("StageName"))
        if not same:
            _check_stage_name(new)
        _check_stage(new, old if same else {})
        return update(physical_id, old, new, *rest, **named)

    stage["create"], stage["update"] = refusing_create, refusing_update


_STAGE_EXISTS = "Stage already exists"


def _check_stage_name(props: Properties) -> None:
    """A stage under another logical id is created before the one that it takes the name of is deleted."""
    if props.get("StageName") in apigateway._stages.get(props["ApiId"], {}):
        raise ValueError(f"ConflictException: {_STAGE_EXISTS}")


def _refuse_second_stage_of_a_name() -> None:
    create = apigateway._create_stage

    def create_stage(api_id: str, data: Properties) -> Any:
        if data.get("stageName", "$default") in apigateway._stages.get(api_id, {}):
            return apigateway._apigw_error("ConflictException", _STAGE_EXISTS, 409)
        return create(api_id, data)

    apigateway._create_stage = create_stage


_MAPPING_KEY = re.compile(r"[A-Za-z0-9$\-_.+!*'(),/]*")


def _refuse_keys_of_mappings() -> None:
    create, update = apigateway._create_api_mapping, apigateway._update_api_mapping

    def refusal(data: Properties) -> Any:
        if _MAPPING_KEY.fullmatch(data.get("apiMappingKey") or ""):
            return None
        message = "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),"
        return apigateway._apigw_error("BadRequestException", message, 400)

    def create_mapping(domain_name: str, data: Properties) -> Any:
        return refusal(data) or create(domain_name, data)

    def update_mapping(domain_name: str, mapping_id: str, data: Properties) -> Any:
        return refusal(data) or update(domain_name, mapping_id, data)

    apigateway._create_api_mapping, apigateway._update_api_mapping = create_mapping, update_mapping


def _import_stage(identifier: dict[str, str]) -> tuple[str, Properties]:
    return identifier["StageName"], {"StageName": identifier["StageName"]}


def _import_problem(api_id: str, stage_name: str) -> str | None:
    stages = apigateway._stages.get(api_id, {})
    return None if stage_name in stages else f"Unable to find Stage by name {stage_name} for API {api_id}"


def _live_stage(stage_name: str, props: Properties) -> Properties | None:
    return dict(cloud_control.LIVE["AWS::ApiGatewayV2::Stage"]()).get(f"{props['ApiId']}|{stage_name}")


def _check_stage(props: Properties, before: Properties) -> None:
    """Settings of a route that is not there cannot be set, and cannot be taken back either."""
    routes = _routes(props["ApiId"]) | _BUILT_IN_ROUTES
    for key in sorted({*props.get("RouteSettings", {}), *before.get("RouteSettings", {})}):
        if key not in routes:
            raise ValueError(f"Unable to find Route by key {key} within the provided RouteSettings")
    if props.get("AutoDeploy") and props.get("DeploymentId"):
        raise ValueError("Deployment ID cannot be set on this stage because AutoDeploy is enabled.")
    deployments = apigateway._deployments.get(props["ApiId"], {})
    if props.get("DeploymentId") and props["DeploymentId"] not in deployments:
        raise ValueError(f"Unable to find Deployment by id {props['DeploymentId']}")
