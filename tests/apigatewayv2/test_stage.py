"""What HTTP and WebSocket stages have in common."""

from __future__ import annotations

import json
import types
from decimal import Decimal
from typing import Any

import aws_cdk as cdk
import constructs
import jsii
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import ACCOUNT_LIMIT, AccessLogSettings, HttpStage, RouteSettings, WebSocketStage

from .cloudformation import PARTITIONS, STAGE, deployed, properties, resource, resources, statements, template
from .conftest import HTTP, WEBSOCKET, Kind


def tree(scope: constructs.IConstruct) -> list[str]:
    """The paths of all constructs of a scope."""
    return [construct.node.path for construct in scope.node.find_all()]


class TestProps:
    def test_stage_name_is_emitted_as_given(self, stack: cdk.Stack, kind: Kind) -> None:
        """The stage name stands in the template as it was given."""
        kind.stage(stack, stage_name="Prod_2-x")
        assert properties(stack)["StageName"] == "Prod_2-x"

    @pytest.mark.parametrize("name", ["p", "$default", "_-", "0", "a" * 128])
    def test_every_name_that_the_service_takes_is_taken(self, stack: cdk.Stack, kind: Kind, name: str) -> None:
        """Names of 1 to 128 characters and `$default` are taken."""
        kind.stage(stack, stage_name=name)
        assert properties(stack)["StageName"] == name

    def test_description_is_emitted(self, stack: cdk.Stack, kind: Kind) -> None:
        """The description stands in the template and on the stage."""
        stage = kind.stage(stack, description="d" * 1024)
        assert stage.description == properties(stack)["Description"] == "d" * 1024

    def test_empty_description_is_a_value(self, stack: cdk.Stack, kind: Kind) -> None:
        """An empty description is emitted, not taken for none."""
        kind.stage(stack, description="")
        assert properties(stack)["Description"] == ""

    def test_stage_deploys_by_itself_unless_told_otherwise(self, stack: cdk.Stack, kind: Kind) -> None:
        """Auto deployment is on by default and off when asked for."""
        default, manual = kind.stage(stack, "Default"), kind.stage(stack, "Manual", stage_name="m", auto_deploy=False)
        by_name = {r["Properties"]["StageName"]: r["Properties"]["AutoDeploy"] for r in resources(stack).values()}
        assert by_name == {"prod": True, "m": False}
        assert (default.auto_deploy, manual.auto_deploy) == (True, False)

    @pytest.mark.parametrize("auto_deploy", [None, False])
    def test_a_deployment_switches_auto_deploy_off(
        self, stack: cdk.Stack, kind: Kind, auto_deploy: bool | None
    ) -> None:
        """A stage with a deployment does not deploy by itself."""
        stage = kind.stage(stack, deployment_id="abc123", auto_deploy=auto_deploy)
        assert properties(stack)["AutoDeploy"] is stage.auto_deploy is False
        assert properties(stack)["DeploymentId"] == stage.deployment_id == "abc123"

    def test_deployment_with_auto_deploy_is_refused(self, stack: cdk.Stack, kind: Kind) -> None:
        """A deployment together with auto_deploy=True is refused in the service's words."""
        with pytest.raises(StageConfigurationError, match="because AutoDeploy is enabled") as refused:
            kind.stage(stack, deployment_id="abc123", auto_deploy=True)
        assert (refused.value.prop, refused.value.value) == ("deployment_id", "abc123")

    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            (RouteSettings(detailed_metrics_enabled=True), {"DetailedMetricsEnabled": True}),
            (RouteSettings(throttling_burst_limit=7), {"ThrottlingBurstLimit": 7}),
            (RouteSettings(throttling_rate_limit=0.5), {"ThrottlingRateLimit": 0.5}),
            (RouteSettings(throttling_burst_limit=0, throttling_rate_limit=0), {"ThrottlingBurstLimit": 0}),
            (RouteSettings(throttling_burst_limit=ACCOUNT_LIMIT), {"ThrottlingRateLimit": 10000}),
            (RouteSettings(throttling_rate_limit=ACCOUNT_LIMIT), {"ThrottlingBurstLimit": 5000}),
        ],
    )
    def test_one_route_setting_leaves_the_other_defaults(
        self, stack: cdk.Stack, kind: Kind, settings: RouteSettings, expected: dict[str, Any]
    ) -> None:
        """A setting given replaces its own default alone, and ACCOUNT_LIMIT leaves its field out."""
        kind.stage(stack, default_route_settings=settings)
        defaults = {"DetailedMetricsEnabled": False, "ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 10000}
        if kind is WEBSOCKET:
            defaults |= {"DataTraceEnabled": False, "LoggingLevel": "OFF"}
        expected = defaults | expected
        if settings.throttling_burst_limit is ACCOUNT_LIMIT:
            del expected["ThrottlingBurstLimit"]
        if settings.throttling_rate_limit in (ACCOUNT_LIMIT, 0):
            del expected["ThrottlingRateLimit"]
        if settings.throttling_rate_limit == 0:
            expected["ThrottlingRateLimit"] = 0
        assert properties(stack)["DefaultRouteSettings"] == expected

    def test_data_trace_false_is_no_fault(self, stack: cdk.Stack, kind: Kind) -> None:
        """Asking for no data trace is taken by both kinds; an HTTP stage emits nothing of it."""
        kind.stage(stack, default_route_settings=RouteSettings(data_trace_enabled=False))
        settings = properties(stack)["DefaultRouteSettings"]
        assert settings.get("DataTraceEnabled") is (False if kind is WEBSOCKET else None)

    def test_stage_variables_are_emitted(self, stack: cdk.Stack, kind: Kind) -> None:
        """Stage variables stand in the template, from any mapping."""
        stage = kind.stage(stack, stage_variables=types.MappingProxyType({"table_1": "pets", "url": "https://x/?a=b"}))
        assert properties(stack)["StageVariables"] == {"table_1": "pets", "url": "https://x/?a=b"}
        assert stage.stage_variables == {"table_1": "pets", "url": "https://x/?a=b"}

    def test_later_changes_of_a_given_dict_change_nothing(self, stack: cdk.Stack, kind: Kind) -> None:
        """The stage copies the mappings that it is given."""
        variables, tags = {"a": "b"}, {"team": "x"}
        stage = kind.stage(stack, stage_variables=variables, tags=tags)
        variables["c"], tags["y"] = "d", "z"
        assert (stage.stage_variables, stage.tags) == ({"a": "b"}, {"team": "x"})

    @pytest.mark.parametrize("empty", [None, {}])
    def test_nothing_is_emitted_for_nothing(self, stack: cdk.Stack, kind: Kind, empty: dict[str, str] | None) -> None:
        """No variables and no tags leave no property behind."""
        kind.stage(stack, stage_variables=empty, tags=empty)
        assert not {"StageVariables", "Tags"} & properties(stack).keys()

    def test_tags_merge_with_those_of_the_tree(self, stack: cdk.Stack, kind: Kind) -> None:
        """Tags of the stage and of the tree above it are merged, and aspects of the stage itself win."""
        stage = kind.stage(stack, tags={"team": "chat", "tier": "gold"})
        cdk.Tags.of(stack).add("cost", "42")
        cdk.Tags.of(stage).add("tier", "silver")
        assert properties(stack)["Tags"] == {"team": "chat", "tier": "silver", "cost": "42"}

    def test_unknown_props_are_a_type_error(self, stack: cdk.Stack, kind: Kind) -> None:
        """A misspelt prop is Python's own TypeError, and nothing is left in the tree."""
        api = kind.imported_api(stack)
        before = tree(stack)
        with pytest.raises(TypeError, match="stage_nam"):
            kind.cls(stack, "Stage", api=api, stage_nam="prod")
        assert tree(stack) == before

    def test_props_are_keyword_only(self, stack: cdk.Stack, kind: Kind) -> None:
        """Props cannot be given by position."""
        with pytest.raises(TypeError, match="positional"):
            kind.cls(stack, "Stage", kind.imported_api(stack))

    def test_stage_names_may_come_from_an_enum(self, stack: cdk.Stack, kind: Kind) -> None:
        """A member of a str enum is the string that it stands for, also in URLs and ARNs."""
        from enum import Enum

        class Environment(str, Enum):
            PROD = "prod"

        stage = kind.stage(stack, stage_name=Environment.PROD)
        assert properties(stack)["StageName"] == "prod"
        assert deployed(stack.resolve(stage.url)).endswith("amazonaws.com/prod")
        assert deployed(stack.resolve(stage.execution_arn)).endswith("/prod")


class TestTokens:
    @pytest.mark.parametrize(
        ("prop", "path"),
        [
            ("stage_name", "StageName"),
            ("description", "Description"),
            ("deployment_id", "DeploymentId"),
        ],
    )
    def test_string_props_take_tokens(self, stack: cdk.Stack, kind: Kind, prop: str, path: str) -> None:
        """A string that is known at deploy only passes unchecked."""
        parameter = cdk.CfnParameter(stack, "P")
        kind.stage(stack, **{prop: parameter.value_as_string})
        assert properties(stack)[path] == {"Ref": "P"}

    def test_throttles_take_number_tokens(self, stack: cdk.Stack, kind: Kind) -> None:
        """A number that is known at deploy only passes unchecked."""
        number = cdk.CfnParameter(stack, "P", type="Number").value_as_number
        kind.stage(
            stack, default_route_settings=RouteSettings(throttling_burst_limit=number, throttling_rate_limit=number)
        )
        settings = properties(stack)["DefaultRouteSettings"]
        assert settings["ThrottlingBurstLimit"] == settings["ThrottlingRateLimit"] == {"Ref": "P"}

    def test_booleans_take_resolvables(self, stack: cdk.Stack, kind: Kind) -> None:
        """A boolean that is known at deploy only passes unchecked."""
        condition = cdk.CfnCondition(stack, "C", expression=cdk.Fn.condition_equals(cdk.Aws.REGION, "x"))
        token: Any = cdk.Fn.condition_if(condition.logical_id, True, False)
        kind.stage(stack, auto_deploy=token, default_route_settings=RouteSettings(detailed_metrics_enabled=token))
        expected = {"Fn::If": ["C", True, False]}
        assert properties(stack)["AutoDeploy"] == expected
        assert properties(stack)["DefaultRouteSettings"]["DetailedMetricsEnabled"] == expected

    def test_a_deployment_goes_with_auto_deploy_that_is_not_known(self, stack: cdk.Stack, kind: Kind) -> None:
        """Auto deployment that is known at deploy only may turn out to be off."""
        token: Any = cdk.Fn.condition_if("C", "true", "false")
        kind.stage(stack, auto_deploy=token, deployment_id="abc")
        cdk.CfnCondition(stack, "C", expression=cdk.Fn.condition_equals(cdk.Aws.REGION, "x"))
        assert properties(stack)["DeploymentId"] == "abc"

    def test_values_of_variables_and_tags_take_tokens(self, stack: cdk.Stack, kind: Kind) -> None:
        """Values of variables and tags that are known at deploy only pass unchecked, also inside a text."""
        parameter = cdk.CfnParameter(stack, "P").value_as_string
        kind.stage(stack, stage_variables={"a": parameter, "b": f"x!{parameter}"}, tags={"t": parameter})
        found = properties(stack)
        assert found["StageVariables"] == {"a": {"Ref": "P"}, "b": {"Fn::Join": ["", ["x!", {"Ref": "P"}]]}}
        assert found["Tags"] == {"t": {"Ref": "P"}}

    @pytest.mark.parametrize(
        ("make", "value"),
        [
            (lambda p: {"description": cdk.Lazy.any(p)}, "x"),
            (lambda p: {"stage_name": cdk.Lazy.any(p)}, "x"),
            (lambda p: {"deployment_id": cdk.Lazy.any(p)}, "x"),
            (lambda p: {"auto_deploy": cdk.Lazy.string(p)}, True),
            (lambda p: {"stage_variables": cdk.Lazy.any(p)}, {"a": "b"}),
            (lambda p: {"stage_variables": {"a": cdk.Lazy.any(p)}}, "x"),
            (lambda p: {"tags": cdk.Lazy.any(p)}, {"a": "b"}),
            (lambda p: {"default_route_settings": RouteSettings(throttling_burst_limit=cdk.Lazy.any(p))}, 5),
            (lambda p: {"default_route_settings": RouteSettings(throttling_rate_limit=cdk.Lazy.string(p))}, 5),
            (lambda p: {"default_route_settings": RouteSettings(detailed_metrics_enabled=cdk.Lazy.string(p))}, True),
            (lambda p: {"access_log_settings": AccessLogSettings(destination_arn=cdk.Lazy.any(p))}, "arn:x:*"),
        ],
    )
    def test_a_token_has_any_form(self, stack: cdk.Stack, kind: Kind, make: Any, value: Any) -> None:
        """A token passes in whatever form it comes: as a text, a number or an object, also for a whole map."""
        api = kind.imported_api(stack)

        @jsii.implements(cdk.IStableAnyProducer, cdk.IStableStringProducer)
        class Producer:
            def produce(self) -> Any:
                return value

        kind.stage(stack, api=api, **make(Producer()))
        assert json.dumps(value)[:6] in json.dumps(properties(stack))


class Member:
    """A value to be made in the stack of the test."""

    def __init__(self, make: Any) -> None:
        self.make = make


WRONG: list[tuple[str, Any, str]] = [
    *(("api", value, "api") for value in (None, "aabbccddee", 5, {}, [])),
    ("api", Member(lambda s: logs.LogGroup(s, "L")), "api"),
    ("api", Member(lambda s: appsync.CfnApi(s, "E", name="events")), "api"),
    ("api", Member(lambda s: apigatewayv2.CfnStage(s, "S", api_id="a", stage_name="b")), "api"),
    *(
        ("stage_name", value, "stage_name")
        for value in (None, 5, True, {}, ["prod"], b"prod", "", "a b", "a/b", "a" * 129, "$Default", "$", "é", "a\n")
    ),
    ("stage_name", Member(lambda s: apigatewayv2.CfnStage(s, "S", api_id="a", stage_name="b")), "stage_name"),
    *(("description", value, "description") for value in (5, True, {}, {"k": Decimal(5)}, "d" * 1025)),
    *(("auto_deploy", value, "auto_deploy") for value in (0, 1, "true", {}, [])),
    *(("deployment_id", value, "deployment_id") for value in (5, {}, "", b"x")),
    ("deployment_id", Member(lambda s: apigatewayv2.CfnDeployment(s, "D", api_id="a")), "deployment_id"),
    *(("default_route_settings", value, "default_route_settings") for value in (5, {}, "x", RouteSettings)),
    *(
        ("default_route_settings", RouteSettings(throttling_burst_limit=value), "throttling_burst_limit")
        for value in ("5", True, -1, 1.5, float("nan"), float("inf"), {}, [])
    ),
    *(
        ("default_route_settings", RouteSettings(throttling_rate_limit=value), "throttling_rate_limit")
        for value in ("5", False, -0.1, float("nan"), float("inf"), -float("inf"), {})
    ),
    *(
        ("default_route_settings", RouteSettings(detailed_metrics_enabled=value), "detailed_metrics_enabled")
        for value in ("true", 1, {})
    ),
    *(
        ("default_route_settings", RouteSettings(data_trace_enabled=value), "data_trace_enabled")
        for value in ("true", 1, {})
    ),
    *(
        ("default_route_settings", RouteSettings(logging_level=value), "logging_level")
        for value in ("DEBUG", "info", 5, {}, [], True)
    ),
    *(("access_log_settings", value, "access_log_settings") for value in (5, {}, "arn:aws:logs", AccessLogSettings)),
    ("access_log_settings", Member(lambda s: logs.LogGroup(s, "L")), "access_log_settings"),
    *(("access_log_settings", AccessLogSettings(log_group=value), "log_group") for value in (5, {}, "name", "")),
    *(
        ("access_log_settings", AccessLogSettings(destination_arn=value), "destination_arn")
        for value in (5, {}, "", "name", "arn:aws:s3:::bucket", "arn:aws:logs:eu-west-1:123456789012:log-group")
    ),
    (
        "access_log_settings",
        Member(lambda s: AccessLogSettings(destination_arn=logs.LogGroup(s, "L"))),
        "destination_arn",
    ),
    (
        "access_log_settings",
        Member(lambda s: AccessLogSettings(destination_arn=logs.CfnLogGroup(s, "L"))),
        "destination_arn",
    ),
    *(
        ("access_log_settings", AccessLogSettings(format=value), "format")
        for value in (5, {}, [], "", "$context.stage", b"$context.requestId", "$context.requestId\nx")
    ),
    *(("access_log_settings", AccessLogSettings(retention=value), "retention") for value in (365, "ONE_YEAR", {})),
    *(("access_log_settings", AccessLogSettings(removal_policy=value), "removal_policy") for value in ("RETAIN", 1)),
    *(("access_log_settings", AccessLogSettings(encryption_key=value), "encryption_key") for value in ("arn", 1, {})),
    *(("stage_variables", value, "stage_variables") for value in (5, "a=b", [], ["a"], {"a"})),
    *(
        ("stage_variables", value, "stage_variables[")
        for value in (
            {"a": 5},
            {"a": None},
            {"a": True},
            {"a": {}},
            {5: "a"},
            {None: "a"},
            {"a-b": "c"},
            {"": "c"},
            {"n" * 65: "c"},
            {"a": "v" * 2049},
            {"a": "é"},
            {"a": "a;b"},
        )
    ),
    ("stage_variables", {f"v{n}": "x" for n in range(101)}, "stage_variables"),
    *(("tags", value, "tags") for value in (5, "a=b", [], [{"Key": "a", "Value": "b"}], {"a"})),
    *(
        ("tags", value, "tags[")
        for value in ({"a": 5}, {"a": None}, {5: "a"}, {"": "a"}, {"aws:a": "b"}, {"AWS:a": ""})
    ),
    *(("tags", value, "tags[") for value in ({"k" * 129: "v"}, {"k": "v" * 1601})),
    ("tags", {f"t{n}": "x" for n in range(51)}, "tags"),
]


class TestRefusals:
    @pytest.mark.parametrize(("prop", "value", "named"), WRONG)
    def test_wrong_values_are_refused_before_anything_is_made(
        self, stack: cdk.Stack, kind: Kind, prop: str, value: Any, named: str
    ) -> None:
        """A value that cannot work is our error with construct, prop and value, and nothing is left in the tree."""
        props: dict[str, Any] = {"api": kind.imported_api(stack)}
        props[prop] = value.make(stack) if isinstance(value, Member) else value
        before = tree(stack)
        with pytest.raises(StageConfigurationError) as refused:
            kind.stage(stack, **props)
        assert refused.value.construct_path == "Stack/Stage"
        assert named in refused.value.prop
        assert refused.value.prop.startswith(prop)
        assert str(refused.value).startswith("Stack/Stage: ")
        assert refused.value.prop in str(refused.value)
        assert tree(stack) == before

    def test_several_faults_are_one_error(self, stack: cdk.Stack, kind: Kind) -> None:
        """All faults of a stage are listed in one error, whose attributes speak of the first."""
        with pytest.raises(StageConfigurationError) as refused:
            kind.stage(
                stack,
                stage_name="a b",
                description=5,
                default_route_settings=RouteSettings(throttling_burst_limit=-1),
                access_log_settings=AccessLogSettings(format="$context.stage"),
                stage_variables={"a-b": "c"},
                tags={"aws:x": "y"},
            )
        lines = str(refused.value).splitlines()
        assert lines[0] == "Stack/Stage: "
        assert [line.split()[1] for line in lines[1:]] == [
            "stage_name",
            "description",
            "default_route_settings.throttling_burst_limit",
            "access_log_settings.format",
            'stage_variables["a-b"]',
            'tags["aws:x"]',
        ]
        assert (refused.value.prop, refused.value.value) == ("stage_name", "a b")

    def test_the_error_is_a_value_error(self) -> None:
        """Who catches ValueError catches our error."""
        assert issubclass(StageConfigurationError, ValueError)

    def test_an_id_that_was_refused_can_be_used_again(self, stack: cdk.Stack, kind: Kind) -> None:
        """After a refusal the same id is free."""
        with pytest.raises(StageConfigurationError):
            kind.stage(stack, stage_name="a b")
        kind.stage(stack, stage_name="a-b")
        assert properties(stack)["StageName"] == "a-b"

    @pytest.mark.parametrize("make", ["api", "cfn_api", "imported_api"])
    def test_an_api_of_the_other_protocol_is_refused(self, stack: cdk.Stack, kind: Kind, make: str) -> None:
        """The wrong protocol is refused wherever it can be known, and the right class is named."""
        other = WEBSOCKET if kind is HTTP else HTTP
        api = getattr(other, make)(stack)
        with pytest.raises(StageConfigurationError, match=f"use {other.cls.__name__} for it") as refused:
            kind.stage(stack, api=api)
        assert refused.value.prop == "api"
        assert refused.value.value is api


class TestApi:
    @pytest.mark.parametrize("make", ["api", "cfn_api"])
    def test_declared_apis_are_referred_to(self, stack: cdk.Stack, kind: Kind, make: str) -> None:
        """A native API and an L1 are referred to by `Ref`."""
        kind.stage(stack, api=getattr(kind, make)(stack))
        (api_id,) = resources(stack, "AWS::ApiGatewayV2::Api")
        assert properties(stack)["ApiId"] == {"Ref": api_id}

    def test_imported_api(self, stack: cdk.Stack, kind: Kind) -> None:
        """An imported API is referred to by its id."""
        stage = kind.stage(stack, api=kind.imported_api(stack, api_id="aabbccddee"))
        assert properties(stack)["ApiId"] == stage.api_id == "aabbccddee"

    def test_an_l1_api_that_does_not_tell_its_protocol_is_taken(self, stack: cdk.Stack, kind: Kind) -> None:
        """An L1 whose protocol is a token or stands in its OpenAPI body is taken."""
        token = cdk.CfnParameter(stack, "Protocol").value_as_string
        for number, api in enumerate(
            [
                apigatewayv2.CfnApi(stack, "A", name="a", protocol_type=token),
                apigatewayv2.CfnApi(stack, "B", body={"openapi": "3.0.1"}),
            ]
        ):
            kind.stage(stack, f"Stage{number}", api=api)
        template(stack).resource_count_is(STAGE, 2)

    def test_a_python_class_can_be_an_api(self, stack: cdk.Stack, kind: Kind) -> None:
        """Any object with an `api_ref` is an API."""
        inner = kind.cfn_api(stack)

        class Api(constructs.Construct):
            @property
            def api_ref(self) -> Any:
                return inner.api_ref

        kind.stage(stack, api=Api(stack, "Mine"))
        assert properties(stack)["ApiId"] == {"Ref": stack.get_logical_id(inner)}

    def test_two_stages_of_one_api(self, stack: cdk.Stack, kind: Kind) -> None:
        """An API may have several stages, each with its own name."""
        api = kind.api(stack)
        kind.stage(stack, "A", api=api, stage_name="a")
        kind.stage(stack, "B", api=api, stage_name="b")
        found = [r["Properties"] for r in resources(stack).values()]
        assert {p["StageName"] for p in found} == {"a", "b"}
        assert found[0]["ApiId"] == found[1]["ApiId"]

    def test_api_in_another_stack(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """The id of an API of another stack is imported, also in the ARNs."""
        stage = kind.stage(stack, api=kind.api(other_stack))
        cdk.CfnOutput(stack, "Arn", value=stage.stage_arn)
        ((name, _),) = [(o["Export"]["Name"], o["Value"]) for o in template(other_stack).to_json()["Outputs"].values()]
        assert properties(stack)["ApiId"] == {"Fn::ImportValue": name}
        arn = template(stack).to_json()["Outputs"]["Arn"]["Value"]
        assert deployed(arn, {name: "abc"}) == "arn:aws:apigateway:eu-west-1::/apis/abc/stages/prod"

    def test_nested_stack(self, app: cdk.App, kind: Kind) -> None:
        """A stage in a nested stack takes the id of its parent's API as a parameter."""
        parent = cdk.Stack(app, "Parent")
        nested = cdk.NestedStack(parent, "Nested")
        kind.stage(nested, api=kind.api(parent))
        parameters = template(nested).to_json()["Parameters"]
        assert properties(nested)["ApiId"] == {"Ref": next(iter(parameters))}

    def test_within_a_cdk_stage(self, app: cdk.App, kind: Kind) -> None:
        """A stage of an API lives within a deployment stage of the CDK."""
        deployment = cdk.Stage(app, "Beta", env=cdk.Environment(account="123456789012", region="eu-west-1"))
        inner = cdk.Stack(deployment, "Stack", synthesizer=cdk.BootstraplessSynthesizer())
        stage = kind.stage(inner, api=kind.api(inner))
        assert stage.node.path == "Beta/Stack/Stage"
        assert properties(inner)["StageName"] == "prod"

    def test_logical_id_follows_the_path(self, stack: cdk.Stack, kind: Kind) -> None:
        """The L1 is the child `Resource`, so that the logical id holds the id of the stage alone."""
        stage = kind.stage(stack, "Live")
        assert next(iter(resources(stack))).startswith("Live")
        assert stage.node.default_child.node.id == "Resource"


class TestAttributes:
    @pytest.mark.parametrize("partition", PARTITIONS)
    @pytest.mark.parametrize("agnostic", [False, True], ids=["concrete", "agnostic"])
    def test_arns_and_urls_in_every_partition(self, app: cdk.App, kind: Kind, partition: str, agnostic: bool) -> None:
        """ARNs and URLs carry partition, Region, account and URL suffix of where the stack is deployed."""
        region, suffix = PARTITIONS[partition]
        env = None if agnostic else cdk.Environment(account="123456789012", region=region)
        stack = cdk.Stack(app, "S", env=env)
        stage = kind.stage(stack, api=kind.api(stack))
        known = {stack.get_logical_id(stack.node.find_child("Api").node.default_child): "abc"}

        def final(value: str) -> str:
            return deployed(stack.resolve(value), known, partition=partition)

        execution_arn = f"arn:{partition}:execute-api:{region}:123456789012:abc/prod"
        host = f"abc.execute-api.{region}.{suffix}"
        assert final(stage.stage_arn) == f"arn:{partition}:apigateway:{region}::/apis/abc/stages/prod"
        assert final(stage.execution_arn) == execution_arn
        assert (final(stage.host), stage.origin_path) == (host, "/prod")
        if kind is HTTP:
            assert final(stage.url) == f"https://{host}/prod"
            assert final(stage.arn_for_execute_api()) == f"{execution_arn}/*/*"
        else:
            assert final(stage.url) == f"wss://{host}/prod"
            assert final(stage.callback_url) == f"https://{host}/prod"
            assert final(stage.arn_for_route()) == f"{execution_arn}/*"

    def test_names_and_references_are_plain_values(self, stack: cdk.Stack, kind: Kind) -> None:
        """Name and reference are the strings that were given."""
        stage = kind.stage(stack)
        assert stage.stage_name == stage.stage_ref.stage_name == "prod"
        assert stage.api_id == stage.stage_ref.api_id == "aabbccddee"

    def test_the_physical_name_is_that_of_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """The name that CDK knows the resource by is the name of the stage, declared or imported."""
        token = cdk.Fn.import_value("Name")
        imported = kind.cls.from_stage_attributes(stack, "Elsewhere", api_id="abc", stage_name="live")
        assert kind.stage(stack)._physical_name == "prod"
        assert kind.stage(stack, "Later", stage_name=token)._physical_name == token
        assert imported._physical_name == "live"

    def test_a_stage_without_a_domain_mapping_has_no_domain_url(self, stack: cdk.Stack, kind: Kind) -> None:
        """Asking for the URL under a domain that was not mapped is our error."""
        with pytest.raises(StageConfigurationError, match="domain_mapping must be given for a domain_url"):
            _ = kind.stage(stack).domain_url

    def test_a_native_api_is_handed_back(self, stack: cdk.Stack, kind: Kind) -> None:
        """The attribute `api` is the native API that the stage was given."""
        api = kind.api(stack)
        assert kind.stage(stack, api=api).api is api

    def test_an_l1_api_is_handed_back_as_a_native_one(self, stack: cdk.Stack, kind: Kind) -> None:
        """The attribute `api` is native and of the same id, made once, also for an L1."""
        api = kind.cfn_api(stack)
        stage = kind.stage(stack, api=api)
        assert stage.api is stage.api
        assert stage.api.api_id == api.api_ref.api_id

    def test_attributes_make_nothing_wait_for_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A resource that uses URL and ARNs of the stage does not depend on it, so that routes may use them."""
        stage = kind.stage(stack, api=kind.api(stack))
        cdk.CfnOutput(stack, "Out", value=f"{stage.url} {stage.stage_arn} {stage.execution_arn}")
        (logical_id,) = resources(stack)
        assert logical_id not in str(template(stack).to_json()["Outputs"])


class TestAddStageVariable:
    def test_added_variables_join_the_first_ones(self, stack: cdk.Stack, kind: Kind) -> None:
        """Variables added later stand beside those of the constructor."""
        stage = kind.stage(stack, stage_variables={"a": "1"})
        stage.add_stage_variable("b", "2")
        stage.add_stage_variable("c", cdk.Aws.REGION)
        assert properties(stack)["StageVariables"] == {"a": "1", "b": "2", "c": {"Ref": "AWS::Region"}}

    def test_first_variable_may_be_an_added_one(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage without variables can be given one."""
        kind.stage(stack).add_stage_variable("a", "1")
        assert properties(stack)["StageVariables"] == {"a": "1"}

    @pytest.mark.parametrize(("name", "value"), [("a-b", "c"), ("a", 5), ("a", None), (None, "a"), ("a", "{}")])
    def test_fails_as_in_the_constructor(self, stack: cdk.Stack, kind: Kind, name: Any, value: Any) -> None:
        """What the constructor refuses is refused here too, and the stage stays as it was."""
        stage = kind.stage(stack, stage_variables={"x": "y"})
        with pytest.raises(StageConfigurationError) as refused:
            stage.add_stage_variable(name, value)
        assert refused.value.construct_path == "Stack/Stage"
        assert properties(stack)["StageVariables"] == {"x": "y"}

    def test_fails_for_a_name_in_use(self, stack: cdk.Stack, kind: Kind) -> None:
        """A variable cannot be set twice."""
        stage = kind.stage(stack, stage_variables={"a": "1"})
        with pytest.raises(StageConfigurationError, match='stage_variables\\["a"\\] is set already') as refused:
            stage.add_stage_variable("a", "2")
        assert refused.value.value == "2"
        assert properties(stack)["StageVariables"] == {"a": "1"}

    def test_fails_for_the_variable_after_the_hundredth(self, stack: cdk.Stack, kind: Kind) -> None:
        """The limit of 100 variables holds for added ones too."""
        stage = kind.stage(stack, stage_variables={f"v{n}": "x" for n in range(99)})
        stage.add_stage_variable("last", "x")
        with pytest.raises(StageConfigurationError, match="at most 100"):
            stage.add_stage_variable("one_too_many", "x")


def principals(stack: cdk.Stack) -> dict[str, iam.IGrantable]:
    """A principal of each sort that can carry a policy."""
    return {
        "role": iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")),
        "imported role": iam.Role.from_role_arn(stack, "Imported Role", "arn:aws:iam::123456789012:role/x"),
        "user": iam.User(stack, "User"),
        "group": iam.Group(stack, "Group"),
    }


IN_PROD = "arn:aws:execute-api:eu-west-1:123456789012:aabbccddee/prod"
GRANTS = [
    (
        HTTP,
        "grant_invoke",
        {},
        ["execute-api:Invoke"],
        [f"{IN_PROD}/*/*"],
    ),
    (
        HTTP,
        "grant_invoke",
        {"method": "GET", "path": "/pets/{id}"},
        ["execute-api:Invoke"],
        [f"{IN_PROD}/GET/pets/*"],
    ),
    (
        HTTP,
        "grant_invoke",
        {"route": "ANY /pets/{id}"},
        ["execute-api:Invoke"],
        [f"{IN_PROD}/*/pets/*"],
    ),
    (
        WEBSOCKET,
        "grant_invoke",
        {},
        ["execute-api:Invoke"],
        [f"{IN_PROD}/$connect"],
    ),
    (
        WEBSOCKET,
        "grant_invoke",
        {"route_key": "*"},
        ["execute-api:Invoke"],
        [f"{IN_PROD}/*"],
    ),
    (
        WEBSOCKET,
        "grant_manage_connections",
        {},
        ["execute-api:ManageConnections"],
        [f"{IN_PROD}/*/@connections/*"],
    ),
    (
        WEBSOCKET,
        "grant_management_api_access",
        {},
        ["execute-api:ManageConnections"],
        [f"{IN_PROD}/*/@connections/*"],
    ),
    (
        WEBSOCKET,
        "grant_read_logs",
        {},
        [
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:GetLogGroupFields",
            "logs:StartQuery",
        ],
        ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/aabbccddee/prod:*"],
    ),
]


def listed(value: Any) -> list[Any]:
    """A value of a policy statement as a list."""
    return value if isinstance(value, list) else [value]


class TestGrants:
    @pytest.mark.parametrize("principal", ["role", "imported role", "user", "group"])
    @pytest.mark.parametrize(("kind", "method", "arguments", "actions", "arns"), GRANTS)
    def test_grants_name_exact_actions_and_resources(
        self,
        stack: cdk.Stack,
        kind: Kind,
        method: str,
        arguments: dict[str, str],
        actions: list[str],
        arns: list[str],
        principal: str,
    ) -> None:
        """A grant adds statements to the policy of the principal, the first with these actions on these resources."""
        grant = getattr(kind.stage(stack), method)(principals(stack)[principal], **arguments)
        assert isinstance(grant, iam.Grant)
        assert grant.success
        statement, *others = statements(stack)
        assert len(others) == (2 if method == "grant_read_logs" else 0)
        assert len(grant.principal_statements) == 1 + len(others)
        assert statement["Effect"] == "Allow"
        assert listed(statement["Action"]) == actions
        assert [deployed(arn) for arn in listed(statement["Resource"])] == arns

    def test_single_actions(self, stack: cdk.Stack, kind: Kind) -> None:
        """An action is granted on the ARN of its service: calls below the execution ARN, changes on the stage."""
        user = iam.User(stack, "User")
        kind.stage(stack).grant(user, "execute-api:Invoke", "apigateway:PATCH", "apigateway:GET")
        calls, changes = statements(stack)
        assert (calls["Action"], deployed(calls["Resource"])) == ("execute-api:Invoke", f"{IN_PROD}/*")
        assert changes["Action"] == ["apigateway:GET", "apigateway:PATCH"]
        assert deployed(changes["Resource"]) == "arn:aws:apigateway:eu-west-1::/apis/aabbccddee/stages/prod"

    @pytest.mark.parametrize("actions", [(), ("*",), ("Invoke",), ("logs:GetLogEvents",), ("execute-api:In?",), (5,)])
    def test_fails_for_other_actions(self, stack: cdk.Stack, kind: Kind, actions: tuple[Any, ...]) -> None:
        """Actions that no stage has, and none at all, are refused."""
        with pytest.raises(StageConfigurationError, match="must be IAM actions on stages"):
            kind.stage(stack).grant(iam.User(stack, "User"), *actions)

    def test_grants_to_a_service_principal_do_not_pretend(self, stack: cdk.Stack, kind: Kind) -> None:
        """A service principal has no policy of its own, which the grant tells."""
        grant = kind.stage(stack).grant_invoke(iam.ServicePrincipal("events.amazonaws.com"))
        assert not grant.success
        template(stack).resource_count_is("AWS::IAM::Policy", 0)

    def test_grants_of_an_imported_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """An imported stage grants as an owned one does."""
        stage = kind.cls.from_stage_attributes(stack, "Stage", api_id="abc", stage_name="live")
        stage.grant_invoke(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
        (statement,) = statements(stack)
        ending = "*/*" if kind is HTTP else "$connect"
        assert deployed(statement["Resource"]) == f"arn:aws:execute-api:eu-west-1:123456789012:abc/live/{ending}"

    def test_log_readers_read_the_access_logs(self, stack: cdk.Stack, kind: Kind) -> None:
        """Reading logs is granted on the log group of the access logs, its streams included."""
        stage = kind.stage(
            stack,
            access_log_settings=AccessLogSettings(
                log_group=logs.LogGroup.from_log_group_name(stack, "Logs", "my-logs")
            ),
        )
        stage.grant_read_logs(iam.User(stack, "User"))
        statement, *_ = statements(stack)
        arns = [deployed(arn) for arn in listed(statement["Resource"])]
        assert arns[0] == "arn:aws:logs:eu-west-1:123456789012:log-group:my-logs:*"
        assert len(arns) == (1 if kind is HTTP else 2)


def metric_of(stack: cdk.Stack, metric: Any) -> dict[str, Any]:
    """The metric as an alarm has it."""
    metric.create_alarm(stack, "Alarm", threshold=1, evaluation_periods=1)
    found = properties(stack, "AWS::CloudWatch::Alarm")
    return {
        "dimensions": {d["Name"]: d["Value"] for d in found["Dimensions"]},
        **{key: found.get(key) for key in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period")},
    }


METRICS = [
    (HTTP, "metric_count", "Count", "Sum"),
    (HTTP, "metric_latency", "Latency", "Average"),
    (HTTP, "metric_integration_latency", "IntegrationLatency", "Average"),
    (HTTP, "metric_client_error", "4xx", "Sum"),
    (HTTP, "metric_server_error", "5xx", "Sum"),
    (HTTP, "metric_data_processed", "DataProcessed", "Sum"),
    (WEBSOCKET, "metric_connect_count", "ConnectCount", "Sum"),
    (WEBSOCKET, "metric_message_count", "MessageCount", "Sum"),
    (WEBSOCKET, "metric_client_error", "ClientError", "Sum"),
    (WEBSOCKET, "metric_execution_error", "ExecutionError", "Sum"),
    (WEBSOCKET, "metric_integration_error", "IntegrationError", "Sum"),
    (WEBSOCKET, "metric_integration_latency", "IntegrationLatency", "Average"),
]
by_metric = pytest.mark.parametrize(("kind", "method", "name", "statistic"), METRICS)


class TestMetrics:
    @by_metric
    def test_names_and_statistics(self, stack: cdk.Stack, kind: Kind, method: str, name: str, statistic: str) -> None:
        """A named metric has the service's name, its statistic, and the dimensions of the stage."""
        assert metric_of(stack, getattr(kind.stage(stack), method)()) == {
            "dimensions": {"ApiId": "aabbccddee", "Stage": "prod"},
            "MetricName": name,
            "Namespace": "AWS/ApiGateway",
            "Statistic": statistic,
            "ExtendedStatistic": None,
            "Period": 300,
        }

    @by_metric
    def test_routes_and_options(self, stack: cdk.Stack, kind: Kind, method: str, name: str, statistic: str) -> None:
        """A route becomes a dimension, and options given win over the defaults."""
        metric = getattr(kind.stage(stack), method)(route="GET /pets", statistic="p99", period=cdk.Duration.minutes(1))
        assert metric_of(stack, metric) == {
            "dimensions": {"ApiId": "aabbccddee", "Stage": "prod", "Route": "GET /pets"},
            "MetricName": name,
            "Namespace": "AWS/ApiGateway",
            "Statistic": None,
            "ExtendedStatistic": "p99",
            "Period": 60,
        }

    @by_metric
    def test_an_option_of_none_is_no_option(
        self, stack: cdk.Stack, kind: Kind, method: str, name: str, statistic: str
    ) -> None:
        """None for an option means its default, as in the signature."""
        metric = getattr(kind.stage(stack), method)(statistic=None, dimensions_map=None, period=None)
        found = metric_of(stack, metric)
        assert (found["Statistic"], found["dimensions"]) == (statistic, {"ApiId": "aabbccddee", "Stage": "prod"})

    def test_any_metric(self, stack: cdk.Stack, kind: Kind) -> None:
        """A metric of any name can be asked for, with dimensions in place of the stage's."""
        found = metric_of(stack, kind.stage(stack).metric("New", dimensions_map={"ApiId": "x"}))
        assert (found["MetricName"], found["Statistic"], found["dimensions"]) == ("New", "Average", {"ApiId": "x"})

    def test_metrics_of_a_stage_elsewhere_name_the_region(self, stack: cdk.Stack, kind: Kind) -> None:
        """A metric of a stage imported from another Region comes from that Region."""
        arn = "arn:aws:apigateway:us-east-1::/apis/abc/stages/live"
        metric = kind.cls.from_stage_arn(stack, "Stage", arn).metric("X")
        assert metric.region == "us-east-1"
        assert kind.cls.from_stage_arn(stack, "Again", arn).metric("X", region=None).region == "us-east-1"
        assert kind.cls.from_stage_arn(stack, "Other", arn).metric("X", region="eu-west-3").region == "eu-west-3"

    def test_a_route_that_is_none_is_refused(self, stack: cdk.Stack, kind: Kind) -> None:
        """What has no route key is refused as a route, with the way out."""
        stage = kind.stage(stack)
        for route in (5, {}, stack, logs.LogGroup(stack, "L")):
            with pytest.raises(StageConfigurationError, match="write the key") as refused:
                stage.metric("X", route=route)
            assert refused.value.prop == "route"

    def test_javascript_calls_metrics_with_options(self, stack: cdk.Stack, kind: Kind) -> None:
        """Native code that calls a metric through the interface has its options honoured."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        stage = kind.stage(stack)
        options = cloudwatch.MetricOptions(statistic="p99", label="mine", period=cdk.Duration.minutes(1))
        name, arguments = ("metricCount", []) if kind is HTTP else ("metric", ["MessageCount"])
        metric = jsii.kernel.invoke(stage, name, [*arguments, options])
        assert (metric.statistic, metric.label, metric.period.to_seconds()) == ("p99", "mine", 60)
        plain = jsii.kernel.invoke(stage, name, arguments)
        assert (plain.statistic, plain.label) == ("Sum" if kind is HTTP else "Average", None)


class TestNativeNeighbours:
    def test_api_mapping_takes_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A native ApiMapping takes the stage and waits for it."""
        from aws_cdk import aws_certificatemanager as acm

        certificate = acm.Certificate.from_certificate_arn(
            stack, "Cert", "arn:aws:acm:eu-west-1:123456789012:certificate/x"
        )
        domain = apigatewayv2.DomainName(stack, "Domain", domain_name="example.com", certificate=certificate)
        api = kind.api(stack)
        apigatewayv2.ApiMapping(stack, "Map", api=api, domain_name=domain, stage=kind.stage(stack, api=api))
        (stage_id,) = resources(stack)
        mapping = resource(stack, "AWS::ApiGatewayV2::ApiMapping")
        assert mapping["Properties"]["Stage"] == "prod"
        assert stage_id in mapping["DependsOn"]

    def test_aspects_visit_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """An aspect sees the stage as the Python object, and its L1."""
        stage = kind.stage(stack)
        seen: list[Any] = []

        @jsii.implements(cdk.IAspect)
        class Collect:
            def visit(self, node: constructs.IConstruct) -> None:
                seen.append(node)

        cdk.Aspects.of(stack).add(Collect())
        template(stack)
        assert stage in seen
        assert stage.node.default_child in seen

    def test_removal_policies_reach_the_l1(self, stack: cdk.Stack, kind: Kind) -> None:
        """A removal policy for the tree is set on the L1."""
        kind.stage(stack)
        cdk.RemovalPolicies.of(stack).retain()
        assert resource(stack)["DeletionPolicy"] == "Retain"

    def test_a_removal_policy_of_its_own(self, stack: cdk.Stack, kind: Kind) -> None:
        """A removal policy can be applied to the stage."""
        kind.stage(stack).apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        assert resource(stack)["DeletionPolicy"] == "Retain"

    def test_mixins_apply(self, stack: cdk.Stack, kind: Kind) -> None:
        """A mixin is applied by `with_`, which hands back the stage."""

        class Describe(cdk.Mixin):
            def supports(self, construct: constructs.IConstruct) -> bool:
                return isinstance(construct, apigatewayv2.CfnStage)

            def apply_to(self, construct: Any) -> None:
                construct.description = "mixed in"

        stage = kind.stage(stack)
        assert stage.with_(Describe()) is stage
        assert properties(stack)["Description"] == "mixed in"

    def test_default_child_is_the_escape_hatch(self, stack: cdk.Stack, kind: Kind) -> None:
        """The default child is the CfnStage, whose properties can be overridden."""
        child = kind.stage(stack).node.default_child
        assert apigatewayv2.CfnStage.is_cfn_stage(child)
        child.add_property_override("Description", "x")
        assert properties(stack)["Description"] == "x"

    def test_dependencies_reach_the_l1(self, stack: cdk.Stack, kind: Kind) -> None:
        """What depends on the stage waits for its L1."""
        stage = kind.stage(stack)
        waiting = cdk.CfnWaitConditionHandle(stack, "Wait")
        waiting.node.add_dependency(stage)
        (stage_id,) = resources(stack)
        assert resource(stack, "AWS::CloudFormation::WaitConditionHandle")["DependsOn"] == [stage_id]

    def test_the_stage_counts_as_a_resource(self, stack: cdk.Stack, kind: Kind) -> None:
        """CDK takes the stage for a resource that it owns."""
        assert cdk.Resource.is_owned_resource(kind.stage(stack))


def test_snapshot_minimal(stack: cdk.Stack, kind: Kind, snapshot: Any) -> None:
    """A stage with nothing but what it must be given has this template."""
    kind.cls(stack, "Stage", api=kind.api(stack), **({} if kind is HTTP else {"stage_name": "prod"}))
    assert template(stack).to_json() == snapshot


def test_both_classes_are_covered_here() -> None:
    """The kinds of these tests are the two stages of the package."""
    assert (HTTP.cls, WEBSOCKET.cls) == (HttpStage, WebSocketStage)
