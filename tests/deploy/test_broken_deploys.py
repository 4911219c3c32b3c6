"""Deploys that go wrong: what stands before and after is read back and compared."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace

import pytest

from emulator import aws, live_state
from emulator.cdk import NODE, ROOT, Cdk, CdkError

SHOP = """
from aws_cdk import aws_lambda, custom_resources
from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
for path in {paths}:
    api.add_routes(path=path, methods=[apigatewayv2.HttpMethod.GET],
                   integration=HttpUrlIntegration("Backend", "https://backend.example"))
stage = HttpStage(stack, "Stage", api=api, stage_name="{name}", description="{description}",
                  route_settings={{key: RouteSettings(throttling_rate_limit=5) for key in {keys}}})
"""
FAILS = """
late = cdk.CfnResource(stack, "Late", type="AWS::ApiGatewayV2::Deployment", properties={"ApiId": "no-such-api"})
late.node.add_dependency(stage)
"""


def _shop(name="live", description="first", paths=("/pets",), keys=("GET /pets",)) -> str:
    return SHOP.format(name=name, description=description, paths=list(paths), keys=list(keys))


def _apis(emulator: aws.Emulator) -> list[dict[str, str]]:
    apigateway = emulator.client("apigatewayv2")
    found = []
    for api in apigateway.get_apis()["Items"]:
        stages = apigateway.get_stages(ApiId=api["ApiId"])["Items"]
        routes = apigateway.get_routes(ApiId=api["ApiId"])["Items"]
        found.append(
            {
                "api": api["Name"],
                "stages": sorted((stage["StageName"], stage.get("Description", "")) for stage in stages),
                "settings": sorted(key for stage in stages for key in stage.get("RouteSettings", {})),
                "routes": sorted(route["RouteKey"] for route in routes),
            }
        )
    return found


def test_a_resource_that_fails_beside_a_new_stage_leaves_nothing(emulator, make_app):
    """The rollback of a first deploy takes the stage, its routes and its API away again."""
    before = _apis(emulator)
    with pytest.raises(CdkError, match="Invalid API identifier specified"):
        make_app(_shop() + FAILS, stack="half").deploy()
    assert _apis(emulator) == before
    make_app(_shop() + FAILS, stack="half").destroy()


def test_a_resource_that_fails_beside_an_update_leaves_what_was_there(emulator, make_app):
    """The rollback of an update that adds a route with settings brings back the old stage, without a 404."""
    make_app(_shop(), stack="back").deploy()
    before = _apis(emulator)
    grown = _shop(description="second", paths=("/pets", "/cats"), keys=("GET /pets", "GET /cats"))
    with pytest.raises(CdkError, match="Invalid API identifier specified"):
        make_app(grown + FAILS, stack="back").deploy()
    assert _apis(emulator) == before
    make_app(_shop(), stack="back").destroy()


def test_a_route_with_settings_is_renamed(emulator, make_app):
    """The new route is made before the stage is changed, and the old one goes behind it."""
    make_app(_shop(), stack="rename").deploy()
    cdk = make_app(_shop(paths=("/animals",), keys=("GET /animals",)), stack="rename")
    cdk.deploy()
    [shop] = _apis(emulator)
    assert (shop["routes"], shop["settings"]) == (["GET /animals"], ["GET /animals"])
    cdk.destroy()
    assert _apis(emulator) == []


def test_a_route_without_settings_any_more_is_removed(emulator, make_app):
    """Settings and route go in one update."""
    make_app(_shop(paths=("/pets", "/cats"), keys=("GET /pets", "GET /cats")), stack="shrink").deploy()
    cdk = make_app(_shop(), stack="shrink")
    cdk.deploy()
    [shop] = _apis(emulator)
    assert (shop["routes"], shop["settings"]) == (["GET /pets"], ["GET /pets"])
    cdk.destroy()


MAPPED = """
from aws_cdk import aws_certificatemanager as acm
certificate = acm.Certificate.from_certificate_arn(
    stack, "Certificate", "arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555")
domain = apigatewayv2.DomainName(stack, "Domain", domain_name="pets.example", certificate=certificate)
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
stage = HttpStage(stack, "Stage", api=api, stage_name="{name}",
                  domain_mapping=apigatewayv2.DomainMappingOptions(domain_name=domain, mapping_key="v1"))
cdk.CfnOutput(stack, "Url", value=stage.domain_url)
"""


def test_a_stage_is_replaced_under_its_mapping(emulator, make_app):
    """The mapping moves to the new stage before the old one goes, and goes before the stage on delete."""
    make_app(MAPPED.format(name="one"), stack="mapped").deploy()
    assert live_state.outputs(emulator, "mapped")["Url"] == "https://pets.example/v1"
    cdk = make_app(MAPPED.format(name="two"), stack="mapped")
    cdk.deploy()
    apigateway = emulator.client("apigatewayv2")
    [mapping] = apigateway.get_api_mappings(DomainName="pets.example")["Items"]
    assert (mapping["Stage"], mapping["ApiMappingKey"]) == ("two", "v1")
    assert [stage["StageName"] for stage in apigateway.get_stages(ApiId=mapping["ApiId"])["Items"]] == ["two"]
    cdk.destroy()
    assert apigateway.get_domain_names()["Items"] == []


KEPT = """
from aws_cdk import aws_s3 as s3
from stage_constructs.ivs import ParticipantRecording, Stage, StageEventLog, StorageConfiguration
bucket = s3.Bucket(stack, "Recordings")
storage = StorageConfiguration(stack, "Storage", bucket=bucket)
room = Stage(stack, "Room", auto_participant_recording=ParticipantRecording(storage=storage))
log = StageEventLog(stack, "Events", stages=[room])
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
stage = HttpStage(stack, "Stage", api=api, access_log_settings=AccessLogSettings())
cdk.CfnOutput(stack, "Bucket", value=bucket.bucket_name)
cdk.CfnOutput(stack, "Access", value=stage.log_group.log_group_name)
cdk.CfnOutput(stack, "EventLog", value=log.log_group.log_group_name)
"""


def test_logs_and_recordings_outlive_their_stack(emulator, make_app):
    """Bucket, access logs and event logs are there when the stack is gone, and what is in them."""
    cdk = make_app(KEPT, stack="kept")
    cdk.deploy()
    names = live_state.outputs(emulator, "kept")
    s3, logs = emulator.client("s3"), emulator.client("logs")
    s3.put_object(Bucket=names["Bucket"], Key="stage/session/participant/time/media/0.mp4", Body=b"picture")
    cdk.destroy()
    assert s3.list_objects_v2(Bucket=names["Bucket"])["KeyCount"] == 1
    groups = {group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]}
    assert {names["Access"], names["EventLog"]} <= groups


def _in_background(cdk: Cdk, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            str(NODE),
            str(ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"),
            *arguments,
            "--app",
            str(cdk.app),
            "--output",
            str(cdk.output),
        ],
        cwd=cdk.folder,
        env={**cdk.emulator.environment(), "JSII_NODE": str(NODE), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_stacks_are_deployed_at_once(emulator, make_app, tmp_path):
    """Neither takes anything of the other, and both can be destroyed."""
    stacks = []
    for name in ("left", "right"):
        cdk = make_app(_shop(description=name), stack=name)
        folder = tmp_path / name
        folder.mkdir()
        (folder / "app.py").write_text((tmp_path / "app.py").read_text())
        stacks.append((name, replace(cdk, folder=folder, output=folder / "cdk.out")))
    running = [(cdk, _in_background(cdk, "deploy", "--require-approval", "never")) for _, cdk in stacks]
    for _, process in running:
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said
    live = [live_state.stages(emulator, name)["Stage0E8C2AF5"]["Description"] for name, _ in stacks]
    assert live == ["left", "right"]
    for _, cdk in stacks:
        cdk.destroy()
    assert _apis(emulator) == []


def test_the_emulator_is_killed_in_the_middle_of_a_deploy(tmp_path, make_app):
    """The CLI ends with an error; a new emulator on the same port takes the same deploy to its end."""
    with aws.running(tmp_path / "first.log") as first:
        cdk = replace(make_app(_shop(), stack="cut"), emulator=first)
        cdk("bootstrap", f"aws://{aws.ACCOUNT}/{aws.REGION}")
        process = _in_background(cdk, "deploy", "--require-approval", "never")
        deadline = time.monotonic() + 120
        while not (cdk.output / "cut.template.json").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
    said, _ = process.communicate(timeout=300)
    assert process.returncode != 0, said
    with aws.running(tmp_path / "second.log", first.port) as second:
        assert _apis(second) == []
        cdk("bootstrap", f"aws://{aws.ACCOUNT}/{aws.REGION}")
        cdk.deploy()
        [shop] = _apis(second)
        assert shop["settings"] == ["GET /pets"]
        cdk.destroy()
