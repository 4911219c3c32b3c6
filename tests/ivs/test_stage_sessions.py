"""Stages that a backend makes at run time, fenced by tags."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import statements, template, warnings

STAGES = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":ivs:eu-west-1:123456789012:stage/*"]]}


def test_grant_manage(stack: cdk.Stack, grantee: iam.IGrantable) -> None:
    """A backend creates stages that carry the tags, and reaches stages that carry them."""
    ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}).grant_manage(grantee).assert_success()
    assert statements(stack) == [
        {
            "Effect": "Allow",
            "Action": "ivs:CreateStage",
            "Resource": STAGES,
            "Condition": {"StringEquals": {"aws:RequestTag/app": "chat"}},
        },
        {
            "Effect": "Allow",
            "Action": "ivs:TagResource",
            "Resource": STAGES,
            "Condition": {
                "StringEquals": {"aws:RequestTag/app": "chat"},
                "StringEqualsIfExists": {"aws:ResourceTag/app": "chat"},
            },
        },
        {
            "Effect": "Allow",
            "Action": [
                "ivs:CreateParticipantToken",
                "ivs:DeleteStage",
                "ivs:DisconnectParticipant",
                "ivs:GetStage",
                "ivs:ListTagsForResource",
                "ivs:UpdateStage",
            ],
            "Resource": STAGES,
            "Condition": {"StringEquals": {"aws:ResourceTag/app": "chat"}},
        },
    ]


def test_each_tag_is_part_of_the_fence(stack: cdk.Stack, role: iam.Role) -> None:
    """With several tags a stage must carry all of them."""
    ivs.StageSessions(stack, "Sessions", tags={"app": "chat", "env": "prod"}).grant_manage(role)
    create, tag, manage = statements(stack)
    asked = {"aws:RequestTag/app": "chat", "aws:RequestTag/env": "prod"}
    carried = {"aws:ResourceTag/app": "chat", "aws:ResourceTag/env": "prod"}
    assert create["Condition"] == {"StringEquals": asked}
    assert tag["Condition"] == {"StringEquals": asked, "StringEqualsIfExists": carried}
    assert manage["Condition"] == {"StringEquals": carried}


def test_tags_cannot_be_taken_away(stack: cdk.Stack, role: iam.Role) -> None:
    """The fence cannot be opened from within."""
    ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}).grant_manage(role)
    assert "ivs:UntagResource" not in str(statements(stack))


def test_snapshot_everything(stack: cdk.Stack, role: iam.Role, snapshot: Any) -> None:
    """The template of a backend with sessions does not change unnoticed."""
    ivs.StageSessions(stack, "Sessions", tags={"app": "chat", "env": "prod"}).grant_manage(role)
    assert template(stack) == snapshot


def test_it_makes_no_resource(stack: cdk.Stack, stage: ivs.Stage) -> None:
    """Without a grant there is nothing in the template."""
    sessions = ivs.StageSessions(stack, "Sessions", tags={"app": "chat"})
    assert sessions.tags == {"app": "chat"}
    assert len(template(stack)["Resources"]) == 1


@pytest.mark.parametrize("tags", [{}, None, {"aws:app": "chat"}, {"app": "v" * 257}, ["app"]])
def test_tags_that_are_refused(stack: cdk.Stack, tags: Any) -> None:
    """Without a tag, or with one that no stage can carry, there is no fence."""
    with pytest.raises(StageConfigurationError, match="tags"):
        ivs.StageSessions(stack, "Sessions", tags=tags)


def test_an_unknown_environment(agnostic: cdk.Stack) -> None:
    """In a stack that can be deployed anywhere the stages are those of its account and Region."""
    role = iam.Role(agnostic, "Role", assumed_by=iam.AccountRootPrincipal())
    ivs.StageSessions(agnostic, "Sessions", tags={"app": "chat"}).grant_manage(role)
    (_, (_, *parts)) = statements(agnostic)[0]["Resource"]["Fn::Join"]
    assert parts == [
        {"Ref": "AWS::Partition"},
        ":ivs:",
        {"Ref": "AWS::Region"},
        ":",
        {"Ref": "AWS::AccountId"},
        ":stage/*",
    ]


@pytest.mark.parametrize("tags", [{"app": "${aws:username}"}, {"app": "a${*}"}, {"${aws:username}": "chat"}])
def test_policy_variables_are_refused(stack: cdk.Stack, tags: Any) -> None:
    """A tag that IAM would read as a policy variable has another value for each caller, and is no fence."""
    with pytest.raises(StageConfigurationError, match=r"tags must not hold \$\{.*policy variable"):
        ivs.StageSessions(stack, "Sessions", tags=tags)


def test_stages_of_another_region(stack: cdk.Stack, role: iam.Role) -> None:
    """The permissions can be for stages of another Region than the stack's."""
    sessions = ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}, region="us-east-1")
    sessions.grant_manage(role)
    sessions.grant_list(role)
    assert {str(each["Resource"]) for each in statements(stack)} == {str(STAGES).replace("eu-west-1", "us-east-1")}


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ("eu-north-1", "must be a Region with Amazon IVS"),
        ("*", "regionOfStages"),
        ("", "regionOfStages"),
        (5, "must be"),
    ],
)
def test_regions_that_are_refused(stack: cdk.Stack, region: Any, message: str) -> None:
    """A Region has stages, and is no wildcard."""
    with pytest.raises(StageConfigurationError, match=message):
        ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}, region=region)


def test_a_region_that_is_known_at_deployment(stack: cdk.Stack, role: iam.Role) -> None:
    """A token is not judged."""
    region = cdk.CfnParameter(stack, "Region").value_as_string
    ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}, region=region).grant_list(role)
    assert {"Ref": "Region"} in statements(stack)[0]["Resource"]["Fn::Join"][1]


def test_wildcards_of_a_tag_are_literal(stack: cdk.Stack, role: iam.Role) -> None:
    """Tags are compared by StringEquals, which knows no wildcards."""
    ivs.StageSessions(stack, "Sessions", tags={"app": "*"}).grant_manage(role)
    operators = {operator for one in statements(stack) for operator in one["Condition"]}
    assert operators == {"StringEquals", "StringEqualsIfExists"}


def test_a_tag_that_is_known_at_deployment(agnostic: cdk.Stack) -> None:
    """A token is not judged, though it looks like a policy variable."""
    role = iam.Role(agnostic, "Role", assumed_by=iam.AccountRootPrincipal())
    value = cdk.CfnParameter(agnostic, "App").value_as_string
    ivs.StageSessions(agnostic, "Sessions", tags={"app": value}).grant_manage(role)
    assert statements(agnostic)[0]["Condition"] == {"StringEquals": {"aws:RequestTag/app": {"Ref": "App"}}}


def test_grant_list(stack: cdk.Stack, grantee: iam.IGrantable) -> None:
    """Listing is of all stages of the account and Region, and granted by its own method alone."""
    sessions = ivs.StageSessions(stack, "Sessions", tags={"app": "chat"})
    sessions.grant_list(grantee).assert_success()
    assert statements(stack) == [{"Effect": "Allow", "Action": "ivs:ListStages", "Resource": STAGES}]


@pytest.mark.parametrize("method", ["grant_manage", "grant_list"])
def test_grants_without_effect_warn(stack: cdk.Stack, stage: ivs.Stage, method: str) -> None:
    """Another account is not let in by an identity policy, and IVS has no other: one warning says what works."""
    grant = getattr(ivs.StageSessions(stack, "Sessions", tags={"app": "chat"}), method)
    assert not grant(iam.AccountPrincipal("210987654321")).success
    (warning,) = warnings(stack)
    assert "Amazon IVS has no resource policies" in warning
    assert "stage-constructs:grantWithoutEffect" in warning
