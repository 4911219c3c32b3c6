"""`StageSettings` on stages that are in the tree already: native default stages, native L2s, L1s, our own."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs as ivs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from stage_constructs.apigatewayv2 import (
    ACCOUNT_LIMIT,
    AccessLogFormat,
    AccessLogSettings,
    ApiGatewayAccount,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    StageSettings,
    WebSocketStage,
)

from ..kernel import KernelRequests
from .cloudformation import LOG_GROUP, STAGE, resource, resources, template
from .conftest import HTTP, WEBSOCKET, Kind, reported
from .test_route_settings import add_route

PETS = "GET /pets"
SLOW = RouteSettings(throttling_rate_limit=5)
WARNINGS = assertions.Match.any_value()


@pytest.fixture
def api(stack: cdk.Stack) -> Any:
    """A native HTTP API with the stage that it creates by itself."""
    return apigatewayv2.HttpApi(stack, "Api")


def native(kind: Kind, stack: cdk.Stack, **props: Any) -> Any:
    """A native stage."""
    if kind is HTTP:
        return apigatewayv2.HttpStage(stack, "Stage", http_api=kind.api(stack), stage_name="prod", **props)
    return apigatewayv2.WebSocketStage(stack, "Stage", web_socket_api=kind.api(stack), stage_name="prod", **props)


def l1(stack: cdk.Stack, api_id: str | None = None, **props: Any) -> apigatewayv2.CfnStage:
    """An L1 stage of an HTTP API that is declared here, unless there is another."""
    api_id = api_id or HTTP.cfn_api(stack).ref
    return apigatewayv2.CfnStage(stack, "Stage", api_id=api_id, stage_name="prod", **props)


def of_stage(stack: cdk.Stack) -> dict[str, Any]:
    """What the only stage of a stack has besides API, name and auto-deploy."""
    found = resource(stack)["Properties"]
    return {name: value for name, value in found.items() if name not in {"ApiId", "StageName", "AutoDeploy"}}


class TestWhere:
    def test_the_default_stage_of_a_native_api(self, stack: cdk.Stack, api: Any) -> None:
        """The stage keeps its logical id, and has what is given and nothing else."""
        add_route(stack, api, PETS)
        given = StageSettings(
            description="live", route_settings={PETS: SLOW}, tags={"team": "pets"}, stage_variables={"table": "pets"}
        )
        assert api.default_stage.with_(given).stage_name == "$default"
        assert list(resources(stack)) == ["ApiDefaultStage189A7074"]
        assert of_stage(stack) == {
            "Description": "live",
            "RouteSettings": {PETS: {"ThrottlingRateLimit": 5}},
            "StageVariables": {"table": "pets"},
            "Tags": {"team": "pets"},
        }

    def test_a_native_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A named native stage of either protocol keeps what it has."""
        throttle = apigatewayv2.ThrottleSettings(burst_limit=7)
        stage = native(kind, stack, throttle=throttle, stage_variables={"a": "b"}, auto_deploy=True)
        stage.with_(StageSettings(default_route_settings=SLOW, stage_variables={"c": "d"}))
        stage.add_stage_variable("later", "e")
        assert of_stage(stack) == {
            "DefaultRouteSettings": {"ThrottlingBurstLimit": 7, "ThrottlingRateLimit": 5},
            "StageVariables": {"a": "b", "c": "d", "later": "e"},
        }

    def test_an_l1_stage(self, stack: cdk.Stack) -> None:
        """Maps and settings of an L1 are merged; its logical id stays."""
        stage = l1(
            stack,
            stage_variables={"a": "b", "c": "d"},
            tags={"a": "b"},
            default_route_settings={"throttlingBurstLimit": 7},
            route_settings={"$default": {"ThrottlingBurstLimit": 3}},
        )
        stage.with_(
            StageSettings(
                stage_variables={"c": "new"},
                tags={"c": "d"},
                default_route_settings=SLOW,
                route_settings={"$default": SLOW},
            )
        )
        assert list(resources(stack)) == ["Stage"]
        assert of_stage(stack) == {
            "DefaultRouteSettings": {"ThrottlingBurstLimit": 7, "ThrottlingRateLimit": 5},
            "RouteSettings": {"$default": {"ThrottlingBurstLimit": 3, "ThrottlingRateLimit": 5}},
            "StageVariables": {"a": "b", "c": "new"},
            "Tags": {"a": "b", "c": "d"},
        }

    def test_free_json_as_text(self, stack: cdk.Stack) -> None:
        """An L1 may have settings of routes as JSON text."""
        l1(stack, route_settings='{"$default": {"ThrottlingBurstLimit": 3}}').with_(
            StageSettings(route_settings={"$default": SLOW})
        )
        assert of_stage(stack)["RouteSettings"] == {"$default": {"ThrottlingBurstLimit": 3, "ThrottlingRateLimit": 5}}

    def test_a_stage_of_this_library(self, stack: cdk.Stack) -> None:
        """It knows of its new settings, so that what is added later goes on from them."""
        stage = WEBSOCKET.stage(stack, route_settings={"$connect": SLOW}, stage_variables={"a": "b"}, tags={"a": "b"})
        stage.with_(
            StageSettings(
                default_route_settings=RouteSettings(throttling_burst_limit=7),
                route_settings={"$default": RouteSettings(detailed_metrics_enabled=True)},
                stage_variables={"c": "d"},
                tags={"c": "d"},
                description="new",
            )
        )
        assert (stage.description, stage.stage_variables) == ("new", {"a": "b", "c": "d"})
        assert stage.tags == {"a": "b", "c": "d"}
        stage.add_stage_variable("later", "e")
        stage.add_route_settings("$disconnect", SLOW)
        found = of_stage(stack)
        assert found["StageVariables"] == {"a": "b", "c": "d", "later": "e"}
        assert found["Tags"] == {"a": "b", "c": "d"}
        limits = {
            key: (each["ThrottlingBurstLimit"], each["ThrottlingRateLimit"], each["DetailedMetricsEnabled"])
            for key, each in found["RouteSettings"].items()
        }
        assert limits == {"$connect": (7, 5, False), "$default": (7, 10000, True), "$disconnect": (7, 5, False)}

    def test_what_is_not_given_stays(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage of this library keeps what the settings do not name."""
        stage = kind.stage(stack, description="mine")
        stage.with_(StageSettings(tags={"a": "b"}))
        assert stage.description == "mine"

    def test_the_l1_of_a_stage_of_this_library(self, stack: cdk.Stack, kind: Kind) -> None:
        """The escape hatch is the same stage."""
        stage = kind.stage(stack)
        stage.node.default_child.with_(StageSettings(description="new"))
        assert stage.description == "new"

    def test_an_api(self, stack: cdk.Stack, api: Any) -> None:
        """`with_` on a construct that holds stages applies to each of them."""
        apigatewayv2.HttpStage(api, "Beta", http_api=api, stage_name="beta")
        api.with_(StageSettings(description="both"))
        assert [each["Properties"]["Description"] for each in resources(stack).values()] == ["both", "both"]

    def test_a_whole_app(self, app: cdk.App, stack: cdk.Stack, api: Any, other_stack: cdk.Stack) -> None:
        """`Mixins.of` applies to each stage of API Gateway v2 and skips all else."""
        ivs.CfnStage(stack, "Room")
        HTTP.stage(other_stack, description="mine")
        cdk.Mixins.of(app).apply(StageSettings(description="all", keep_existing=True))
        assert resource(stack)["Properties"]["Description"] == "all"
        assert resource(other_stack)["Properties"]["Description"] == "mine"

    def test_an_app_without_stages(self, app: cdk.App, stack: cdk.Stack) -> None:
        """`Mixins.of` is satisfied with nothing to apply to."""
        logs.LogGroup(stack, "Logs")
        cdk.Mixins.of(app).apply(StageSettings(description="all"))

    @pytest.mark.parametrize(
        ("make", "fix"),
        [
            (lambda stack: logs.LogGroup(stack, "It"), r"call with_ on the stage, as in api\.default_stage\.with_"),
            (lambda stack: HTTP.api(stack, "It"), "the API has no stage yet"),
            (lambda stack: WEBSOCKET.api(stack, "It"), "the API has no stage yet"),
            (lambda stack: HttpStage.from_stage_id(stack, "It", "aabbccddee/prod"), "is changed where it is declared"),
            (lambda stack: ivs.CfnStage(stack, "It"), "a stage of another service"),
        ],
    )
    def test_what_holds_no_stage_fails(self, stack: cdk.Stack, make: Any, fix: str) -> None:
        """`with_` on a construct without a stage is an error that names the construct and the way out."""
        with pytest.raises(RuntimeError, match=rf"^Stack/It: with_\(StageSettings.*{fix}.*\[stage-constructs:stage\]$"):
            make(stack).with_(StageSettings(description="x"))

    def test_a_second_default_stage(self, stack: cdk.Stack, api: Any) -> None:
        """The error names both ways, and both work as they are written."""
        HttpStage(stack, "Second", api=api)
        mixin = "api.default_stage.with_(StageSettings(...))"
        path = '`HttpApi(self, "Api", create_default_stage=False)` with `HttpStage(api, "DefaultStage", api=api)`'
        found = [each for each in reported(stack) if each.rule == "stageExists"]
        assert found
        assert all(mixin in each.text and path in each.text for each in found)

    def test_the_path_trick(self, stack: cdk.Stack) -> None:
        """`HttpStage` with the path of the native default stage has its logical id, and that of its log group."""
        api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
        HttpStage(api, "DefaultStage", api=api, access_log_settings=AccessLogSettings())
        other = cdk.Stack(cdk.App(), "Stack")
        with_native = apigatewayv2.HttpApi(other, "Api")
        with_native.default_stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        for kind in (STAGE, LOG_GROUP, "AWS::ApiGatewayV2::Api"):
            assert list(resources(stack, kind)) == list(resources(other, kind))


class TestValues:
    def test_nothing_is_written_by_default(self, stack: cdk.Stack, api: Any) -> None:
        """Without arguments the template stays as it is."""
        api.default_stage.with_(StageSettings())
        api.default_stage.with_(StageSettings(stage_variables={}, tags={}, route_settings={}))
        assert of_stage(stack) == {}

    def test_a_new_route_takes_the_settings_of_all_routes(self, stack: cdk.Stack, api: Any) -> None:
        """API Gateway replaces and does not merge: what a route leaves out is what the stage has."""
        add_route(stack, api, PETS)
        defaults = RouteSettings(throttling_burst_limit=9, detailed_metrics_enabled=True)
        api.default_stage.with_(StageSettings(default_route_settings=defaults, route_settings={PETS: SLOW}))
        assert of_stage(stack)["RouteSettings"] == {
            PETS: {"DetailedMetricsEnabled": True, "ThrottlingBurstLimit": 9, "ThrottlingRateLimit": 5}
        }

    def test_a_new_route_has_what_is_given(self, stack: cdk.Stack) -> None:
        """`keep_existing` keeps what a route has; the default settings are none of its own."""
        stage = l1(stack, default_route_settings={"throttlingRateLimit": 1})
        stage.with_(StageSettings(route_settings={"$default": SLOW}, keep_existing=True))
        assert of_stage(stack)["RouteSettings"] == {"$default": {"ThrottlingRateLimit": 5}}

    def test_default_settings_that_are_not_known(self, stack: cdk.Stack) -> None:
        """A token for the default settings stays as it is where nothing is merged into it."""
        token: Any = cdk.Token.as_any({"Fn::Transform": {"Name": "Shop"}})
        l1(stack, default_route_settings=token).with_(StageSettings(route_settings={"$default": SLOW}))
        assert of_stage(stack)["RouteSettings"] == {"$default": {"ThrottlingRateLimit": 5}}

    def test_the_account_limit_removes_a_throttle(self, stack: cdk.Stack) -> None:
        """`ACCOUNT_LIMIT` removes one throttle, or both in place of the settings; nothing empty is left."""
        throttle = apigatewayv2.ThrottleSettings(burst_limit=7, rate_limit=8)
        stage = native(HTTP, stack, throttle=throttle)
        without_burst = RouteSettings(throttling_burst_limit=ACCOUNT_LIMIT)
        stage.with_(StageSettings(route_settings={"$default": without_burst}))
        stage.with_(StageSettings(default_route_settings=ACCOUNT_LIMIT))
        assert of_stage(stack) == {"RouteSettings": {"$default": {"ThrottlingRateLimit": 8}}}

    def test_the_account_limit_in_place_of_settings(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage of this library with `ACCOUNT_LIMIT` has no throttles, as a native one."""
        kind.stage(stack, default_route_settings=ACCOUNT_LIMIT, route_settings={"$default": SLOW})
        found = of_stage(stack)
        expected = {"DetailedMetricsEnabled": False}
        if kind is WEBSOCKET:
            expected |= {"DataTraceEnabled": False, "LoggingLevel": "OFF"}
        assert found["DefaultRouteSettings"] == expected
        assert found["RouteSettings"]["$default"] == {**expected, "ThrottlingRateLimit": 5}

    def test_an_http_stage_takes_no_data_trace(self, stack: cdk.Stack) -> None:
        """An HTTP stage has no such setting, so that turning it off writes nothing."""
        native(HTTP, stack).with_(StageSettings(default_route_settings=RouteSettings(data_trace_enabled=False)))
        assert of_stage(stack) == {}

    def test_values_that_are_there_win(self, stack: cdk.Stack) -> None:
        """With `keep_existing` only what is missing is written."""
        stage = l1(
            stack,
            description="mine",
            client_certificate_id="mine",
            stage_variables={"a": "mine"},
            tags={"a": "mine"},
            access_log_settings={"destinationArn": "arn:mine", "format": "$context.requestId"},
            default_route_settings={"throttlingRateLimit": 1},
            route_settings={"$default": {"ThrottlingRateLimit": 1}},
        )
        settings = RouteSettings(throttling_rate_limit=2, throttling_burst_limit=2)
        stage.with_(
            StageSettings(
                description="theirs",
                client_certificate_id="theirs",
                stage_variables={"a": "theirs", "b": "theirs"},
                tags={"a": "theirs", "b": "theirs"},
                access_log_settings=AccessLogSettings(format="$context.requestId $context.status"),
                default_route_settings=settings,
                route_settings={"$default": settings},
                keep_existing=True,
            )
        )
        assert of_stage(stack) == {
            "Description": "mine",
            "ClientCertificateId": "mine",
            "StageVariables": {"a": "mine", "b": "theirs"},
            "Tags": {"a": "mine", "b": "theirs"},
            "AccessLogSettings": {"DestinationArn": "arn:mine", "Format": "$context.requestId"},
            "DefaultRouteSettings": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 2},
            "RouteSettings": {"$default": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 2}},
        }

    def test_a_stage_of_this_library_keeps_its_values(self, stack: cdk.Stack, kind: Kind) -> None:
        """Its default throttles are values that are there."""
        stage = kind.stage(stack, route_settings={"$default": SLOW})
        before = stage._route_settings
        settings = RouteSettings(throttling_rate_limit=2, throttling_burst_limit=2)
        stage.with_(
            StageSettings(default_route_settings=settings, route_settings={"$default": settings}, keep_existing=True)
        )
        assert stage._route_settings == before
        assert stage._default_route_settings.throttling_rate_limit == 10000
        assert of_stage(stack)["DefaultRouteSettings"]["ThrottlingRateLimit"] == 10000
        assert of_stage(stack)["RouteSettings"]["$default"]["ThrottlingRateLimit"] == 5

    def test_variables_of_a_native_stage_are_kept(self, stack: cdk.Stack) -> None:
        """A native stage computes its variables at synth; they are known all the same."""
        stage = native(HTTP, stack, stage_variables={"a": "mine"})
        stage.with_(StageSettings(stage_variables={"a": "theirs", "b": "theirs"}, keep_existing=True))
        stage.add_stage_variable("c", "later")
        assert of_stage(stack)["StageVariables"] == {"a": "mine", "b": "theirs", "c": "later"}

    def test_tags_of_the_app_win(self, stack: cdk.Stack, api: Any) -> None:
        """`Tags.of` has the priority that it has over the tags of a constructor."""
        api.default_stage.with_(StageSettings(tags={"team": "pets", "cost": "1"}))
        cdk.Tags.of(stack).add("team", "all")
        assert of_stage(stack)["Tags"] == {"team": "all", "cost": "1"}

    def test_a_token_for_a_whole_map(self, stack: cdk.Stack) -> None:
        """A token for all tags or variables is written as it is."""
        token: Any = cdk.Token.as_any({"Fn::Transform": {"Name": "Shop"}})
        l1(stack).with_(StageSettings(tags=token, stage_variables=token))
        found = template(stack).find_resources(STAGE)["Stage"]["Properties"]
        assert found["Tags"] == found["StageVariables"] == {"Fn::Transform": {"Name": "Shop"}}

    @pytest.mark.parametrize("name", ["default_route_settings", "route_settings", "stage_variables"])
    def test_nothing_is_merged_into_a_token(self, stack: cdk.Stack, name: str) -> None:
        """Values that are known at deploy time only are not overwritten in silence; `keep_existing` leaves them."""
        token: Any = cdk.Token.as_any({"Fn::Transform": {"Name": "Shop"}})
        stage = l1(stack, **{name: token})
        given: Any = {
            "default_route_settings": SLOW,
            "route_settings": {"$default": SLOW},
            "stage_variables": {"a": "b"},
        }[name]
        stage.with_(StageSettings(**{name: given}, keep_existing=True))
        with pytest.raises(RuntimeError, match=f"^Stack/Stage: {name} cannot be merged with a token"):
            stage.with_(StageSettings(**{name: given}))

    def test_a_client_certificate(self, stack: cdk.Stack) -> None:
        """The certificate of a WebSocket stage is an id or a construct."""
        from aws_cdk import aws_apigateway

        certificate = aws_apigateway.CfnClientCertificate(stack, "Certificate")
        native(WEBSOCKET, stack).with_(StageSettings(client_certificate_id=certificate))
        assert of_stage(stack)["ClientCertificateId"] == {"Ref": "Certificate"}


class TestAccessLogs:
    def test_a_log_group_is_created(self, stack: cdk.Stack, api: Any) -> None:
        """Without a destination a log group is created in the stage, which a wrapped stage knows, with its grants."""
        wrapped = HttpStage.from_stage_ref(stack, "Wrapped", api.default_stage)
        assert wrapped.log_group is None
        api.default_stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
        wrapped.grant_read_logs(reader)
        assert wrapped.log_group is api.default_stage.node.find_child("AccessLogs")
        created = resource(stack, LOG_GROUP)["Properties"]
        assert "ResourcePolicyDocument" in created
        assert "$context.httpMethod" in of_stage(stack)["AccessLogSettings"]["Format"]

    def test_the_log_group_of_an_l1(self, stack: cdk.Stack) -> None:
        """An L1 that stands alone holds the log group itself."""
        stage = l1(stack)
        stage.with_(StageSettings(access_log_settings=AccessLogSettings(encryption_key=kms.Key(stack, "Key"))))
        assert stage.node.find_child("AccessLogs").node.path == "Stack/Stage/AccessLogs"
        assert "KmsKeyId" in resource(stack, LOG_GROUP)["Properties"]

    def test_of_a_stage_of_this_library(self, stack: cdk.Stack, kind: Kind) -> None:
        """Its log group is an attribute; a new format keeps it."""
        stage = kind.stage(stack)
        stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        group = stage.log_group
        assert group is not None
        stage.with_(StageSettings(access_log_settings=AccessLogSettings(format=AccessLogFormat.clf())))
        assert stage.log_group is group
        assert kind.cls.from_stage_ref(stack, "Wrapped", stage).log_group is group
        assert of_stage(stack)["AccessLogSettings"]["Format"].startswith("$context.identity.sourceIp - -")

    def test_the_destination_that_is_there_is_kept(self, stack: cdk.Stack) -> None:
        """Settings without a destination change the format alone, and nothing is created."""
        there = {"destinationArn": "arn:aws:logs:eu-west-1:123456789012:log-group:mine", "format": "$context.requestId"}
        stage = l1(stack, access_log_settings=there)
        stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        stage.with_(StageSettings(access_log_settings=AccessLogSettings(format="$context.requestId $context.status")))
        assert HttpStage.from_stage_ref(stack, "Wrapped", stage).log_group is None
        assert of_stage(stack)["AccessLogSettings"] == {
            "DestinationArn": there["destinationArn"],
            "Format": "$context.requestId $context.status",
        }
        settings = AccessLogSettings(retention=logs.RetentionDays.ONE_DAY)
        with pytest.raises(RuntimeError, match=r"access_log_settings\.retention cannot be combined with a log group"):
            stage.with_(StageSettings(access_log_settings=settings))

    def test_a_log_group_that_exists(self, stack: cdk.Stack, api: Any) -> None:
        """A given log group is the destination, as its ARN without `:*`; nothing is created."""
        group = logs.LogGroup(stack, "Logs")
        api.default_stage.with_(StageSettings(access_log_settings=AccessLogSettings(log_group=group)))
        assert len(resources(stack, LOG_GROUP)) == 1
        assert ":*" not in str(of_stage(stack)["AccessLogSettings"]["DestinationArn"])

    def test_an_unknown_protocol(self, stack: cdk.Stack) -> None:
        """Nothing that depends on the protocol is guessed for an L1 of an imported API; what does not is taken."""
        stage = l1(stack, "aabbccddee")
        with pytest.raises(RuntimeError, match="access_log_settings must be of an API whose protocol is known"):
            stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        group = logs.LogGroup(stack, "Logs")
        line = AccessLogFormat.custom("$context.requestId")
        stage.with_(StageSettings(access_log_settings=AccessLogSettings(log_group=group, format=line)))
        assert of_stage(stack)["AccessLogSettings"]["Format"] == "$context.requestId"

    def test_a_native_stage_of_an_imported_api(self, stack: cdk.Stack, kind: Kind) -> None:
        """The class of the stage tells the protocol."""
        imported = kind.imported_api(stack)
        stage: Any
        if kind is HTTP:
            stage = apigatewayv2.HttpStage(stack, "Stage", http_api=imported, stage_name="prod")
        else:
            stage = apigatewayv2.WebSocketStage(stack, "Stage", web_socket_api=imported, stage_name="prod")
        stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        field = "$context.httpMethod" if kind is HTTP else "$context.eventType"
        assert field in of_stage(stack)["AccessLogSettings"]["Format"]


class TestOrder:
    def test_the_stage_waits_for_its_routes(self, stack: cdk.Stack, api: Any) -> None:
        """A route that is added later is created before the stage that has settings for it."""
        api.default_stage.with_(StageSettings(route_settings={PETS: SLOW}))
        add_route(stack, api, PETS, "Pets")
        assert resource(stack)["DependsOn"] == ["Pets"]

    def test_a_route_that_the_api_does_not_have(self, stack: cdk.Stack, api: Any) -> None:
        """The rules over several resources hold, and name the construct."""
        api.default_stage.with_(StageSettings(route_settings={PETS: SLOW}))
        add_route(stack, api, "GET /pet", "Pets")
        (found,) = reported(stack)
        assert found.place == ("missingRoute", "Stack/Api/DefaultStage")

    @pytest.mark.parametrize(
        "given",
        [
            StageSettings(access_log_settings=AccessLogSettings()),
            StageSettings(default_route_settings=RouteSettings(logging_level=LoggingLevel.ERROR)),
            StageSettings(route_settings={"$connect": RouteSettings(logging_level=LoggingLevel.INFO)}),
        ],
        ids=["access logs", "execution logs", "execution logs of a route"],
    )
    def test_websocket_logs_wait_for_the_role(self, stack: cdk.Stack, given: StageSettings) -> None:
        """A WebSocket stage that logs is created after the account's role."""
        native(WEBSOCKET, stack).with_(given)
        ApiGatewayAccount.of(stack)
        assert resource(stack)["DependsOn"] == list(resources(stack, "AWS::ApiGateway::Account"))

    def test_http_logs_need_no_role(self, stack: cdk.Stack) -> None:
        """An HTTP stage writes access logs without the account's role."""
        native(HTTP, stack).with_(StageSettings(access_log_settings=AccessLogSettings()))
        ApiGatewayAccount.of(stack)
        assert "DependsOn" not in resource(stack)

    def test_websocket_logs_without_a_role_warn(self, stack: cdk.Stack) -> None:
        """The warning is that of the stages of this library."""
        native(WEBSOCKET, stack, auto_deploy=True).with_(StageSettings(access_log_settings=AccessLogSettings()))
        assert [each.place for each in reported(stack)] == [("accountLoggingRole", "Stack/Stage")]

    def test_a_stage_of_this_library_waits(self, stack: cdk.Stack) -> None:
        """Settings that come later are waited for too."""
        api = WEBSOCKET.api(stack)
        stage = WebSocketStage(stack, "Stage", api=api, stage_name="prod")
        stage.with_(StageSettings(route_settings={"send": SLOW}))
        add_route(stack, api, "send", "Send")
        assert resource(stack)["DependsOn"] == ["Send"]


class TestRules:
    @pytest.mark.parametrize(
        ("given", "text"),
        [
            ({"description": "d" * 1025}, "description must have at most 1,024 characters"),
            ({"stage_variables": {"a b": "c"}}, r'stage_variables\["a b"\] must have a name'),
            ({"stage_variables": {"a": None}}, r'stage_variables\["a"\] must be a string'),
            ({"stage_variables": ["a"]}, "stage_variables must be a"),
            ({"tags": {"aws:x": "y"}}, r'tags\["aws:x"\]'),
            ({"default_route_settings": {"burst": 1}}, r"default_route_settings must be RouteSettings\(...\)"),
            ({"default_route_settings": RouteSettings(throttling_burst_limit=-1)}, "throttling_burst_limit must be"),
            ({"default_route_settings": RouteSettings(logging_level="OFF")}, "executionLogsOnHttp"),
            ({"route_settings": {PETS: {"burst": 1}}}, r'route_settings\["GET /pets"\] must be RouteSettings'),
            ({"route_settings": {PETS: RouteSettings(throttling_rate_limit=-1)}}, r'route_settings\["GET /pets"\].thr'),
            ({"access_log_settings": "logs"}, r"access_log_settings must be AccessLogSettings\(...\)"),
            ({"access_log_settings": AccessLogSettings(format="no id")}, "access_log_settings.format must"),
        ],
    )
    def test_invalid_values_fail(self, stack: cdk.Stack, api: Any, given: dict[str, Any], text: str) -> None:
        """The error names the stage and the property, and nothing is written."""
        with pytest.raises(RuntimeError, match=rf"^Stack/Api/DefaultStage: (\n|.)*{text}"):
            api.default_stage.with_(StageSettings(**given, client_certificate_id="not-written"))
        assert of_stage(stack) == {}
        assert not resources(stack, LOG_GROUP)

    def test_unknown_keywords_are_python_errors(self) -> None:
        """A keyword that there is not stays Python's own error."""
        with pytest.raises(TypeError, match="throttle"):
            StageSettings(throttle=1)

    def test_warnings_are_on_the_stage(self, stack: cdk.Stack, api: Any) -> None:
        """A warning is attached to the construct that users know."""
        api.default_stage.with_(StageSettings(default_route_settings=RouteSettings(throttling_rate_limit=0)))
        found = assertions.Annotations.from_stack(stack).find_warning("/Stack/Api/DefaultStage", WARNINGS)
        assert ["should be more than 0" in str(each.entry.data) for each in found] == [True]

    def test_values_that_are_there_are_not_judged(self, stack: cdk.Stack) -> None:
        """The stage of somebody else may have what a rule warns of."""
        settings = {"throttlingRateLimit": 0}
        stage = l1(stack, default_route_settings=settings, stage_variables={"empty": ""})
        burst = RouteSettings(throttling_burst_limit=5)
        stage.with_(
            StageSettings(
                default_route_settings=burst, route_settings={"$default": burst}, stage_variables={"table": "pets"}
            )
        )
        assert assertions.Annotations.from_stack(stack).find_warning("*", WARNINGS) == []

    def test_routes_that_are_there_are_not_judged(self, stack: cdk.Stack) -> None:
        """Nor are the settings of routes that are not given."""
        stage = l1(stack, WEBSOCKET.cfn_api(stack).ref, route_settings={"$default": {"ThrottlingRateLimit": 0}})
        stage.with_(StageSettings(route_settings={"$connect": SLOW}))
        assert assertions.Annotations.from_stack(stack).find_warning("*", WARNINGS) == []

    def test_a_format_that_is_there_is_not_judged(self, stack: cdk.Stack) -> None:
        """A new log group is written beside the format of somebody else."""
        stage = l1(stack, access_log_settings={"destinationArn": "arn:mine", "format": "$context.status"})
        stage.with_(StageSettings(access_log_settings=AccessLogSettings(log_group=logs.LogGroup(stack, "Logs"))))
        assert of_stage(stack)["AccessLogSettings"]["Format"] == "$context.status"

    def test_the_quota_of_the_region(self, app: cdk.App) -> None:
        """Region and protocol are those of the stage."""
        stack = cdk.Stack(app, "South", env=cdk.Environment(account="123456789012", region="eu-south-1"))
        api: Any = apigatewayv2.HttpApi(stack, "Api")
        api.default_stage.with_(StageSettings(default_route_settings=RouteSettings(throttling_burst_limit=2000)))
        found = assertions.Annotations.from_stack(stack).find_warning("*", WARNINGS)
        assert ["should be at most 1250" in str(each.entry.data) for each in found] == [True]

    def test_a_rule_is_accepted(self, stack: cdk.Stack, api: Any) -> None:
        """An accepted rule is no error, as everywhere."""
        cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id="stage-constructs:description", reason="known"))
        api.default_stage.with_(StageSettings(description="d" * 1025))
        assert len(of_stage(stack)["Description"]) == 1025


class TestCost:
    """What `with_` itself costs on an L2: the call, a question each for the stage and its L1, and the application."""

    BASE = 4

    def test_a_value_costs_one_request(self, api: Any, kernel_requests: KernelRequests) -> None:
        """A text is written, and nothing is read."""
        stage, given = api.default_stage, StageSettings(description="x")
        with kernel_requests as sent:
            stage.with_(given)
        assert sent.count == self.BASE + 1

    def test_settings_cost_what_they_read_and_write(
        self, stack: cdk.Stack, api: Any, kernel_requests: KernelRequests
    ) -> None:
        """Settings are merged: the properties are read once, the stack is asked once, and each property is written."""
        # Now the API is known, and the stack calls back at synth.
        api.default_stage.with_(StageSettings(route_settings={"$default": SLOW}))
        stage = apigatewayv2.HttpStage(stack, "Beta", http_api=api, stage_name="beta")
        given = StageSettings(default_route_settings=SLOW, route_settings={"$default": SLOW})
        with kernel_requests as sent:
            stage.with_(given)
        read, stack_of, written = 1, 1, 2
        assert sent.count == self.BASE + read + stack_of + written

    def test_a_whole_app_costs_less(self, app: cdk.App, stack: cdk.Stack, kernel_requests: KernelRequests) -> None:
        """Of an app the call is shared by all stages."""
        api = HTTP.api(stack)
        counts = []
        for number in range(2):
            apigatewayv2.HttpStage(stack, f"Stage{number}", http_api=api, stage_name=f"stage{number}")
            given = StageSettings(description=str(number))
            with kernel_requests as sent:
                cdk.Mixins.of(app).apply(given)
            counts.append(sent.count)
        assert counts[1] - counts[0] == self.BASE - 1 + 1
