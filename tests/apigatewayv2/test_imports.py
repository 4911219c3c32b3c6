"""Stages that are declared elsewhere."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs as ivs

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage

from .cloudformation import STAGE, deployed, properties, resource, statements, template
from .conftest import HTTP, WEBSOCKET, Kind

HOST = "aabbccddee.execute-api.eu-west-1.amazonaws.com"


def by_attributes(kind: Kind, stack: cdk.Stack) -> Any:
    """Import by the ids."""
    return kind.cls.from_stage_attributes(stack, "Stage", api_id="aabbccddee", stage_name="live")


def by_id(kind: Kind, stack: cdk.Stack) -> Any:
    """Import by the id of Terraform."""
    return kind.cls.from_stage_id(stack, "Stage", "aabbccddee/live")


def by_arn(kind: Kind, stack: cdk.Stack) -> Any:
    """Import by ARN."""
    arn = "arn:aws:apigateway:eu-west-1::/apis/aabbccddee/stages/live"
    return kind.cls.from_stage_arn(stack, "Stage", arn)


def by_reference(kind: Kind, stack: cdk.Stack) -> Any:
    """Wrap an L1."""
    l1 = apigatewayv2.CfnStage(stack, "L1", api_id="aabbccddee", stage_name="live")
    return kind.cls.from_stage_ref(stack, "Stage", l1)


every_way = pytest.mark.parametrize("imported", [by_attributes, by_id, by_arn, by_reference])


@every_way
class TestEveryWay:
    def test_knows_names_urls_and_arns(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """However a stage is imported, it is of its class and knows name, URLs and ARNs."""
        stage = imported(kind, stack)
        assert isinstance(stage, kind.cls)
        assert (stage.stage_name, stage.api_id) == ("live", "aabbccddee")
        assert (stage.stage_ref.stage_name, stage.stage_ref.api_id) == ("live", "aabbccddee")
        of = {name: deployed(stack.resolve(getattr(stage, name))) for name in ("url", "stage_arn", "execution_arn")}
        assert of["url"] == f"{'https' if kind is HTTP else 'wss'}://{HOST}/live"
        assert of["stage_arn"] == "arn:aws:apigateway:eu-west-1::/apis/aabbccddee/stages/live"
        assert of["execution_arn"] == "arn:aws:execute-api:eu-west-1:123456789012:aabbccddee/live"
        if kind is WEBSOCKET:
            assert deployed(stack.resolve(stage.callback_url)) == f"https://{HOST}/live"
            assert stage.execution_log_group_name == "/aws/apigateway/aabbccddee/live"

    def test_adds_nothing_to_the_template(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """Importing declares nothing, and neither does asking for the API."""
        stage = imported(kind, stack)
        assert stage.api.api_id == "aabbccddee"
        cdk.CfnWaitConditionHandle(stack, "Something")
        template(stack).resource_count_is(STAGE, 1 if imported is by_reference else 0)
        assert stage.node.default_child is None

    def test_does_not_claim_what_it_cannot_know(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """What only the declaration tells is None or empty on an import."""
        stage = imported(kind, stack)
        assert (stage.description, stage.auto_deploy, stage.deployment_id, stage.log_group) == (None, None, None, None)
        assert (stage.stage_variables, stage.tags) == ({}, {})

    def test_fails_to_be_changed(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """An imported stage takes no stage variables, and says where to set them."""
        stage = imported(kind, stack)
        with pytest.raises(StageConfigurationError, match="where it is declared") as refused:
            stage.add_stage_variable("a", "b")
        assert (refused.value.construct_path, refused.value.value) == ("Stack/Stage", "b")

    def test_fails_to_tell_a_domain_url(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """The URL under a domain is not known of an import."""
        with pytest.raises(StageConfigurationError):
            _ = imported(kind, stack).domain_url

    def test_native_constructs_take_it(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """A native ApiMapping takes an imported stage."""
        domain: Any = apigatewayv2.DomainName.from_domain_name_attributes(
            stack, "Domain", name="example.com", regional_domain_name="x", regional_hosted_zone_id="y"
        )
        stage = imported(kind, stack)
        apigatewayv2.ApiMapping(stack, "Map", api=stage.api, domain_name=domain, stage=stage)
        found = properties(stack, "AWS::ApiGatewayV2::ApiMapping")
        assert (found["ApiId"], found["Stage"]) == ("aabbccddee", "live")

    def test_has_metrics(self, stack: cdk.Stack, kind: Kind, imported: Any) -> None:
        """An imported stage has metrics, without Region and account where they are those of the stack."""
        metric = imported(kind, stack).metric_client_error(route="$default")
        metric.create_alarm(stack, "Alarm", threshold=1, evaluation_periods=1)
        found = properties(stack, "AWS::CloudWatch::Alarm")
        assert {d["Name"]: d["Value"] for d in found["Dimensions"]} == {
            "ApiId": "aabbccddee",
            "Stage": "live",
            "Route": "$default",
        }
        assert "Metrics" not in found


class TestAttributes:
    def test_default_stage(self, stack: cdk.Stack) -> None:
        """The URL of an imported `$default` stage of an HTTP API is the root."""
        stage = HttpStage.from_stage_attributes(stack, "Stage", api_id="aabbccddee", stage_name="$default")
        assert deployed(stack.resolve(stage.url)) == f"https://{HOST}/"

    def test_default_websocket_stage_is_imported_in_silence(self, stack: cdk.Stack) -> None:
        """Who imports a `$default` stage of a WebSocket API did not name it so."""
        stage = WebSocketStage.from_stage_attributes(stack, "Stage", api_id="aabbccddee", stage_name="$default")
        assert stage.node.metadata == []

    def test_tokens(self, stack: cdk.Stack, kind: Kind) -> None:
        """Ids that are known at deploy only pass unchecked."""
        stage = kind.cls.from_stage_attributes(
            stack, "Stage", api_id=cdk.Fn.import_value("Api"), stage_name=cdk.Fn.import_value("Name")
        )
        arn = deployed(stack.resolve(stage.execution_arn), {"Api": "abc", "Name": "live"})
        assert arn == "arn:aws:execute-api:eu-west-1:123456789012:abc/live"

    @pytest.mark.parametrize(
        ("api_id", "name", "prop"),
        [
            (None, "live", "api_id"),
            ("", "live", "api_id"),
            (5, "live", "api_id"),
            ({}, "live", "api_id"),
            ("abc", None, "stage_name"),
            ("abc", "", "stage_name"),
            ("abc", "a b", "stage_name"),
            ("abc", 5, "stage_name"),
        ],
    )
    def test_fails_with_ids_that_are_none(
        self, stack: cdk.Stack, kind: Kind, api_id: Any, name: Any, prop: str
    ) -> None:
        """What cannot be an id is refused, and nothing is left in the tree."""
        with pytest.raises(StageConfigurationError) as refused:
            kind.cls.from_stage_attributes(stack, "Stage", api_id=api_id, stage_name=name)
        assert (refused.value.prop, refused.value.construct_path) == (prop, "Stack/Stage")
        assert stack.node.try_find_child("Stage") is None

    def test_logs_of_an_imported_websocket_stage(self, stack: cdk.Stack) -> None:
        """Of an imported WebSocket stage the execution logs can be read, for their name is known."""
        stage = WebSocketStage.from_stage_attributes(stack, "Stage", api_id="abc", stage_name="live")
        stage.grant_read_logs(iam.User(stack, "User"))
        statement, *_ = statements(stack)
        expected = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/abc/live:*"
        assert deployed(statement["Resource"]) == expected

    def test_fails_to_grant_reading_unknown_logs(self, stack: cdk.Stack) -> None:
        """Where an imported HTTP stage logs is not known."""
        stage = HttpStage.from_stage_attributes(stack, "Stage", api_id="abc", stage_name="live")
        with pytest.raises(StageConfigurationError, match="grant_read_logs"):
            stage.grant_read_logs(iam.User(stack, "User"))


class TestId:
    @pytest.mark.parametrize("value", [None, 5, {}, "", "abc", "abc/", "/live", "abc/live/x", "abc/a b"])
    def test_fails_with_another_form(self, stack: cdk.Stack, kind: Kind, value: Any) -> None:
        """What is no `<api id>/<stage name>` is refused."""
        with pytest.raises(StageConfigurationError) as refused:
            kind.cls.from_stage_id(stack, "Stage", value)
        assert refused.value.prop in {"stage_id", "stage_name"}
        assert stack.node.try_find_child("Stage") is None

    def test_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """An id that is known at deploy only is split there."""
        stage = kind.cls.from_stage_id(stack, "Stage", cdk.Fn.import_value("Id"))
        arn = deployed(stack.resolve(stage.stage_arn), {"Id": "abc/live"})
        assert arn == "arn:aws:apigateway:eu-west-1::/apis/abc/stages/live"

    def test_the_default_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """The id of a `$default` stage is read."""
        assert kind.cls.from_stage_id(stack, "Stage", "abc/$default").stage_name == "$default"


class TestArn:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            5,
            {},
            "",
            "abc/live",
            "arn:aws:apigateway:eu-west-1::/apis/abc",
            "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/live",
            "arn:aws:apigateway:eu-west-1::/apis/abc/stages/live/routesettings/x",
            "arn:aws:execute-api:eu-west-1:123456789012:abc/live",
            "arn:aws:apigateway:eu-west-1:123456789012:/apis/abc/stages/live",
            "arn:aws:apigateway:eu-west-1::/apis/abc/stages/a b",
        ],
    )
    def test_fails_with_another_arn(self, stack: cdk.Stack, kind: Kind, value: Any) -> None:
        """What is no ARN of a stage is refused."""
        with pytest.raises(StageConfigurationError) as refused:
            kind.cls.from_stage_arn(stack, "Stage", value)
        assert refused.value.prop in {"stage_arn", "stage_name"}
        assert stack.node.try_find_child("Stage") is None

    def test_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """An ARN that is known at deploy only is split there."""
        stage = kind.cls.from_stage_arn(stack, "Stage", cdk.Fn.import_value("Arn"))
        known = {"Arn": "arn:aws:apigateway:eu-west-1::/apis/abc/stages/live"}
        assert deployed(stack.resolve(stage.execution_arn), known).endswith(":123456789012:abc/live")

    def test_its_own_arn_comes_back(self, stack: cdk.Stack, kind: Kind) -> None:
        """The ARN attribute of a stage imports the same stage."""
        stage = kind.stage(stack, api=kind.api(stack))
        again = kind.cls.from_stage_arn(stack, "Again", stage.stage_arn)
        known = {stack.get_logical_id(stack.node.find_child("Api").node.default_child): "abc"}
        assert deployed(stack.resolve(again.stage_arn), known) == deployed(stack.resolve(stage.stage_arn), known)

    @pytest.mark.parametrize(
        ("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws", "us-east-1")]
    )
    def test_the_region_is_that_of_the_arn(self, stack: cdk.Stack, kind: Kind, partition: str, region: str) -> None:
        """URLs and ARNs of a stage imported by ARN name the Region of the ARN."""
        arn = f"arn:{partition}:apigateway:{region}::/apis/abc/stages/live"
        stage = kind.cls.from_stage_arn(stack, "Stage", arn)
        assert deployed(stack.resolve(stage.stage_arn), partition=partition) == arn
        assert f".execute-api.{region}." in stage.url
        assert stage.env.region == region


class TestReference:
    def test_native_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A native stage is wrapped: the wrapper has what the native one lacks."""
        api = kind.api(stack)
        if kind is HTTP:
            native: Any = apigatewayv2.HttpStage(stack, "Native", http_api=api)
        else:
            native = apigatewayv2.WebSocketStage(stack, "Native", web_socket_api=api, stage_name="live")
        stage = kind.cls.from_stage_ref(stack, "Stage", native)
        known = {stack.get_logical_id(api.node.default_child): "aabbccddee"}
        url = deployed(stack.resolve(stage.url), known)
        assert url == (f"https://{HOST}/" if kind is HTTP else f"wss://{HOST}/live")
        template(stack).resource_count_is(STAGE, 1)

    def test_l1_of_the_default_stage(self, stack: cdk.Stack) -> None:
        """An L1 whose name is the literal `$default` is served at the root."""
        l1 = apigatewayv2.CfnStage(stack, "L1", api_id="aabbccddee", stage_name="$default")
        stage = HttpStage.from_stage_ref(stack, "Stage", l1)
        assert deployed(stack.resolve(stage.url)) == f"https://{HOST}/"

    def test_a_stage_of_ours(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage of the library is wrapped like any other."""
        stage = kind.cls.from_stage_ref(stack, "Again", kind.stage(stack))
        assert (stage.api_id, stage.stage_name) == ("aabbccddee", "prod")

    def test_native_import(self, stack: cdk.Stack, kind: Kind) -> None:
        """A native import, which knows no URL, is wrapped into one that does."""
        api = kind.imported_api(stack)
        if kind is HTTP:
            native: Any = apigatewayv2.HttpStage.from_http_stage_attributes(stack, "N", api=api, stage_name="live")
        else:
            native = apigatewayv2.WebSocketStage.from_web_socket_stage_attributes(
                stack, "N", api=api, stage_name="live"
            )
        stage = kind.cls.from_stage_ref(stack, "Stage", native)
        assert deployed(stack.resolve(stage.url)).endswith("amazonaws.com/live")

    def test_a_stage_of_another_stack(self, app: cdk.App, stack: cdk.Stack, kind: Kind) -> None:
        """A stage of another Region and account keeps them when it is wrapped."""
        far = cdk.Stack(app, "Far", env=cdk.Environment(account="210987654321", region="us-east-1"))
        stage = kind.cls.from_stage_ref(stack, "Stage", kind.stage(far, api=kind.imported_api(far)))
        arn = deployed(stack.resolve(stage.execution_arn))
        assert arn == "arn:aws:execute-api:us-east-1:210987654321:aabbccddee/prod"
        assert ".us-east-1." in stage.url
        metric = stage.metric("X")
        assert (metric.region, metric.account) == ("us-east-1", "210987654321")

    def test_a_stage_of_an_agnostic_stack(self, stack: cdk.Stack, agnostic_stack: cdk.Stack, kind: Kind) -> None:
        """A stage whose environment is not known is taken to be in that of the wrapper."""
        declared = kind.stage(agnostic_stack, api=kind.imported_api(agnostic_stack))
        stage = kind.cls.from_stage_ref(stack, "Stage", declared)
        assert (stage.env.region, stage.env.account) == ("eu-west-1", "123456789012")

    def test_fails_with_the_other_protocol(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage of the other kind, ours or native, is refused."""
        other = WEBSOCKET if kind is HTTP else HTTP
        api = other.api(stack)
        native: Any = (
            apigatewayv2.WebSocketStage(stack, "Native", web_socket_api=api, stage_name="live")
            if kind is HTTP
            else apigatewayv2.HttpStage(stack, "Native", http_api=api)
        )
        for stage in (native, other.stage(stack, "Ours", api=api)):
            with pytest.raises(StageConfigurationError, match=r"must be an? \w+ stage") as refused:
                kind.cls.from_stage_ref(stack, "Stage", stage)
            assert refused.value.prop == "stage"

    @pytest.mark.parametrize("value", [None, 5, {}, "abc/live"])
    def test_fails_with_what_is_no_stage(self, stack: cdk.Stack, kind: Kind, value: Any) -> None:
        """What has no reference of a stage is refused."""
        with pytest.raises(StageConfigurationError) as refused:
            kind.cls.from_stage_ref(stack, "Stage", value)
        assert refused.value.prop == "stage"

    def test_fails_with_a_stage_of_another_service(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage of Amazon IVS is no stage of API Gateway."""
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_ref(stack, "Stage", ivs.CfnStage(stack, "Ivs"))

    def test_a_wrapper_leaves_the_stage_as_it_is(self, stack: cdk.Stack, kind: Kind) -> None:
        """Wrapping changes nothing of the stage that is wrapped."""
        l1 = apigatewayv2.CfnStage(stack, "L1", api_id="abc", stage_name="live")
        kind.cls.from_stage_ref(stack, "Stage", l1)
        assert resource(stack)["Properties"] == {"ApiId": "abc", "StageName": "live"}


BAD_IDS = ["*", "?", "ab*", "ab?cd", "ab cd", "${aws:PrincipalTag/api}", "a/b", "a:b"]


class TestIdsThatMatchOthers:
    """An id becomes a part of ARNs in policies."""

    @pytest.mark.parametrize("api_id", BAD_IDS)
    def test_are_refused_by_imports(self, stack: cdk.Stack, kind: Kind, api_id: str) -> None:
        """However the stage is imported."""
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_attributes(stack, "A", api_id=api_id, stage_name="prod")
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_id(stack, "B", f"{api_id}/prod")
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_arn(stack, "C", f"arn:aws:apigateway:eu-west-1::/apis/{api_id}/stages/prod")
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_ref(stack, "D", apigatewayv2.CfnStage(stack, "Cfn", api_id=api_id, stage_name="prod"))
        with pytest.raises(StageConfigurationError):
            kind.cls.from_lookup(stack, "E", api_id=api_id, stage_name="prod")

    @pytest.mark.parametrize("name", ["*", "pro?", "p d", "${aws:username}", "prod/*"])
    def test_so_are_names(self, stack: cdk.Stack, kind: Kind, name: str) -> None:
        """The name of a stage has no such characters."""
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_attributes(stack, "A", api_id="aabbccddee", stage_name=name)
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_id(stack, "B", f"aabbccddee/{name}")

    @pytest.mark.parametrize("api_id", BAD_IDS)
    def test_so_are_ids_of_imported_apis(self, stack: cdk.Stack, kind: Kind, api_id: str) -> None:
        """A native API takes any text as its id."""
        with pytest.raises(StageConfigurationError, match=r"api\.api_id must be the id of one API"):
            kind.stage(stack, api=kind.imported_api(stack, api_id=api_id))

    def test_a_token_with_a_wildcard_is_refused(self, stack: cdk.Stack, kind: Kind) -> None:
        """What is known of a text is looked at; a token alone passes."""
        token = cdk.Fn.import_value("Id")
        kind.cls.from_stage_attributes(stack, "Token", api_id=token, stage_name="prod")
        with pytest.raises(StageConfigurationError):
            kind.cls.from_stage_attributes(stack, "Both", api_id=f"{token}*", stage_name="prod")
