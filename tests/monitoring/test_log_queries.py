"""Log widgets of dashboards: CloudWatch Logs Insights queries over access logs and execution logs."""

from __future__ import annotations

import json
import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_logs

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import (
    AccessLogFormat,
    AccessLogSettings,
    ApiGatewayAccount,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)
from stage_constructs.monitoring import StageDashboard
from stage_constructs.monitoring._log_queries import json_fields

from .template_helpers import body, charts, logs

TITLES = [
    "Errors by route and status",
    "Latest server errors (5xx)",
    "Slowest requests",
    "Throttled requests (429)",
]
EXECUTION = "Latest errors in the execution logs"
WITH_LATENCY = AccessLogFormat.json(
    requestId="$context.requestId",
    routeKey="$context.routeKey",
    status="$context.status",
    responseLatency="$context.responseLatency",
)
COMMAND = re.compile(
    r"SOURCE '[^']+'"
    r"|fields (@?\w+)(, @?\w+)*"
    r"|filter @?\w+ like /[^/ ][^/]*/"
    r"|stats count\(\*\) as \w+ by (bin\(5m\)|\w+(, \w+)*)"
    r"|sort @?\w+ desc"
    r"|limit \d+"
)


def shop(stack: cdk.Stack, settings: AccessLogSettings | None) -> HttpStage:
    """An HTTP stage with these access logs."""
    api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
    return HttpStage(stack, "Shop", api=api, access_log_settings=settings)


def chat(stack: cdk.Stack, settings: AccessLogSettings | None = None, **routes: Any) -> WebSocketStage:
    """A WebSocket stage with these access logs."""
    return WebSocketStage(
        stack,
        "Chat",
        api=apigatewayv2.WebSocketApi(stack, "ChatApi"),
        stage_name="prod",
        access_log_settings=settings,
        account=ApiGatewayAccount.of(stack),
        **routes,
    )


def fields_in(commands: list[str]) -> set[str]:
    """The fields that the commands of a query name."""
    found: set[str] = set()
    for command in commands:
        verb, _, rest = command.partition(" ")
        if verb in {"filter", "sort"}:
            found.add(rest.split()[0])
        elif verb in {"fields", "stats"}:
            found |= {name for name in rest.rpartition(" by ")[2].split(", ") if "(" not in name}
    return found


def titles(stack: cdk.Stack) -> list[str]:
    """The titles of the log widgets."""
    return [widget["title"] for widget in logs(stack)]


class TestAccessLogs:
    @pytest.mark.parametrize("make", [shop, chat])
    def test_the_default_format(self, stack: cdk.Stack, make: Any) -> None:
        """Each query names only fields that the default format of the protocol has, and is whole."""
        stage = make(stack, AccessLogSettings())
        StageDashboard(stack, "Dashboard", stages=[stage], log_queries=True)
        assert titles(stack) == TITLES
        assert {"errorMessage", "integrationStatus", "integrationLatency"} <= fields_in(
            logs(stack)[1]["query"].split(" | ")
        )
        written = set(re.findall(r'"(\w+)":', stage._access_logs.format))
        for widget in logs(stack):
            source, *commands = widget["query"].split(" | ")
            assert re.fullmatch(r"SOURCE '[^']+'", source)
            assert all(COMMAND.fullmatch(command) for command in commands), widget["query"]
            assert fields_in(commands) <= written | {"@timestamp", "requests", "throttled"}

    def test_all_queries(self, stack: cdk.Stack) -> None:
        """A format with a latency has the slowest requests too; errors tell what the format knows of them."""
        StageDashboard(
            stack, "Dashboard", stages=[shop(stack, AccessLogSettings(format=WITH_LATENCY))], log_queries=True
        )
        assert titles(stack) == TITLES
        group = logs(stack)[0]["query"].split(" | ")[0]
        counted = "stats count(*) as requests by routeKey, status"
        details = "fields @timestamp, requestId, routeKey, status, responseLatency"
        assert [widget["query"] for widget in logs(stack)] == [
            f"{group} | {query}"
            for query in (
                f"filter status like /^[45]/ | {counted} | sort requests desc | limit 20",
                f"{details} | filter status like /^5/ | sort @timestamp desc | limit 20",
                f"{details} | filter responseLatency like /^[0-9]+$/ | sort responseLatency desc | limit 20",
                "filter status like /^429$/ | stats count(*) as throttled by bin(5m)",
            )
        ]
        assert [widget["view"] for widget in logs(stack)] == ["table", "table", "table", "timeSeries"]

    def test_fields_of_other_names(self, stack: cdk.Stack) -> None:
        """Queries use the names that a format of one's own gives to the variables."""
        own = AccessLogFormat.json(id="$context.requestId", code="$context.status")
        StageDashboard(stack, "Dashboard", stages=[shop(stack, AccessLogSettings(format=own))], log_queries=True)
        assert titles(stack) == ["Errors by status", "Latest server errors (5xx)", "Throttled requests (429)"]
        assert " | stats count(*) as requests by code | " in logs(stack)[0]["query"]

    @pytest.mark.parametrize(
        "log_format",
        [
            AccessLogFormat.clf(),
            AccessLogFormat.xml(),
            AccessLogFormat.custom('{"request":{"id":"$context.requestId","status":"$context.status"}}'),
            AccessLogFormat.json(requestId="$context.requestId"),
        ],
    )
    def test_formats_that_are_not_known(self, stack: cdk.Stack, log_format: AccessLogFormat) -> None:
        """There are no queries where the fields are not known: other formats, nested objects, no status."""
        StageDashboard(stack, "Dashboard", stages=[shop(stack, AccessLogSettings(format=log_format))], log_queries=True)
        assert logs(stack) == []

    def test_log_groups_of_ones_own(self, stack: cdk.Stack) -> None:
        """A group that is given as a construct is known, and one that is given by its ARN."""
        group = aws_logs.LogGroup.from_log_group_name(stack, "Group", "mine")
        arn = "arn:aws:logs:eu-west-1:123456789012:log-group:theirs:*"
        stages = [
            shop(stack, AccessLogSettings(log_group=group)),
            chat(stack, AccessLogSettings(destination_arn=arn)),
        ]
        StageDashboard(stack, "Dashboard", stages=stages, log_queries=True)
        sources = {widget["query"].split(" | ")[0] for widget in logs(stack)}
        assert sources == {"SOURCE 'mine'", "SOURCE 'theirs'"}

    def test_streams(self, stack: cdk.Stack) -> None:
        """Access logs that go to Firehose cannot be queried."""
        arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-chat"
        stage = chat(stack, AccessLogSettings(destination_arn=arn))
        StageDashboard(stack, "Dashboard", stages=[stage], log_queries=True)
        assert logs(stack) == []

    @pytest.mark.parametrize(
        ("text", "fields"),
        [
            ('{"a":"$context.status","b": $context.error.messageString}', {"status": "a", "error.messageString": "b"}),
            ('{"a":"$context.status"}\n', {"status": "a"}),
            ('["$context.status"]', {}),
            ("$context.status", {}),
        ],
    )
    def test_json_fields(self, text: str, fields: dict[str, str]) -> None:
        """Fields are found with and without quotation marks around the variable."""
        assert json_fields(text) == fields


class TestExecutionLogs:
    @pytest.mark.parametrize(
        "settings",
        [
            {"default_route_settings": RouteSettings(logging_level=LoggingLevel.ERROR)},
            {"route_settings": {"$default": RouteSettings(logging_level=LoggingLevel.INFO)}},
        ],
    )
    def test_a_stage_that_logs(self, stack: cdk.Stack, settings: dict[str, Any]) -> None:
        """A WebSocket stage with execution logs shows the errors in them, over the whole width."""
        stage = chat(stack, **settings)
        apigatewayv2.CfnRoute(stack, "Route", api_id=stage.api_id, route_key="$default")
        StageDashboard(stack, "Dashboard", stages=[stage], log_queries=True)
        assert titles(stack) == [EXECUTION]
        commands = logs(stack)[0]["query"].split(" | ")
        assert commands[0] == "SOURCE '/aws/apigateway/<ChatApiD29796E1>/prod'"
        assert all(COMMAND.fullmatch(command) for command in commands[1:])
        assert [one["width"] for one in body(stack)["widgets"] if one["type"] == "log"] == [24]

    def test_errors_that_are_found(self, stack: cdk.Stack) -> None:
        """The pattern finds the lines of API Gateway that tell of errors."""
        stage = chat(stack, default_route_settings=RouteSettings(logging_level=LoggingLevel.INFO))
        StageDashboard(stack, "Dashboard", stages=[stage], log_queries=True)
        pattern = re.findall(r" like /(.*)/ \|", logs(stack)[0]["query"])[0]
        for line in (
            "(AbC=) Execution failed due to configuration error: Invalid permissions on Lambda function",
            "(AbC=) Execution failed: Endpoint request timed out",
            "(AbC=) User is not authorized to access this resource",
            "(AbC=) Rate limit exceeded",
        ):
            assert re.search(pattern, line)
        assert not re.search(pattern, "(AbC=) Endpoint response body before transformations: ok")

    def test_a_stage_that_does_not(self, stack: cdk.Stack) -> None:
        """Where the level is OFF there are no execution logs."""
        stage = chat(stack, default_route_settings=RouteSettings(logging_level=LoggingLevel.OFF))
        StageDashboard(stack, "Dashboard", stages=[stage], log_queries=True)
        assert logs(stack) == []


class TestDashboard:
    def test_off_by_default(self, stack: cdk.Stack) -> None:
        """Queries are billed whenever the dashboard is seen, so they are there for those who ask."""
        StageDashboard(stack, "Dashboard", stages=[shop(stack, AccessLogSettings())])
        assert logs(stack) == []

    def test_stages_without_known_logs(
        self, stack: cdk.Stack, http: HttpStage, room: ivs.Stage, websocket: WebSocketStage
    ) -> None:
        """Stages without logs, imported ones and those of IVS have charts only."""
        imported = HttpStage.from_stage_id(stack, "Imported", "aabbccddee/prod")
        live = WebSocketStage.from_stage_attributes(stack, "Live", api_id="aabbccddee", stage_name="live")
        StageDashboard(stack, "Dashboard", stages=[http, room, websocket, imported, live], log_queries=True)
        assert logs(stack) == []
        assert charts(stack) != []

    def test_the_grid(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Log widgets stand two in a row below the charts, and the next stage below them."""
        logged = shop(stack, AccessLogSettings(format=WITH_LATENCY))
        StageDashboard(stack, "Dashboard", stages=[logged, http], log_queries=True)
        widgets = body(stack)["widgets"]
        cells: set[tuple[int, int]] = set()
        for one in widgets:
            own = {
                (x, y)
                for x in range(one["x"], one["x"] + one["width"])
                for y in range(one["y"], one["y"] + one["height"])
            }
            assert not cells & own
            cells |= own
        height = max(y for _, y in cells) + 1
        assert len(cells) == 24 * height
        assert [one["type"] for one in widgets] == ["text", *["metric"] * 3, *["log"] * 4, "text", *["metric"] * 3]

    def test_region_and_account(self, app: cdk.App) -> None:
        """The logs are in the Region and the account of the stage, wherever the dashboard is."""
        here = cdk.Stack(
            app,
            "Here",
            env=cdk.Environment(account="123456789012", region="eu-west-1"),
            cross_region_references=True,
        )
        there = cdk.Stack(
            app,
            "There",
            env=cdk.Environment(account="123456789012", region="us-east-1"),
            cross_region_references=True,
        )
        group = aws_logs.LogGroup.from_log_group_name(there, "Group", "mine")
        StageDashboard(here, "Dashboard", stages=[shop(there, AccessLogSettings(log_group=group))], log_queries=True)
        assert {(widget["region"], "accountId" in widget) for widget in logs(here)} == {("us-east-1", False)}

    def test_size(self, stack: cdk.Stack) -> None:
        """Log widgets count among the 500 of a dashboard."""
        api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
        settings = AccessLogSettings(format=WITH_LATENCY)
        stages = [
            HttpStage(stack, f"Stage{number}", api=api, stage_name=f"stage{number}", access_log_settings=settings)
            for number in range(63)
        ]
        with pytest.raises(StageConfigurationError, match=r"at most 500 widgets.*got 504"):
            StageDashboard(stack, "Dashboard", stages=stages, log_queries=True)
        StageDashboard(stack, "Dashboard", stages=stages[:62], log_queries=True)

    @pytest.mark.parametrize("value", [None, "yes", 1])
    def test_what_is_refused(self, stack: cdk.Stack, http: HttpStage, value: Any) -> None:
        """What is neither True nor False is refused."""
        with pytest.raises(StageConfigurationError, match="log_queries must be True or False"):
            StageDashboard(stack, "Dashboard", stages=[http], log_queries=value)

    def test_the_body_is_json(self, stack: cdk.Stack) -> None:
        """Quotation marks and regular expressions in queries leave the body whole."""
        StageDashboard(stack, "Dashboard", stages=[shop(stack, AccessLogSettings())], log_queries=True)
        assert json.loads(json.dumps(body(stack)))["widgets"]
