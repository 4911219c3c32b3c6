"""What stands in the emulator after a deploy, read back through the service's own API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from .aws import Emulator

_PLAIN = ("StageName", "AutoDeploy", "Description", "StageVariables", "DefaultRouteSettings", "RouteSettings")


def outputs(emulator: Emulator, stack: str) -> dict[str, str]:
    """Outputs of a deployed stack."""
    described = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def stages(emulator: Emulator, stack: str) -> dict[str, dict[str, Any]]:
    """Live stages of a deployed stack by their logical ids, as `get-stages` tells them."""
    cloudformation, apigateway = emulator.client("cloudformation"), emulator.client("apigatewayv2")
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    of_type: dict[str, dict[str, str]] = {}
    for resource in resources:
        of_type.setdefault(resource["ResourceType"], {})[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]
    live = [
        stage
        for api_id in of_type.get("AWS::ApiGatewayV2::Api", {}).values()
        for stage in apigateway.get_stages(ApiId=api_id)["Items"]
    ]
    by_name = {stage["StageName"]: stage for stage in live}
    return {logical: by_name[name] for logical, name in of_type.get("AWS::ApiGatewayV2::Stage", {}).items()}


def differences(emulator: Emulator, stack: str, assembly: Path) -> list[str]:
    """Where the live stages of a stack differ from its template."""
    template = json.loads((assembly / f"{stack}.template.json").read_text())
    live = stages(emulator, stack)
    found: list[str] = []
    for logical, resource in template["Resources"].items():
        if resource["Type"] != "AWS::ApiGatewayV2::Stage":
            continue
        wanted = resource["Properties"]
        found += [
            f"{stack}/{logical}.{name}: {live[logical].get(name)!r} for {wanted[name]!r}"
            for name in _PLAIN
            if name in wanted and live[logical].get(name) != wanted[name]
        ]
        log_format = wanted.get("AccessLogSettings", {}).get("Format")
        if live[logical].get("AccessLogSettings", {}).get("Format") != log_format:
            found.append(f"{stack}/{logical}.AccessLogSettings.Format")
        if live[logical].get("AccessLogSettings", {}).get("DestinationArn", "").endswith(":*"):
            found.append(f"{stack}/{logical}.AccessLogSettings.DestinationArn ends in :*")
    return found
