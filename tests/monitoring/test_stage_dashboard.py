"""Dashboards: what they show of each kind of stage, where, and what they refuse."""

from __future__ import annotations

import inspect
import json
import time
from typing import Any

import aws_cdk as cdk
import constructs
import jsii
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ivs as native_ivs
from aws_cdk import aws_logs as native_logs

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, RouteSettings, StageSettings, WebSocketStage
from stage_constructs.monitoring import StageDashboard
from stage_constructs.monitoring._graphs import validate_size
from stage_constructs.monitoring._widgets import StageWidgets
from tests.kernel import KernelRequests

from .template_helpers import body, charts, headings, logs, metrics, resources, template

HTTP_ARN = "arn:aws:apigateway:us-east-1::/apis/aabbccddee/stages/live"
IVS_ARN = "arn:aws:ivs:us-west-2:210987654321:stage/AbCdEf123456"
DETAILED = RouteSettings(detailed_metrics_enabled=True)


def shown(stack: cdk.Stack) -> list[tuple[str, str]]:
    """The metrics of the dashboard with their statistics."""
    return [(metric["name"], metric["stat"]) for metric in metrics(stack)]


class TestHttp:
    def test_traffic_errors_and_latency(self, stack: cdk.Stack, http: HttpStage) -> None:
        """An HTTP stage shows its requests, its 4xx and 5xx, and its latencies."""
        StageDashboard(stack, "Dashboard", stages=[http])
        assert [chart["title"] for chart in charts(stack)] == ["Requests", "Errors", "Latency"]
        assert shown(stack) == [
            ("Count", "Sum"),
            ("4xx", "Sum"),
            ("5xx", "Sum"),
            ("Latency", "p50"),
            ("Latency", "p90"),
            ("Latency", "p99"),
            ("IntegrationLatency", "p90"),
        ]

    def test_dimensions(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Metrics are those of the stage: namespace, id of the API, name of the stage."""
        StageDashboard(stack, "Dashboard", stages=[http])
        for metric in metrics(stack):
            assert metric["namespace"] == "AWS/ApiGateway"
            assert metric["dimensions"] == {"ApiId": "<HttpApiF5A9A8A7>", "Stage": "$default"}

    def test_statistics_are_those_of_the_metric_methods(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Counts are summed up, as the metric methods do."""
        StageDashboard(stack, "Dashboard", stages=[http])
        own = {metric.metric_name: metric.statistic for metric in (http.metric_count(), http.metric_client_error())}
        assert own.items() <= {name: statistic for name, statistic in shown(stack) if statistic == "Sum"}.items()


class TestWebSocket:
    def test_traffic_errors_and_latency(self, stack: cdk.Stack, websocket: WebSocketStage) -> None:
        """A WebSocket stage shows connects and messages, its three errors, and the latency of its integrations."""
        StageDashboard(stack, "Dashboard", stages=[websocket])
        assert [chart["title"] for chart in charts(stack)] == ["Connects and messages", "Errors", "Integration latency"]
        assert shown(stack) == [
            ("ConnectCount", "Sum"),
            ("MessageCount", "Sum"),
            ("ClientError", "Sum"),
            ("ExecutionError", "Sum"),
            ("IntegrationError", "Sum"),
            ("IntegrationLatency", "p50"),
            ("IntegrationLatency", "p90"),
            ("IntegrationLatency", "p99"),
        ]
        assert {metric["namespace"] for metric in metrics(stack)} == {"AWS/ApiGateway"}


class TestIvs:
    def test_participants_losses_and_bitrates(self, stack: cdk.Stack, room: ivs.Stage) -> None:
        """An IVS stage shows participants, losses and bitrates, by the three statistics that the service keeps."""
        StageDashboard(stack, "Dashboard", stages=[room])
        assert shown(stack) == [
            ("Publishers", "Maximum"),
            ("Subscribers", "Maximum"),
            ("DownloadPacketLoss", "Average"),
            ("DroppedFrames", "Average"),
            ("PublishBitrate", "Average"),
            ("SubscribeBitrate", "Average"),
        ]
        assert {metric["namespace"] for metric in metrics(stack)} == {"AWS/IVSRealTime"}

    def test_the_dimension_is_the_id(self, stack: cdk.Stack) -> None:
        """The dimension is the id of the stage, not its ARN."""
        StageDashboard(stack, "Dashboard", stages=[ivs.Stage.from_stage_arn(stack, "Room", IVS_ARN)])
        assert [metric["dimensions"] for metric in metrics(stack)] == [{"Stage": "AbCdEf123456"}] * 6

    def test_quotas(self, stack: cdk.Stack, room: ivs.Stage) -> None:
        """Publishers and subscribers are drawn below what a stage takes."""
        StageDashboard(stack, "Dashboard", stages=[room])
        quotas = [chart["annotations"]["horizontal"][0]["value"] for chart in charts(stack) if "annotations" in chart]
        assert quotas == [12, 10_000]


class TestHeadings:
    def test_names_and_ids(self, stack: cdk.Stack, http: HttpStage, websocket: WebSocketStage, room: ivs.Stage) -> None:
        """A heading says what kind of stage it is, its name, and the id by which AWS's own pages call it."""
        StageDashboard(stack, "Dashboard", stages=[http, websocket, room])
        assert headings(stack) == [
            "## HTTP stage $default of API <HttpApiF5A9A8A7>",
            "## WebSocket stage prod of API <ChatApiD29796E1>",
            "## IVS stage town-hall (<Fn::Select>)",
        ]

    def test_a_name_that_is_not_known_yet(self, stack: cdk.Stack) -> None:
        """Where the name is known at deploy only, the path of the construct stands in its place."""
        name = cdk.Fn.import_value("name")
        http = HttpStage.from_stage_attributes(stack, "Shop", api_id="aabbccddee", stage_name=name)
        unnamed = ivs.Stage.from_stage_arn(stack, "Room", IVS_ARN)
        StageDashboard(stack, "Dashboard", stages=[http, unnamed])
        assert headings(stack) == [
            "## HTTP stage Stack/Shop of API aabbccddee",
            "## IVS stage Stack/Room (AbCdEf123456)",
        ]


class TestRoutes:
    def test_a_row_for_each_route_with_metrics(self, stack: cdk.Stack) -> None:
        """Routes with detailed metrics have a row of their own, others have none."""
        stage = WebSocketStage(
            stack,
            "Chat",
            api=apigatewayv2.WebSocketApi(stack, "Api"),
            stage_name="prod",
            route_settings={"$connect": DETAILED, "$default": RouteSettings(throttling_burst_limit=5)},
        )
        StageDashboard(stack, "Dashboard", stages=[stage])
        assert [chart["title"] for chart in charts(stack)][3:] == [
            "$connect: connects and messages",
            "$connect: errors",
            "$connect: integration latency",
        ]
        routes = [metric["dimensions"].get("Route") for metric in metrics(stack)]
        assert routes == [None] * 8 + ["$connect"] * 8

    def test_settings_that_leave_metrics_to_the_default(self, stack: cdk.Stack) -> None:
        """A route takes over the stage's default, and may be an exception to it."""
        stage = HttpStage(
            stack,
            "Http",
            api=apigatewayv2.CfnApi(stack, "Api", name="api", protocol_type="HTTP", target="https://example.com"),
            stage_name="prod",
            default_route_settings=DETAILED,
            route_settings={
                "GET /pets": RouteSettings(throttling_burst_limit=5),
                "GET /": RouteSettings(detailed_metrics_enabled=False),
            },
        )
        StageDashboard(stack, "Dashboard", stages=[stage])
        assert {metric["dimensions"].get("Route") for metric in metrics(stack)} == {None, "GET /pets"}

    def test_routes_that_are_added_later(self, stack: cdk.Stack, websocket: WebSocketStage) -> None:
        """Settings that are added after the dashboard are shown, and what stands below moves down."""
        dashboard = StageDashboard(stack, "Dashboard", stages=[websocket]).dashboard
        dashboard.add_widgets(cloudwatch.TextWidget(markdown="mine", width=24))
        websocket.add_route_settings("$connect", DETAILED)
        assert len(charts(stack)) == 6
        last = body(stack)["widgets"][-1]
        assert (last["properties"]["markdown"], last["y"]) == ("mine", 13)

    def test_imported_stages_have_none(self, stack: cdk.Stack) -> None:
        """Of an imported stage it is not known which routes have metrics."""
        stage = WebSocketStage.from_stage_attributes(stack, "Chat", api_id="aabbccddee", stage_name="prod")
        StageDashboard(stack, "Dashboard", stages=[stage])
        assert len(charts(stack)) == 3


class TestEnvironments:
    def test_the_region_of_the_stack(self, stack: cdk.Stack, stage: Any) -> None:
        """A stage of the stack is shown by the Region of the stack, without an account."""
        StageDashboard(stack, "Dashboard", stages=[stage])
        for chart in charts(stack):
            assert chart["region"] == "eu-west-1"
            assert "accountId" not in chart

    def test_a_stack_for_any_environment(self, agnostic: cdk.Stack) -> None:
        """Where the Region is not known, the template asks for it."""
        StageDashboard(agnostic, "Dashboard", stages=[ivs.Stage(agnostic, "Room")])
        assert {chart["region"] for chart in charts(agnostic)} == {"<AWS::Region>"}

    def test_other_regions_and_accounts(self, stack: cdk.Stack) -> None:
        """A stage of another Region or account is shown from there."""
        http = HttpStage.from_stage_arn(stack, "Http", HTTP_ARN)
        room = ivs.Stage.from_stage_arn(stack, "Room", IVS_ARN)
        StageDashboard(stack, "Dashboard", stages=[http, room])
        assert [(chart["region"], chart.get("accountId")) for chart in charts(stack)] == [
            *[("us-east-1", None)] * 3,
            *[("us-west-2", "210987654321")] * 4,
        ]

    def test_a_stage_of_another_stack(self, app: cdk.App, stack: cdk.Stack, http: HttpStage) -> None:
        """A stage of another stack of the app is shown by reference."""
        env = cdk.Environment(account="123456789012", region="eu-west-1")
        other = cdk.Stack(app, "Other", env=env, synthesizer=cdk.BootstraplessSynthesizer())
        StageDashboard(other, "Dashboard", stages=[http])
        assert headings(other) == ["## HTTP stage $default of API <Fn::ImportValue>"]

    def test_a_stage_of_a_stack_in_another_region(self, app: cdk.App) -> None:
        """A stage of a stack in another Region is shown from there."""
        stacks = [
            cdk.Stack(
                app,
                f"In-{region}",
                env=cdk.Environment(account="123456789012", region=region),
                cross_region_references=True,
            )
            for region in ("eu-west-1", "us-east-1")
        ]
        room = ivs.Stage(stacks[0], "Room")
        StageDashboard(stacks[1], "Dashboard", stages=[room])
        assert {chart["region"] for chart in charts(stacks[1])} == {"eu-west-1"}

    def test_wrapped_native_stages(self, stack: cdk.Stack) -> None:
        """Stages that others made are wrapped, and shown like any other."""
        native = apigatewayv2.HttpApi(stack, "Api").default_stage
        l1 = native_ivs.CfnStage(stack, "Cfn", name="l1")
        StageDashboard(
            stack,
            "Dashboard",
            stages=[
                HttpStage.from_stage_ref(stack, "Native", native),  # type: ignore[arg-type]
                ivs.Stage.from_stage_ref(stack, "L1", l1),
            ],
        )
        assert headings(stack) == ["## HTTP stage $default of API <ApiF70053CD>", "## IVS stage l1 (<Fn::Select>)"]


class TestLayout:
    def test_a_grid_without_gaps(
        self, stack: cdk.Stack, http: HttpStage, websocket: WebSocketStage, room: ivs.Stage
    ) -> None:
        """Each stage has a heading as wide as the dashboard and a full row of charts below it."""
        StageDashboard(stack, "Dashboard", stages=[http, websocket, room])
        places = [(one["x"], one["y"], one["width"], one["height"]) for one in body(stack)["widgets"]]
        three = [(0, 8), (8, 8), (16, 8)]
        four = [(0, 6), (6, 6), (12, 6), (18, 6)]
        expected: list[tuple[int, int, int, int]] = []
        for row, columns in enumerate([three, three, four]):
            expected.append((0, row * 7, 24, 1))
            expected += [(x, row * 7 + 1, width, 6) for x, width in columns]
        assert places == expected

    def test_charts_show_minutes_from_zero(self, stack: cdk.Stack, stage: Any) -> None:
        """Data points are of a minute, and axes begin at zero and name the unit."""
        StageDashboard(stack, "Dashboard", stages=[stage])
        for chart in charts(stack):
            assert chart["period"] == 60
            assert chart["yAxis"]["left"]["min"] == 0
            assert chart["yAxis"]["left"]["label"]

    def test_widgets_of_ones_own(self, stack: cdk.Stack, http: HttpStage) -> None:
        """The native dashboard takes more widgets, which stand below."""
        dashboard = StageDashboard(stack, "Dashboard", stages=[http]).dashboard
        dashboard.add_widgets(cloudwatch.TextWidget(markdown="mine"), cloudwatch.TextWidget(markdown="too"))
        assert [(one["x"], one["y"]) for one in body(stack)["widgets"][-2:]] == [(0, 7), (6, 7)]

    def test_the_widget_is_whole(self) -> None:
        """JavaScript sees every member of the interfaces that the widget claims."""
        wanted = {name for one in (cloudwatch.IWidget, constructs.IValidation) for name in vars(one) if name[0] != "_"}
        assert wanted <= {
            name for name, one in vars(StageWidgets).items() if callable(one) or inspect.isdatadescriptor(one)
        }


class TestName:
    def test_no_name(self, stack: cdk.Stack, http: HttpStage) -> None:
        """CloudFormation names the dashboard unless told otherwise."""
        StageDashboard(stack, "Dashboard", stages=[http])
        (dashboard,) = resources(stack, "AWS::CloudWatch::Dashboard")
        assert "DashboardName" not in dashboard

    @pytest.mark.parametrize("name", ["a", "Shop_prod-1", "x" * 255])
    def test_names(self, stack: cdk.Stack, http: HttpStage, name: str) -> None:
        """Letters, digits, hyphens and underscores are taken, up to 255."""
        StageDashboard(stack, "Dashboard", stages=[http], dashboard_name=name)
        (dashboard,) = resources(stack, "AWS::CloudWatch::Dashboard")
        assert dashboard["DashboardName"] == name

    @pytest.mark.parametrize("form", ["value", "value_as_string"])
    def test_a_name_that_is_not_known_yet(self, stack: cdk.Stack, http: HttpStage, form: str) -> None:
        """A token is taken in any form."""
        name: Any = getattr(cdk.CfnParameter(stack, "Name"), form)
        StageDashboard(stack, "Dashboard", stages=[http], dashboard_name=name)
        (dashboard,) = resources(stack, "AWS::CloudWatch::Dashboard")
        assert dashboard["DashboardName"] == {"Ref": "Name"}

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("", "must not be empty"),
            ("x" * 256, "must have at most 255 characters"),
            ("my shop", 'must consist of letters, digits, hyphens and underscores, got "my shop": write "my-shop"'),
            ("größe", "must consist of letters, digits"),
            (5, "must be a string"),
        ],
    )
    def test_names_that_are_refused(self, stack: cdk.Stack, http: HttpStage, name: Any, problem: str) -> None:
        """What CloudWatch would refuse as a name is refused, and nothing is made."""
        with pytest.raises(StageConfigurationError, match=problem) as error:
            StageDashboard(stack, "Dashboard", stages=[http], dashboard_name=name)
        assert (error.value.construct_path, error.value.prop) == ("Stack/Dashboard", "dashboard_name")
        assert stack.node.try_find_child("Dashboard") is None


class TestStages:
    def test_any_iterable(self, stack: cdk.Stack, http: HttpStage, room: ivs.Stage) -> None:
        """Stages may come as what a dict or a generator gives."""
        StageDashboard(stack, "Dashboard", stages={"shop": http, "room": room}.values())
        assert len(headings(stack)) == 2

    def test_no_stages(self, stack: cdk.Stack) -> None:
        """An empty list is refused."""
        with pytest.raises(StageConfigurationError, match="stages must name at least one stage"):
            StageDashboard(stack, "Dashboard", stages=[])

    def test_a_stage_alone(self, stack: cdk.Stack, http: HttpStage) -> None:
        """A stage that is not in a list is refused with the way to write it."""
        with pytest.raises(StageConfigurationError, match=r"stages must be a list.*HttpStage: write stages=\[stage\]"):
            StageDashboard(stack, "Dashboard", stages=http)  # type: ignore[arg-type]

    @pytest.mark.parametrize("stages", ["prod", None, 5])
    def test_no_list(self, stack: cdk.Stack, stages: Any) -> None:
        """Anything else in place of a list is refused."""
        with pytest.raises(StageConfigurationError, match="stages must be a list of stages"):
            StageDashboard(stack, "Dashboard", stages=stages)

    def test_native_stages(self, stack: cdk.Stack, http: HttpStage, native: dict[str, Any]) -> None:
        """Native stages, L2, L1 and imported, are shown as stages of this library are."""
        names = ["default", "http_l1", "websocket", "ivs_l1", "ivs_reference"]
        StageDashboard(stack, "Dashboard", stages=[http, *(native[name]() for name in names)])
        assert [heading.removeprefix("## ").partition(" (")[0] for heading in headings(stack)] == [
            "HTTP stage $default of API <HttpApiF5A9A8A7>",
            "HTTP stage $default of API <Shop563325D0>",
            "HTTP stage live of API <Shop563325D0>",
            "WebSocket stage live of API <Chat26DEB33F>",
            "IVS stage town-hall",
            "IVS stage Stack/Native3",
        ]
        assert [chart["title"] for chart in charts(stack)].count("Requests") == 3
        assert {chart["region"] for chart in charts(stack)} == {"eu-west-1"}

    def test_routes_of_native_stages(self, stack: cdk.Stack, native: dict[str, Any]) -> None:
        """Routes of native stages have rows of their own, also where StageSettings turns their metrics on later."""
        stage, l1 = native["default"](), native["http_l1"]()
        wrapped = HttpStage.from_stage_ref(stack, "Wrapped", l1)
        StageDashboard(stack, "Dashboard", stages=[stage, wrapped, native["websocket"]()])
        routes = {"$default": DETAILED, "GET /": RouteSettings(throttling_burst_limit=1)}
        apigatewayv2.CfnRoute(stack, "Root", api_id=l1.api_id, route_key="GET /")
        for each in (stage, l1):
            each.with_(StageSettings(route_settings=routes))
        of_routes = [chart["title"] for chart in charts(stack) if chart["title"].startswith("$default: ")]
        assert of_routes == ["$default: requests", "$default: errors", "$default: latency"] * 2
        assert not any("GET /" in chart["title"] for chart in charts(stack))

    def test_logs_of_native_stages(self, stack: cdk.Stack, native: dict[str, Any]) -> None:
        """The access logs that StageSettings turns on for a native stage are queried."""
        stage = native["default"]()
        stage.with_(StageSettings(access_log_settings=AccessLogSettings()))
        StageDashboard(stack, "Dashboard", stages=[stage, native["http_imported"]()], log_queries=True)
        assert len(logs(stack)) == 4

    def test_logs_of_native_stages_with_a_log_group(self, stack: cdk.Stack) -> None:
        """The log group that a native stage was created with is queried by its name."""
        group = native_logs.LogGroup(stack, "Group")
        chosen = apigateway.AccessLogFormat.custom(
            json.dumps({"id": "$context.requestId", "status": "$context.status"})
        )
        native = apigatewayv2.HttpStage(
            stack,
            "Native",
            http_api=apigatewayv2.HttpApi(stack, "Api"),
            stage_name="live",
            access_log_settings=NativeLogs(apigatewayv2.LogGroupLogDestination(group), chosen),
        )
        StageDashboard(stack, "Dashboard", stages=[native], log_queries=True)
        assert len(logs(stack)) == 3
        assert all(each["query"].startswith("SOURCE '<Group") for each in logs(stack))

    def test_a_protocol_that_is_not_known(self, stack: cdk.Stack, http: HttpStage) -> None:
        """An L1 whose API is known by its id alone is refused with the ways to say its protocol."""
        stage = apigatewayv2.CfnStage(stack, "L1", api_id="aabbccddee", stage_name="prod")
        with pytest.raises(StageConfigurationError, match=r"stages\[1\] .* protocol is known.*from_stage_ref") as error:
            StageDashboard(stack, "Dashboard", stages=[http, stage])
        assert (error.value.prop, error.value.value) == ("stages[1]", stage)
        assert stack.node.try_find_child("Dashboard") is None

    @pytest.mark.parametrize("unknown", ["prod", None, 5, object()])
    def test_unknown_kinds(self, stack: cdk.Stack, unknown: Any) -> None:
        """What is no stage at all is refused with the services that there are."""
        with pytest.raises(StageConfigurationError, match=r"stages\[0\] must be a stage of API Gateway v2 or"):
            StageDashboard(stack, "Dashboard", stages=[unknown])

    def test_the_same_stage_twice(self, stack: cdk.Stack, http: HttpStage, room: ivs.Stage) -> None:
        """A stage that is named twice is refused."""
        with pytest.raises(StageConfigurationError, match=r"stages\[2\] must be named once.*same stage as stages\[0\]"):
            StageDashboard(stack, "Dashboard", stages=[http, room, http])

    def test_two_constructs_of_one_stage(self, stack: cdk.Stack, http: HttpStage) -> None:
        """A stage and a wrapper of it are one stage."""
        wrapped = HttpStage.from_stage_ref(stack, "Wrapped", http)
        with pytest.raises(StageConfigurationError, match="must be named once"):
            StageDashboard(stack, "Dashboard", stages=[http, wrapped])

    def test_a_native_stage_and_its_wrapper(self, stack: cdk.Stack, native: dict[str, Any]) -> None:
        """A native stage and a wrapper of it are one stage, L2 and L1."""
        for name in ("default", "http_l1"):
            stage = native[name]()
            wrapped = HttpStage.from_stage_ref(stack, f"Wrapped{name}", stage)
            with pytest.raises(StageConfigurationError, match="must be named once"):
                StageDashboard(stack, "Dashboard", stages=[stage, wrapped])

    def test_one_name_in_two_regions(self, stack: cdk.Stack) -> None:
        """Stages of two Regions are two stages, whatever they are called."""
        here = HttpStage.from_stage_attributes(stack, "Here", api_id="aabbccddee", stage_name="live")
        there = HttpStage.from_stage_arn(stack, "There", HTTP_ARN)
        StageDashboard(stack, "Dashboard", stages=[here, there])
        assert len(headings(stack)) == 2


@jsii.implements(apigatewayv2.IAccessLogSettings)
class NativeLogs:
    """Access logs as native stages take them."""

    def __init__(self, destination: Any, chosen: apigateway.AccessLogFormat) -> None:
        self._destination, self._format = destination, chosen

    @property
    def destination(self) -> Any:
        """Where they go."""
        return self._destination

    @property
    def format(self) -> Any:
        """The line to write."""
        return self._format


def imports(stack: cdk.Stack, number: int) -> list[HttpStage]:
    """Many stages that were made elsewhere."""
    return [
        HttpStage.from_stage_attributes(stack, f"Stage{index}", api_id=f"api{index}", stage_name="prod")
        for index in range(number)
    ]


class TestSize:
    def test_as_many_as_fit(self, stack: cdk.Stack) -> None:
        """500 widgets are taken: 125 HTTP stages without routes."""
        StageDashboard(stack, "Dashboard", stages=imports(stack, 125))
        assert len(body(stack)["widgets"]) == 500

    def test_more_than_fit(self, stack: cdk.Stack) -> None:
        """More are refused with the number of dashboards that they need."""
        with pytest.raises(StageConfigurationError, match=r"at most 500 widgets.*got 504: split the 126 stages over 2"):
            StageDashboard(stack, "Dashboard", stages=imports(stack, 126))
        assert stack.node.try_find_child("Dashboard") is None

    @pytest.fixture
    def busy(self, stack: cdk.Stack) -> HttpStage:
        """A stage with metrics for as many routes as one dashboard can show."""
        api = apigatewayv2.CfnApi(stack, "Api", name="api", protocol_type="HTTP", target="https://example.com")
        routes = {f"GET /{number}": DETAILED for number in range(165)}
        return HttpStage(stack, "Busy", api=api, stage_name="prod", route_settings=routes)

    def test_one_stage_with_many_routes(self, stack: cdk.Stack, busy: HttpStage) -> None:
        """A stage that alone is too much is refused with the advice to keep fewer metrics."""
        busy.add_route_settings("GET /one-more", DETAILED)
        with pytest.raises(
            StageConfigurationError, match=r"at most 500 widgets.*keep detailed metrics for fewer routes"
        ):
            StageDashboard(stack, "Dashboard", stages=[busy])

    def test_routes_that_are_added_later(self, app: cdk.App, stack: cdk.Stack, busy: HttpStage) -> None:
        """Routes that are added until there are too many end the synth, unless the rule is accepted."""
        dashboard = StageDashboard(stack, "Dashboard", stages=[busy])
        busy.add_route_settings("GET /one-more", DETAILED)
        with pytest.raises(RuntimeError, match="Stack/Dashboard: stages must make at most 500 widgets"):
            app.synth()
        accepted = cdk.Acknowledgment(id="stage-constructs:dashboardSize", reason="the quota was raised")
        cdk.Validations.of(dashboard).acknowledge(accepted)
        app.synth(force=True)

    def test_metrics(self, stack: cdk.Stack) -> None:
        """The limit of metrics is checked as well."""
        graph = {"properties": {"metrics": [[]] * 25}}
        assert list(validate_size([graph] * 100, 3)) == []
        (violation,) = validate_size([graph] * 101, 3)
        assert "at most 2,500 metrics" in violation.message
        assert "2 dashboards" in violation.message


class TestTree:
    def test_one_resource(self, stack: cdk.Stack, http: HttpStage) -> None:
        """A dashboard is one resource, behind the native construct."""
        made = StageDashboard(stack, "Dashboard", stages=[http])
        found = [one.cfn_resource_type for one in made.node.find_all() if isinstance(one, cdk.CfnResource)]
        assert found == ["AWS::CloudWatch::Dashboard"]

    def test_the_native_dashboard(self, stack: cdk.Stack, http: HttpStage) -> None:
        """The native dashboard is at hand, and is the default child."""
        made = StageDashboard(stack, "Dashboard", stages=[http])
        assert isinstance(made.dashboard, cloudwatch.Dashboard)
        assert made.node.default_child is made.dashboard


class TestSpeed:
    def test_requests(self, stack: cdk.Stack, kernel_requests: KernelRequests) -> None:
        """A dashboard costs a handful of requests, and each stage three: its environment, Region and account."""
        stages = imports(stack, 50)
        with kernel_requests as sent:
            StageDashboard(stack, "Dashboard", stages=stages)
        assert sent.count <= 10 + 3 * len(stages)

    @pytest.mark.parametrize("is_native", [False, True])
    def test_fifty_stages(self, app: cdk.App, is_native: bool) -> None:
        """A dashboard of 50 stages takes less than 2 seconds on a quiet machine; 5 where others use it too."""
        warm = cdk.App()
        ivs.Stage(cdk.Stack(warm, "Warm"), "Room")
        warm.synth()
        stack = cdk.Stack(app, "Stack", synthesizer=cdk.BootstraplessSynthesizer())
        api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
        stages: list[Any] = [
            apigatewayv2.HttpStage(stack, f"Http{index}", http_api=api, stage_name=f"s{index}")
            if is_native
            else HttpStage(stack, f"Http{index}", api=api, stage_name=f"s{index}")
            for index in range(25)
        ]
        rooms = [ivs.Stage(stack, f"Room{index}", stage_name=f"room{index}") for index in range(25)]
        start = time.perf_counter()
        StageDashboard(stack, "Dashboard", stages=[*stages, *rooms])
        app.synth()
        assert time.perf_counter() - start < 5


class TestSnapshots:
    def test_snapshot_minimal(self, stack: cdk.Stack, http: HttpStage, snapshot: Any) -> None:
        """The template of a dashboard of one stage."""
        StageDashboard(stack, "Dashboard", stages=[http])
        assert template(stack) == snapshot

    def test_snapshot_everything(self, stack: cdk.Stack, http: HttpStage, room: ivs.Stage, snapshot: Any) -> None:
        """The template of a dashboard of all kinds of stages, here and elsewhere, with a route."""
        chat = WebSocketStage(
            stack,
            "Chat",
            api=apigatewayv2.WebSocketApi(stack, "ChatApi"),
            stage_name="prod",
            route_settings={"$connect": DETAILED},
        )
        elsewhere = ivs.Stage.from_stage_arn(stack, "Elsewhere", IVS_ARN)
        StageDashboard(stack, "Dashboard", stages=[http, chat, room, elsewhere], dashboard_name="stages")
        assert template(stack) == snapshot
