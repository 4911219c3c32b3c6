"""Deployments: what they wait for, when they are made anew, and what refuses them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import Deployment, RouteSettings

from .cloudformation import properties, resource, resources, template
from .conftest import HTTP, WEBSOCKET, Kind, reported

DEPLOYMENT = "AWS::ApiGatewayV2::Deployment"
Change = Callable[["Program"], object]


CIRCULAR: dict[str, Any] = {}
CIRCULAR["itself"] = CIRCULAR


class Program:
    """An API with one of each part, its deployment, and a stage that serves it."""

    def __init__(self, kind: Kind = HTTP, *, declared: tuple[str, ...] = ("a", "b"), **props: Any) -> None:
        self.stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack")
        self.kind = kind
        self.api = kind.cfn_api(self.stack)
        self.deployment = Deployment(self.stack, "Deployment", api=self.api, **props)
        self.stage = kind.stage(self.stack, api=self.api, deployment=self.deployment)
        self.routes: dict[str, apigatewayv2.CfnRoute] = {}
        self.integrations: dict[str, apigatewayv2.CfnIntegration] = {}
        for name in declared:
            self.add_route(name)
        self.authorizer = apigatewayv2.CfnAuthorizer(
            self.stack, "Authorizer", api_id=self.api.ref, authorizer_type="JWT", name="jwt"
        )

    def add_route(self, name: str) -> None:
        """A route with an integration of its own."""
        integration = self.integrations[name] = apigatewayv2.CfnIntegration(
            self.stack, f"Integration{name}", api_id=self.api.ref, integration_type="HTTP_PROXY"
        )
        self.routes[name] = apigatewayv2.CfnRoute(
            self.stack,
            f"Route{name}",
            api_id=self.api.ref,
            route_key=f"GET /{name}",
            target=f"integrations/{integration.ref}",
        )

    @property
    def logical_id(self) -> str:
        """The name of the deployment in the template."""
        (logical_id,) = resources(self.stack, DEPLOYMENT)
        return logical_id


def changed(change: Change, kind: Kind = HTTP) -> bool:
    """Whether a change makes a new deployment."""
    before, after = Program(kind), Program(kind)
    change(after)
    return before.logical_id != after.logical_id


def set_(part: str, name: str, value: object) -> Change:
    """A change of a property of the part that is found there."""

    def change(program: Program) -> None:
        target: Any = program
        for step in part.split("."):
            target = target[step] if isinstance(target, dict) else getattr(target, step)
        setattr(target, name, value)

    return change


class TestNewDeployments:
    @pytest.mark.parametrize(
        "change",
        [
            lambda program: program.add_route("c"),
            set_("routes.a", "route_key", "POST /a"),
            set_("routes.a", "target", "integrations/other"),
            set_("routes.a", "authorizer_id", "abc"),
            set_("routes.a", "authorization_type", "AWS_IAM"),
            lambda program: program.stack.node.try_remove_child("Routeb"),
            set_("integrations.a", "integration_uri", "https://example.com"),
            set_("integrations.a", "timeout_in_millis", 1000),
            set_("authorizer", "identity_source", ["$request.header.Authorization"]),
            set_("api", "cors_configuration", apigatewayv2.CfnApi.CorsProperty(allow_origins=["*"])),
            set_("api", "body", {"openapi": "3.0.1"}),
            lambda program: cdk.CfnResource(
                program.stack,
                "Generic",
                type="AWS::ApiGatewayV2::Route",
                properties={"ApiId": program.api.ref, "RouteKey": "GET /generic"},
            ),
        ],
        ids=(
            "route route-key route-target route-authorizer route-authorization route-removed integration-uri "
            "integration-timeout authorizer cors body generic-route"
        ).split(),
    )
    def test_a_change_of_the_api_makes_one(self, change: Change) -> None:
        """A part of the API that is added, changed or removed gives the deployment a new logical id."""
        assert changed(change)

    @pytest.mark.parametrize(
        "change",
        [
            lambda program: apigatewayv2.CfnModel(
                program.stack, "Model", api_id=program.api.ref, name="m", schema={"type": "object"}
            ),
            lambda program: apigatewayv2.CfnRouteResponse(
                program.stack,
                "Response",
                api_id=program.api.ref,
                route_id=program.routes["a"].ref,
                route_response_key="$default",
            ),
            lambda program: apigatewayv2.CfnIntegrationResponse(
                program.stack,
                "Response",
                api_id=program.api.ref,
                integration_id=program.integrations["a"].ref,
                integration_response_key="$default",
            ),
            set_("api", "route_selection_expression", "$request.body.other"),
            set_("api", "api_key_selection_expression", "$context.authorizer.usageIdentifierKey"),
        ],
        ids=["model", "route-response", "integration-response", "route-selection", "key-selection"],
    )
    def test_a_change_of_a_websocket_api_makes_one(self, change: Change) -> None:
        """Models, responses and selection expressions are parts of the snapshot too."""
        assert changed(change, WEBSOCKET)

    @pytest.mark.parametrize(
        "change",
        [
            lambda program: cdk.CfnWaitConditionHandle(program.stack, "Unrelated"),
            lambda program: apigatewayv2.CfnRoute(
                program.stack, "Foreign", api_id=HTTP.cfn_api(program.stack, "Other").ref, route_key="GET /x"
            ),
            lambda program: cdk.Tags.of(program.stack).add("team", "pets"),
            set_("api", "description", "other words"),
            set_("api", "name", "other"),
            lambda program: program.stage.add_stage_variable("a", "b"),
            lambda program: program.stage.add_route_settings("GET /a", RouteSettings()),
            lambda program: program.kind.stage(program.stack, "Second", api=program.api, stage_name="second"),
            lambda program: Deployment(program.stack, "Second", api=program.api).node.try_remove_child("Resource"),
        ],
        ids=[
            "resource",
            "route-of-another-api",
            "tag",
            "description",
            "name",
            "variable",
            "settings",
            "stage",
            "deployment",
        ],
    )
    def test_what_no_deployment_holds_makes_none(self, change: Change) -> None:
        """What is not in the snapshot leaves the logical id as it is."""
        assert not changed(change)

    def test_the_order_of_declarations_makes_none(self) -> None:
        """The same parts in another order are the same snapshot."""
        assert Program(declared=("a", "b")).logical_id == Program(declared=("b", "a")).logical_id

    def test_the_code_of_a_function_makes_none(self) -> None:
        """A route is the same route when the function behind it has other code."""

        def logical_id(code: str) -> str:
            stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack")
            function = lambda_.Function(
                stack,
                "Function",
                runtime=lambda_.Runtime.PYTHON_3_13,
                handler="index.handler",
                code=lambda_.Code.from_inline(code),
            )
            api = HTTP.api(stack)
            api.add_routes(path="/a", integration=HttpLambdaIntegration("Integration", function))
            Deployment(stack, "Deployment", api=api)
            (found,) = resources(stack, DEPLOYMENT)
            return found

        assert logical_id("first = 1") == logical_id("second = 2")

    @pytest.mark.parametrize(
        ("triggers", "same"),
        [
            ({"schema": "v1"}, True),
            ({"schema": "v2"}, False),
            ({"other": "v1"}, False),
            ({}, False),
            (None, False),
            ({"schema": ["v1"]}, False),
            ({"schema": "v1", "more": 0}, False),
        ],
    )
    def test_triggers(self, triggers: Any, same: bool) -> None:
        """A changed trigger makes a new deployment, the same triggers do not."""
        first = Program(triggers={"schema": "v1"}).logical_id
        assert (Program(triggers=triggers).logical_id == first) is same

    def test_triggers_of_any_json(self) -> None:
        """Triggers hold whatever JSON holds, tuples and numbers as keys too, and tokens."""
        triggers = {"t": (1, 2.5, None, True), 3: {"nested": ["x"]}, "token": cdk.Aws.REGION}
        assert Program(triggers=triggers).logical_id == Program(triggers=triggers).logical_id

    def test_triggers_are_taken_as_they_are_when_given(self) -> None:
        """A mapping that is changed later changes nothing."""
        triggers: dict[str, object] = {"schema": "v1"}
        program = Program(triggers=triggers)
        triggers["schema"] = "v2"
        assert program.logical_id == Program(triggers={"schema": "v1"}).logical_id

    @pytest.mark.slow
    def test_two_processes_agree(self) -> None:
        """The logical id is the same in every process, whatever the seed of its hashes."""
        code = (
            "from tests.apigatewayv2.test_deployment import Program\n"
            "print(Program(triggers={'a': 'b', 'c': 'd'}).logical_id)"
        )
        root = Path(__file__).parents[2]
        said = {
            subprocess.run(
                [sys.executable, "-c", code],
                cwd=root,
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()[-1]
            for seed in ("1", "2")
        }
        assert said == {Program(triggers={"c": "d", "a": "b"}).logical_id}

    def test_the_id_is_that_of_the_references_too(self) -> None:
        """Whoever refers to the deployment refers to it by its new logical id."""
        program = Program()
        stage = resource(program.stack)
        assert stage["Properties"]["DeploymentId"] == {"Fn::GetAtt": [program.logical_id, "DeploymentId"]}

    def test_reading_the_reference_early_is_no_trap(self) -> None:
        """A deployment id that was resolved before the last route was declared does not bind the logical id."""
        program = Program()
        early = program.stack.resolve(program.deployment.deployment_id)
        program.add_route("late")
        assert early["Fn::GetAtt"][0] != program.logical_id
        assert resource(program.stack)["Properties"]["DeploymentId"]["Fn::GetAtt"] == [
            program.logical_id,
            "DeploymentId",
        ]


class TestOrder:
    def test_waits_for_all_parts_of_its_api(self) -> None:
        """The deployment is made after each part of its API and after nothing of another."""
        program = Program(WEBSOCKET)
        api_id = program.api.ref
        apigatewayv2.CfnModel(program.stack, "Model", api_id=api_id, name="m", schema={"type": "object"})
        apigatewayv2.CfnRouteResponse(
            program.stack, "RouteResponse", api_id=api_id, route_id="r", route_response_key="$default"
        )
        apigatewayv2.CfnIntegrationResponse(
            program.stack, "IntegrationResponse", api_id=api_id, integration_id="i", integration_response_key="k"
        )
        other = WEBSOCKET.cfn_api(program.stack, "Other")
        apigatewayv2.CfnRoute(program.stack, "OtherRoute", api_id=other.ref, route_key="x")
        parts = "Authorizer IntegrationResponse Integrationa Integrationb Model RouteResponse Routea Routeb"
        assert sorted(resource(program.stack, DEPLOYMENT)["DependsOn"]) == parts.split()

    def test_native_routes(self, stack: cdk.Stack) -> None:
        """The integrations that native routes make are waited for too."""
        from .test_route_settings import native_http_route

        api = HTTP.api(stack)
        Deployment(stack, "Deployment", api=api)
        native_http_route(stack, api, "/pets")
        found = resources(stack, "AWS::ApiGatewayV2::Route") | resources(stack, "AWS::ApiGatewayV2::Integration")
        assert resource(stack, DEPLOYMENT)["DependsOn"] == sorted(found)

    def test_routes_in_a_nested_stack(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """The deployment waits for the nested stack of a route."""
        api = kind.api(outer_stack)
        nested = cdk.NestedStack(outer_stack, "Nested")
        apigatewayv2.CfnRoute(nested, "Route", api_id=api.api_id, route_key="GET /a")
        Deployment(outer_stack, "Deployment", api=api)
        assert resource(outer_stack, DEPLOYMENT)["DependsOn"] == list(
            resources(outer_stack, "AWS::CloudFormation::Stack")
        )

    def test_a_deployment_in_a_nested_stack(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """The nested stack of the deployment waits for the routes of its parent."""
        api = kind.api(outer_stack)
        apigatewayv2.CfnRoute(outer_stack, "Route", api_id=api.api_id, route_key="GET /a")
        nested = cdk.NestedStack(outer_stack, "Nested")
        Deployment(nested, "Deployment", api=api)
        assert resource(outer_stack, "AWS::CloudFormation::Stack")["DependsOn"] == ["Route"]
        assert len(resources(nested, DEPLOYMENT)) == 1

    def test_below_a_cdk_stage_the_id_is_that_of_the_template(self, app: cdk.App, kind: Kind) -> None:
        """Synthesized as part of an environment and then of the app, the logical id stays."""
        environment = cdk.Stage(app, "Beta")
        stack = cdk.Stack(environment, "Stack")
        api = kind.api(stack)
        nested = cdk.NestedStack(stack, "Nested")
        apigatewayv2.CfnRoute(nested, "Route", api_id=api.api_id, route_key="GET /a")
        deployment = Deployment(stack, "Deployment", api=api)
        kind.stage(stack, api=api, deployment=deployment)
        app.synth()
        (logical_id,) = resources(stack, DEPLOYMENT)
        assert stack.resolve(deployment.deployment_id)["Fn::GetAtt"][0] == logical_id
        assert resource(stack)["Properties"]["DeploymentId"]["Fn::GetAtt"][0] == logical_id

    def test_a_stage_in_another_stack(self, app: cdk.App, stack: cdk.Stack, other_stack: cdk.Stack) -> None:
        """A stage of another stack imports the id of the deployment."""
        api = HTTP.api(stack)
        apigatewayv2.CfnRoute(stack, "Route", api_id=api.api_id, route_key="GET /a")
        HTTP.stage(other_stack, api=api, deployment=Deployment(stack, "Deployment", api=api))
        assert list(properties(other_stack)["DeploymentId"]) == ["Fn::ImportValue"]


class TestRefusals:
    def test_fails_without_a_route(self, stack: cdk.Stack, kind: Kind) -> None:
        """At synth an API without routes is refused in the words of the service."""
        Deployment(stack, "Deployment", api=kind.api(stack))
        (found,) = reported(stack)
        assert found[:3] == ("deploymentWithoutRoute", "error", "Stack/Deployment")
        assert "must have a route before it can be deployed" in found.text
        assert "At least one route is required before deploying the Api" in found.text
        assert "add a route" in found.text

    def test_fails_under_a_logical_id_of_its_own(self, stack: cdk.Stack, kind: Kind) -> None:
        """A construct is found in the template by the logical id that it has there."""
        Deployment(stack, "Deployment", api=kind.api(stack), triggers={"a": "b"})
        with pytest.raises(RuntimeError, match="deploymentWithoutRoute"):
            template(stack)

    def test_routes_of_another_stack_count(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """The deployment may be added when the other stack has been deployed."""
        api = kind.api(stack)
        apigatewayv2.CfnRoute(other_stack, "Route", api_id=api.api_id, route_key="GET /a")
        Deployment(stack, "Deployment", api=api)
        assert reported(stack) == []

    def test_a_deployment_beside_the_routes(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """API in one stack, routes and deployment in the next."""
        api = kind.api(stack)
        apigatewayv2.CfnRoute(other_stack, "Route", api_id=api.api_id, route_key="GET /a")
        Deployment(other_stack, "Deployment", api=api)
        assert resource(other_stack, DEPLOYMENT)["DependsOn"] == ["Route"]

    @pytest.mark.parametrize(
        "make",
        [
            HTTP.imported_api,
            lambda stack: apigatewayv2.CfnApi(stack, "Api", body={"openapi": "3.0.1"}),
            lambda stack: apigatewayv2.CfnApi(
                stack, "Api", name="api", protocol_type="HTTP", target="https://example.com"
            ),
        ],
        ids=["imported", "body", "target"],
    )
    def test_routes_that_cannot_be_seen_are_not_missed(self, stack: cdk.Stack, make: Any) -> None:
        """An API that is declared elsewhere, or brings its routes, needs no route of the app."""
        Deployment(stack, "Deployment", api=make(stack))
        assert len(resources(stack, DEPLOYMENT)) == 1

    @pytest.mark.parametrize(
        ("props", "prop"),
        [
            ({"api": "aabbccddee"}, "api"),
            ({"api": None}, "api"),
            ({"description": 5}, "description"),
            ({"description": "x" * 1025}, "description"),
            ({"triggers": "v1"}, "triggers"),
            ({"triggers": {"a": object()}}, "triggers"),
            ({"triggers": [1]}, "triggers"),
            ({"triggers": CIRCULAR}, "triggers"),
        ],
    )
    def test_fails_for_wrong_values(self, stack: cdk.Stack, props: dict[str, Any], prop: str) -> None:
        """Wrong values are refused before anything is made."""
        given = {"api": HTTP.imported_api(stack), **props}
        before = len(stack.node.find_all())
        with pytest.raises(StageConfigurationError) as refused:
            Deployment(stack, "Deployment", **given)
        assert (refused.value.prop, refused.value.construct_path) == (prop, "Stack/Deployment")
        assert len(stack.node.find_all()) == before


class TestStages:
    def test_a_stage_that_is_given_one_does_not_deploy_by_itself(self, stack: cdk.Stack, kind: Kind) -> None:
        """AutoDeploy is off, also in the attribute, and the id is that of the deployment."""
        api = kind.imported_api(stack)
        deployment = Deployment(stack, "Deployment", api=api)
        stage = kind.stage(stack, api=api, deployment=deployment)
        (logical_id,) = resources(stack, DEPLOYMENT)
        found = properties(stack)
        assert (found["AutoDeploy"], stage.auto_deploy) == (False, False)
        assert found["DeploymentId"] == {"Fn::GetAtt": [logical_id, "DeploymentId"]}
        assert stage.deployment_id == deployment.deployment_id

    def test_an_l1_deployment_is_taken(self, stack: cdk.Stack, kind: Kind) -> None:
        """A CfnDeployment does as well."""
        api = kind.imported_api(stack)
        deployment = apigatewayv2.CfnDeployment(stack, "Deployment", api_id="aabbccddee")
        kind.stage(stack, api=api, deployment=deployment)
        found = properties(stack)
        assert found["DeploymentId"] == {"Ref": "Deployment"}
        assert found["AutoDeploy"] is False

    def test_fails_together_with_auto_deploy(self, stack: cdk.Stack, kind: Kind) -> None:
        """auto_deploy=True beside a deployment is refused in the words of the service."""
        api = kind.imported_api(stack)
        deployment = Deployment(stack, "Deployment", api=api)
        with pytest.raises(StageConfigurationError, match="Deployment ID cannot be set on this stage") as refused:
            kind.stage(stack, api=api, deployment=deployment, auto_deploy=True)
        assert refused.value.prop == "deployment_id"

    def test_fails_together_with_a_deployment_id(self, stack: cdk.Stack, kind: Kind) -> None:
        """A deployment is given once."""
        api = kind.imported_api(stack)
        deployment = Deployment(stack, "Deployment", api=api)
        with pytest.raises(StageConfigurationError, match="deployment_id cannot be combined with deployment"):
            kind.stage(stack, api=api, deployment=deployment, deployment_id="abc123")

    @pytest.mark.parametrize("value", ["abc123", 5, {}])
    def test_fails_for_what_is_no_deployment(self, stack: cdk.Stack, kind: Kind, value: Any) -> None:
        """An id as `deployment` is refused with a word on `deployment_id`."""
        with pytest.raises(StageConfigurationError, match="deployment must be a deployment") as refused:
            kind.stage(stack, deployment=value)
        assert ("deployment_id=" in str(refused.value)) == isinstance(value, str)


def test_a_removal_policy_keeps_old_deployments(stack: cdk.Stack) -> None:
    """A deployment that another stage may serve is kept when it leaves the template."""
    Deployment(stack, "Deployment", api=HTTP.imported_api(stack)).apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    found = resource(stack, DEPLOYMENT)
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_description(stack: cdk.Stack) -> None:
    """The description is emitted, at its full length too."""
    Deployment(stack, "Deployment", api=HTTP.imported_api(stack), description="x" * 1024)
    assert properties(stack, DEPLOYMENT)["Description"] == "x" * 1024


def test_snapshot_minimal(stack: cdk.Stack, kind: Kind, snapshot: Any) -> None:
    """A deployment of an imported API has this template."""
    Deployment(stack, "Deployment", api=kind.imported_api(stack))
    assert template(stack).to_json() == snapshot


def test_snapshot_everything(kind: Kind, snapshot: Any) -> None:
    """A deployment with every property, served by a stage, has this template."""
    program = Program(kind, description="The newest routes", triggers={"schema": "v1"})
    program.deployment.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    found = template(program.stack).to_json()
    found.pop("Parameters", None)
    found.pop("Rules", None)
    assert json.loads(json.dumps(found)) == snapshot
