"""Every policy that a construct can write, read as a security reviewer would, in three partitions.

What each grant method writes for each kind of principal is in the tables of `tests/policies`; all policies together
are held to rules below.
"""

from __future__ import annotations

import inspect
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from stage_constructs import apigatewayv2 as apigatewayv2_stages
from stage_constructs import checks, ivs, monitoring
from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

from .policies import api_gateway
from .policies import ivs as ivs_rows
from .policies.harness import (
    PRINCIPALS,
    REGIONS,
    allow_principal,
    granted,
    listed,
    ordered,
    resource_statements,
    statements,
)

ROWS = [*api_gateway.ROWS, *ivs_rows.ROWS]

ANY_RESOURCE = {
    "logs:CreateLogDelivery": "log delivery has no resource in IAM",
    "logs:CreateLogGroup": "named by AWS among the actions of log delivery, on *",
    "logs:DeleteLogDelivery": "log delivery has no resource in IAM",
    "logs:DescribeResourcePolicies": "log resource policies have no resource in IAM",
    "logs:GetQueryResults": "queries of Logs Insights have no resource in IAM; their ids are those of logs:StartQuery",
    "logs:StopQuery": "the same",
    "logs:GetLogDelivery": "log delivery has no resource in IAM",
    "logs:ListLogDeliveries": "log delivery has no resource in IAM",
    "logs:PutResourcePolicy": "log resource policies have no resource in IAM",
    "logs:UpdateLogDelivery": "log delivery has no resource in IAM",
}

SERVICE_WITHOUT_SOURCE = {
    "apigateway.amazonaws.com": "trust policy of the account's role: AWS documents no source for it",
    "lambda.amazonaws.com": "trust policy of a role of this test",
    "ivs-composite.": "AWS documents other conditions for IVS, and recording fails without an error",
    "logs.": "the key is for one log group, named by the encryption context",
}


def _everything(region: str) -> dict[str, Any]:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "All", env=cdk.Environment(account="123456789012", region=region))
    backend = iam.Role(stack, "Backend", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    key = kms.Key(stack, "Key")

    api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
    http = HttpStage(stack, "Http", api=api, access_log_settings=AccessLogSettings(encryption_key=key))
    http.grant_invoke(backend)
    http.grant_invoke(backend, method="GET", path="/pets/{id}")
    http.grant_log_delivery(backend)
    http.grant_read_logs(backend)
    sockets = WebSocketStage(
        stack,
        "Sockets",
        api=apigatewayv2.WebSocketApi(stack, "WebSocketApi"),
        stage_name="live",
        account=ApiGatewayAccount.of(stack),
        access_log_settings=AccessLogSettings(),
        default_route_settings=RouteSettings(logging_level=LoggingLevel.INFO),
    )
    sockets.grant_invoke(backend)
    sockets.grant_manage_connections(backend)
    sockets.grant_read_logs(backend)
    if region == REGIONS["aws"]:
        _everything_of_ivs(stack, backend)
    template: dict[str, Any] = assertions.Template.from_stack(stack).to_json()
    return template


def _everything_of_ivs(stack: cdk.Stack, backend: iam.Role) -> None:
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Recordings"))
    encoder = ivs.EncoderConfiguration(stack, "Encoder")
    recording = ivs.ParticipantRecording(storage=storage)
    stage = ivs.Stage(stack, "Stage", stage_name="room", auto_participant_recording=recording)
    storage.grant_read_recordings(backend)
    for grant in (
        stage.grant_read,
        stage.grant_update,
        stage.grant_delete,
        stage.grant_create_participant_token,
        stage.grant_disconnect_participant,
        stage.grant_observe,
        stage.grant_manage_compositions,
    ):
        grant(backend)
    stage.grant_start_composition(backend, encoder_configuration=encoder, storage_configuration=storage)
    stage.grant_participant_replication(backend, ivs.Stage(stack, "Other"))
    sessions = ivs.StageSessions(stack, "Sessions", tags={"app": "video"})
    sessions.grant_manage(backend)
    sessions.grant_list(backend)
    ivs.StageEventLog(stack, "Events", stages=[stage], encryption_key=kms.Key(stack, "EventsKey"))
    ivs.IngestConfiguration(stack, "Ingest", stage=stage)


@pytest.fixture(scope="module", params=REGIONS)
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Everything that can write a policy, in one partition."""
    return _everything(REGIONS[request.param])


def _ours(template: dict[str, Any]) -> list[dict[str, Any]]:
    """All statements but the one by which every native key belongs to its account."""
    found = [each for each in statements(template["Resources"]) if "kms:*" not in listed(each["Action"])]
    assert len(found) > 10
    return found


def _grant_methods() -> set[str]:
    """The grant methods of all public classes."""
    classes = [
        getattr(module, name) for module in (apigatewayv2_stages, checks, ivs, monitoring) for name in module.__all__
    ]
    return {
        f"{each.__name__}.{method}"
        for each in classes
        if inspect.isclass(each)
        for method in dir(each)
        if method.startswith("grant")
    }


def test_each_grant_method_has_a_row():
    """A new grant method is reviewed: its statements are in the table."""
    assert {row.method for row in ROWS} == _grant_methods()


@pytest.mark.parametrize("kind", PRINCIPALS)
@pytest.mark.parametrize(
    ("row", "partition"), [(row, partition) for row in ROWS for partition in row.partitions], ids=str
)
def test_a_grant_writes_these_statements_and_no_others(request, row, kind, partition):
    """Principal, actions, resources and conditions are those of the row, in identity and resource policies."""
    principal = PRINCIPALS[kind]
    if row.open_finding and principal.known_as is not None:
        request.applymarker(pytest.mark.xfail(reason=row.open_finding))
    found = granted(row, principal, partition)
    assert ordered(found.identity) == ordered(row.identity if principal.attached_to else [])
    assert found.roles == ({principal.attached_to} if principal.attached_to else set())
    in_resources = [allow_principal(each, principal.known_as) for each in row.resource if principal.known_as]
    assert ordered(found.resource) == ordered(in_resources)
    without_effect = row.warns and principal.known_as is not None and not row.resource
    assert ["grantWithoutEffect" in each for each in found.warnings] == ([True] if without_effect else [])


@pytest.mark.parametrize("partition", REGIONS)
@pytest.mark.parametrize("policies", api_gateway.RESOURCE_POLICIES, ids=str)
def test_a_construct_writes_these_resource_policies(policies, partition):
    """Key policies, log group policies and trust policies hold the statements of the table and no others."""
    assert ordered(resource_statements(policies, partition)) == ordered(policies.statements)


def test_a_grant_in_an_agnostic_stack_does_not_warn(app):
    """Accounts that are known at deploy only may be the same."""
    agnostic = cdk.Stack(app, "Agnostic")
    stage = api_gateway.http_stage(agnostic)
    stage.grant_invoke(iam.Role(agnostic, "Role", assumed_by=iam.AccountRootPrincipal()))
    stage.grant_invoke(iam.Role.from_role_arn(agnostic, "Imported", "arn:aws:iam::123456789012:role/imported"))
    assertions.Annotations.from_stack(agnostic).has_no_warning("*", assertions.Match.any_value())


def test_a_grant_to_a_role_of_an_unknown_account_does_not_warn(stack):
    """An ARN that is known at deploy time only may be one of the same account."""
    role = iam.Role.from_role_arn(stack, "Role", cdk.Fn.import_value("RoleArn"))
    api_gateway.http_stage(stack).grant_invoke(role)
    assertions.Annotations.from_stack(stack).has_no_warning("*", assertions.Match.any_value())


def test_the_warning_says_what_works(stack):
    """Both accounts, the reason, and the role to grant to."""
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::210987654321:role/imported")
    api_gateway.web_socket_stage(stack).grant_invoke(role)
    (warning,) = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    assert warning.entry.data == (
        "grantee should be a role or user of account 123456789012 whose policy this app can write, got an IRole: it is"
        " of account 210987654321, and WebSocket APIs have no resource policies; grant to"
        " a role of account 123456789012, and allow the grantee to assume it [ack: stage-constructs:grantWithoutEffect]"
    )


def test_no_action_is_a_wildcard(template):
    """Each action is named."""
    actions = [action for each in _ours(template) for action in listed(each["Action"])]
    assert [action for action in actions if "*" in action] == []


def test_any_resource_is_named_only_where_there_is_nothing_narrower(template):
    """A statement about * holds only actions of the list above, which says why; in the policy of a key * is the key."""
    wide = {
        action
        for each in _ours(template)
        if "*" in listed(each.get("Resource", "")) and "kms:" not in str(each["Action"])
        for action in listed(each["Action"])
    }
    assert wide <= ANY_RESOURCE.keys()


def test_services_are_held_to_their_source(template):
    """A service that may write on our behalf may do so for this account and a known source alone."""
    loose = []
    for each in _ours(template):
        service = json.dumps(each.get("Principal", {}).get("Service", "")) if "Principal" in each else '""'
        known = any(name in service for name in SERVICE_WITHOUT_SOURCE)
        conditions = json.dumps(each.get("Condition", {}))
        if service != '""' and "delivery.logs" not in service and not known and "aws:Source" not in conditions:
            loose.append(each)
        if "delivery.logs" in service and "aws:SourceAccount" not in conditions:
            loose.append(each)
    assert loose == []


def test_nobody_is_let_in_by_name_of_everyone(template):
    """No statement that allows has everyone as its principal."""
    allowed = [each for each in _ours(template) if each["Effect"] == "Allow" and "Principal" in each]
    assert [each for each in allowed if each["Principal"] in ("*", {"AWS": "*"})] == []


def test_no_partition_is_written_out(template):
    """ARNs take their partition from where they are deployed."""
    assert "arn:aws" not in json.dumps(template)


def test_no_secret_is_in_the_template(template):
    """Stream keys stay attributes that nothing refers to."""
    text = json.dumps(template)
    assert "StreamKey" not in text
    assert "PRIVATE KEY" not in text


def test_each_reason_is_needed():
    """No action is on the list of the above that no construct asks for."""
    asked = {
        action
        for each in _ours(_everything(REGIONS["aws"]))
        if "*" in listed(each.get("Resource", ""))
        for action in listed(each["Action"])
    }
    assert ANY_RESOURCE.keys() <= asked
