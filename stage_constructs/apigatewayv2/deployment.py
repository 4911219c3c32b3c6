"""The snapshot of an API that a stage serves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk.interfaces.aws_apigatewayv2 import DeploymentReference, IDeploymentRef

from .._arguments import known_keys, violation
from .._l1 import l1_arguments
from .._other_names import KeywordNames
from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of
from ..rules._resources import Resource
from ..rules.apigatewayv2._apis import DEPLOYMENT
from . import _tree
from ._api_info import api_info, validate_api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef
    from constructs import Construct

    from ..errors import Violation

_DEPLOYED_OF_THE_API = (
    "apiKeySelectionExpression",
    "body",
    "bodyS3Location",
    "corsConfiguration",
    "disableSchemaValidation",
    "routeSelectionExpression",
)


@jsii.implements(IDeploymentRef)
class Deployment(KeywordNames, cdk.Resource):
    """Define a deployment: the snapshot of an API that a stage serves until it is given another.

    Creates one `AWS::ApiGatewayV2::Deployment`, after all routes, integrations, authorizers, models and responses of
    the API in the same stack, nested stacks included. Its logical id carries a hash of their
    properties and of the triggers: when one of them changes, CloudFormation creates a new deployment, moves the stage,
    and deletes the old one last. Raw overrides (`add_property_override`) are not hashed; add them to the triggers.
    A change of `api` replaces the deployment.

    A stage that serves a deployment which leaves the template must keep it: `apply_removal_policy(RETAIN)`.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-deployment.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        api: IApiRef,
        description: str | None = None,
        triggers: Mapping[str, object] | None = None,
    ) -> None:
        """Define a deployment.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            api: The API to take the snapshot of; it must have a route by the time of synth.
            description: At most 1024 characters. Default: none.
            triggers: Additional JSON values to hash; a change creates a new deployment. Default: none.

        Raises:
            StageConfigurationError: The service would refuse one of the values.
        """
        info = api_info(api)
        properties = {"ApiId": info.api_id if info else None, "Description": description}
        violations = [
            *validate_api(api, info),
            *_validate_triggers(triggers),
            *known_keys(scope, "triggers", triggers),
            *violations_of(Resource(DEPLOYMENT, properties)),
        ]
        raise_if_invalid(scope, id, violations)
        assert info is not None  # noqa: S101  it was raised above
        super().__init__(scope, id)
        self.api_id = info.api_id
        self._triggers = json.loads(json.dumps(triggers or {}))  # as JavaScript takes them, and as they are now
        self._digest: str | None = None
        self._resource = apigatewayv2.CfnDeployment(self, "Resource", **l1_arguments(DEPLOYMENT, properties))
        stack = self.stack
        self._plain_logical_id = stack.get_logical_id(self._resource)
        self._resource.override_logical_id(cdk.Lazy.uncached_string(_LogicalId(self)))
        environment_of(api).resources.append(self._resource)
        _tree.on_synthesis(self._add_dependencies, stack)

    @property
    def deployment_id(self) -> str:
        """Id of the deployment, for the `deployment_id` of a stage."""
        return self._resource.attr_deployment_id

    @property
    def deployment_ref(self) -> DeploymentReference:
        """Reference to the deployment, for the `deployment` of a stage."""
        return DeploymentReference(api_id=self.api_id, deployment_id=self.deployment_id)

    def _add_dependencies(self, resources: _tree.ApiResources) -> None:
        """Create the deployment after what it takes a snapshot of."""
        deployed = resources.of(self.api_id, *_tree.DEPLOYED)
        self._digest = self._digest_of(deployed)
        if deployed:
            self._resource.node.add_dependency(*(each.resource for each in deployed))

    def _logical_id(self) -> str:
        digest = self._digest
        if digest is None:
            digest = self._digest_of(_tree.ApiResources(_tree.root_stack(self.stack)).of(self.api_id, *_tree.DEPLOYED))
        return self._plain_logical_id + digest

    def _digest_of(self, deployed: list[_tree.ApiResource]) -> str:
        api = _tree.api_resource(self.api_id)
        declared: Mapping[str, Any] = {} if api is None else api._cfn_properties
        content = self.stack.resolve(
            {
                "api": {name: declared[name] for name in _DEPLOYED_OF_THE_API if name in declared},
                "parts": [[each.resource.cfn_resource_type, each.by_cloudformation_name()] for each in deployed],
                "triggers": self._triggers,
            }
        )
        content["parts"].sort(key=_canonical)
        return hashlib.sha256(_canonical(content).encode()).hexdigest()[:12]


@jsii.implements(cdk.IStringProducer)
class _LogicalId:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002  JavaScript gives it
        return self._deployment._logical_id()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _validate_triggers(triggers: object) -> Iterator[Violation]:
    if triggers is not None and not _is_json_object(triggers):
        problem = 'must be a dict of JSON values, such as {"schema": "v2"}'
        yield violation("triggers", "triggers", triggers, problem, "turn sets into sorted lists, constructs into ids")


def _is_json_object(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return isinstance(value, Mapping)
