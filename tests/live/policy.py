"""The IAM policy that a run needs, from the requests that it makes."""

from __future__ import annotations

from typing import Any, Final

import botocore.session

from .account import LEFT_OVER, PREFIX, STEPS, undo_of
from .probes import OPERATIONS

_BEHIND: Final = {
    "apigateway": "PUT TagResource",
    "cloudformation": "DescribeStackEvents TagResource",
    "ivs": "TagResource",
    # whoever creates a stage of an HTTP API with access logs sets up their delivery
    "logs": "CreateLogDelivery DeleteLogDelivery DescribeLogStreams DescribeResourcePolicies FilterLogEvents"
    " GetLogDelivery GetLogEvents ListLogDeliveries PutResourcePolicy TagResource UpdateLogDelivery",
    # whoever creates a storage configuration edits the policy of its bucket
    "s3": "GetBucketLocation GetBucketPolicy PutBucketPolicy TagResource",
}
"""Actions beside those that requests are named after."""


def policy(partition: str, region: str) -> dict[str, Any]:
    """A policy that allows a run in a Region, and as little else as IAM knows."""
    created = {("cloudformation", "CreateStack"), *OPERATIONS.values()}
    created |= {(service, operation) for steps in STEPS.values() for service, operation, *_ in steps}
    listed = {(service, operation) for service, operation, *_ in LEFT_OVER}
    deleted = {(service, undo_of(operation)) for service, operation in created}
    actions = {prefix: {f"{prefix}:{name}" for name in names.split()} for prefix, names in _BEHIND.items()}
    for service, operation in created | listed | deleted:
        if service == "apigatewayv2":  # its actions are the methods of HTTP
            model = botocore.session.get_session().get_service_model(service)
            actions["apigateway"].add(f"apigateway:{model.operation_model(operation).http['method']}")
        else:
            prefix = service.removesuffix("-realtime")
            actions[prefix].add(f"{prefix}:{operation}")
    actions["s3"] -= {"s3:ListBuckets"}
    resources = {"apigateway": f"arn:{partition}:apigateway:{region}::/*", "s3": f"arn:{partition}:s3:::{PREFIX}-*"}
    statements = [
        {"Effect": "Allow", "Action": sorted(names), "Resource": resources.get(prefix, "*")}
        for prefix, names in sorted(actions.items())
    ]
    statements.append({"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": "*"})
    return {"Version": "2012-10-17", "Statement": statements}
