"""A live stage looked up by a second app, with the real CLI and the emulator's Cloud Control."""

from __future__ import annotations

import json

import pytest

from emulator import aws
from emulator.cdk import CdkError

LIVE = """
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
HttpStage(stack, "Stage", api=api, stage_name="prod", {properties})
"""
LOOKUP = """
from aws_cdk import aws_ssm
there = cdk.Stack(app, "there", env=cdk.Environment(account="{account}", region="{region}"))
stage = HttpStage.from_lookup(there, "Stage", api_id="{api_id}", stage_name="{name}")
cdk.CfnOutput(there, "Known", value=repr((
    stage.description, stage.auto_deploy, stage.deployment_id, stage.stage_variables, stage.tags
)))
aws_ssm.StringParameter(there, "Url", string_value=stage.url)
"""


def _deploy_and_look_up(emulator, make_app, *, name="prod", properties="description='live'"):
    live = make_app(LIVE.format(properties=properties), stack="looked-up")
    live.deploy()
    api_id = emulator.client("apigatewayv2").get_apis()["Items"][0]["ApiId"]
    try:
        app = make_app(LOOKUP.format(account=aws.ACCOUNT, region=aws.REGION, api_id=api_id, name=name), stack="unused")
        app("synth", "there", "--quiet")
        context = json.loads((app.folder / "cdk.context.json").read_text())
        template = json.loads((app.output / "there.template.json").read_text())
        return api_id, template["Outputs"]["Known"]["Value"], context
    finally:
        make_app(LIVE.format(properties=properties), stack="looked-up").destroy()


def test_knows_what_is_live(emulator, make_app):
    """Description, auto deploy, variables and tags are those of the live stage, and the answer is kept."""
    properties = "description='live', stage_variables={'table': 'pets'}, tags={'team': 'pets'}"
    _, known, context = _deploy_and_look_up(emulator, make_app, properties=properties)
    assert known == repr(("live", True, None, {"table": "pets"}, {"team": "pets"}))
    assert len([key for key in context if key.startswith("cc-api-provider")]) == 1


def test_properties_that_the_stage_does_not_have_are_empty(emulator, make_app):
    """A stage without a deployment of its own is looked up without one."""
    _, known, _ = _deploy_and_look_up(emulator, make_app)
    assert known == repr(("live", True, None, {}, {}))


def test_a_stage_that_is_not_there_is_said(emulator, make_app):
    """The error names stage and API, with the words of Cloud Control."""
    with pytest.raises(CdkError, match=r"there/Stage: stage_name must be that of a stage of API \w+ in the account"):
        _deploy_and_look_up(emulator, make_app, name="absent")
