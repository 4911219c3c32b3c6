"""Stages among the constructs, aspects, packs and trees that other people bring."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import cloudformation_include as cfn_include

from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    Deployment,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

from .cloudformation import LOG_GROUP, properties, resource, resources, template
from .conftest import HTTP, WEBSOCKET, Kind

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
ENVIRONMENT = cdk.Environment(account="123456789012", region="eu-west-1")


def domain(stack: Any) -> apigatewayv2.DomainName:
    """A native domain name."""
    known = not cdk.Token.is_unresolved(stack.region)
    arn = CERTIFICATE.replace("eu-west-1", stack.region) if known else CERTIFICATE
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    return apigatewayv2.DomainName(stack, "Domain", domain_name="example.com", certificate=certificate)


def everything(scope: Any, kind: Kind) -> Any:
    """A stage with every property, of an API with a route, with a deployment."""
    api = kind.api(scope)
    key = "GET /a" if kind is HTTP else "send"
    apigatewayv2.CfnRoute(scope, "Route", api_id=api.api_id, route_key=key)
    only: dict[str, Any] = {}
    logging: dict[str, Any] = {}
    if kind is WEBSOCKET:
        only = {"client_certificate_id": "abc123", "account": ApiGatewayAccount.of(scope)}
        logging = {"logging_level": LoggingLevel.INFO, "data_trace_enabled": True}
    stage = kind.stage(
        scope,
        api=api,
        description="everything",
        deployment=Deployment(scope, "Deployment", api=api, description="newest", triggers={"a": "b"}),
        default_route_settings=RouteSettings(
            detailed_metrics_enabled=True, throttling_burst_limit=50, throttling_rate_limit=0.5, **logging
        ),
        route_settings={key: RouteSettings(throttling_burst_limit=5)},
        access_log_settings=AccessLogSettings(encryption_key=kms.Key(scope, "Key", enable_key_rotation=True)),
        stage_variables={"table": "pets"},
        domain_mapping=apigatewayv2.DomainMappingOptions(domain_name=domain(scope), mapping_key="v1"),
        tags={"team": "pets"},
        **only,
    )
    stage.add_stage_variable("more", "x")
    return stage


class TestNativeConsumers:
    def test_an_api_mapping_takes_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A native ApiMapping names the stage and is made after it."""
        api = kind.api(stack)
        stage = kind.stage(stack, api=api)
        apigatewayv2.ApiMapping(stack, "Mapping", api=api, domain_name=domain(stack), stage=stage)
        (stage_id,) = resources(stack)
        mapping = resource(stack, "AWS::ApiGatewayV2::ApiMapping")
        assert mapping["Properties"]["Stage"] == "prod"
        assert stage_id in mapping["DependsOn"]

    def test_a_usage_plan_takes_the_stage(self, stack: cdk.Stack) -> None:
        """A native usage plan of a WebSocket API names the stage, with throttles of its own."""
        stage = WEBSOCKET.stage(stack, api=WEBSOCKET.api(stack))
        plan = apigatewayv2.UsagePlan(stack, "Plan")
        plan.add_api_stage(stage=stage, api=stage.api)
        found = properties(stack, "AWS::ApiGateway::UsagePlan")
        assert [each["Stage"] for each in found["ApiStages"]] == ["prod"]


class TestAspects:
    def test_visit_the_stage_and_its_resource(self, stack: cdk.Stack, kind: Kind) -> None:
        """An aspect sees the construct as ours and the resource below it as an L1, and may change it."""
        kind.stage(stack)
        seen: list[type] = []

        @jsii.implements(cdk.IAspect)
        class Describe:
            def visit(self, node: Any) -> None:
                seen.append(type(node))
                if isinstance(node, apigatewayv2.CfnStage):
                    node.description = "seen"

        cdk.Aspects.of(stack).add(Describe())
        assert properties(stack)["Description"] == "seen"
        assert {kind.cls, apigatewayv2.CfnStage} <= set(seen)

    def test_tags_of_merge(self, stack: cdk.Stack, kind: Kind) -> None:
        """Tags of the scope join the stage's own; where both have one, the nearer wins."""
        stage = kind.stage(stack, tags={"team": "pets", "own": "x"})
        cdk.Tags.of(stack).add("cost", "1")
        cdk.Tags.of(stage).add("near", "y")
        assert properties(stack)["Tags"] == {"team": "pets", "own": "x", "cost": "1", "near": "y"}

    def test_a_mixin_is_applied(self, stack: cdk.Stack, kind: Kind) -> None:
        """`.with_()` applies a mixin to the stage's resource and returns the stage."""

        class Describe(cdk.Mixin):
            def supports(self, construct: Any) -> bool:
                return isinstance(construct, apigatewayv2.CfnStage)

            def apply_to(self, construct: Any) -> None:
                construct.description = "mixed in"

        stage = kind.stage(stack)
        assert stage.with_(Describe()) is stage
        assert properties(stack)["Description"] == "mixed in"

    def test_removal_policies(self, stack: cdk.Stack, kind: Kind) -> None:
        """RemovalPolicies of a scope reach the stage and the log group that it makes."""
        kind.stage(stack, access_log_settings=AccessLogSettings())
        cdk.RemovalPolicies.of(stack).destroy()
        for of_type in ("AWS::ApiGatewayV2::Stage", LOG_GROUP):
            assert resource(stack, of_type)["DeletionPolicy"] == "Delete"

    def test_the_stage_can_be_retained(self, stack: cdk.Stack, kind: Kind) -> None:
        """apply_removal_policy reaches the resource."""
        kind.stage(stack).apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        assert resource(stack)["DeletionPolicy"] == "Retain"


class TestNag:
    @pytest.mark.parametrize("pack", ["AwsSolutionsChecks", "ServerlessChecks"])
    def test_the_stage_passes_without_acknowledgements(self, app: cdk.App, kind: Kind, pack: str) -> None:
        """Nothing that the constructs make is found fault with; the route without authorizer is the user's."""
        import cdk_nag

        stack = cdk.Stack(app, "Stack", env=ENVIRONMENT)
        everything(stack, kind)
        report = findings(app, getattr(cdk_nag, pack))
        ours = [line for line in report if "Stack/Stage" in line or "Stack/Deployment" in line]
        assert ours == []
        assert all("Stack/Route" in line or "ApiGatewayAccount" in line for line in report if "Stack/" in line), report

    @pytest.mark.parametrize(
        ("pack", "rule"),
        [("AwsSolutionsChecks", "AwsSolutions-APIG1"), ("ServerlessChecks", "Serverless-APIGWAccessLogging")],
    )
    def test_a_stage_without_logs_is_found(self, app: cdk.App, kind: Kind, pack: str, rule: str) -> None:
        """The packs do look at these stages: one without access logs is found."""
        import cdk_nag

        stack = cdk.Stack(app, "Stack", env=ENVIRONMENT)
        kind.stage(stack)
        assert any(rule in line for line in findings(app, getattr(cdk_nag, pack)))


def findings(app: cdk.App, pack: Any) -> list[str]:
    """The lines of what a pack finds."""
    cdk.Validations.of(app).add_plugins(pack(app))
    try:
        app.synth()
    except RuntimeError as refused:
        return str(refused).splitlines()
    return []


class TestTrees:
    def test_a_nested_stack(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """A whole stage in a nested stack is the same; its URL can be read in the parent."""
        nested = cdk.NestedStack(outer_stack, "Nested")
        stage = everything(nested, kind)
        cdk.CfnOutput(outer_stack, "Url", value=stage.url)
        assert len(resources(nested)) == 1
        assert len(resources(outer_stack, "AWS::CloudFormation::Stack")) == 1

    def test_two_environments(self, app: cdk.App, kind: Kind) -> None:
        """Stages of one program in two Regions have the ARNs and URLs of theirs."""
        for region in ("eu-west-1", "us-east-1"):
            stack = cdk.Stack(app, region, env=cdk.Environment(account="123456789012", region=region))
            stage = everything(stack, kind)
            assert f".execute-api.{region}." in stage.url
            assert f":apigateway:{region}:" in stage.stage_arn
        app.synth()

    def test_a_stack_without_environment(self, agnostic_stack: cdk.Stack, kind: Kind) -> None:
        """Where account and Region are known at deploy only, every property works, grants and URLs too."""
        stage = everything(agnostic_stack, kind)
        cdk.CfnOutput(agnostic_stack, "Url", value=stage.url)
        cdk.CfnOutput(agnostic_stack, "Arn", value=stage.stage_arn)
        found = template(agnostic_stack).to_json()["Outputs"]
        assert {"Ref": "AWS::Region"} in found["Url"]["Value"]["Fn::Join"][1]

    def test_a_cdk_stage_as_parent(self, app: cdk.App, kind: Kind) -> None:
        """Below a cdk.Stage a whole stage is the same as in a stack of the app."""
        whole = cdk.Stack(app, "Stack", env=ENVIRONMENT)
        there = cdk.Environment(account="210987654321", region="eu-west-1")
        below = cdk.Stack(cdk.Stage(app, "Beta", env=there), "Stack", stack_name="Stack")
        for stack in (whole, below):
            everything(stack, kind)
        app.synth()
        one, two = (resource(stack)["Properties"] for stack in (whole, below))
        assert one["DefaultRouteSettings"] == two["DefaultRouteSettings"]
        assert one["RouteSettings"] == two["RouteSettings"]

    def test_a_cdk_stage_itself(self, app: cdk.App, kind: Kind) -> None:
        """An environment with stages can be synthesized by itself, and the app after it."""
        environment = cdk.Stage(app, "Beta", env=ENVIRONMENT)
        everything(cdk.Stack(environment, "Stack"), kind)
        assert len(environment.synth().stacks) == 1
        assert len(app.synth().nested_assemblies) == 1

    def test_an_included_api(self, stack: cdk.Stack, tmp_path: Any) -> None:
        """An API that CfnInclude brings has stages, deployments and settings as any other."""
        (tmp_path / "api.yaml").write_text(
            "Resources:\n"
            "  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: api, ProtocolType: WEBSOCKET,"
            " RouteSelectionExpression: $request.body.action}}\n"
            "  Send: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: send}}\n"
        )
        included = cfn_include.CfnInclude(stack, "Included", template_file=str(tmp_path / "api.yaml"))
        api: Any = included.get_resource("Api")
        deployment = Deployment(stack, "Deployment", api=api)
        WebSocketStage(
            stack, "Stage", api=api, stage_name="prod", deployment=deployment, route_settings={"send": RouteSettings()}
        )
        assert resource(stack)["DependsOn"] == ["Send"]
        assert resource(stack, "AWS::ApiGatewayV2::Deployment")["DependsOn"] == ["Send"]

    def test_the_other_protocol_of_an_included_api_is_refused(self, stack: cdk.Stack, tmp_path: Any) -> None:
        """The protocol of an included API is known."""
        (tmp_path / "api.yaml").write_text(
            "Resources: {Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: api, ProtocolType: HTTP}}}"
        )
        included = cfn_include.CfnInclude(stack, "Included", template_file=str(tmp_path / "api.yaml"))
        api: Any = included.get_resource("Api")
        with pytest.raises(ValueError, match="must be a WebSocket API"):
            WebSocketStage(stack, "Stage", api=api, stage_name="prod")
        HttpStage(stack, "Stage", api=api)
        assert properties(stack)["ApiId"] == {"Ref": "Api"}

    def test_two_syntheses_agree(self, kind: Kind) -> None:
        """The same program gives the same template twice."""

        def synthesized() -> Any:
            stack = cdk.Stack(cdk.App(analytics_reporting=False), "Stack", env=ENVIRONMENT)
            everything(stack, kind)
            return template(stack).to_json()

        assert synthesized() == synthesized()

    def test_nothing_warns(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage with every property, right as it is, is silent but for its data trace."""
        everything(stack, kind)
        found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
        data_trace = ["dataTraceLogsMessages" in str(each.entry.data) for each in found]
        assert data_trace == ([True] if kind is WEBSOCKET else [])

    def test_snapshot_everything(self, stack: cdk.Stack, kind: Kind, snapshot: Any) -> None:
        """A stage with every property, of an API with a route, with a deployment, has this template."""
        everything(stack, kind)
        assert template(stack).to_json() == snapshot
