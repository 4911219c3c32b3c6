"""What happens to logs and stages over several deploys: failed ones, settings taken back, constructs moved."""

from __future__ import annotations

import pytest

from emulator import clients, live_state
from emulator.cdk import CdkError

SHOP = """
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
stage = HttpStage(stack, "Stage", api=api, {settings})
{more}
"""
LOGGED = "access_log_settings=AccessLogSettings()"
FAILS = """
late = cdk.CfnResource(stack, "Late", type="AWS::ApiGatewayV2::Deployment", properties={"ApiId": "no-such-api"})
late.node.add_dependency(stage)
"""


def _shop(settings="", more="") -> str:
    return SHOP.format(settings=settings, more=more)


@pytest.fixture
def access_logs(emulator):
    """Names of the log groups for access logs that there are for a stack."""

    def read(stack: str) -> list[str]:
        prefix = f"/aws/vendedlogs/apis/{stack}-"
        groups = emulator.client("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
        return [group["logGroupName"] for group in groups]

    return read


def test_an_update_that_adds_access_logs_and_fails_does_not_block_the_next(emulator, make_app, access_logs):
    """The rollback deletes the log group that it has created, so the next deploy can create it."""
    make_app(_shop(), stack="later").deploy()
    with pytest.raises(CdkError, match="Invalid API identifier specified"):
        make_app(_shop(LOGGED, FAILS), stack="later").deploy()
    assert access_logs("later") == []
    cdk = make_app(_shop(LOGGED), stack="later")
    cdk.deploy()
    [stage] = live_state.stages(emulator, "later").values()
    [name] = access_logs("later")
    assert stage["AccessLogSettings"]["DestinationArn"].endswith(f":{name}")
    cdk.destroy()
    assert access_logs("later") == [name]


LITERAL = """
stage.log_group.node.default_child.log_group_name = "{name}"
"""


def test_access_logs_are_turned_off_and_on_again(emulator, make_app, access_logs):
    """The group that was kept is refused, then imported with its events; its name may be left out afterwards."""
    make_app(_shop(LOGGED), stack="onoff").deploy()
    [name] = access_logs("onoff")
    logs = emulator.client("logs")
    logs.create_log_stream(logGroupName=name, logStreamName="before")
    make_app(_shop(), stack="onoff").deploy()
    assert access_logs("onoff") == [name]

    on_again = make_app(_shop(LOGGED), stack="onoff")
    for options in ((), ("--import-existing-resources",)):  # the second imports only names that are literals
        with pytest.raises(CdkError, match=r"AWS::Logs::LogGroup' with identifier(.|\n)*already exists"):
            on_again.deploy(*options)
    [stage] = live_state.stages(emulator, "onoff").values()
    assert "AccessLogSettings" not in stage

    make_app(_shop(LOGGED, LITERAL.format(name=name)), stack="onoff").deploy("--import-existing-resources")
    [stage] = live_state.stages(emulator, "onoff").values()
    assert stage["AccessLogSettings"]["DestinationArn"].endswith(f":{name}")
    cdk = make_app(_shop(LOGGED), stack="onoff")
    cdk.deploy()
    assert access_logs("onoff") == [name]
    assert [each["logStreamName"] for each in logs.describe_log_streams(logGroupName=name)["logStreams"]] == ["before"]
    cdk.destroy()


SERVING = """
from aws_cdk import aws_certificatemanager as acm, aws_lambda
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from stage_constructs import ivs
function = aws_lambda.Function(
    stack, "Function", runtime=aws_lambda.Runtime.PYTHON_3_13, handler="index.handler",
    code=aws_lambda.Code.from_inline("def handler(event, context): return 'served'"),
)
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
api.add_routes(path="/pets", integration=HttpLambdaIntegration("Pets", function))
certificate = acm.Certificate.from_certificate_arn(
    stack, "Certificate", "arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555")
domain = apigatewayv2.DomainName(stack, "Domain", domain_name="moved.example", certificate=certificate)
stage = HttpStage(stack, "{id}", api=api, stage_name="live", description="{id}",
                  domain_mapping=apigatewayv2.DomainMappingOptions(domain_name=domain, mapping_key="v1"))
room = ivs.Stage(stack, "{id}Room")
{more}
cdk.CfnOutput(stack, "Url", value=stage.url)
cdk.CfnOutput(stack, "Room", value=room.stage_arn)
"""
KEPT_IDS = """
stage.node.default_child.override_logical_id("Stage0E8C2AF5")
room.node.default_child.override_logical_id("StageRoomD71C0DA7")
{mapping}
"""
KEPT_MAPPING = """
stage.node.find_child("DomainMapping").node.default_child.override_logical_id("StageDomainMappingE7C5938F")
"""


def test_a_stage_construct_is_moved(emulator, make_app):
    """A new logical id is refused and the old stage still serves; with the old ids stages and mapping stay."""
    apigateway = emulator.client("apigatewayv2")
    make_app(SERVING.format(id="Stage", more=""), stack="moved").deploy()
    created = live_state.stages(emulator, "moved")["Stage0E8C2AF5"]["CreatedDate"]
    before = live_state.outputs(emulator, "moved")
    url = before["Url"] + "/pets"
    [mapping] = apigateway.get_api_mappings(DomainName="moved.example")["Items"]
    with pytest.raises(CdkError, match="ConflictException: Stage already exists"):
        make_app(SERVING.format(id="Shop", more=""), stack="moved").deploy()
    assert clients.get(emulator, url) == (200, "served")
    assert live_state.stages(emulator, "moved")["Stage0E8C2AF5"]["Description"] == "Stage"

    with pytest.raises(CdkError, match="ApiMapping key already exists for this domain name"):
        make_app(SERVING.format(id="Shop", more=KEPT_IDS.format(mapping="")), stack="moved").deploy()
    cdk = make_app(SERVING.format(id="Shop", more=KEPT_IDS.format(mapping=KEPT_MAPPING)), stack="moved")
    cdk.deploy()
    [(logical_id, stage)] = live_state.stages(emulator, "moved").items()
    assert (logical_id, stage["Description"], stage["CreatedDate"]) == ("Stage0E8C2AF5", "Shop", created)
    assert apigateway.get_api_mappings(DomainName="moved.example")["Items"] == [mapping]
    assert clients.get(emulator, url) == (200, "served")
    assert live_state.outputs(emulator, "moved") == before
    cdk.destroy()


NATIVE = """
from aws_cdk import aws_certificatemanager as acm
certificate = acm.Certificate.from_certificate_arn(
    stack, "Certificate", "arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555")
domain = apigatewayv2.DomainName(stack, "Domain", domain_name="native.example", certificate=certificate)
mapping = apigatewayv2.DomainMappingOptions(domain_name=domain, mapping_key="v1")
{api}
"""
NATIVE_API = 'apigatewayv2.HttpApi(stack, "Api", default_domain_mapping=mapping)'
OUR_STAGE = """
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
stage = HttpStage(api, "DefaultStage", api=api, domain_mapping=mapping)
"""


def test_the_mapping_of_a_native_default_stage_is_kept(emulator, make_app):
    """With the logical id of the native mapping, the stage of this library takes over without another mapping."""
    apigateway = emulator.client("apigatewayv2")
    make_app(NATIVE.format(api=NATIVE_API), stack="native").deploy()
    [(stage_id, before)] = live_state.stages(emulator, "native").items()
    resources = emulator.client("cloudformation").describe_stack_resources(StackName="native")["StackResources"]
    kept = {each["LogicalResourceId"] for each in resources if each["ResourceType"] == "AWS::ApiGatewayV2::ApiMapping"}
    [mapping] = apigateway.get_api_mappings(DomainName="native.example")["Items"]

    with pytest.raises(CdkError, match="ApiMapping key already exists for this domain name"):
        make_app(NATIVE.format(api=OUR_STAGE), stack="native").deploy()
    override = KEPT_MAPPING.replace("StageDomainMappingE7C5938F", kept.pop())
    cdk = make_app(NATIVE.format(api=OUR_STAGE + override), stack="native")
    cdk.deploy()
    assert apigateway.get_api_mappings(DomainName="native.example")["Items"] == [mapping]
    assert live_state.stages(emulator, "native")[stage_id]["CreatedDate"] == before["CreatedDate"]
    cdk.destroy()


EVENTS = """
from stage_constructs.ivs import Stage, StageEventLog
environment = cdk.Stack(app, "Video", stack_name="{name}")
log = StageEventLog(environment, "Events", stages=[Stage(environment, "Room")])
cdk.CfnOutput(environment, "LogGroup", value=log.log_group.log_group_name)
"""


@pytest.fixture
def event_log(emulator):
    """Which log groups the log resource policies name, and how many rules write to a log group of a stack."""

    def read(stack: str) -> tuple[bool, int]:
        name = live_state.outputs(emulator, stack)["LogGroup"]
        policies = emulator.client("logs").describe_resource_policies()["resourcePolicies"]
        allowed = any(f":log-group:{name}:*" in policy["policyDocument"] for policy in policies)
        events = emulator.client("events")
        rules = [rule["Name"] for rule in events.list_rules(NamePrefix=stack)["Rules"] if rule["State"] == "ENABLED"]
        targets = [target["Arn"] for rule in rules for target in events.list_targets_by_rule(Rule=rule)["Targets"]]
        return allowed, sum(arn.endswith(f":log-group:{name}") for arn in targets)

    return read


def test_one_of_two_environments_is_destroyed(make_app, event_log):
    """Two stacks of the same constructs in one account: the event log of the other is still written."""
    make_app(EVENTS.format(name="video-test"), stack="unused").deploy("Video")
    production = make_app(EVENTS.format(name="video-prod"), stack="unused")
    production.deploy("Video")
    assert event_log("video-test") == event_log("video-prod") == (True, 2)
    make_app(EVENTS.format(name="video-test"), stack="unused").destroy("Video")
    assert event_log("video-prod") == (True, 2)
    make_app(EVENTS.format(name="video-prod"), stack="unused").destroy("Video")


KEYS = """
from aws_cdk import aws_kms as kms
from stage_constructs.ivs import StageEventLog
keys = cdk.Stack(app, "keys")
key = kms.Key(keys, "Key")
api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
HttpStage(stack, "Stage", api=api, access_log_settings=AccessLogSettings(encryption_key=key))
StageEventLog(stack, "Events", encryption_key=key)
"""


def test_logs_are_encrypted_with_a_key_of_another_stack(emulator, make_app):
    """Its policy allows CloudWatch Logs to use it for the log groups of the stage and of the events."""
    cdk = make_app(KEYS, stack="encrypted")
    cdk.deploy("--all")
    cloudformation, logs = emulator.client("cloudformation"), emulator.client("logs")
    [key] = cloudformation.describe_stack_resources(StackName="keys")["StackResources"]
    resources = cloudformation.describe_stack_resources(StackName="encrypted")["StackResources"]
    names = {each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Logs::LogGroup"}
    groups = [group for group in logs.describe_log_groups()["logGroups"] if group["logGroupName"] in names]
    assert [group["kmsKeyId"].rpartition("/")[2] for group in groups] == [key["PhysicalResourceId"]] * 2
    cdk.destroy("--all")
