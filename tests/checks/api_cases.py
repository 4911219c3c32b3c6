"""Templates of API Gateway that break one rule over several resources each, and templates that are close to it."""

from __future__ import annotations

from typing import Any

from .cases import DEFAULT, DEPLOYMENT, GROUP, LOGGING, logs
from .mapping_cases import mapping
from .template_helpers import ACCOUNT, API, ERROR, HTTP_API, WARNING, WEBSOCKET_API, Case, http, route, stage, websocket

DESTINATION = "AccessLogSettings.DestinationArn"
FORMAT = "AccessLogSettings.Format"
ONE: dict[str, Any] = {"ThrottlingBurstLimit": 1}


def api(properties: dict[str, Any] | None = None, of: dict[str, Any] = HTTP_API, **others: Any) -> dict[str, Any]:
    """An API with further properties."""
    return {**of, "Properties": {**of["Properties"], **(properties or {})}, **others}


def group(name: str) -> str:
    """The ARN of a log group."""
    return f"{GROUP.rpartition(':')[0]}:{name}"


def quick(name: str = "$default", target: Any = "https://example.com", **others: Any) -> dict[str, Any]:
    """A quick-created API and a stage of its own."""
    return {"Api": api({"Target": target}), "Stage": stage({"StageName": name}, **others)}


def keyed(key: str, of: dict[str, Any] = HTTP_API) -> dict[str, Any]:
    """An API with a route that has this key, and a stage."""
    return {"Api": of, "Stage": stage(DependsOn="It"), "It": route(key)}


def undeployed(properties: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """An API with a stage that has no deployment and makes none."""
    given = {"AutoDeploy": None, **(properties or {})}
    return http(given) | others


def deployed(api_id: Any) -> dict[str, Any]:
    """A stage with a deployment of an API, and another API."""
    deployment = {**DEPLOYMENT, "Properties": {"ApiId": api_id}, "DependsOn": ["Pets", "Toys"]}
    toys = {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Other"}, "RouteKey": "GET /toys"}}
    return http({"DeploymentId": {"Ref": "D"}}) | {"Other": HTTP_API, "Toys": toys, "D": deployment}


def closed(disabled: Any = True, **others: Any) -> dict[str, Any]:
    """An API without its own endpoint, and a stage."""
    return http() | {"Api": api({"DisableExecuteApiEndpoint": disabled})} | others


def mapped(name: Any, api_id: Any = API) -> dict[str, Any]:
    """The same with a mapping to a stage."""
    to = mapping("Api", name=name, DependsOn="Stage")
    return closed(Mapping={**to, "Properties": {**to["Properties"], "ApiId": api_id}})


def planned(name: Any, template: dict[str, Any] | None = None, api_id: Any = API) -> dict[str, Any]:
    """An API whose stage is in a usage plan."""
    stages = [{"ApiId": api_id, "Stage": name}]
    plan = {"Type": "AWS::ApiGateway::UsagePlan", "Properties": {"ApiStages": stages}}
    return (template or http()) | {"Plan": plan}


def logging(**others: Any) -> dict[str, Any]:
    """A WebSocket stage that logs."""
    return websocket(LOGGING, **others)


def role(properties: dict[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    """An account and its role, which API Gateway may assume."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}}]}
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, **(properties or {})}},
        "Account": ACCOUNT | {"Properties": {"CloudWatchRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}},
        **others,
    }


def allowing(action: Any, effect: str = "Allow") -> dict[str, Any]:
    """A policy document with one statement."""
    return {"Statement": [{"Effect": effect, "Action": action, "Resource": "*"}]}


def inline(action: Any, effect: str = "Allow") -> dict[str, Any]:
    """A role with one policy inside."""
    return role({"Policies": [{"PolicyName": "p", "PolicyDocument": allowing(action, effect)}]})


def attached(action: Any, roles: Any = None, kind: str = "Policy") -> dict[str, Any]:
    """A role with a policy that is a resource of its own."""
    named = {"RoleName": {"Ref": "Role"}} if kind == "RolePolicy" else {"Roles": roles or [{"Ref": "Role"}]}
    return role(Policy={"Type": f"AWS::IAM::{kind}", "Properties": {"PolicyDocument": allowing(action), **named}})


CASES = [
    Case(
        "unexpandedTransform", WARNING, "the resource", {"Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {}}}
    ),
    Case("stageExists", ERROR, "StageName", quick()),
    Case(
        "stageExists",
        ERROR,
        "StageName",
        quick(target={"Fn::GetAtt": ["Function", "Arn"]}) | {"Function": {"Type": "AWS::Lambda::Function"}},
    ),
    Case("deploymentOfAnotherApi", ERROR, "DeploymentId", deployed({"Ref": "Other"})),
    Case("deploymentOfAnotherApi", ERROR, "DeploymentId", deployed({"Fn::GetAtt": ["Other", "ApiId"]})),
    *(
        Case("accessLogDestination", ERROR, DESTINATION, make(logs(arn=arn)))
        for make in (http, websocket)
        for arn in (f"{GROUP}:log-stream:x", f"{GROUP}:log-stream:", f"{GROUP}:", f"{GROUP}+", group("x" * 513))
    ),
    *(
        Case("accessLogEnvironment", WARNING, DESTINATION, make(logs(arn=GROUP.replace(*change))))
        for make in (http, websocket)
        for change in (("eu-west-1", "us-east-1"), ("123456789012", "210987654321"), ("arn:aws:", "arn:aws-cn:"))
    ),
    *(
        Case("unknownAccessLogVariable", WARNING, FORMAT, make(logs(f"$context.requestId {text}")))
        for make in (http, websocket)
        for text in ("$input.body", "${stageVariables.table}", "$util.escape")
    ),
    *(
        Case("httpRouteKey", ERROR, "RouteKey", keyed(key))
        for key in ("pets", "GET/pets", "/pets", "GET pets", "$connect")
    ),
    *(
        Case("httpRouteKey", ERROR, f'RouteSettings["{key}"]', http({"RouteSettings": {key: ONE}}))
        for key in ("$connect", "$disconnect")
    ),
    Case(
        "httpRouteKey",
        ERROR,
        'RouteSettings["GET/pets"]',
        {"Api": api({"Body": {"openapi": "3.0.1"}}), "Stage": stage({"RouteSettings": {"GET/pets": ONE}})},
    ),
    Case("emptyRouteSettings", WARNING, DEFAULT, http({DEFAULT: {}})),
    Case("stageBeforeAccount", WARNING, "DependsOn", logging(DependsOn=["Send"])),
    Case("stageBeforeAccount", WARNING, "DependsOn", websocket(logs(), DependsOn=[])),
    Case("autoDeployWithoutRoute", WARNING, "AutoDeploy", {"Api": WEBSOCKET_API, "Stage": stage()}),
    Case("accountRolePermissions", WARNING, "CloudWatchRoleArn", role()),
    Case("accountRolePermissions", WARNING, "CloudWatchRoleArn", role({"ManagedPolicyArns": []})),
    Case("accountRolePermissions", WARNING, "CloudWatchRoleArn", inline(["s3:GetObject", "logsx:*"])),
    Case("accountRolePermissions", WARNING, "CloudWatchRoleArn", inline("logs:*", "Deny")),
    *(
        Case("accountRolePermissions", WARNING, "CloudWatchRoleArn", attached("s3:*", kind=kind))
        for kind in ("Policy", "ManagedPolicy", "RolePolicy")
    ),
    Case(
        "accountRolePermissions",
        WARNING,
        "CloudWatchRoleArn",
        attached("logs:*", [{"Ref": "Other"}]) | {"Other": {"Type": "AWS::IAM::Role"}},
    ),
    Case(
        "accountRolePermissions",
        WARNING,
        "CloudWatchRoleArn",
        role(Policy={"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": allowing("logs:*"), "Users": ["x"]}}),
    ),
    Case("stageWithoutDeployment", WARNING, "AutoDeploy", undeployed()),
    Case("stageWithoutDeployment", WARNING, "AutoDeploy", undeployed({"AutoDeploy": "false"})),
    Case("stageWithoutDeployment", WARNING, "AutoDeploy", undeployed({"AutoDeploy": {"Ref": "AWS::NoValue"}})),
    Case("disabledEndpoint", WARNING, "the resource", closed()),
    Case("disabledEndpoint", WARNING, "the resource", closed("true")),
    Case("disabledEndpoint", WARNING, "the resource", mapped("other")),
    Case("disabledEndpoint", WARNING, "the resource", mapped("prod", "abcdefghij")),
    Case("disabledEndpoint", WARNING, "the resource", mapped("prod", {"Ref": "Other"}) | {"Other": HTTP_API}),
    Case("disabledEndpoint", WARNING, "the resource", mapped({"Ref": "Beta"}) | {"Beta": stage({"StageName": "beta"})}),
    Case("usagePlanOnHttp", WARNING, "the resource", planned("prod")),
    Case("usagePlanOnHttp", WARNING, "the resource", planned({"Ref": "Stage"})),
]

CLEAN: dict[str, dict[str, Any]] = {
    "another stage of a quick-created API": quick("prod"),
    "a target that may be left out": quick(target={"Fn::If": ["Quick", "https://x", {"Ref": "AWS::NoValue"}]}),
    "a target that is not known": quick(target={"Ref": "Parameter"}),
    "a target that is resolved at deploy time": quick(target="{{resolve:ssm:/target}}"),
    "an empty target": quick(target=""),
    "a target of an API whose protocol is not known": quick()
    | {"Api": api({"Target": "https://example.com", "ProtocolType": {"Ref": "Protocol"}})},
    "a default stage under a condition": quick(Condition="Maybe"),
    "own deployment": deployed(API),
    "deployment of an API that is not known": deployed({"Ref": "Parameter"}),
    "deployment of an API that is written out": deployed("abcdefghij"),
    "deployment by a custom resource": http({"DeploymentId": {"Fn::GetAtt": ["D", "Id"]}})
    | {"Other": HTTP_API, "D": {"Type": "Custom::Deployment", "Properties": {"ApiId": {"Ref": "Other"}}}},
    "a log group of any name": http(logs(arn=f"{GROUP}.-_/#9")),
    "a log group with the longest name": http(logs(arn=group("x" * 512))),
    "a format with a dollar": http(logs("$context.requestId $ $5 $inputs")),
    **{f"key {key}": keyed(key) for key in ("$default", "GET /", "ANY /{proxy+}", "get /pets", "GET /a b")},
    **{f"websocket key {key}": keyed(key, WEBSOCKET_API) for key in ("$connect", "GET/pets", "a b")},
    "settings of a key that is resolved at deploy time": {
        "Api": api({"Body": {"openapi": "3.0.1"}}),
        "Stage": stage({"RouteSettings": {"{{resolve:ssm:/key}}": ONE}}),
    },
    "key of an API that is not known": keyed("pets", {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}}),
    "settings that may be left out": http({DEFAULT: {"ThrottlingBurstLimit": {"Ref": "AWS::NoValue"}}}),
    "waits by a reference": websocket({**LOGGING, "Description": {"Ref": "Account"}}, DependsOn=["Send"]),
    "waits by way of its route": logging(DependsOn=["Send"]) | {"Send": route("send", DependsOn="Account")},
    "logs nothing": websocket(DependsOn=["Send"]),
    "http logs": {**http(logs()), "Account": ACCOUNT},
    "routes of a macro": {"Api": WEBSOCKET_API, "Stage": stage(), "Custom": {"Type": "Custom::Routes"}},
    "routes of an API that is not known": {
        "Api": WEBSOCKET_API,
        "Stage": stage(),
        "Send": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Parameter"}, "RouteKey": "send"}},
    },
    "deployed without routes": {
        "Api": WEBSOCKET_API,
        "Stage": stage({"AutoDeploy": False, "DeploymentId": "abc123"}),
    },
    "http without routes": {"Api": HTTP_API, "Stage": stage()},
    **{f"role by {action}": inline(action) for action in ("logs:*", ["s3:*", "logs:PutLogEvents"], "*", "lo*:Put*")},
    "role by an action that is computed": inline({"Ref": "Action"}),
    "role by an action that is resolved at deploy time": inline("{{resolve:ssm:/action}}"),
    "role by all other actions": role({"Policies": [{"PolicyDocument": {"Statement": {"NotAction": "s3:*"}}}]}),
    "role by policies that are computed": role({"Policies": {"Fn::If": ["A", [], []]}}),
    "role by a policy that is computed": role({"Policies": [{"Fn::If": ["A", {}, {}]}]}),
    "role by a managed policy": role({"ManagedPolicyArns": [{"Ref": "Policy"}]}),
    "role by an attached policy": attached("logs:*"),
    "role by an attached role policy": attached("logs:*", kind="RolePolicy"),
    "role by a policy of roles that are not known": attached("s3:*", [{"Ref": "Parameter"}]),
    "role by a custom resource": role(Custom={"Type": "Custom::Policy"}),
    "role by another kind of resource": role()
    | {
        "Account": ACCOUNT | {"Properties": {"CloudWatchRoleArn": {"Fn::GetAtt": ["Name", "Value"]}}},
        "Name": {"Type": "AWS::SSM::Parameter"},
    },
    "role that is written out": {"Account": ACCOUNT | {"Properties": {"CloudWatchRoleArn": "arn:aws:iam::1:role/x"}}},
    "deploys perhaps": undeployed({"AutoDeploy": {"Ref": "Parameter"}}),
    "has a deployment perhaps": undeployed({"DeploymentId": {"Fn::If": ["A", "abc", {"Ref": "AWS::NoValue"}]}}),
    "is deployed by the deployment": undeployed(
        D={**DEPLOYMENT, "Properties": {"ApiId": API, "StageName": "prod"}, "DependsOn": ["Pets"]}
    ),
    "is deployed by a custom resource": undeployed(Custom={"Type": "Custom::Deployment"}),
    "endpoint that is not disabled": closed(False),
    "endpoint that may be disabled": closed({"Ref": "Parameter"}),
    **{
        f"mapped by {name}": mapped(name)
        for name in ("prod", {"Ref": "Stage"}, {"Ref": "Parameter"}, {"Fn::Sub": "${Stage}"})
    },
    "mapping of an API that is not known": mapped("prod", {"Ref": "Parameter"}),
    "mapping of a stage whose name is not known": mapped("prod")
    | {"Stage": stage({"StageName": {"Ref": "Name"}}, DependsOn=["Pets"])},
    "mapped by a custom resource": closed(Custom={"Type": "Custom::Mapping"}),
    "usage plan of another stage": planned("other"),
    "usage plan of a stage that is not known": planned({"Ref": "Parameter"}),
    "usage plan of another API": planned("prod", api_id={"Ref": "Other"}),
    "usage plan of a websocket stage": planned("prod", websocket()),
}
