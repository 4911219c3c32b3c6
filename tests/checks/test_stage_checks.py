"""The plugin in an app: what it reads, how it reports, and how a finding is acknowledged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_apigatewayv2 as v2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_ivs as cfn_ivs
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import cloudformation_include as include

import stage_constructs
from stage_constructs import apigatewayv2, ivs
from stage_constructs.checks import StageChecks
from tests.ivs import keys

from . import cases, template_helpers

KNOWS_PLACES = not version("aws-cdk-lib").startswith("2.262.")
"""CDK 2.262 took an acknowledgment of a finding for the whole app, and not for the warning of a construct."""


class Reported(NamedTuple):
    """What matters of a violation in CDK's report."""

    construct_path: str
    logical_id: str
    rule: str
    severity: str
    locations: list[str]


def new_app() -> cdk.App:
    """An app with the checks."""
    app = cdk.App(analytics_reporting=False)
    cdk.Validations.of(app).add_plugins(StageChecks())
    return app


@pytest.fixture
def checked() -> cdk.App:
    """An app with the checks."""
    return new_app()


@pytest.fixture
def stack(checked: cdk.App) -> cdk.Stack:
    """A stack of that app."""
    return cdk.Stack(checked, "Stack", env=cdk.Environment(account="123456789012", region="eu-west-1"))


def report(app: cdk.App) -> dict[str, Any]:
    """CDK's report of a synth, failed or not; empty where nothing was found."""
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error), error  # noqa: PT017
    path = Path(app.outdir) / "validation-report.json"
    reports = json.loads(path.read_text())["pluginReports"] if path.is_file() else []
    return next((each for each in reports if each["pluginName"] == "stage-constructs"), {"violations": []})


def reported(app: cdk.App) -> list[Reported]:
    """What the checks found in an app."""
    return [
        Reported(
            construct["constructPath"],
            construct["cloudFormationResource"]["logicalId"],
            violation["ruleName"].removeprefix("Annotation::stage-constructs:"),
            violation["severity"],
            construct["cloudFormationResource"]["propertyPaths"],
        )
        for violation in report(app)["violations"]
        for construct in violation["violatingConstructs"]
    ]


def native(stack: cdk.Stack) -> None:
    """A native stage with a fault that its construct lets through."""
    api = v2.HttpApi(stack, "Api", create_default_stage=False)
    v2.HttpStage(stack, "Stage", http_api=api, stage_name="my stage", auto_deploy=True)


def l1(stack: cdk.Stack) -> None:
    """An L1 stage with the same fault."""
    v2.CfnStage(stack, "Stage", api_id="abc", stage_name="my stage", auto_deploy=True)


def raw(stack: cdk.Stack) -> None:
    """A raw resource with the same fault."""
    properties = {"ApiId": "abc", "StageName": "my stage", "AutoDeploy": True}
    cdk.CfnResource(stack, "Stage", type="AWS::ApiGatewayV2::Stage", properties=properties)


def overridden(stack: cdk.Stack) -> None:
    """A stage of ours with the same fault by an override."""
    api = v2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="abc")
    stage = apigatewayv2.HttpStage(stack, "Stage", api=api)
    resource = stage.node.default_child
    assert isinstance(resource, v2.CfnStage)
    resource.add_property_override("StageName", "my stage")


class TestWhoeverMadeIt:
    @pytest.mark.parametrize(
        ("make", "path"),
        [
            (native, "Stack/Stage/Resource"),
            (l1, "Stack/Stage"),
            (raw, "Stack/Stage"),
            (overridden, "Stack/Stage/Resource"),
        ],
        ids=lambda each: getattr(each, "__name__", None),
    )
    def test_a_stage_is_checked(
        self, checked: cdk.App, stack: cdk.Stack, make: Callable[[cdk.Stack], None], path: str
    ) -> None:
        """The fault is reported with construct, logical id and property, whoever made the stage."""
        make(stack)
        [found] = reported(checked)
        assert found.construct_path == path
        assert found.logical_id.startswith("Stage")
        assert found[2:] == ("stageName", "error", ["Properties.StageName"])

    def test_an_included_template(self, checked: cdk.App, stack: cdk.Stack, tmp_path: Path) -> None:
        """A template of another tool is checked under the logical ids that it has."""
        content = {"Resources": template_helpers.http({"StageName": "my stage"})}
        (tmp_path / "t.json").write_text(json.dumps(content))
        include.CfnInclude(stack, "Included", template_file=str(tmp_path / "t.json"))
        [found] = reported(checked)
        assert found[:3] == ("Stack/Included/Stage", "Stage", "stageName")

    def test_a_nested_stack(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """A nested stack is checked with the stack it is nested in."""
        nested = cdk.NestedStack(stack, "Nested")
        l1(nested)
        l1(cdk.NestedStack(nested, "Deeper"))
        found = {each.construct_path for each in reported(checked)}
        assert found == {"Stack/Nested/Stage", "Stack/Nested/Deeper/Stage"}

    def test_the_role_of_the_account_may_stand_in_the_parent(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """A nested stage that logs finds the role of the account in the stack it is nested in."""
        cdk.CfnResource(stack, "Account", type="AWS::ApiGateway::Account")
        nested = cdk.NestedStack(stack, "Nested")
        api = v2.WebSocketApi(nested, "Api")
        settings = v2.CfnStage.RouteSettingsProperty(logging_level="INFO")
        v2.CfnStage(nested, "Stage", api_id=api.api_id, stage_name="prod", default_route_settings=settings)
        assert reported(checked) == []

    def test_a_stage_of_cdk(self, checked: cdk.App) -> None:
        """A stack in a `cdk.Stage` is checked."""
        l1(cdk.Stack(cdk.Stage(checked, "Prod"), "Stack"))
        [found] = reported(checked)
        assert found.construct_path == "Prod/Stack/Stage"

    def test_a_stage_of_cdk_alone(self) -> None:
        """Added to a `cdk.Stage`, the checks read what stands in it and nothing else."""
        app = cdk.App(analytics_reporting=False)
        prod = cdk.Stage(app, "Prod")
        cdk.Validations.of(prod).add_plugins(StageChecks())
        l1(cdk.Stack(prod, "Stack"))
        l1(cdk.Stack(app, "Other"))
        assert [each.construct_path for each in reported(app)] == ["Prod/Stack/Stage"]

    def test_the_whole_of_ours_is_clean(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """Constructs of this library with all their settings are silent."""
        http_api = v2.HttpApi(stack, "HttpApi", create_default_stage=False)
        url = integrations.HttpUrlIntegration("Url", "https://example.com")
        [route] = http_api.add_routes(path="/pets", methods=[v2.HttpMethod.GET], integration=url)
        chat = v2.WebSocketApi(stack, "Chat")
        send = chat.add_route("send", integration=integrations.WebSocketMockIntegration("Mock"))
        settings = apigatewayv2.RouteSettings(throttling_burst_limit=5)
        logged = apigatewayv2.AccessLogSettings()
        apigatewayv2.HttpStage(
            stack, "Http", api=http_api, route_settings={route: settings}, access_log_settings=logged
        )
        apigatewayv2.WebSocketStage(
            stack,
            "WebSocket",
            api=chat,
            stage_name="prod",
            account=apigatewayv2.ApiGatewayAccount.of(stack),
            deployment=apigatewayv2.Deployment(stack, "Deployment", api=chat),
            default_route_settings=apigatewayv2.RouteSettings(logging_level=apigatewayv2.LoggingLevel.INFO),
            route_settings={send: settings},
            access_log_settings=logged,
        )
        bucket = s3.Bucket(stack, "Bucket", enforce_ssl=True)
        storage = ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
        thumbnails = ivs.Thumbnails.interval(cdk.Duration.seconds(60))
        stage = ivs.Stage(
            stack,
            "Stage",
            auto_participant_recording=ivs.ParticipantRecording(storage=storage, thumbnails=thumbnails),
            tags={"team": "chat"},
        )
        ivs.Stage(stack, "Plain")
        ivs.EncoderConfiguration(stack, "Encoder")
        ivs.PublicKey(stack, "Key", public_key_material=keys.P384)
        ivs.IngestConfiguration(stack, "Ingest", stage=stage)
        assert report(checked)["violations"] == []

    def test_native_constructs_are_clean_but_for_what_they_do_wrong(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """Native stages are silent by default; with access logs they show the drift and the missing role."""
        v2.HttpApi(stack, "Pets")
        chat = v2.WebSocketApi(stack, "Chat")
        chat.add_route("send", integration=integrations.WebSocketMockIntegration("Mock"))
        group = logs.LogGroup(stack, "Group")
        v2.WebSocketStage(stack, "Quiet", web_socket_api=chat, stage_name="quiet", auto_deploy=True)

        v2.WebSocketStage(
            stack,
            "Logging",
            web_socket_api=chat,
            stage_name="logging",
            auto_deploy=True,
            access_log_settings=_Logs(v2.LogGroupLogDestination(group)),
        )
        assert {(each.construct_path, each.rule, each.severity) for each in reported(checked)} == {
            ("Stack/Logging/Resource", "accountLoggingRole", "warning"),
            ("Stack/Logging/Resource", "logGroupArnWildcard", "warning"),
        }


@jsii.implements(v2.IAccessLogSettings)
class _Logs:
    def __init__(self, destination: v2.IAccessLogDestination) -> None:
        self._destination = destination

    @property
    def destination(self) -> v2.IAccessLogDestination:
        return self._destination

    @property
    def format(self) -> None:
        return None


class TestReport:
    def test_an_error_stops_the_synth(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """What the service refuses fails the synth, with all that a reader needs in the text."""
        api = v2.CfnApi(stack, "Api", name="pets", protocol_type="HTTP")
        settings = v2.CfnStage.RouteSettingsProperty(logging_level="INFO")
        v2.CfnStage(stack, "Stage", api_id=api.ref, stage_name="prod", default_route_settings=settings)
        with pytest.raises(RuntimeError, match="ValidationFailed") as failed:
            checked.synth()
        text = str(failed.value)
        for said in (
            "stage-constructs:executionLogsOnHttp",
            "DefaultRouteSettings.LoggingLevel must be left out on an HTTP stage",
            'got "INFO"',
            "Execution logs are not supported on protocolType HTTP",
            "use AccessLogSettings to log requests",
            "Stack/Stage",
        ):
            assert said in text

    def test_a_warning_does_not(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """What is surely a mistake is reported, and the synth succeeds."""
        settings = v2.CfnStage.RouteSettingsProperty(throttling_rate_limit=0)
        v2.CfnStage(stack, "Stage", api_id="abc", stage_name="prod", auto_deploy=True, default_route_settings=settings)
        checked.synth()
        assert [each.severity for each in reported(checked)] == ["warning"]
        assert report(checked)["conclusion"] == "success"

    def test_equal_findings_are_one_violation(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """A fault that many stages share is told once, with all of them."""
        for index in range(3):
            v2.CfnStage(stack, f"Stage{index}", api_id=f"abc{index}", stage_name="my stage", auto_deploy=True)
            cfn_ivs.CfnStage(stack, f"Ivs{index}", name="my stage")
        violations = report(checked)["violations"]
        assert [len(each["violatingConstructs"]) for each in violations] == [3, 3]

    def test_a_violation_names_its_pages(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """A violation names the section about its rule in the documentation, and the page of AWS."""
        l1(stack)
        [violation] = report(checked)["violations"]
        assert violation["ruleMetadata"]["docs"] == "docs/rules.md#stagename"
        assert violation["ruleMetadata"]["source"].startswith("https://docs.aws.amazon.com/")

    def test_a_private_key_is_never_shown(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """The text of a private key does not stand in what the checks report."""
        material = keys.pem(keys.SECRET, "EC PRIVATE KEY")
        cfn_ivs.CfnPublicKey(stack, "Key", public_key_material=material)
        cfn_ivs.CfnPublicKey(stack, "Joined", public_key_material=cdk.Fn.join("", [material, cdk.Aws.REGION]))
        with pytest.raises(RuntimeError) as failed:
            checked.synth()
        assert "stage-constructs:privateKey" in str(failed.value)
        assert keys.SECRET[:8] not in json.dumps(report(checked))
        assert sorted(each.logical_id for each in reported(checked)) == ["Joined", "Key"]

    def test_the_plugin_names_itself(self) -> None:
        """Name, version and the ids of all rules are known to CDK."""
        checks = StageChecks()
        assert (checks.name, checks.version) == ("stage-constructs", stage_constructs.__version__)
        assert checks.rule_ids is not None
        assert "stage-constructs:zeroThrottle" in checks.rule_ids


def throttled(scope: Any, id: str) -> v2.CfnStage:
    """A stage with a warning and an error."""
    settings = v2.CfnStage.RouteSettingsProperty(throttling_burst_limit=0)
    return v2.CfnStage(scope, id, api_id=id, stage_name="my stage", auto_deploy=True, default_route_settings=settings)


def acknowledge(scope: Any, *rules: str) -> None:
    """Acknowledge rules by their ids."""
    for rule in rules:
        cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=rule, reason="it is so on purpose"))


class TestAcknowledging:
    @pytest.mark.parametrize("prefix", ["stage-constructs:", "Annotation::stage-constructs:"])
    def test_at_the_stage(self, checked: cdk.App, stack: cdk.Stack, prefix: str) -> None:
        """A finding that is acknowledged at its construct is not reported there, but at others; the reason is kept."""
        acknowledge(throttled(stack, "One"), f"{prefix}zeroThrottle", f"{prefix}stageName")
        throttled(stack, "Two")
        found = reported(checked)
        others = {("Two", "zeroThrottle"), ("Two", "stageName")}
        assert {(each.logical_id, each.rule) for each in found} == (others if KNOWS_PLACES else set())
        kept = report(checked)["suppressedViolations"]
        assert {each["reason"] for each in kept} == {"it is so on purpose"}

    def test_above_the_stage(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """A finding that is acknowledged at the stack is not reported anywhere in it."""
        throttled(stack, "One")
        throttled(stack, "Two")
        acknowledge(stack, "stage-constructs:zeroThrottle")
        assert {each.rule for each in reported(checked)} == {"stageName"}

    def test_an_error_that_is_acknowledged_lets_the_synth_succeed(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """With all errors acknowledged the synth succeeds."""
        throttled(stack, "One")
        acknowledge(checked, "stage-constructs:stageName")
        checked.synth()

    def test_once_for_the_construct_and_the_finding(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """One acknowledgment silences the warning of our construct and the finding in its template."""
        api = v2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="abc")
        zero = apigatewayv2.RouteSettings(throttling_burst_limit=0)
        stage = apigatewayv2.HttpStage(stack, "Stage", api=api, default_route_settings=zero)
        acknowledge(stage, "stage-constructs:zeroThrottle")
        assembly = checked.synth()
        if KNOWS_PLACES:
            assert assembly.get_stack_by_name("Stack").messages == []
        assert report(checked)["violations"] == []

    def test_another_rule_does_not_count(self, checked: cdk.App, stack: cdk.Stack) -> None:
        """Only the rule that is named is acknowledged."""
        acknowledge(throttled(stack, "One"), "stage-constructs:tags", "other::zeroThrottle")
        assert {each.rule for each in reported(checked)} == {"zeroThrottle", "stageName"}


class TestCosts:
    def test_an_import_is_light(self) -> None:
        """Neither the import of the checks nor a check loads the constructs of a service."""
        program = (
            "import sys, aws_cdk as cdk; from stage_constructs.checks import StageChecks\n"
            "loaded = lambda: sorted(n for n in sys.modules if n.startswith(('aws_cdk.aws_', 'stage_constructs.')))\n"
            "print(*loaded())\n"
            "app = cdk.App(analytics_reporting=False)\n"
            "cdk.Validations.of(app).add_plugins(StageChecks())\n"
            "cdk.CfnResource(cdk.Stack(app, 'S'), 'Stage', type='AWS::IVS::Stage')\n"
            "app.synth(); print(*loaded())"
        )
        done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        heavy = ("aws_cdk.aws_", "stage_constructs.ivs", "stage_constructs.apigatewayv2")
        for line in done.stdout.splitlines():
            assert not [name for name in line.split() if name.startswith(heavy)]

    @pytest.mark.parametrize("shape", ["stages", "routes", "chain"])
    def test_time_grows_with_the_template(self, shape: str) -> None:
        """A template with eight times as many resources takes eight times as long, not 64 times."""

        def best(number: int) -> float:
            resources = SHAPES[shape](number)
            return min(
                timeit.repeat(lambda: template_helpers.check(resources), timer=time.process_time, number=1, repeat=5)
            )

        best(500)
        assert best(4000) < 24 * best(500)


def many_stages(number: int) -> dict[str, Any]:
    """Stages of one API each."""
    resources: dict[str, Any] = {}
    for index in range(number):
        resources[f"Api{index}"] = template_helpers.HTTP_API
        resources[f"Stage{index}"] = template_helpers.stage({"ApiId": {"Ref": f"Api{index}"}, **cases.logs()})
    return resources


def many_routes(number: int) -> dict[str, Any]:
    """One stage with settings for each of many routes."""
    routes = {f"R{index}": template_helpers.route(f"GET /{index}") for index in range(number)}
    settings = {f"GET /{index}": {"ThrottlingBurstLimit": 5} for index in range(number)}
    return {
        "Api": template_helpers.HTTP_API,
        **routes,
        "Stage": template_helpers.stage({"RouteSettings": settings}, DependsOn=[*routes]),
    }


def chain(number: int) -> dict[str, Any]:
    """A stage that waits for its route over a long way."""
    links = {f"L{index}": {"Type": "X::Y::Z", "DependsOn": f"L{index + 1}"} for index in range(number)}
    return (
        template_helpers.http(cases.SETTINGS, DependsOn="L0")
        | links
        | {f"L{number}": template_helpers.route("GET /pets")}
    )


SHAPES = {"stages": many_stages, "routes": many_routes, "chain": chain}
