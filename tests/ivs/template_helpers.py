"""Reading what a stack became."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import assertions

STAGE: Final = "AWS::IVS::Stage"
STAGE_ARN: Final = "arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456"


def resources(stack: cdk.Stack, resource_type: str) -> dict[str, dict[str, Any]]:
    """The resources of a type by logical id."""
    return dict(assertions.Template.from_stack(stack).find_resources(resource_type))


def resource(stack: cdk.Stack, resource_type: str = STAGE) -> dict[str, Any]:
    """The only resource of a type."""
    (found,) = resources(stack, resource_type).values()
    return found


def properties(stack: cdk.Stack, resource_type: str = STAGE) -> dict[str, Any]:
    """The properties of the only resource of a type."""
    return dict(resource(stack, resource_type).get("Properties", {}))


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The statements of the only identity policy."""
    found = {**resources(stack, "AWS::IAM::Policy"), **resources(stack, "AWS::IAM::ManagedPolicy")}
    (policy,) = found.values()
    return list(policy["Properties"]["PolicyDocument"]["Statement"])


def warnings(stack: cdk.Stack) -> list[str]:
    """The warnings of this library on a stack."""
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    return [str(one.entry.data) for one in found if "stage-constructs:" in str(one.entry.data)]


def reported(app: cdk.App) -> list[tuple[str, str, str]]:
    """What this library reports at synth: path of the construct, rule and severity."""
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error), error  # noqa: PT017
    path = Path(app.outdir) / "validation-report.json"
    reports = json.loads(path.read_text())["pluginReports"] if path.is_file() else []
    return [
        (construct["constructPath"], violation["ruleName"].rpartition(":")[2], violation["severity"])
        for report in reports
        if report["pluginName"] == "stage-constructs"
        for violation in report["violations"]
        for construct in violation["violatingConstructs"]
    ]


def template(stack: cdk.Stack) -> dict[str, Any]:
    """The whole template."""
    return dict(assertions.Template.from_stack(stack).to_json())
