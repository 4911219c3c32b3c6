"""What API Gateway v2 refuses: by its model, which botocore ships, and where a request conflicts with what is there.

Templates and SDKs meet the same refusals. They show that the order in our templates is right, and what a likely mistake
would meet.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ministack.services import apigateway, apigateway_v1
from ministack.services.cloudformation import provisioners

from .service_model import ServiceModel

if TYPE_CHECKING:
    from collections.abc import Callable

Properties = dict[str, Any]

MODEL = ServiceModel("apigatewayv2")
_BUILT_IN_ROUTES = {"$default", "$connect", "$disconnect"}
_TYPES = (
    "Api",
    "ApiMapping",
    "Authorizer",
    "Deployment",
    "DomainName",
    "Integration",
    "Route",
    "RouteResponse",
    "Stage",
)
_OTHER_IN_TEMPLATES = {"ResponseParameters"}
"""Properties that templates nest otherwise than the API."""
_MAPPING_KEY = re.compile(r"[A-Za-z0-9$\-_.+!*'(),/]*")


class RefusedError(ValueError):
    """API Gateway refuses a request."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def register() -> None:
    """Add the refusals to the ministack of this process."""
    for name in _TYPES:
        _refuse_in_templates(name, provisioners._RESOURCE_HANDLERS[f"AWS::ApiGatewayV2::{name}"])
    _refuse_requests()


def _refuse_in_templates(name: str, handlers: dict[str, Any]) -> None:
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]

    def refusing_create(logical_id: str, props: Properties, *rest: Any) -> Any:
        _check_template(name, props)
        return create(logical_id, props, *rest)

    def refusing_update(physical_id: str, old: Properties, new: Properties, *rest: Any, **named: Any) -> Any:
        replaced = any(old.get(key) != new.get(key) for key in ("ApiId", "DomainName", "StageName"))
        _check_template(name, new, None if replaced else old)
        return update(physical_id, old, new, *rest, **named)

    def refusing_delete(physical_id: str, props: Properties, *rest: Any) -> Any:
        _check_conflicts(f"Delete{name}", {f"{name}Id": physical_id, **props})
        return delete(physical_id, props, *rest)

    handlers |= {"create": refusing_create, "update": refusing_update, "delete": refusing_delete}


def _check_template(name: str, props: Properties, before: Properties | None = None) -> None:
    if name == "Api" and "Body" in props:
        return
    known = MODEL.input_shape(f"Create{name}").members
    request = {key: value for key, value in props.items() if key in known and key not in _OTHER_IN_TEMPLATES}
    _check_model(f"Create{name}", request)
    if before is None:
        _check_conflicts(f"Create{name}", request)
    else:  # settings that are taken back need their routes too
        settings = {**before.get("RouteSettings", {}), **request.get("RouteSettings", {})}
        _check_conflicts(f"Update{name}", {**request, "RouteSettings": settings})


def _refuse_requests() -> None:
    """Let SDKs meet the refusals too."""
    handle = apigateway.handle_request

    async def refusing(method: str, path: str, headers: Properties, body: bytes, query: Properties) -> Any:
        asked = MODEL.operation(method, path)
        try:
            if asked:
                _check_request(*asked, json.loads(body or b"{}"))
        except RefusedError as refusal:
            return apigateway._apigw_error(refusal.code, refusal.message, refusal.status)
        return await handle(method, path, headers, body, query)

    apigateway.handle_request = refusing


def _check_request(operation: str, in_path: dict[str, str], sent: Properties) -> None:
    named = {name: unquote(value) for name, value in in_path.items()}
    request = MODEL.members(operation, {**sent, **named})
    if not operation.startswith("Get"):
        _check_model(operation, request)
        _check_conflicts(operation, request)


def _check_model(operation: str, request: Properties) -> None:
    faults = MODEL.faults(operation, request)
    if faults:
        raise RefusedError("BadRequestException", "; ".join(faults))


def _check_conflicts(operation: str, request: Properties) -> None:
    for check in _CHECKS.get(operation, ()):
        check(request)


def _routes(api_id: str) -> set[str]:
    return {route["routeKey"] for route in apigateway._routes.get(api_id, {}).values()}


def _check_api(request: Properties) -> None:
    if request["ApiId"] not in apigateway._apis:
        raise RefusedError("NotFoundException", f"Invalid API identifier specified {request['ApiId']}", 404)


def _check_stage_name(request: Properties) -> None:
    """A stage under another logical id is created before the one that it takes the name of is deleted."""
    if request["StageName"] in apigateway._stages.get(request["ApiId"], {}):
        raise RefusedError("ConflictException", "Stage already exists", 409)


def _check_route_settings(request: Properties) -> None:
    """Settings of a route that is not there cannot be set, and cannot be taken back either."""
    routes = _routes(request["ApiId"]) | _BUILT_IN_ROUTES
    for key in sorted(request.get("RouteSettings", {})):
        if key not in routes:
            said = f"Unable to find Route by key {key} within the provided RouteSettings"
            raise RefusedError("NotFoundException", said, 404)


def _check_execution_logs(request: Properties) -> None:
    api = apigateway._apis[request["ApiId"]]
    for settings in (request.get("DefaultRouteSettings", {}), *request.get("RouteSettings", {}).values()):
        if api["protocolType"] == "HTTP" and ("LoggingLevel" in settings or settings.get("DataTraceEnabled")):
            raise RefusedError("BadRequestException", "Execution logs are not supported on protocolType HTTP")


def _check_deployment_of_stage(request: Properties) -> None:
    deployment, api_id = request.get("DeploymentId"), request["ApiId"]
    if deployment and request.get("AutoDeploy"):
        said = "Deployment ID cannot be set on this stage because AutoDeploy is enabled."
        raise RefusedError("BadRequestException", said)
    if deployment and deployment not in apigateway._deployments.get(api_id, {}):
        raise RefusedError("NotFoundException", f"Unable to find Deployment by id {deployment}", 404)


def _check_that_routes_are_there(request: Properties) -> None:
    if not _routes(request["ApiId"]):
        raise RefusedError("BadRequestException", "At least one route is required before deploying the Api")


def _check_that_no_stage_uses(request: Properties) -> None:
    stages = apigateway._stages.get(request["ApiId"], {}).values()
    if any(stage.get("deploymentId") == request["DeploymentId"] for stage in stages):
        said = "Active stages pointing to this deployment must be moved or deleted"
        raise RefusedError("BadRequestException", said)


def _check_that_nothing_is_mapped(request: Properties) -> None:
    api_id, stage = request["ApiId"], request.get("StageName")
    mapped = [each for mappings in apigateway_v1._base_path_mappings.values() for each in mappings.values()]
    if any(each["restApiId"] == api_id and stage in {None, each["stage"]} for each in mapped):
        what = f"stage {stage}" if stage else f"API {api_id}"
        said = f"Deleting {what} failed. Please remove all API mappings for the API from your custom domain names."
        raise RefusedError("BadRequestException", said)


def _check_route_key(request: Properties) -> None:
    if request["RouteKey"] in _routes(request["ApiId"]):
        said = f"Route with key {request['RouteKey']} already exists for this API"
        raise RefusedError("ConflictException", said, 409)


def _check_mapping_key(request: Properties) -> None:
    if not _MAPPING_KEY.fullmatch(request.get("ApiMappingKey") or ""):
        said = "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),"
        raise RefusedError("BadRequestException", said)


_OF_STAGES = (_check_route_settings, _check_execution_logs, _check_deployment_of_stage)
_CHECKS: dict[str, tuple[Callable[[Properties], None], ...]] = {
    "CreateStage": (_check_api, _check_stage_name, *_OF_STAGES),
    "UpdateStage": (_check_api, *_OF_STAGES),
    "DeleteStage": (_check_that_nothing_is_mapped,),
    "DeleteApi": (_check_that_nothing_is_mapped,),
    "CreateDeployment": (_check_api, _check_that_routes_are_there),
    "DeleteDeployment": (_check_that_no_stage_uses,),
    "CreateRoute": (_check_api, _check_route_key),
    "CreateApiMapping": (_check_mapping_key,),
    "UpdateApiMapping": (_check_mapping_key,),
}
