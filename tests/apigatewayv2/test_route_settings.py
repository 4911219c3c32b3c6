"""Settings of single routes: what they become, which routes the stage waits for, and which routes must exist."""

from __future__ import annotations

import enum
from dataclasses import fields
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import cloudformation_include as cfn_include

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import ACCOUNT_LIMIT, HttpStage, LoggingLevel, RouteSettings

from ..kernel import KernelRequests
from .cloudformation import STAGE, properties, resource, resources, template
from .conftest import HTTP, WEBSOCKET, Kind, Reported, acknowledge, reported

ROUTE = "AWS::ApiGatewayV2::Route"
SETTINGS = RouteSettings(throttling_burst_limit=5)
BUILT_IN_ROUTES = [(HTTP, "$default"), *((WEBSOCKET, key) for key in ("$default", "$connect", "$disconnect"))]
ENVIRONMENT = cdk.Environment(account="123456789012", region="eu-west-1")


def add_route(scope: Any, api: Any, key: str, id: str | None = None) -> apigatewayv2.CfnRoute:
    """A route without an integration."""
    return apigatewayv2.CfnRoute(scope, id or f"Route{key}".replace("/", "-"), api_id=api.api_id, route_key=key)


class Mock(apigatewayv2.WebSocketRouteIntegration):
    """An integration that answers by itself."""

    def bind(self, *, route: Any, scope: Any) -> apigatewayv2.WebSocketRouteIntegrationConfig:
        """The integration of a route."""
        return apigatewayv2.WebSocketRouteIntegrationConfig(type=apigatewayv2.WebSocketIntegrationType.MOCK, uri="x")


class Url(apigatewayv2.HttpRouteIntegration):
    """An integration with a page of the Web."""

    def bind(self, *, route: Any, scope: Any) -> apigatewayv2.HttpRouteIntegrationConfig:
        """The integration of a route."""
        return apigatewayv2.HttpRouteIntegrationConfig(
            type=apigatewayv2.HttpIntegrationType.HTTP_PROXY,
            payload_format_version=apigatewayv2.PayloadFormatVersion.VERSION_1_0,
            method=apigatewayv2.HttpMethod.GET,
            uri="https://example.com",
        )


def native_http_route(scope: Any, api: Any, path: str) -> apigatewayv2.HttpRoute:
    """A native route for GET."""
    key = apigatewayv2.HttpRouteKey.with_(path, apigatewayv2.HttpMethod.GET)
    return apigatewayv2.HttpRoute(scope, "Native", http_api=api, route_key=key, integration=Url("Url"))


def depends_on(stack: cdk.Stack) -> list[str]:
    """What the only stage of a stack waits for by name."""
    return list(resource(stack).get("DependsOn", []))


def ids(stack: cdk.Stack, resource_type: str = ROUTE, **wanted: str) -> list[str]:
    """The logical ids of the resources of a type that have these properties."""
    return sorted(
        logical_id
        for logical_id, each in resources(stack, resource_type).items()
        if wanted.items() <= each["Properties"].items()
    )


def missing(scope: Any) -> Reported:
    """The only finding in an app: a key of settings without its route."""
    (found,) = reported(scope)
    assert (found.rule, found.severity, found.prop) == ("missingRoute", "error", "RouteSettings")
    return found


def unknown(scope: Any) -> Reported:
    """The only finding in an app: a key of settings whose route is not known."""
    (found,) = reported(scope)
    assert (found.rule, found.severity, found.prop) == ("unknownRoute", "warning", "RouteSettings")
    return found


class TestRendering:
    def test_all_fields_of_a_websocket_route(self, stack: cdk.Stack) -> None:
        """All five settings are emitted under the key of the route, in CloudFormation's own spelling."""
        settings = RouteSettings(
            data_trace_enabled=True,
            detailed_metrics_enabled=True,
            logging_level=LoggingLevel.INFO,
            throttling_burst_limit=5,
            throttling_rate_limit=0.5,
        )
        assert len(fields(settings)) == 5
        WEBSOCKET.stage(stack, route_settings={"send": settings})
        assert properties(stack)["RouteSettings"] == {
            "send": {
                "DataTraceEnabled": True,
                "DetailedMetricsEnabled": True,
                "LoggingLevel": "INFO",
                "ThrottlingBurstLimit": 5,
                "ThrottlingRateLimit": 0.5,
            }
        }

    def test_http_routes_have_no_execution_logs(self, stack: cdk.Stack) -> None:
        """On an HTTP stage neither a log level nor data tracing is emitted, not even as off."""
        HTTP.stage(stack, route_settings={"GET /a": RouteSettings(data_trace_enabled=False)})
        assert properties(stack)["RouteSettings"] == {
            "GET /a": {"DetailedMetricsEnabled": False, "ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 10000}
        }

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("data_trace_enabled", True),
            ("detailed_metrics_enabled", True),
            ("logging_level", LoggingLevel.ERROR),
            ("throttling_burst_limit", 7),
            ("throttling_rate_limit", 7.5),
        ],
    )
    def test_what_is_left_out_is_taken_from_the_stage(self, stack: cdk.Stack, field: str, value: Any) -> None:
        """Each field that a route leaves out is that of the stage's default settings, which the service never adds."""
        defaults = RouteSettings(
            data_trace_enabled=False,
            detailed_metrics_enabled=False,
            logging_level=LoggingLevel.INFO,
            throttling_burst_limit=1,
            throttling_rate_limit=2,
        )
        WEBSOCKET.stage(
            stack, default_route_settings=defaults, route_settings={"send": RouteSettings(**{field: value})}
        )
        found = properties(stack)
        changed = "".join(word.capitalize() for word in field.split("_"))
        expected = value.value if isinstance(value, LoggingLevel) else value
        assert found["RouteSettings"]["send"] == {**found["DefaultRouteSettings"], changed: expected}
        assert found["DefaultRouteSettings"][changed] != expected

    def test_empty_settings_are_those_of_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route with RouteSettings() has exactly the default settings of its stage."""
        kind.stage(
            stack,
            default_route_settings=RouteSettings(throttling_rate_limit=3),
            route_settings={"GET /a": RouteSettings()},
        )
        assert properties(stack)["RouteSettings"] == {"GET /a": properties(stack)["DefaultRouteSettings"]}

    def test_the_account_limit_of_a_route_leaves_the_throttle_out(self, stack: cdk.Stack, kind: Kind) -> None:
        """ACCOUNT_LIMIT lifts the stage's throttle from a route; the other one is inherited."""
        kind.stage(
            stack,
            default_route_settings=RouteSettings(throttling_burst_limit=1, throttling_rate_limit=2),
            route_settings={"GET /a": RouteSettings(throttling_burst_limit=ACCOUNT_LIMIT)},
        )
        found = properties(stack)["RouteSettings"]["GET /a"]
        assert "ThrottlingBurstLimit" not in found
        assert found["ThrottlingRateLimit"] == 2

    def test_the_account_limit_of_the_stage_is_inherited(self, stack: cdk.Stack, kind: Kind) -> None:
        """Where the stage sets no throttle, a route that leaves it out has none either."""
        kind.stage(
            stack,
            default_route_settings=RouteSettings(throttling_burst_limit=ACCOUNT_LIMIT),
            route_settings={"GET /a": RouteSettings(throttling_rate_limit=2)},
        )
        found = properties(stack)["RouteSettings"]["GET /a"]
        assert "ThrottlingBurstLimit" not in found
        assert found["ThrottlingRateLimit"] == 2

    def test_a_throttle_may_be_a_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """A number that is known at deploy only passes unchecked."""
        rate = cdk.CfnParameter(stack, "Rate", type="Number").value_as_number
        kind.stage(stack, route_settings={"GET /a": RouteSettings(throttling_rate_limit=rate)})
        assert properties(stack)["RouteSettings"]["GET /a"]["ThrottlingRateLimit"] == {"Ref": "Rate"}

    def test_a_throttle_may_be_a_member_of_an_enum(self, stack: cdk.Stack, kind: Kind) -> None:
        """A member of an enum of numbers is rendered as its value."""
        burst = enum.IntEnum("Limits", {"BURST": 60})["BURST"]
        kind.stage(stack, default_route_settings=RouteSettings(throttling_burst_limit=burst))
        assert properties(stack)["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 60

    def test_none_and_an_empty_mapping_emit_nothing(self, stack: cdk.Stack, kind: Kind) -> None:
        """Without settings of routes the property is not in the template."""
        kind.stage(stack, "A", stage_name="a", route_settings={})
        kind.stage(stack, "B", stage_name="b")
        assert all("RouteSettings" not in each["Properties"] for each in resources(stack).values())


class TestKeys:
    def test_native_http_route(self, stack: cdk.Stack) -> None:
        """A native HttpRoute stands for its key, and the stage waits for it."""
        api = HTTP.api(stack)
        HTTP.stage(stack, api=api, route_settings={native_http_route(stack, api, "/pets"): SETTINGS})
        assert list(properties(stack)["RouteSettings"]) == ["GET /pets"]
        assert depends_on(stack) == ids(stack)

    def test_native_websocket_route(self, stack: cdk.Stack) -> None:
        """A native WebSocketRoute stands for its key, and the stage waits for it."""
        api = WEBSOCKET.api(stack)
        route = api.add_route("send", integration=Mock("Mock"))
        WEBSOCKET.stage(stack, api=api, route_settings={route: SETTINGS})
        assert list(properties(stack)["RouteSettings"]) == ["send"]
        assert depends_on(stack) == ids(stack)

    def test_l1_route(self, stack: cdk.Stack, kind: Kind) -> None:
        """A CfnRoute stands for its key, and the stage waits for it."""
        api = kind.api(stack)
        kind.stage(stack, api=api, route_settings={add_route(stack, api, "GET /a"): SETTINGS})
        assert list(properties(stack)["RouteSettings"]) == ["GET /a"]
        assert depends_on(stack) == ids(stack)

    def test_native_routes_by_text(self, stack: cdk.Stack) -> None:
        """The text of a key finds the native route that has it."""
        api = HTTP.api(stack)
        native_http_route(stack, api, "/pets/{id}")
        HTTP.stage(stack, api=api, route_settings={"GET /pets/{id}": SETTINGS})
        assert depends_on(stack) == ids(stack)

    def test_a_route_that_is_a_generic_resource(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route that is declared as a plain CfnResource is found by its key."""
        api = kind.api(stack)
        cdk.CfnResource(stack, "Generic", type=ROUTE, properties={"ApiId": api.api_id, "RouteKey": "GET /a"})
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert depends_on(stack) == ["Generic"]

    def test_a_generic_route_may_name_its_api_by_any_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """The id of the API may be an object that becomes it at deploy."""
        api = kind.api(stack)
        reference = api.node.default_child.get_att("ApiId")
        cdk.CfnResource(stack, "Generic", type=ROUTE, properties={"ApiId": reference, "RouteKey": "GET /a"})
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert depends_on(stack) == ["Generic"]

    @pytest.mark.parametrize("unread", ["ApiId", "RouteKey"])
    def test_a_route_that_cannot_be_read_is_not_missing(self, stack: cdk.Stack, kind: Kind, unread: str) -> None:
        """Where a route tells its API or its key to CloudFormation only, a key may be that of the route."""
        api = kind.cfn_api(stack)
        plain = {"ApiId": api.ref, "RouteKey": "GET /b"}
        raw = {"ApiId": {"Fn::Join": ["", [{"Ref": "Api"}]]}, "RouteKey": {"Fn::Join": [" ", ["GET", "/a"]]}}
        cdk.CfnResource(stack, "Generic", type=ROUTE, properties={**plain, unread: raw[unread]})
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert unknown(stack).construct_path == "Stack/Stage"

    def test_a_raw_reference_is_read_in_the_template(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route that names its API by an intrinsic function is one of its routes."""
        api = kind.cfn_api(stack)
        raw = {"ApiId": {"Ref": "Api"}, "RouteKey": "GET /b"}
        cdk.CfnResource(stack, "Generic", type=ROUTE, properties=raw)
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert 'the closest is "GET /b"' in missing(stack).text

    def test_a_key_that_is_overridden_is_read_in_the_template(self, stack: cdk.Stack, kind: Kind) -> None:
        """An override of the raw property counts."""
        api = kind.api(stack)
        route = add_route(stack, api, "GET /b")
        route.add_property_override("RouteKey", "GET /a")
        route.override_logical_id("Route")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS}).node.default_child.add_dependency(route)
        assert reported(stack) == []

    @pytest.mark.parametrize("attribute", ["ref", "attr_api_id"])
    def test_both_ids_of_an_api_are_one(self, stack: cdk.Stack, kind: Kind, attribute: str) -> None:
        """A route that names its API by `Ref` or by `ApiId` is a route of that API."""
        api = kind.cfn_api(stack)
        apigatewayv2.CfnRoute(stack, "Route", api_id=getattr(api, attribute), route_key="GET /a")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert depends_on(stack) == ["Route"]

    def test_fails_for_a_route_that_is_named_twice(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route by its key and as a construct in one mapping is refused."""
        api = kind.api(stack)
        route = add_route(stack, api, "GET /a")
        with pytest.raises(StageConfigurationError, match=r'route_settings\["GET /a"\] must be given once'):
            kind.stage(stack, api=api, route_settings={route: SETTINGS, "GET /a": SETTINGS})

    def test_fails_for_a_key_that_is_a_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """A key becomes a key of the template, so it cannot wait for the deployment."""
        key = cdk.Fn.import_value("Key")
        with pytest.raises(StageConfigurationError, match="keyed by routes whose key is known"):
            kind.stage(stack, route_settings={key: SETTINGS})

    def test_fails_for_a_route_whose_key_is_a_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """The same holds for the key of a construct."""
        api = kind.api(stack)
        route = add_route(stack, api, cdk.Fn.import_value("Key"), "Route")
        with pytest.raises(StageConfigurationError, match="keyed by routes whose key is known"):
            kind.stage(stack, api=api, route_settings={route: SETTINGS})

    @pytest.mark.parametrize(
        ("given", "prop"),
        [
            ({"GET /a": {"throttling_burst_limit": 5}}, 'route_settings["GET /a"]'),
            ({"GET /a": None}, 'route_settings["GET /a"]'),
            ({"": SETTINGS}, "route_settings"),
            ({5: SETTINGS}, "route_settings"),
            ({None: SETTINGS}, "route_settings"),
            (SETTINGS, "route_settings"),
            ([("GET /a", SETTINGS)], "route_settings"),
            ("GET /a", "route_settings"),
            ({"GET /a": RouteSettings(throttling_burst_limit=-1)}, 'route_settings["GET /a"].throttling_burst_limit'),
            (
                {"GET /a": RouteSettings(detailed_metrics_enabled="yes")},  # type: ignore[arg-type]
                'route_settings["GET /a"].detailed_metrics_enabled',
            ),
        ],
    )
    def test_fails_for_what_are_no_settings(self, stack: cdk.Stack, kind: Kind, given: Any, prop: str) -> None:
        """Wrong keys and wrong settings are refused before anything is made, with the key in the error."""
        api = kind.imported_api(stack)
        before = len(stack.node.find_all())
        with pytest.raises(StageConfigurationError) as refused:
            kind.stage(stack, api=api, route_settings=given)
        assert refused.value.prop == prop
        assert len(stack.node.find_all()) == before

    def test_a_stage_is_no_route(self, stack: cdk.Stack, kind: Kind) -> None:
        """A construct of another kind is refused as a key."""
        other = kind.stage(stack, "Other", stage_name="other")
        with pytest.raises(StageConfigurationError, match="keyed by routes whose key is known"):
            kind.stage(stack, route_settings={other: SETTINGS})


class TestAddRouteSettings:
    def test_adds_to_those_there_are(self, stack: cdk.Stack, kind: Kind) -> None:
        """Settings that are added later stand beside those of the constructor, with what they inherit."""
        api = kind.api(stack)
        stage = kind.stage(
            stack,
            api=api,
            default_route_settings=RouteSettings(throttling_rate_limit=3),
            route_settings={"GET /a": SETTINGS},
        )
        stage.add_route_settings("GET /b", RouteSettings(detailed_metrics_enabled=True))
        routes = [add_route(stack, api, key) for key in ("GET /a", "GET /b", "GET /c")]
        found = properties(stack)["RouteSettings"]
        assert list(found) == ["GET /a", "GET /b"]
        assert found["GET /b"]["ThrottlingRateLimit"] == 3
        assert sorted(depends_on(stack)) == sorted(stack.resolve(route.logical_id) for route in routes[:2])

    def test_the_first_ones_may_be_added(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage without any takes settings, by a construct too, and waits for the route."""
        api = kind.api(stack)
        stage = kind.stage(stack, api=api)
        stage.add_route_settings(add_route(stack, api, "GET /a"), SETTINGS)
        assert list(properties(stack)["RouteSettings"]) == ["GET /a"]
        assert depends_on(stack) == ids(stack)

    def test_fails_for_a_route_that_has_some(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route has its settings once."""
        stage = kind.stage(stack, route_settings={"GET /a": SETTINGS})
        with pytest.raises(StageConfigurationError, match=r'route_settings\["GET /a"\] is set already'):
            stage.add_route_settings("GET /a", RouteSettings())
        assert properties(stack)["RouteSettings"]["GET /a"]["ThrottlingBurstLimit"] == 5

    @pytest.mark.parametrize("settings", [None, {}, RouteSettings(throttling_rate_limit=-1)])
    def test_fails_for_what_are_no_settings(self, stack: cdk.Stack, kind: Kind, settings: Any) -> None:
        """What the constructor refuses is refused here too, and changes nothing."""
        stage = kind.stage(stack)
        with pytest.raises(StageConfigurationError, match="GET /a"):
            stage.add_route_settings("GET /a", settings)
        assert "RouteSettings" not in properties(stack)

    def test_fails_with_execution_logs_on_http(self, stack: cdk.Stack) -> None:
        """A log level of a route is refused on an HTTP stage in the service's words."""
        with pytest.raises(StageConfigurationError, match="Execution logs are not supported on protocolType HTTP"):
            HTTP.stage(stack).add_route_settings("GET /a", RouteSettings(logging_level=LoggingLevel.OFF))

    def test_fails_on_an_imported_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage that is declared elsewhere cannot be changed."""
        stage = kind.cls.from_stage_attributes(stack, "Imported", api_id="aabbccddee", stage_name="prod")
        with pytest.raises(StageConfigurationError, match="cannot be added to an imported stage"):
            stage.add_route_settings("GET /a", SETTINGS)


class TestMissingRoutes:
    def test_fails_for_a_key_without_its_route(self, stack: cdk.Stack, kind: Kind) -> None:
        """At synth the error names stage, key, the closest key, and the answer of the service; it ends the synth."""
        api = kind.api(stack)
        for key in ("GET /pets", "GET /pets/{id}", "POST /pets", "DELETE /all"):
            add_route(stack, api, key)
        kind.stage(stack, api=api, route_settings={"GET /pet": SETTINGS})
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            template(stack)
        found = missing(stack)
        assert found.construct_path == "Stack/Stage"
        said = found.text
        assert 'RouteSettings must be keyed by routes that the API has, got "GET /pet"' in said
        assert 'the closest is "GET /pets"' in said
        assert '"DELETE /all"' not in said
        assert "Unable to find Route by key GET /pet within the provided RouteSettings" in said

    def test_any_is_not_get(self, stack: cdk.Stack) -> None:
        """A route for ANY has settings under ANY alone."""
        api = HTTP.api(stack)
        add_route(stack, api, "ANY /x")
        HTTP.stage(stack, api=api, route_settings={"GET /x": SETTINGS})
        assert 'the closest is "ANY /x"' in missing(stack).text

    def test_all_missing_keys_are_told_at_once(self, stack: cdk.Stack, kind: Kind) -> None:
        """Two wrong keys are two violations."""
        api = kind.api(stack)
        add_route(stack, api, "GET /c")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS, "GET /b": SETTINGS})
        assert [each.rule for each in reported(stack)] == ["missingRoute"] * 2

    def test_an_api_without_any_route_warns(self, stack: cdk.Stack, kind: Kind) -> None:
        """What has no route in the app may get some elsewhere: the app is synthesized."""
        kind.stage(stack, api=kind.api(stack), route_settings={"GET /a": SETTINGS})
        assert list(properties(stack)["RouteSettings"]) == ["GET /a"]
        found = unknown(stack)
        assert found.construct_path == "Stack/Stage"
        assert "Unable to find Route by key GET /a" in found.text

    @pytest.mark.parametrize(
        "make",
        [
            lambda stack: stack.add_transform("AWS::LanguageExtensions"),
            lambda stack: cdk.CfnStack(stack, "Nested", template_url="https://example.com/t.json"),
            lambda stack: cdk.CfnResource(stack, "Custom", type="Custom::Routes"),
        ],
        ids=["macro", "nested template", "custom resource"],
    )
    def test_what_may_create_routes_makes_it_a_warning(self, stack: cdk.Stack, kind: Kind, make: Any) -> None:
        """Beside something that may create the route, a key is not surely wrong."""
        api = kind.api(stack)
        add_route(stack, api, "GET /b")
        make(stack)
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert unknown(stack).construct_path == "Stack/Stage"

    @pytest.mark.parametrize("accept", ["scope", "context"])
    def test_the_rule_can_be_accepted(self, kind: Kind, accept: str) -> None:
        """A key that the app cannot know is accepted on a scope."""
        app = cdk.App(
            analytics_reporting=False,
            context={"stage-constructs:accept": ["missingRoute"]} if accept == "context" else {},
        )
        stack = cdk.Stack(app, "Stack", env=ENVIRONMENT)
        api = kind.api(stack)
        add_route(stack, api, "GET /b")
        if accept == "scope":
            acknowledge(stack, "missingRoute")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        app.synth()

    def test_routes_that_are_added_after_the_stage_count(self, stack: cdk.Stack, kind: Kind) -> None:
        """The order of the statements of a program does not matter."""
        api = kind.api(stack)
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        add_route(stack, api, "GET /a")
        assert depends_on(stack) == ids(stack)

    def test_routes_that_an_aspect_adds_count(self, stack: cdk.Stack, kind: Kind) -> None:
        """Aspects that change the tree have run before routes are looked for."""
        api = kind.api(stack)
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})

        @jsii.implements(cdk.IAspect)
        class AddsRoute:
            def visit(self, node: Any) -> None:
                if node is stack and stack.node.try_find_child("Added") is None:
                    add_route(stack, api, "GET /a", "Added")

        cdk.Aspects.of(stack).add(AddsRoute())
        assert depends_on(stack) == ["Added"]

    def test_a_route_of_another_api_does_not_count(self, stack: cdk.Stack, kind: Kind) -> None:
        """The same key on another API is another route."""
        add_route(stack, kind.api(stack, "Other"), "GET /a")
        kind.stage(stack, api=kind.api(stack), route_settings={"GET /a": SETTINGS})
        assert "GET /a" in unknown(stack).text

    @pytest.mark.parametrize(("kind", "key"), BUILT_IN_ROUTES)
    def test_built_in_keys_need_no_route(self, stack: cdk.Stack, kind: Kind, key: str) -> None:
        """The service takes settings for these keys before there is a route."""
        kind.stage(stack, api=kind.api(stack), route_settings={key: SETTINGS})
        assert depends_on(stack) == []

    @pytest.mark.parametrize(("kind", "key"), BUILT_IN_ROUTES)
    def test_built_in_keys_wait_for_their_route(self, stack: cdk.Stack, kind: Kind, key: str) -> None:
        """Where the route is there, the stage is made after it."""
        api = kind.api(stack)
        kind.stage(stack, api=api, route_settings={key: SETTINGS})
        add_route(stack, api, key, "Route")
        assert depends_on(stack) == ["Route"]

    def test_of_an_imported_api_nothing_is_known(self, stack: cdk.Stack, kind: Kind) -> None:
        """The routes of an API that is declared elsewhere are not looked for."""
        kind.stage(stack, api=kind.imported_api(stack), route_settings={"GET /a": SETTINGS})
        assert depends_on(stack) == []

    def test_routes_that_are_added_to_an_imported_api_are_waited_for(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route of the app on an imported API is made before the stage."""
        api = kind.imported_api(stack)
        apigatewayv2.CfnRoute(stack, "Route", api_id="aabbccddee", route_key="GET /a")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS, "GET /b": SETTINGS})
        assert depends_on(stack) == ["Route"]

    @pytest.mark.parametrize(
        "brings",
        [
            {"body": {"openapi": "3.0.1", "paths": {"/a": {"get": {}}}}},
            {"body_s3_location": apigatewayv2.CfnApi.BodyS3LocationProperty(bucket="b", key="k")},
            {"target": "https://example.com", "name": "api", "protocol_type": "HTTP"},
        ],
        ids=lambda brings: next(iter(brings)),
    )
    def test_of_an_api_that_brings_its_routes_nothing_is_known(self, stack: cdk.Stack, brings: dict[str, Any]) -> None:
        """Routes of an OpenAPI body, or of a quick create, are no resources of their own."""
        api = apigatewayv2.CfnApi(stack, "Api", **brings)
        HTTP.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert list(properties(stack)["RouteSettings"]) == ["GET /a"]

    def test_a_body_that_is_set_later_counts(self, stack: cdk.Stack) -> None:
        """The body of a native API's resource is seen when the tree is complete."""
        api = HTTP.api(stack)
        HTTP.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        api.node.default_child.body = {"openapi": "3.0.1"}
        assert list(properties(stack)["RouteSettings"]) == ["GET /a"]

    def test_two_apps_do_not_know_each_other(self, stack: cdk.Stack, kind: Kind) -> None:
        """A route in one app is not found by a stage in another, alike in all names."""
        add_route(stack, kind.api(stack), "GET /a")
        twin = cdk.Stack(cdk.App(analytics_reporting=False), "Stack")
        kind.stage(twin, api=kind.api(twin), route_settings={"GET /a": SETTINGS})
        assert unknown(twin).construct_path == "Stack/Stage"
        assert ids(stack) != []


class TestDependencies:
    def test_only_routes_with_settings(self, stack: cdk.Stack, kind: Kind) -> None:
        """The stage waits for the routes that it has settings for, and for no other."""
        api = kind.api(stack)
        for key in ("GET /a", "GET /b", "GET /c"):
            add_route(stack, api, key)
        add_route(stack, kind.api(stack, "Other"), "GET /a", "OtherRoute")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS, "GET /c": SETTINGS})
        wanted = {key: ids(stack, RouteKey=key) for key in ("GET /a", "GET /c")}
        assert sorted(depends_on(stack)) == sorted({*wanted["GET /a"], *wanted["GET /c"]} - {"OtherRoute"})

    def test_each_stage_waits_for_its_own(self, stack: cdk.Stack, kind: Kind) -> None:
        """Two stages of one API wait for different routes."""
        api = kind.api(stack)
        for name in ("a", "b"):
            key = f"GET /{name}"
            add_route(stack, api, key, name.upper())
            kind.stage(stack, f"Stage{name}", api=api, stage_name=name, route_settings={key: SETTINGS})
        found = {each["Properties"]["StageName"]: each["DependsOn"] for each in resources(stack).values()}
        assert found == {"a": ["A"], "b": ["B"]}

    def test_a_stage_in_a_nested_stack(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """A nested stack with the stage waits for the routes of its parent."""
        api = kind.api(outer_stack)
        add_route(outer_stack, api, "GET /a", "Route")
        nested = cdk.NestedStack(outer_stack, "Nested")
        kind.stage(nested, api=api, route_settings={"GET /a": SETTINGS})
        assert resource(outer_stack, "AWS::CloudFormation::Stack")["DependsOn"] == ["Route"]
        assert list(properties(nested)["RouteSettings"]) == ["GET /a"]

    def test_routes_in_a_nested_stack(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """A stage waits for the nested stack that the route stands in."""
        api = kind.api(outer_stack)
        nested = cdk.NestedStack(outer_stack, "Nested")
        add_route(nested, api, "GET /a")
        kind.stage(outer_stack, api=api, route_settings={"GET /a": SETTINGS})
        assert depends_on(outer_stack) == list(resources(outer_stack, "AWS::CloudFormation::Stack"))

    def test_stage_and_routes_in_two_nested_stacks(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """One nested stack waits for the other."""
        api = kind.api(outer_stack)
        add_route(cdk.NestedStack(outer_stack, "Routes"), api, "GET /a")
        kind.stage(cdk.NestedStack(outer_stack, "Stages"), api=api, route_settings={"GET /a": SETTINGS})
        waits = {
            name: each.get("DependsOn") for name, each in resources(outer_stack, "AWS::CloudFormation::Stack").items()
        }
        (routes,) = (name for name in waits if name.startswith("Routes"))
        assert [each for name, each in waits.items() if name != routes] == [[routes]]

    def test_a_missing_route_of_a_nested_stage(self, outer_stack: cdk.Stack, kind: Kind) -> None:
        """A stage in a nested stack is named by its path."""
        nested = cdk.NestedStack(outer_stack, "Nested")
        api = kind.api(nested)
        add_route(nested, api, "GET /b")
        kind.stage(nested, api=api, route_settings={"GET /a": SETTINGS})
        assert unknown(outer_stack).construct_path == "Outer/Nested/Stage"

    def test_a_route_of_a_later_stack_counts(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """The settings may be added when the stack of the route has been deployed; other keys are missing."""
        api = kind.api(stack)
        add_route(other_stack, api, "GET /a")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert reported(stack) == []
        assert depends_on(stack) == []

    def test_routes_of_all_stacks_are_known(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """A key that is not among those of any stack is missing."""
        api = kind.api(stack)
        add_route(other_stack, api, "GET /a")
        kind.stage(stack, api=api, route_settings={"GET /b": SETTINGS})
        assert 'the closest is "GET /a"' in missing(stack).text

    def test_a_route_in_a_stack_that_is_declared_below_counts(self, stack: cdk.Stack, kind: Kind) -> None:
        """Where a stack is declared in the tree does not matter."""
        api = kind.api(stack)
        below = cdk.Stack(stack, "Below", env=ENVIRONMENT)
        add_route(below, api, "GET /a")
        kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
        assert reported(stack) == []

    def test_a_stage_in_the_stack_of_the_routes(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """API in one stack, routes and stage in the next: the stage waits for the route beside it."""
        api = kind.api(stack)
        add_route(other_stack, api, "GET /a", "Route")
        kind.stage(other_stack, api=api, route_settings={"GET /a": SETTINGS})
        assert depends_on(other_stack) == ["Route"]

    def test_a_stage_in_a_later_stack(self, app: cdk.App, stack: cdk.Stack, kind: Kind) -> None:
        """API and route in one stack, the stage in a later one: the stacks are deployed in that order."""
        api = kind.api(stack)
        add_route(stack, api, "GET /a")
        later = cdk.Stack(app, "Later", env=ENVIRONMENT)
        kind.stage(later, api=api, route_settings={"GET /a": SETTINGS})
        template(later)
        assert later.dependencies == [stack]
        assert depends_on(later) == []

    def test_api_routes_and_stage_in_three_stacks(
        self, app: cdk.App, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind
    ) -> None:
        """The stack of the stage waits for that of the routes, which no reference would tell."""
        api = kind.api(stack)
        add_route(other_stack, api, "GET /a")
        later = cdk.Stack(app, "Later", env=ENVIRONMENT)
        kind.stage(later, api=api, route_settings={"GET /a": SETTINGS})
        template(later)
        assert other_stack in later.dependencies

    def test_a_cdk_stage_as_parent(self, app: cdk.App, kind: Kind) -> None:
        """Below a cdk.Stage dependencies and errors are the same, in each environment for itself."""
        for name in ("Beta", "Prod"):
            environment = cdk.Stage(app, name, env=ENVIRONMENT)
            stack = cdk.Stack(environment, "Stack")
            api = kind.api(stack)
            add_route(stack, api, "GET /a", "Route")
            kind.stage(stack, api=api, route_settings={"GET /a": SETTINGS})
            assert depends_on(stack) == ["Route"]
        app.synth()

    def test_a_missing_route_below_a_cdk_stage(self, app: cdk.App, kind: Kind) -> None:
        """A route in one environment is none of the other."""
        stacks = [cdk.Stack(cdk.Stage(app, name), "Stack") for name in ("Beta", "Prod")]
        apis = [kind.api(stack) for stack in stacks]
        add_route(stacks[0], apis[0], "GET /a")
        add_route(stacks[1], apis[1], "GET /b")
        kind.stage(stacks[1], api=apis[1], route_settings={"GET /a": SETTINGS})
        assert missing(app).construct_path == "Prod/Stack/Stage"

    def test_an_included_template(self, stack: cdk.Stack, tmp_path: Any) -> None:
        """An API with routes that CfnInclude brings is as known as any other."""
        (tmp_path / "api.yaml").write_text(
            "Resources:\n"
            "  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: api, ProtocolType: HTTP}}\n"
            "  Pets: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: GET /pets}}\n"
            "  Toys: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !GetAtt Api.ApiId, RouteKey: GET /toys}}\n"
        )
        included = cfn_include.CfnInclude(stack, "Included", template_file=str(tmp_path / "api.yaml"))
        api: Any = included.get_resource("Api")
        HTTP.stage(stack, api=api, route_settings={"GET /pets": SETTINGS, "GET /toys": SETTINGS})
        assert sorted(depends_on(stack)) == ["Pets", "Toys"]

    def test_an_included_template_lacks_the_route(self, stack: cdk.Stack, tmp_path: Any) -> None:
        """An included API is no other than one of the app."""
        (tmp_path / "api.yaml").write_text(
            "Resources: {Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: api, ProtocolType: HTTP}}}"
        )
        included = cfn_include.CfnInclude(stack, "Included", template_file=str(tmp_path / "api.yaml"))
        api: Any = included.get_resource("Api")
        HTTP.stage(stack, api=api, route_settings={"GET /pets": SETTINGS})
        assert unknown(stack).construct_path == "Stack/Stage"


class TestCost:
    def test_settings_by_text_cost_no_request_at_construction(
        self, stack: cdk.Stack, kind: Kind, kernel_requests: KernelRequests
    ) -> None:
        """A stage with settings for a hundred routes asks JavaScript for as much as one with settings for one."""
        api = kind.api(stack)
        kind.stage(stack, "First", api=api, stage_name="first", route_settings={"GET /0": SETTINGS})
        counts = []
        for number in (1, 100):
            settings = {f"GET /{each}": SETTINGS for each in range(number)}
            with kernel_requests as sent:
                kind.stage(stack, f"Stage{number}", api=api, stage_name=f"s{number}", route_settings=settings)
            counts.append(sent.count)
        assert counts[0] == counts[1] <= 3

    def test_routes_are_read_once_for_all_stages(
        self, app: cdk.App, kind: Kind, kernel_requests: KernelRequests
    ) -> None:
        """At synth each further stage costs one dependency, however many routes the API has."""

        def requests(routes: int, stages: int) -> int:
            own = cdk.App(analytics_reporting=False)
            stack = cdk.Stack(own, "Stack", synthesizer=cdk.BootstraplessSynthesizer())
            api = kind.api(stack)
            for number in range(routes):
                add_route(stack, api, f"GET /{number}")
            settings = {f"GET /{number}": SETTINGS for number in range(routes)}
            for number in range(stages):
                kind.stage(stack, f"Stage{number}", api=api, stage_name=f"s{number}", route_settings=settings)
            with kernel_requests as sent:
                own.synth()
            return sent.count

        few, more = (requests(20, stages) for stages in (1, 9))
        assert more - few <= 8 * 2
        assert requests(40, 9) - more == requests(40, 1) - few


def test_stages_with_settings_are_stages_still(stack: cdk.Stack, snapshot: Any) -> None:
    """A stage with defaults, settings by text, by construct and added later has this template."""
    api = HTTP.api(stack)
    stage = HttpStage(
        stack,
        "Stage",
        api=api,
        default_route_settings=RouteSettings(throttling_rate_limit=100),
        route_settings={
            native_http_route(stack, api, "/pets"): RouteSettings(throttling_rate_limit=ACCOUNT_LIMIT),
            "$default": RouteSettings(throttling_burst_limit=1),
        },
    )
    stage.add_route_settings("GET /toys", RouteSettings(detailed_metrics_enabled=True))
    add_route(stack, api, "GET /toys")
    assert len(resources(stack, STAGE)) == 1
    assert template(stack).to_json() == snapshot


SMALL_QUOTA = (
    "af-south-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
)


class TestTheQuotaOfTheAccount:
    @pytest.mark.parametrize("region", [*SMALL_QUOTA, "eu-west-1", "us-gov-west-1", "cn-north-1", None])
    def test_is_the_default(self, app: cdk.App, kind: Kind, region: str | None) -> None:
        """A stage has AWS's default quota of its Region as its throttles; the greatest where that is not known."""
        stack = cdk.Stack(app, "Regional", env=cdk.Environment(region=region))
        kind.stage(stack, route_settings={"$default": RouteSettings(detailed_metrics_enabled=True)})
        found = properties(stack)
        expected = (1250, 2500) if region in SMALL_QUOTA else (5000, 10000)
        for settings in (found["DefaultRouteSettings"], found["RouteSettings"]["$default"]):
            assert (settings["ThrottlingBurstLimit"], settings["ThrottlingRateLimit"]) == expected

    @pytest.mark.parametrize(
        ("region", "burst", "rate"),
        [("eu-south-1", 1250, 2500), ("eu-west-1", 5000, 10000), (None, 5000, 10000)],
    )
    @pytest.mark.parametrize("above", [0, 1])
    def test_warns_above(self, app: cdk.App, kind: Kind, region: str | None, burst: int, rate: int, above: int) -> None:
        """Values above it warn, in the default settings and in those of a route; values up to it do not."""
        stack = cdk.Stack(app, "Regional", env=cdk.Environment(region=region))
        settings = RouteSettings(throttling_burst_limit=burst + above, throttling_rate_limit=rate + above)
        stage = kind.stage(stack, default_route_settings=settings, route_settings={"$default": settings})
        stage.add_route_settings("$connect" if kind is WEBSOCKET else "GET /", settings)
        found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
        about = [str(each.entry.data) for each in found if "throttleAboveQuota" in str(each.entry.data)]
        assert len(about) == 6 * above
        assert all(f"should be at most {burst}," in each or f"should be at most {rate}," in each for each in about)
