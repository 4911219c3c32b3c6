"""A dashboard and alarms, deployed by the real CDK CLI and read back through CloudWatch's own API."""

from __future__ import annotations

import json

import pytest

BODY = """
from aws_cdk import aws_cloudwatch_actions as actions, aws_sns as sns
from stage_constructs.monitoring import *

shop = HttpStage(stack, "Shop", api=apigatewayv2.HttpApi(stack, "ShopApi", create_default_stage=False))
chat = WebSocketStage(
    stack,
    "Chat",
    api=apigatewayv2.WebSocketApi(stack, "ChatApi"),
    stage_name="prod",
    route_settings={{"$connect": RouteSettings(detailed_metrics_enabled=True)}},
)
StageDashboard(stack, "Dashboard", stages=[shop, chat], dashboard_name="stages")
action = actions.SnsAction(sns.Topic(stack, "Topic", topic_name="on-call"))
StageAlarms(stack, "ShopAlarms", stage=shop, actions=[action], {shop})
StageAlarms(stack, "ChatAlarms", stage=chat, ok_actions=[action], {chat})
"""
NO_RATES = {
    "shop": "server_error_rate=None, client_error_rate=None, latency_ms=800",
    "chat": "integration_error_rate=None, execution_error_rate=None, client_error_rate=None,"
    " integration_latency_ms=None",
}


@pytest.fixture
def api_ids(emulator):
    """The ids of the APIs that there are, by protocol."""

    def read() -> dict[str, str]:
        return {api["ProtocolType"]: api["ApiId"] for api in emulator.client("apigatewayv2").get_apis()["Items"]}

    return read


def test_a_dashboard_is_created_and_destroyed(emulator, make_app, api_ids):
    """The live dashboard shows both stages by the ids of their APIs; destroy leaves nothing."""
    cdk = make_app(BODY.format(**NO_RATES), stack="watched")
    cdk.deploy()
    ids = api_ids()
    cloudwatch = emulator.client("cloudwatch")
    widgets = json.loads(cloudwatch.get_dashboard(DashboardName="stages")["DashboardBody"])["widgets"]
    assert [one["properties"]["markdown"] for one in widgets if one["type"] == "text"] == [
        f"## HTTP stage $default of API {ids['HTTP']}",
        f"## WebSocket stage prod of API {ids['WEBSOCKET']}",
    ]
    charts = [one["properties"] for one in widgets if one["type"] == "metric"]
    assert {chart["region"] for chart in charts} == {"us-east-1"}
    assert charts[0]["metrics"][0][:6] == ["AWS/ApiGateway", "Count", "ApiId", ids["HTTP"], "Stage", "$default"]
    assert charts[-1]["metrics"][0][6:8] == ["Route", "$connect"]
    cdk.destroy()
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


def test_alarms_are_created_changed_and_destroyed(emulator, make_app, api_ids):
    """The live alarm has its threshold and its action; a changed threshold reaches it, destroy leaves nothing."""
    make_app(BODY.format(**NO_RATES), stack="alarmed").deploy()
    cloudwatch = emulator.client("cloudwatch")
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (800, "GreaterThanOrEqualToThreshold")
    assert (alarm["ExtendedStatistic"], alarm["Period"], alarm["EvaluationPeriods"]) == ("p90", 60, 5)
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["Dimensions"] == [
        {"Name": "ApiId", "Value": api_ids()["HTTP"]},
        {"Name": "Stage", "Value": "$default"},
    ]
    assert [action.rpartition(":")[2] for action in alarm["AlarmActions"]] == ["on-call"]
    slower = {**NO_RATES, "shop": NO_RATES["shop"].replace("800", "900")}
    cdk = make_app(BODY.format(**slower), stack="alarmed")
    cdk.deploy()
    assert [one["Threshold"] for one in cloudwatch.describe_alarms()["MetricAlarms"]] == [900]
    cdk.destroy()
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_rates_are_created(emulator, make_app, api_ids):
    """The live alarms on rates have their expressions, over the metrics of the stage."""
    cdk = make_app(
        BODY.format(shop="latency_ms=None", chat="client_error_rate=None, integration_latency_ms=None"), stack="rated"
    )
    cdk.deploy()
    cloudwatch = emulator.client("cloudwatch")
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    assert {one["Threshold"] for one in alarms} == {0.05}
    dimensions = {
        tuple(dimension["Value"] for dimension in metric["MetricStat"]["Metric"]["Dimensions"])
        for alarm in alarms
        for metric in alarm["Metrics"][1:]
    }
    assert dimensions == {(api_ids()["HTTP"], "$default"), (api_ids()["WEBSOCKET"], "prod")}
    assert [one["Metrics"][0]["Expression"][:3] for one in alarms] == ["IF("] * 4
    assert sum(bool(one["OKActions"]) for one in alarms) == 2
    cdk.destroy()
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
