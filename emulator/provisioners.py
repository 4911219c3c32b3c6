"""Resource types of API Gateway v2 that ministack lacks, and the import of stages."""

from __future__ import annotations

import json
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import changesets, drift, provisioners

from . import cloud_control

Properties = dict[str, Any]


def register() -> None:
    """Add the types to the ministack of this process."""
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
    handlers["AWS::ApiGatewayV2::Stage"]["import"] = _import_stage
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


def _create_deployment(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    made = _answer(apigateway._create_deployment(props["ApiId"], {"description": props.get("Description", "")}))
    return made["deploymentId"], {"DeploymentId": made["deploymentId"]}


def _update_deployment(physical_id: str, old: Properties, new: Properties, stack_name: str) -> tuple[str, Properties]:
    if old["ApiId"] != new["ApiId"]:
        return _create_deployment(physical_id, new, stack_name)
    apigateway._deployments[new["ApiId"]][physical_id]["description"] = new.get("Description", "")
    return physical_id, {"DeploymentId": physical_id}


def _delete_deployment(physical_id: str, props: Properties) -> None:
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


def _import_stage(identifier: dict[str, str]) -> tuple[str, Properties]:
    return identifier["StageName"], {"StageName": identifier["StageName"]}


def _import_problem(api_id: str, stage_name: str) -> str | None:
    stages = apigateway._stages.get(api_id, {})
    return None if stage_name in stages else f"Unable to find Stage by name {stage_name} for API {api_id}"


def _live_stage(stage_name: str, props: Properties) -> Properties | None:
    return dict(cloud_control.LIVE["AWS::ApiGatewayV2::Stage"]()).get(f"{props['ApiId']}|{stage_name}")
