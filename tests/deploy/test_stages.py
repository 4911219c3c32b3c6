"""Stages deployed by the real CDK CLI, read back through the service's own API."""

from __future__ import annotations

import pytest

from emulator import live_state
from emulator.cdk import CdkError

STAGE = """
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
HttpStage(stack, "Stage", api=api, stage_name="{name}", description="{description}",
          default_route_settings=RouteSettings(throttling_rate_limit={rate}),
          stage_variables={variables}, tags={{"team": "pets"}})
"""


def _stage(name="prod", description="first", rate=100, variables='{"table": "one"}') -> str:
    return STAGE.format(name=name, description=description, rate=rate, variables=variables)


def test_a_stage_is_created_updated_in_place_and_destroyed(emulator, make_app):
    """A changed setting reaches the live stage without replacing it, and destroy leaves nothing."""
    make_app(_stage(), stack="life").deploy()
    created = live_state.stages(emulator, "life")["Stage0E8C2AF5"]
    cdk = make_app(_stage(description="second", rate=7.5, variables='{"table": "two"}'), stack="life")
    cdk.deploy()
    updated = live_state.stages(emulator, "life")["Stage0E8C2AF5"]
    assert created["DefaultRouteSettings"] == {
        "DetailedMetricsEnabled": False,
        "ThrottlingBurstLimit": 5000,
        "ThrottlingRateLimit": 100.0,
    }
    assert updated["DefaultRouteSettings"]["ThrottlingRateLimit"] == 7.5
    assert (updated["Description"], updated["StageVariables"]) == ("second", {"table": "two"})
    assert updated["CreatedDate"] == created["CreatedDate"]
    assert live_state.differences(emulator, "life", cdk.output) == []
    cdk.destroy()
    assert emulator.client("apigatewayv2").get_apis()["Items"] == []


def test_a_new_stage_name_replaces_the_stage(emulator, make_app):
    """The stage of the new name is there, the one of the old name is gone."""
    make_app(_stage(name="one"), stack="renamed").deploy()
    cdk = make_app(_stage(name="two"), stack="renamed")
    cdk.deploy()
    stages = live_state.stages(emulator, "renamed")
    assert [stage["StageName"] for stage in stages.values()] == ["two"]
    cdk.destroy()


def test_the_log_group_that_a_stage_makes_outlives_its_stack(emulator, make_app):
    """Access logs are kept when the stack is destroyed, and the stack can be deployed again."""
    body = """
    api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
    HttpStage(stack, "Stage", api=api, access_log_settings=AccessLogSettings())
    """
    logs = emulator.client("logs")
    for times in (1, 2):
        cdk = make_app(body, stack="logged")
        cdk.deploy()
        destination = live_state.stages(emulator, "logged")["Stage0E8C2AF5"]["AccessLogSettings"]["DestinationArn"]
        cdk.destroy()
        kept = logs.describe_log_groups(logGroupNamePrefix="/aws/vendedlogs/apis/logged")["logGroups"]
        assert len(kept) == times
        assert destination.rpartition(":")[2] in {group["logGroupName"] for group in kept}


def test_a_second_synth_shows_no_difference(make_app):
    """`cdk diff` is empty right after a deploy."""
    cdk = make_app(_stage(), stack="same")
    cdk.deploy()
    said = cdk("diff", "--fail")
    assert "Number of stacks with differences: 0" in said
    cdk.destroy()


def test_what_the_service_would_refuse_never_reaches_it(emulator, make_app):
    """A wrong name ends the synth with the service's own words; nothing is deployed."""
    with pytest.raises(CdkError, match="Stage name only allows a-zA-Z0-9_"):
        make_app(_stage(name="bad stage"), stack="refused").deploy()
    stacks = emulator.client("cloudformation").describe_stacks()["Stacks"]
    assert "refused" not in {stack["StackName"] for stack in stacks}
