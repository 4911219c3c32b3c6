"""What a stage serves: the deployment that it has or makes, and the stage of a quick-created API."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from ._apis import API_REFERENCE, CLOUDFORMATION, DEPLOYMENT, GUIDE, HTTP, STAGE, WEBSOCKET, api_of
from ._app import app_is_complete, resources_in_app, template_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_rule = functools.partial(rule, STAGE, across=True, checked="2026-11")


@_rule(
    "StageName",
    id="stageExists",
    kind=Kind.CONFLICT,
    value_type=str,
    service="Stage already exists",
    source=f"{CLOUDFORMATION}aws-resource-apigatewayv2-api.html",
)
def quick_create_has_a_default_stage(value: str, at: Context) -> Iterator[Problem]:
    """An API with a `Target` has a stage `$default` already, which API Gateway manages."""
    api = api_of(at.resource)
    if value != "$default" or api.resource is None or api.protocol != HTTP or at.resource.is_conditional:
        return
    target = api.resource.properties.get("Target")
    refers = template_of(api.resource).target(target) is not None
    if refers or (isinstance(target, str) and target and not is_unknown(target)):
        yield Problem(
            "must be another name than $default for an API with a Target",
            "the Target of the API makes a stage of this name, which AWS::ApiGatewayV2::ApiGatewayManagedOverrides"
            " configures; or leave out Target, and declare the route and its integration",
        )


@_rule(
    "DeploymentId",
    id="deploymentOfAnotherApi",
    kind=Kind.CONFLICT,
    given=True,
    fix="use a deployment of the API of the stage",
    source=f"{API_REFERENCE}apis-apiid-stages.html",
)
def deployment_of_another_api(value: object, at: Context) -> Iterator[Problem]:
    """The deployment of a stage is one of its own API."""
    deployment = at.template.target(value)
    if deployment is None or deployment.type != DEPLOYMENT:
        return
    own, other = api_of(at.resource).resource, api_of(deployment).resource
    if own is not None and other is not None and own is not other:
        yield Problem(f"must be a deployment of the API {own.logical_id}, and this is one of {other.logical_id}")


@_rule(
    "",
    id="stageWithoutDeployment",
    kind=Kind.RUN_TIME,
    source=f"{CLOUDFORMATION}aws-resource-apigatewayv2-stage.html",
)
def stage_without_deployment(properties: Mapping[str, object], at: Context) -> Iterator[Problem]:
    """A stage has a deployment or `AutoDeploy: true`, which is false by default: without either it serves nothing."""
    auto_deploy = properties.get("AutoDeploy")
    if (auto_deploy is not None and auto_deploy is not False) or properties.get("DeploymentId") is not None:
        return
    deployments = (deployment for _, deployment in resources_in_app(at.resource, DEPLOYMENT))
    if app_is_complete(at.resource) and not any(each.properties.get("StageName") is not None for each in deployments):
        yield Problem(
            "should be true, or the stage should have a DeploymentId",
            "the stage serves nothing as it is, and requests are answered by 403 or 404; write {AutoDeploy=true}, or"
            " accept this rule if something else deploys it",
            ("AutoDeploy",),
            show_value=False,
        )


@_rule(
    "AutoDeploy",
    id="autoDeployWithoutRoute",
    kind=Kind.RUN_TIME,
    protocol=WEBSOCKET,
    value_type=bool,
    fix="add a route, or accept this rule if something else creates it",
    source=f"{GUIDE}apigateway-set-up-websocket-deployment.html",
)
def auto_deploy_without_route(value: bool, at: Context) -> Iterator[Problem]:
    """A WebSocket API whose stage deploys by itself has a route: without one there is nothing to deploy."""
    api = api_of(at.resource)
    if value and not api.routes and api.all_routes_known and app_is_complete(at.resource):
        yield Problem("should go with a route of the API, which has none to deploy", show_value=False)
