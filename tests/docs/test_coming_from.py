"""Who comes from another tool finds every field of it, and the same stage."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from typing import Any

import aws_cdk as cdk
import pytest
import yaml
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as native
from aws_cdk import aws_ivs as native_ivs

from stage_constructs import apigatewayv2, ivs

from .pages import ROOT, Run, blocks_of
from .test_docs import _Tags

FOLDER = ROOT / "docs" / "coming-from"

SETTINGS = (
    "data_trace_enabled detailed_metrics_enabled logging_level throttling_burst_limit throttling_rate_limit".split()
)
TERRAFORM = {
    *"api_id name auto_deploy client_certificate_id deployment_id description region stage_variables tags".split(),
    *"access_log_settings access_log_settings.destination_arn access_log_settings.format".split(),
    *"default_route_settings route_settings route_settings.route_key".split(),
    *(f"{block}.{field}" for block in ("default_route_settings", "route_settings") for field in SETTINGS),
}
TERRAFORM_EXPORTS = {"id", "arn", "execution_arn", "invoke_url", "tags_all"}
STACKQL = {"arn", "name", "tags", "active_session_id", "region"}
STATEMENTS = {
    "grant_read": ("Read", {"ivs:GetStage", "ivs:ListTagsForResource"}),
    "grant_update": (
        "Update",
        {"ivs:GetStage", "ivs:UpdateStage", "ivs:TagResource", "ivs:UntagResource", "ivs:ListTagsForResource"},
    ),
    "grant_delete": ("Delete", {"ivs:DeleteStage", "ivs:UntagResource"}),
}
NOT_OF_STAGES = {"scope", "id", "self"}


def _text(page: str) -> str:
    return (FOLDER / page).read_text()


def _tables(page: str) -> list[list[list[str]]]:
    """Rows of each table of a page, without its head."""
    found = re.findall(r"(?:^\|.*\n)+", _text(page), re.MULTILINE)
    return [
        [[cell.strip() for cell in row.strip(" |").split("|")] for row in table.splitlines()[2:]] for table in found
    ]


def _names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _fields(table: list[list[str]]) -> set[str]:
    return {name for row in table for name in _names(row[0])}


def _public_names() -> set[str]:
    """Parameters, fields, attributes and methods of all that is public."""
    found: set[str] = set()
    for package in (apigatewayv2, ivs):
        for thing in (getattr(package, name) for name in package.__all__):
            if inspect.isclass(thing):
                found |= set(inspect.signature(thing.__init__).parameters) | {
                    name for name in dir(thing) if name[0] != "_"
                }
                found |= (
                    {field.name for field in dataclasses.fields(thing)} if dataclasses.is_dataclass(thing) else set()
                )
    return found | {"tags", "api_id"}


def _run(page: str, blocks: int | None = None) -> dict[str, Any]:
    python = [block for block in blocks_of(_text(page)) if block.language == "python"]
    return Run(blocks_of(_text(page)), page).upto(python[-1] if blocks is None else python[blocks - 1]).names


def _template(stack: cdk.Stack) -> dict[str, Any]:
    return assertions.Template.from_stack(stack).to_json()


def _stage(stack: cdk.Stack, name: str) -> dict[str, Any]:
    [stage] = [
        resource["Properties"]
        for resource in _template(stack)["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Stage" and resource["Properties"]["StageName"] == name
    ]
    return stage


def _blocks(page: str, language: str) -> list[str]:
    return [block.text for block in blocks_of(_text(page)) if block.language == language]


@pytest.mark.parametrize("page", ["terraform.md", "stackql.md", "native.md", "sam-serverless.md"])
def test_replacements_exist(page):
    """Whatever a table names as ours is a parameter, a field, an attribute or a method of ours."""
    for row in (row for table in _tables(page) for row in table):
        ours = row[2] if page == "stackql.md" and row[1].startswith("`ivs:") else row[1]
        for name in _names(ours):
            assert name in _public_names(), f"{page}: {name}"


def test_every_field_of_terraform():
    """Arguments and attributes, the nested ones included."""
    arguments, attributes = _tables("terraform.md")
    assert _fields(arguments) == TERRAFORM
    assert _fields(attributes) == TERRAFORM_EXPORTS


def test_terraform_side_by_side():
    """Each value of the HCL stands in the template, and the HCL shows every argument but two."""
    [block] = _blocks("terraform.md", "hcl")
    theirs = _hcl(block)["example"]
    shown = {key for key, value in theirs.items() if not isinstance(value, list)}
    shown |= {f"{key}.{inner}" for key, value in theirs.items() if isinstance(value, list) for inner in value[0]}
    shown |= {key for key, value in theirs.items() if isinstance(value, list)}
    assert shown == TERRAFORM - {"region", "auto_deploy"}
    ours = _stage(_run("terraform.md")["stack"], "example-stage")
    plain = {"api_id": "ApiId", "name": "StageName"}
    for key, value in theirs.items():
        if not isinstance(value, list):
            assert ours[plain.get(key, _pascal(key))] == value, key
    [logs], [default], routes = (theirs[f"{key}_settings"] for key in ("access_log", "default_route", "route"))
    assert ours["AccessLogSettings"]["Format"] == logs["format"]
    assert ours["DefaultRouteSettings"] == _pascal_keys(default)
    assert ours["RouteSettings"] == {route.pop("route_key"): _pascal_keys(route) for route in routes}


def test_every_field_of_stackql():
    """The fields of aws.ivs.stage, and the lists of permissions of its statements, which are those of the grants."""
    fields, statements = _tables("stackql.md")
    assert _fields(fields) == STACKQL
    template = _template(_run("stackql.md")["stack"])
    said = {row[2].strip("`"): set(_names(row[1])) for row in statements}
    for method, (role, permissions) in STATEMENTS.items():
        [policy] = [each for key, each in template["Resources"].items() if key.startswith(f"{role}DefaultPolicy")]
        [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
        assert set(statement["Action"]) == permissions == said[method]
        assert statement["Resource"] == {"Fn::GetAtt": ["Room4AB29A70", "Arn"]}


def test_stackql_side_by_side():
    """The fields that SELECT names are those of the table, and INSERT makes the stage that ours is."""
    select, insert, *_ = _blocks("stackql.md", "sql")
    named = re.search(r"SELECT (.*?)\nFROM aws\.ivs\.stages", select, re.DOTALL)
    assert named is not None
    assert set(named[1].split(", ")) == STACKQL
    name, tags = re.findall(r"'([^']*)'", insert)[:2]
    [stage] = [
        each["Properties"]
        for each in _template(_run("stackql.md")["stack"])["Resources"].values()
        if each["Type"] == "AWS::IVS::Stage"
    ]
    assert (stage["Name"], stage["Tags"]) == (name, json.loads(tags))


def test_every_field_of_the_native_stages():
    """All parameters and public members of both native stages, and of the L1s."""
    stages, l1, video = _tables("native.md")
    classes = (native.HttpStage, native.WebSocketStage)
    parameters = {name for each in classes for name in inspect.signature(each.__init__).parameters} - NOT_OF_STAGES
    assert parameters <= _fields(stages), parameters - _fields(stages)
    own = {
        name
        for each in classes
        for name in dir(each)
        if name[0] != "_" and not hasattr(cdk.Resource, name) and name not in {"PROPERTY_INJECTION_ID", "stage_ref"}
    }
    assert own - _MORE <= _fields(stages), own - _MORE - _fields(stages)
    assert set(inspect.signature(native.CfnStage.__init__).parameters) - NOT_OF_STAGES == _fields(l1)
    recording = native_ivs.CfnStage.AutoParticipantRecordingConfigurationProperty
    of_recording = set(inspect.signature(recording.__init__).parameters) - NOT_OF_STAGES
    of_stage = set(inspect.signature(native_ivs.CfnStage.__init__).parameters) - NOT_OF_STAGES
    assert of_stage | of_recording | {"attr_arn", "attr_active_session_id"} == _fields(video)


_MORE = {"base_api", "stage_name", "is_http_stage", "is_resource", "is_construct", "with_", "is_owned_resource"}
"""Members that need no counterpart, or have one of the same name."""


def test_native_side_by_side():
    """A native HTTP stage, an L1 of each service and ours give the same template."""
    names = _run("native.md")
    theirs, ours = _template(names["native"]), _template(names["ours"])
    live = next(key for key in theirs["Resources"] if key.startswith("Live"))
    more = ours["Resources"][live]["Properties"].pop("DefaultRouteSettings")
    assert "DefaultRouteSettings" not in theirs["Resources"][live]["Properties"]
    assert more["ThrottlingRateLimit"] == 10000
    assert theirs == ours
    assert _template(names["cfn"]) == _template(names["new"])
    assert _template(names["cfn_video"]) == _template(names["video"])


SAM = {
    *"StageName RouteSettings StageVariables Tags PropagateTags Domain FailOnWarnings".split(),
    *"AccessLogSettings AccessLogSettings.DestinationArn AccessLogSettings.Format DefaultRouteSettings".split(),
    *(f"DefaultRouteSettings.{''.join(word.capitalize() for word in field.split('_'))}" for field in SETTINGS),
}
SERVERLESS = {
    *"provider.stage provider.tags provider.httpApi.metrics provider.httpApi.id".split(),
    *"provider.apiGateway.websocketApiId provider.websocketsDescription provider.logs.httpApi".split(),
    *"provider.logs.httpApi.format provider.logs.websocket provider.logs.restApi.role".split(),
    *(
        f"provider.logs.websocket.{field}"
        for field in "level fullExecutionData accessLogging executionLogging format".split()
    ),
}


def test_every_field_of_sam_and_serverless():
    """What both have for stages."""
    sam, serverless = _tables("sam-serverless.md")
    assert _fields(sam) == SAM
    assert _fields(serverless) == SERVERLESS


def test_sam_and_serverless_side_by_side():
    """Each value of their YAML stands in the template."""
    sam, serverless = (yaml.load(block, Loader=_Tags) for block in _blocks("sam-serverless.md", "yaml"))  # noqa: S506
    stack = _run("sam-serverless.md")["stack"]
    theirs = sam["Resources"]["Pets"]["Properties"]
    ours = _stage(stack, "prod")
    assert theirs.pop("AccessLogSettings")["Format"] == ours["AccessLogSettings"]["Format"]
    assert {key: ours[key] for key in theirs} == theirs
    provider = serverless["provider"]
    logs = provider["logs"]["websocket"]
    live = _stage(stack, provider["stage"])
    assert live["Description"] == provider["websocketsDescription"]
    assert live["Tags"] == provider["tags"]
    assert live["AccessLogSettings"]["Format"] == logs["format"]
    assert live["DefaultRouteSettings"]["LoggingLevel"] == logs["level"]
    assert live["DefaultRouteSettings"]["DataTraceEnabled"] is logs["fullExecutionData"]


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _pascal_keys(settings: dict[str, Any]) -> dict[str, Any]:
    return {_pascal(key): value for key, value in settings.items()}


def _hcl(text: str) -> dict[str, dict[str, Any]]:
    """Resources of HCL that has attributes, blocks and maps, and nothing else."""
    resources: dict[str, dict[str, Any]] = {}
    stack: list[dict[str, Any]] = []
    for line in text.splitlines():
        words = line.replace('"', " ").split()
        if not words:
            continue
        if words[0] == "resource":
            stack.append(resources.setdefault(words[2], {}))
        elif words[-1] == "{":
            inner: dict[str, Any] = {}
            if words[1] == "=":
                stack[-1][words[0]] = inner
            else:
                stack[-1].setdefault(words[0], []).append(inner)
            stack.append(inner)
        elif words == ["}"]:
            stack.pop()
        else:
            key, _, value = line.strip().partition("=")
            literal = re.fullmatch(r'".*"|[0-9.]+|true|false', value.strip())
            stack[-1][key.strip()] = json.loads(value) if literal else value.strip()
    assert not stack
    return resources
