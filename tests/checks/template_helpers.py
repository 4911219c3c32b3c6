"""Checks templates that are written as Python objects."""

from __future__ import annotations

from typing import Any, NamedTuple

from stage_constructs.rules import RuleViolation
from stage_constructs.rules._messages import TEMPLATE
from stage_constructs.rules._resources import Template
from stage_constructs.rules.templates import evaluate_templates

ERROR, WARNING = "error", "warning"


class Case(NamedTuple):
    """A template that breaks one rule."""

    rule: str
    severity: str
    prop: str
    resources: dict[str, Any]


class Found(NamedTuple):
    """What matters of a finding."""

    logical_id: str
    rule: str
    severity: str
    prop: str


def findings(*templates: Template) -> list[RuleViolation]:
    """All findings in templates."""
    return list(evaluate_templates(list(templates)))


def template(resources: dict[str, Any], **others: Any) -> Template:
    """A template with these resources, deployed to a Region that has all services."""
    content = {"Resources": resources, **others}
    return Template(content, path="t.template.json", region="eu-west-1", account="123456789012")


def check(resources: dict[str, Any], **others: Any) -> list[Found]:
    """What is found in a template."""
    return [
        Found(
            each.resource.logical_id,
            each.rule.id,
            ERROR if each.rule.kind.is_error else WARNING,
            TEMPLATE.prop(each.resource_type, each.path),
        )
        for each in findings(template(resources, **others))
    ]


def rules(resources: dict[str, Any], **others: Any) -> list[str]:
    """The rules that a template breaks."""
    return [each.rule for each in check(resources, **others)]


HTTP_API: dict[str, Any] = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "pets", "ProtocolType": "HTTP"}}
WEBSOCKET_API: dict[str, Any] = {
    "Type": "AWS::ApiGatewayV2::Api",
    "Properties": {"Name": "chat", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"},
}
ACCOUNT: dict[str, Any] = {"Type": "AWS::ApiGateway::Account", "Properties": {}}
API = {"Ref": "Api"}


def route(key: Any, **others: Any) -> dict[str, Any]:
    """A route of the API."""
    return {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": API, "RouteKey": key}, **others}


def stage(properties: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """A stage of the API, which deploys by itself unless it has a deployment."""
    deployed = {} if "DeploymentId" in (properties or {}) else {"AutoDeploy": True}
    own = {"ApiId": API, "StageName": "prod", **deployed}
    return {"Type": "AWS::ApiGatewayV2::Stage", "Properties": own | (properties or {}), **others}


def http(properties: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """A template with an HTTP API, a route and a stage that waits for it."""
    waiting = {"DependsOn": ["Pets"]} | others
    return {"Api": HTTP_API, "Pets": route("GET /pets"), "Stage": stage(properties, **waiting)}


def websocket(properties: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """A template with a WebSocket API, the role of the account, a route and a stage that waits for both."""
    waiting = {"DependsOn": ["Send", "Account"]} | others
    return {
        "Api": WEBSOCKET_API,
        "Account": ACCOUNT,
        "Send": route("send"),
        "Stage": stage(properties, **waiting),
    }


def ivs(kind: str, properties: dict[str, Any] | None = None) -> dict[str, Any]:
    """A template with one resource of Amazon IVS."""
    return {"It": {"Type": f"AWS::IVS::{kind}", "Properties": properties or {}}}
