"""The role through which API Gateway writes the logs of WebSocket stages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from .. import _checks, _wording
from . import _rules, _tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_iam import IRoleRef
    from constructs import Construct, IConstruct


def faults_of(value: object) -> Iterator[_checks.Fault]:
    """What is wrong with the account that a stage is given."""
    if value is not None and not isinstance(value, ApiGatewayAccount):
        yield _checks.wrong_type("account", value, "an ApiGatewayAccount", rule="account", remedy=_account_meant(value))


def _account_meant(value: object) -> str:
    if isinstance(value, str) or _checks.plays(value, "role_ref"):
        return "for a role write ApiGatewayAccount(scope, id, role=...)"
    if isinstance(value, cdk.CfnResource):
        return "leave it out, the stage waits for any account resource of its stack"
    return "write ApiGatewayAccount.of(self)"


def _trust_of(role: IRoleRef, stack: cdk.Stack) -> str | None:
    """Who may assume a role, as text; None where it is declared elsewhere."""
    document = role.assume_role_policy if isinstance(role, iam.Role) else None
    return None if document is None else json.dumps(stack.resolve(document.to_json()))


class ApiGatewayAccount(cdk.Resource):
    """Define the CloudWatch role of API Gateway in this account and Region.

    Without one, WebSocket stages that log are refused at deploy. Makes one `AWS::ApiGateway::Account` and, when no
    role is given, an IAM role with AWS's managed policy `AmazonAPIGatewayPushToCloudWatchLogs`.

    Mind what kind of resource this is:

    * There is one setting for each account and Region, shared by all REST and WebSocket APIs: the last stack that
      is deployed wins.
    * Deleting the resource leaves the setting as it is. If the role went with the stack, every API of the Region
      would lose its logs; so the role is retained unless `removal_policy` says otherwise. Only when the deploy that
      creates it is rolled back is the role deleted: the setting then names a role that does not exist, until the
      next deploy.
    * The service takes one call in 20 seconds: stacks that deploy at once and each own an account fail with 429.

    One stack of an environment, deployed before the others, should own it.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-account.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        role: IRoleRef | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    ) -> None:
        """Define the CloudWatch role of API Gateway in this account and Region.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            role: Role that `apigateway.amazonaws.com` may assume and that may write logs. Default: one is made.
            removal_policy: Policy of setting and role. Default: `RETAIN_ON_UPDATE_OR_DELETE`.
                By default they are kept when the stack is deleted or no longer declares them. A role that is given
                keeps its own policy.

        Raises:
            StageConfigurationError: The role is none; or, at synth, the app declares a second account resource for
                the same environment.
        """
        faults = list(_checks.removal_policy("removal_policy", removal_policy, rule="removalPolicy"))
        if not isinstance(cast("object", removal_policy), cdk.RemovalPolicy) and not faults:
            faults.append(_checks.wrong_type("removal_policy", None, "a RemovalPolicy", rule="removalPolicy"))
        if role is not None and not _checks.plays(role, "role_ref"):
            faults.append(_checks.wrong_type("role", role, "a role of IAM", rule="role", remedy=_wording.role(role)))
        _checks.refuse(scope, id, faults)
        super().__init__(scope, id)
        self.role: IRoleRef = role if role is not None else self._make_role(removal_policy)
        self._resource = cdk.CfnResource(
            self, "Resource", type=_tree.ACCOUNT, properties={"CloudWatchRoleArn": self.role.role_ref.role_arn}
        )
        self._resource.apply_removal_policy(removal_policy)
        if role is not None:
            self._resource.node.add_dependency(role)
        _tree.when_complete(self, self.stack)
        if role is None:
            _checks.warn(self, _rules.account_role_removal(removal_policy is cdk.RemovalPolicy.DESTROY))

    @classmethod
    def of(cls, scope: IConstruct) -> ApiGatewayAccount:
        """The account of the stack that a construct is in; it is made if there is none.

        Args:
            scope: Any construct of the stack. For one in a nested stack it is the outermost stack that counts.
        """
        if not _checks.plays(scope, "node"):
            raise TypeError(f"scope must be a construct, got {_wording.shown(scope)}: write ApiGatewayAccount.of(self)")
        stack = _tree.outermost(_checks.stack_of(scope))
        for resource in _tree.deployed_with(stack, _tree.ACCOUNT):
            owner = resource.node.scope
            if isinstance(owner, ApiGatewayAccount):
                return owner
        return cls(stack, "ApiGatewayAccount")

    def _make_role(self, removal_policy: cdk.RemovalPolicy) -> iam.Role:
        role = iam.Role(
            self,
            "CloudWatchRole",
            assumed_by=cast("iam.IPrincipal", iam.ServicePrincipal("apigateway.amazonaws.com")),
            description="API Gateway writes the logs of all REST and WebSocket APIs of this Region with it",
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonAPIGatewayPushToCloudWatchLogs")
            ],
        )
        role.apply_removal_policy(removal_policy)
        return role

    def _order(self, parts: _tree.Parts) -> None:
        """Nothing to wait for but the role."""

    def _validate(self, parts: _tree.Parts) -> list[str]:  # noqa: ARG002  the accounts of the whole app count
        _checks.warn(self, _rules.account_role(self.role, _trust_of(self.role, self.stack)))
        others = [
            other
            for other in _tree.resources(self.node.root, _tree.ACCOUNT)
            if _tree.identity(other) != _tree.identity(self._resource) and self._shares_environment(other)
        ]
        if not others:
            return []
        fault = _checks.Fault(
            rule="secondAccount",
            prop="ApiGatewayAccount",
            value=others[0].node.path,
            tells_value=False,
            problem="must be the only resource that sets the CloudWatch role of its account and Region, and"
            f" {others[0].node.path} sets it too",
            remedy="the last one deployed would win; keep one and use it everywhere in its stack as"
            " ApiGatewayAccount.of(self), and make a RestApi with cloud_watch_role=False",
        )
        return [str(_checks.error(self.node.path, fault))]

    def _shares_environment(self, other: cdk.CfnResource) -> bool:
        here, there = self.env, other.env
        if (here.account, here.region) != (there.account, there.region):
            return False
        known = not (_checks.is_token(here.account) or _checks.is_token(here.region))
        own_assembly, other_assembly = cdk.Stage.of(self), cdk.Stage.of(other)
        return known or _tree.identity(own_assembly) == _tree.identity(other_assembly)
