"""Cloud Control over what CloudFormation has deployed: ministack's own knows only what it made itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import apigateway, cloudcontrol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Properties = dict[str, Any]


def _stages() -> Iterator[tuple[str, Properties]]:
    for api_id, stages in apigateway._stages.items():
        for name, stage in stages.items():
            properties = {
                "ApiId": api_id,
                "StageName": name,
                "Description": stage.get("description"),
                "AutoDeploy": stage.get("autoDeploy"),
                "DeploymentId": stage.get("deploymentId"),
                "StageVariables": stage.get("stageVariables"),
                "DefaultRouteSettings": _pascal(stage.get("defaultRouteSettings")),
                "Tags": stage.get("tags"),
            }
            yield f"{api_id}|{name}", {key: value for key, value in properties.items() if value is not None}


def _pascal(settings: Properties | None) -> Properties | None:
    return settings and {name[:1].upper() + name[1:]: value for name, value in settings.items()}


LIVE: dict[str, Callable[[], Iterator[tuple[str, Properties]]]] = {"AWS::ApiGatewayV2::Stage": _stages}
"""For each type, its live resources as identifier and properties."""


def register() -> None:
    """Let the Cloud Control of this process read the live resources of the types above."""
    get, listed = cloudcontrol._get_resource, cloudcontrol._list_resources

    def get_resource(data: Properties) -> Any:
        type_name, identifier = data.get("TypeName"), data.get("Identifier")
        if type_name not in LIVE:
            return get(data)
        for live, properties in LIVE[type_name]():
            if live == identifier:
                description = {"Identifier": live, "Properties": json.dumps(properties)}
                return json_response({"TypeName": type_name, "ResourceDescription": description})
        said = f"Resource of type '{type_name}' with identifier '{identifier}' was not found."
        return error_response_json("ResourceNotFoundException", said, 400)

    def list_resources(data: Properties) -> Any:
        type_name = data.get("TypeName")
        if type_name not in LIVE:
            return listed(data)
        found = [
            {"Identifier": identifier, "Properties": json.dumps(properties)}
            for identifier, properties in LIVE[type_name]()
        ]
        return json_response({"TypeName": type_name, "ResourceDescriptions": found})

    cloudcontrol._get_resource, cloudcontrol._list_resources = get_resource, list_resources
