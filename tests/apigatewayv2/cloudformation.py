"""Reading templates: the properties of a resource, and what CloudFormation makes of an expression."""

from __future__ import annotations

from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import assertions

STAGE: Final = "AWS::ApiGatewayV2::Stage"
LOG_GROUP: Final = "AWS::Logs::LogGroup"

PARTITIONS: Final = {
    "aws": ("eu-west-1", "amazonaws.com"),
    "aws-cn": ("cn-north-1", "amazonaws.com.cn"),
    "aws-us-gov": ("us-gov-west-1", "amazonaws.com"),
}
"""Region and URL suffix by partition."""


def template(stack: cdk.Stack) -> assertions.Template:
    """The template of a stack, synthesized with its whole app."""
    return assertions.Template.from_stack(stack)


def resources(stack: cdk.Stack, resource_type: str = STAGE) -> dict[str, dict[str, Any]]:
    """The resources of a type by logical id."""
    return dict(template(stack).find_resources(resource_type))


def resource(stack: cdk.Stack, resource_type: str = STAGE) -> dict[str, Any]:
    """The only resource of a type."""
    (found,) = resources(stack, resource_type).values()
    return found


def properties(stack: cdk.Stack, resource_type: str = STAGE) -> dict[str, Any]:
    """The properties of the only resource of a type."""
    return dict(resource(stack, resource_type)["Properties"])


def statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The statements of the only identity policy of a stack."""
    policies = [*resources(stack, "AWS::IAM::Policy").values(), *resources(stack, "AWS::IAM::ManagedPolicy").values()]
    (policy,) = policies
    return list(policy["Properties"]["PolicyDocument"]["Statement"])


def deployed(value: Any, known: dict[str, str] | None = None, *, partition: str = "aws") -> Any:
    """What CloudFormation makes of an expression.

    Args:
        value: A string, or intrinsic functions as they stand in a template.
        known: What `Ref`, `Fn::GetAtt` (as `Id.Attribute`) and `Fn::ImportValue` give, by name.
        partition: Where the stack is deployed, in account 123456789012.
    """
    region, suffix = PARTITIONS[partition]
    names = {
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::AccountId": "123456789012",
        "AWS::URLSuffix": suffix,
        "AWS::StackId": f"arn:{partition}:cloudformation:{region}:123456789012:stack/Stack/51af3dc0-da77-11e4-872e",
        **(known or {}),
    }

    def of(part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        ((function, argument),) = part.items()
        if function == "Ref":
            return names[argument]
        if function == "Fn::GetAtt":
            return names[".".join(argument)]
        if function == "Fn::ImportValue":
            return names[of(argument)]
        if function == "Fn::Join":
            return argument[0].join(of(item) for item in listed(argument[1]))
        if function == "Fn::Select":
            return of(listed(argument[1])[int(argument[0])])
        raise AssertionError(f"{function} is not expected here")

    def listed(items: Any) -> list[Any]:
        if isinstance(items, dict):
            delimiter, source = items["Fn::Split"]
            return of(source).split(delimiter)
        return list(items)

    return of(value)
