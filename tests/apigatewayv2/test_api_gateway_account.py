"""The account's CloudWatch role: what is made, which of them count, and who waits for it."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import AccessLogSettings, ApiGatewayAccount, LoggingLevel, RouteSettings

from .cloudformation import deployed, properties, resource, resources, template
from .conftest import HTTP, WEBSOCKET, acknowledge, reported

ACCOUNT = "AWS::ApiGateway::Account"
ROLE = "AWS::IAM::Role"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:name"
LOGGING: dict[str, Any] = {"access_log_settings": AccessLogSettings(destination_arn=GROUP)}


def warnings(stack: cdk.Stack) -> list[str]:
    """The texts of all warnings of a stack."""
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    return [message.entry.data for message in found]


def native(stack: cdk.Stack, id: str = "Native") -> apigateway.CfnAccount:
    """Settings of the account as an L1."""
    return apigateway.CfnAccount(stack, id, cloud_watch_role_arn="arn:aws:iam::123456789012:role/r")


def rest_api(stack: cdk.Stack, *, role: bool) -> None:
    """A REST API that makes settings of the account, or none."""
    api = apigateway.RestApi(stack, "Rest", cloud_watch_role=role)
    api.root.add_method("GET", apigateway.MockIntegration())


class TestRole:
    def test_one_is_made(self, stack: cdk.Stack) -> None:
        """The role can be assumed by API Gateway alone, has AWS's managed policy, and is named in the settings."""
        account = ApiGatewayAccount(stack, "Account")
        (role_id,) = resources(stack, ROLE)
        role = properties(stack, ROLE)
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
        assert [deployed(arn, partition="aws-cn") for arn in role["ManagedPolicyArns"]] == [
            "arn:aws-cn:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        ]
        assert properties(stack, ACCOUNT) == {"CloudWatchRoleArn": {"Fn::GetAtt": [role_id, "Arn"]}}
        assert isinstance(account.role, iam.Role)

    @pytest.mark.parametrize("of_type", [ACCOUNT, ROLE])
    def test_both_are_kept(self, stack: cdk.Stack, of_type: str) -> None:
        """Role and setting outlive their stack, as other APIs use them; a creation that is rolled back deletes them."""
        ApiGatewayAccount(stack, "Account")
        found = resource(stack, of_type)
        assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")

    @pytest.mark.parametrize("of_type", [ACCOUNT, ROLE])
    def test_unless_it_is_told_otherwise(self, stack: cdk.Stack, of_type: str) -> None:
        """A removal policy holds for both."""
        ApiGatewayAccount(stack, "Account", removal_policy=cdk.RemovalPolicy.DESTROY)
        assert resource(stack, of_type)["DeletionPolicy"] == "Delete"

    def test_a_role_is_given(self, stack: cdk.Stack) -> None:
        """A role of the app is named, nothing else is made, and its policies are attached first."""
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        role.add_to_policy(iam.PolicyStatement(actions=["logs:PutLogEvents"], resources=["*"]))
        account = ApiGatewayAccount(stack, "Account", role=role)
        (role_id,) = resources(stack, ROLE)
        (policy_id,) = resources(stack, "AWS::IAM::Policy")
        assert account.role is role
        assert resource(stack, ACCOUNT)["DependsOn"] == [policy_id, role_id]
        assert warnings(stack) == []

    def test_an_imported_role_is_given(self, stack: cdk.Stack) -> None:
        """A role that is declared elsewhere is named by its ARN."""
        arn = "arn:aws:iam::123456789012:role/logs"
        ApiGatewayAccount(stack, "Account", role=iam.Role.from_role_arn(stack, "Role", arn))
        assert properties(stack, ACCOUNT) == {"CloudWatchRoleArn": arn}

    def test_an_l1_role_is_given(self, stack: cdk.Stack) -> None:
        """A CfnRole does as well."""
        role = iam.CfnRole(stack, "Role", assume_role_policy_document={"Version": "2012-10-17", "Statement": []})
        ApiGatewayAccount(stack, "Account", role=role)
        assert properties(stack, ACCOUNT) == {"CloudWatchRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}

    @pytest.mark.parametrize("role", ["arn:aws:iam::123456789012:role/logs", 5, {}])
    def test_fails_for_what_is_no_role(self, stack: cdk.Stack, role: Any) -> None:
        """An ARN is no role; nothing is made."""
        with pytest.raises(StageConfigurationError, match="role must be a role") as refused:
            ApiGatewayAccount(stack, "Account", role=role)
        assert (refused.value.construct_path, refused.value.value) == ("Stack/Account", role)
        assert stack.node.children == []

    def test_a_trust_that_is_added_later_counts(self, stack: cdk.Stack) -> None:
        """Who may assume the role is read when the tree is complete."""
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        role.add_to_policy(iam.PolicyStatement(actions=["logs:*"], resources=["*"]))
        ApiGatewayAccount(stack, "Account", role=role)
        assert role.assume_role_policy is not None
        role.assume_role_policy.add_statements(
            iam.PolicyStatement(
                actions=["sts:AssumeRole"], principals=[iam.ServicePrincipal("apigateway.amazonaws.com")]
            )
        )
        assert reported(stack) == warnings(stack) == []


class TestOf:
    def test_is_made_once_a_stack(self, stack: cdk.Stack, other_stack: cdk.Stack) -> None:
        """The account of a stack is found from any construct in it; another stack has another."""
        account = ApiGatewayAccount.of(stack)
        assert ApiGatewayAccount.of(HTTP.api(stack)) is account
        assert ApiGatewayAccount.of(stack) is account
        assert ApiGatewayAccount.of(other_stack) is not account
        assert len(resources_of(stack)) == 1

    def test_finds_what_was_made_by_hand(self, stack: cdk.Stack) -> None:
        """An account that was constructed under any id is the one of the stack."""
        account = ApiGatewayAccount(cdk.NestedStack(stack, "Somewhere"), "ByHand")
        assert ApiGatewayAccount.of(stack) is account

    def test_nested_stacks_share_that_of_their_parent(self, outer_stack: cdk.Stack) -> None:
        """A nested stack is deployed with its parent, which the account is made in."""
        nested = cdk.NestedStack(outer_stack, "Nested")
        account = ApiGatewayAccount.of(nested)
        assert account.stack is outer_stack
        assert ApiGatewayAccount.of(outer_stack) is account

    def test_a_stack_declared_below_has_its_own(self, stack: cdk.Stack) -> None:
        """A stack of its own, for another Region, is none of that which it is declared below."""
        below = cdk.Stack(stack, "Below", env=cdk.Environment(account="123456789012", region="us-east-1"))
        account = ApiGatewayAccount(below, "Account")
        assert ApiGatewayAccount.of(stack) is not account
        template(stack)


def resources_of(stack: cdk.Stack) -> list[Any]:
    """The account resources below a stack, before synth."""
    return [each for each in stack.node.find_all() if getattr(each, "cfn_resource_type", None) == ACCOUNT]


class TestSecond:
    @pytest.mark.parametrize(
        "make",
        [
            lambda stack: ApiGatewayAccount(stack, "Second"),
            native,
            lambda stack: rest_api(stack, role=True),
            lambda stack: cdk.CfnResource(stack, "Generic", type=ACCOUNT),
        ],
        ids=["ours", "L1", "RestApi", "generic"],
    )
    @pytest.mark.parametrize("elsewhere", [False, True])
    def test_warns(self, stack: cdk.Stack, other_stack: cdk.Stack, make: Any, elsewhere: bool) -> None:
        """A second one for the same account and Region warns, in the stack and beside it: the last deploy wins."""
        other = other_stack if elsewhere else stack
        make(other)
        ApiGatewayAccount(stack, "Account")
        cdk.CfnWaitConditionHandle(other_stack, "Something")
        (found,) = reported(stack)
        assert (found.rule, found.severity, found.prop) == ("secondAccount", "warning", "Type")
        assert "should be the only resource that sets the CloudWatch role" in found.text

    def test_a_rest_api_without_a_role_is_none(self, stack: cdk.Stack) -> None:
        """A REST API that leaves the settings alone is no second."""
        ApiGatewayAccount(stack, "Account")
        rest_api(stack, role=False)
        assert len(resources(stack, ACCOUNT)) == 1
        assert reported(stack) == []

    @pytest.mark.parametrize("other", [{"region": "us-east-1"}, {"account": "210987654321"}])
    def test_other_environments_have_their_own(self, app: cdk.App, stack: cdk.Stack, other: dict[str, str]) -> None:
        """Another account, or another Region, has settings of its own."""
        environment = {"account": "123456789012", "region": "eu-west-1", **other}
        there = cdk.Stack(app, "There", env=cdk.Environment(**environment))
        for each in (stack, there):
            ApiGatewayAccount(each, "Account")
        assert reported(stack) == []

    def test_stacks_without_environment_have_their_own(self, app: cdk.App) -> None:
        """Stacks that name no environment may be deployed to several."""
        for name in ("First", "Second"):
            ApiGatewayAccount(cdk.Stack(app, name), "Account")
        assert reported(app) == []

    def test_cdk_stages_without_environment_have_their_own(self, app: cdk.App) -> None:
        """A cdk.Stage that names no environment may be deployed to another than its sibling."""
        for name in ("Beta", "Prod"):
            ApiGatewayAccount(cdk.Stack(cdk.Stage(app, name), "Stack"), "Account")
        assert reported(app) == []

    def test_cdk_stages_of_one_environment_may_each_have_one(self, app: cdk.App) -> None:
        """A pipeline deploys its stages one after the other, and each brings a role that can write logs."""
        for name in ("Beta", "Prod"):
            environment = cdk.Environment(account="123456789012", region="eu-west-1")
            ApiGatewayAccount(cdk.Stack(cdk.Stage(app, name, env=environment), "Stack"), "Account")
        assert reported(app) == []

    def test_two_in_one_cdk_stage(self, app: cdk.App) -> None:
        """Two stacks of one cdk.Stage and environment share its settings: a warning."""
        environment = cdk.Environment(account="123456789012", region="eu-west-1")
        stage = cdk.Stage(app, "Prod", env=environment)
        for name in ("First", "Second"):
            ApiGatewayAccount(cdk.Stack(stage, name), "Account")
        assert [each.place for each in reported(app)] == [("secondAccount", "Prod/Second/Account")]


class TestStages:
    @pytest.mark.parametrize(
        "props",
        [
            LOGGING,
            {"default_route_settings": RouteSettings(logging_level=LoggingLevel.INFO)},
            {"route_settings": {"send": RouteSettings(logging_level=LoggingLevel.ERROR)}},
        ],
        ids=["access", "execution", "route"],
    )
    @pytest.mark.parametrize("make", [lambda stack: ApiGatewayAccount(stack, "Account"), native], ids=["ours", "L1"])
    def test_a_stage_that_logs_waits_for_the_account(self, stack: cdk.Stack, make: Any, props: dict[str, Any]) -> None:
        """A WebSocket stage that logs is made after the account of its stack, declared before or after it."""
        WEBSOCKET.stage(stack, "First", stage_name="first", **props)
        make(stack)
        WEBSOCKET.stage(stack, "Second", stage_name="second", **props)
        accounts = list(resources(stack, ACCOUNT))
        assert [each["DependsOn"] for each in resources(stack).values()] == [accounts, accounts]
        assert reported(stack) == warnings(stack) == []

    def test_a_rest_api_that_makes_one_counts(self, stack: cdk.Stack) -> None:
        """The settings that a REST API makes are waited for."""
        rest_api(stack, role=True)
        WEBSOCKET.stage(stack, **LOGGING)
        assert resource(stack)["DependsOn"] == list(resources(stack, ACCOUNT))
        assert reported(stack) == warnings(stack) == []

    def test_a_given_account_is_waited_for_by_all(self, stack: cdk.Stack) -> None:
        """A stage that is given an account waits for it whether it logs or not; the account waits for its role."""
        WEBSOCKET.stage(stack, account=ApiGatewayAccount(stack, "Account"))
        [(account, declared)] = resources(stack, ACCOUNT).items()
        [role] = resources(stack, ROLE)
        assert resource(stack)["DependsOn"] == [account]
        assert declared["Properties"]["CloudWatchRoleArn"] == {"Fn::GetAtt": [role, "Arn"]}

    def test_an_account_of_another_stack_is_given(self, stack: cdk.Stack, other_stack: cdk.Stack) -> None:
        """A stage whose account stands in another stack does not warn, and that stack is deployed first."""
        WEBSOCKET.stage(other_stack, account=ApiGatewayAccount.of(stack), **LOGGING)
        assert reported(other_stack) == warnings(other_stack) == []
        assert other_stack.dependencies == [stack]

    def test_an_account_in_the_parent_of_a_nested_stack_counts(self, outer_stack: cdk.Stack) -> None:
        """A nested stack with a stage that logs waits for the account of its parent."""
        ApiGatewayAccount(outer_stack, "Account")
        nested = cdk.NestedStack(outer_stack, "Nested")
        WEBSOCKET.stage(nested, **LOGGING)
        assert resource(outer_stack, "AWS::CloudFormation::Stack")["DependsOn"] == list(resources(outer_stack, ACCOUNT))
        assert reported(outer_stack) == warnings(outer_stack) == []

    def test_an_account_of_another_stack_does_not_count(self, stack: cdk.Stack, other_stack: cdk.Stack) -> None:
        """What another stack declares may be deployed later: the stage warns."""
        ApiGatewayAccount(other_stack, "Account")
        WEBSOCKET.stage(stack, **LOGGING)
        assert [each.place for each in reported(stack)] == [("accountLoggingRole", "Stack/Stage")]
        assert "DependsOn" not in resource(stack)

    @pytest.mark.parametrize("acknowledged", [False, True])
    def test_below_a_cdk_stage_the_warning_is_the_same(self, app: cdk.App, acknowledged: bool) -> None:
        """In an environment the warning appears once, and can be acknowledged."""
        stack = cdk.Stack(cdk.Stage(app, "Beta"), "Stack")
        WEBSOCKET.stage(stack, **LOGGING)
        if acknowledged:
            acknowledge(stack, "accountLoggingRole")
        assert len(reported(app)) == (not acknowledged)

    def test_settings_that_are_added_later_count(self, stack: cdk.Stack) -> None:
        """A stage that begins to log by a route's settings waits for the account too."""
        stage = WEBSOCKET.stage(stack)
        stage.add_route_settings("send", RouteSettings(logging_level=LoggingLevel.INFO))
        ApiGatewayAccount(stack, "Account")
        assert resource(stack)["DependsOn"] == list(resources(stack, ACCOUNT))

    def test_http_stages_do_not_wait(self, stack: cdk.Stack) -> None:
        """Access logs of an HTTP stage are written without the role of the account."""
        ApiGatewayAccount(stack, "Account")
        HTTP.stage(stack, **LOGGING)
        assert "DependsOn" not in resource(stack)

    def test_a_stage_that_does_not_log_does_not_wait(self, stack: cdk.Stack) -> None:
        """Without logs a WebSocket stage needs no role."""
        ApiGatewayAccount(stack, "Account")
        WEBSOCKET.stage(stack)
        assert "DependsOn" not in resource(stack)

    @pytest.mark.parametrize("account", ["arn:aws:iam::123456789012:role/r", 5])
    def test_fails_for_what_is_no_account(self, stack: cdk.Stack, account: Any) -> None:
        """Only an ApiGatewayAccount can be given."""
        with pytest.raises(StageConfigurationError, match="account must be an ApiGatewayAccount"):
            WEBSOCKET.stage(stack, account=account)


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """An account with defaults has this template."""
    ApiGatewayAccount(stack, "Account")
    assert template(stack).to_json() == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """An account with a role of the app, which a stage that logs waits for, has this template."""
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
    account = ApiGatewayAccount(stack, "Account", role=role, removal_policy=cdk.RemovalPolicy.DESTROY)
    WEBSOCKET.stage(stack, account=account, **LOGGING)
    assert template(stack).to_json() == snapshot


@pytest.mark.parametrize("policy", list(cdk.RemovalPolicy))
@pytest.mark.parametrize("own", [False, True])
def test_a_role_that_goes_with_its_stack_warns(stack: cdk.Stack, policy: cdk.RemovalPolicy, own: bool) -> None:
    """Only where the role is made here and destroyed: a given role is not touched."""
    if policy is cdk.RemovalPolicy.SNAPSHOT:
        return
    principal = iam.ServicePrincipal("apigateway.amazonaws.com")
    role = iam.Role(stack, "Role", assumed_by=principal) if own else None
    ApiGatewayAccount(stack, "Account", role=role, removal_policy=policy)
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    warned = ["destroyedAccountRole" in str(each.entry.data) for each in found]
    assert warned == ([True] if policy is cdk.RemovalPolicy.DESTROY and not own else [])
