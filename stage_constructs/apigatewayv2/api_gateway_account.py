"""The role through which API Gateway writes the logs of WebSocket stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from .. import _arguments
from .._arguments import has_member, violation, warning
from .._other_names import KeywordNames
from .._synthesis import environment_of
from .._validation import raise_if_invalid, warn
from . import _tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_iam import IRoleRef
    from constructs import Construct, IConstruct

    from .._synthesis import Environment
    from ..errors import Violation


def validate_account(value: object) -> Iterator[Violation]:
    """An account that a stage is given."""
    if value is not None and not isinstance(value, ApiGatewayAccount):
        fix = "write ApiGatewayAccount.of(self)"
        if isinstance(value, str) or has_member(value, "role_ref"):
            fix = 'for a role write ApiGatewayAccount(self, "Account", role=...)'
        yield violation("account", "account", value, "must be an ApiGatewayAccount", fix)


class ApiGatewayAccount(KeywordNames, cdk.Resource):
    """Define the CloudWatch role of API Gateway in this account and Region.

    Without one, WebSocket stages that log fail to deploy. Creates one `AWS::ApiGateway::Account` and, if no role is
    given, an IAM role with AWS's managed policy `AmazonAPIGatewayPushToCloudWatchLogs`.

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
        removal_policy: cdk.RemovalPolicy | None = None,
    ) -> None:
        """Define the CloudWatch role of API Gateway in this account and Region.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            role: Role that `apigateway.amazonaws.com` may assume and that may write logs. Default: one is created.
            removal_policy: Policy of setting and role. Default: `RETAIN_ON_UPDATE_OR_DELETE`.
                By default they are kept when the stack is deleted or no longer declares them. A role that is given
                keeps its own policy.

        Raises:
            StageConfigurationError: The role is none; or, at synth, the app declares a second account resource for
                the same environment.
        """
        policy = cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if removal_policy is None else removal_policy
        raise_if_invalid(scope, id, list(_validate(role, policy)))
        super().__init__(scope, id)
        self.role: IRoleRef = role if role is not None else self._make_role(policy)
        self._resource = cdk.CfnResource(
            self, "Resource", type=_tree.ACCOUNT, properties={"CloudWatchRoleArn": self.role.role_ref.role_arn}
        )
        self._resource.apply_removal_policy(policy)
        if role is not None:
            self._resource.node.add_dependency(role)
        environment = environment_of(self)
        environment.resources.append(self._resource)
        _deployed_with(environment).api_gateway_account = _deployed_with(environment).api_gateway_account or self
        if role is None and policy is cdk.RemovalPolicy.DESTROY:
            warn(self, [_destroyed_role()])

    @classmethod
    def of(cls, scope: IConstruct) -> ApiGatewayAccount:
        """The account of the stack that a construct is in; it is created if there is none.

        Args:
            scope: Any construct of the stack. For one in a nested stack it is the outermost stack that counts.
        """
        environment = _deployed_with(environment_of(scope))
        return environment.api_gateway_account or cls(environment.stack, "ApiGatewayAccount")

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


def _deployed_with(environment: Environment) -> Environment:
    """The environment of the stack itself, or of the one that it is nested in."""
    return environment_of(_tree.root_stack(environment.stack))


def _validate(role: object, removal_policy: object) -> Iterator[Violation]:
    yield from _arguments.removal_policy("removal_policy", removal_policy, rule="removalPolicy")
    if role is not None:
        by_arn, by_name = 'iam.Role.from_role_arn(self, "Role", {})', 'iam.Role.from_role_name(self, "Role", {})'
        yield from _arguments.construct(
            "role", role, "role_ref", "a role of IAM", rule="role", by_arn=by_arn, by_name=by_name
        )


def _destroyed_role() -> Violation:
    fix = (
        "CloudFormation deletes the role with the stack and leaves the setting as it is: all REST and WebSocket APIs of"
        " the Region then write no logs; keep the role, or acknowledge this warning"
    )
    policy = cdk.RemovalPolicy.DESTROY
    return warning("destroyedAccountRole", "removal_policy", policy, "should be RemovalPolicy.RETAIN", fix)
