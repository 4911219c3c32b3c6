"""Rules that are accepted: in the metadata of templates, by the plugin, and in the constructs of an assembly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as v2
from aws_cdk import cloudformation_include as include

from stage_constructs.checks import StageChecks, check_template

from . import template_helpers
from .test_cfn_lint import lint
from .test_stage_checks import acknowledge, reported

ZERO = {"StageName": "my stage", "DefaultRouteSettings": {"ThrottlingBurstLimit": 0}}
FOUND = {"stageName", "zeroThrottle"}


def metadata(accept: Any) -> dict[str, Any]:
    """Metadata that accept rules."""
    return {"Metadata": {"stage-constructs": {"accept": accept}}}


WHERE: dict[str, tuple[dict[str, Any], set[str]]] = {
    "nowhere": ({"Resources": template_helpers.http(ZERO)}, FOUND),
    "template": ({"Resources": template_helpers.http(ZERO), **metadata(["zeroThrottle"])}, {"stageName"}),
    "resource": ({"Resources": template_helpers.http(ZERO, **metadata(["stageName"]))}, {"zeroThrottle"}),
    "prefix": ({"Resources": template_helpers.http(ZERO), **metadata("stage-constructs:stageName")}, {"zeroThrottle"}),
    "reasons": ({"Resources": template_helpers.http(ZERO), **metadata({"stageName": "x", "zeroThrottle": "y"})}, set()),
    "another resource": (
        {
            "Resources": template_helpers.http(ZERO)
            | {"Pets": template_helpers.route("GET /pets", **metadata("stageName"))}
        },
        FOUND,
    ),
    "SAM": (
        {"Resources": {"Api": {"Type": "AWS::Serverless::HttpApi", "Properties": ZERO, **metadata(["stageName"])}}},
        {"zeroThrottle", "unexpandedTransform"},
    ),
    **{
        f"no ids: {value}": ({"Resources": template_helpers.http(ZERO), **metadata(value)}, FOUND)
        for value in (None, 5, [["stageName"]], {"Ref": "AWS::Region"})
    },
}


class TestMetadata:
    @pytest.mark.parametrize(("content", "left"), WHERE.values(), ids=WHERE)
    def test_metadata_accept_rules(self, tmp_path: Path, content: dict[str, Any], left: set[str]) -> None:
        """Function, cfn-lint and plugin do not report what the metadata of the template or resource accept."""
        path = tmp_path / "template.json"
        path.write_text(json.dumps(content))
        assert {each.rule for each in check_template(path)} == left
        assert {each.message.rpartition(":")[2].rstrip("]") for each in lint(path)} == left
        assert {each.rule for each in reported(including(path, StageChecks()))} == left


def including(path: Path, checks: StageChecks) -> cdk.App:
    """An app that includes a template."""
    app = cdk.App(analytics_reporting=False)
    cdk.Validations.of(app).add_plugins(checks)
    include.CfnInclude(cdk.Stack(app, "Stack"), "Included", template_file=str(path))
    return app


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A template with an error and a warning."""
    path = tmp_path / "template.json"
    path.write_text(json.dumps(WHERE["nowhere"][0]))
    return path


class TestOptions:
    @pytest.mark.parametrize("rule", ["zeroThrottle", "stage-constructs:zeroThrottle"])
    def test_the_plugin_accepts_rules(self, faulty: Path, rule: str) -> None:
        """A rule that the plugin accepts is not reported, by its id with and without prefix."""
        assert {each.rule for each in reported(including(faulty, StageChecks(accept=[rule])))} == {"stageName"}

    def test_an_accepted_error_lets_the_synth_succeed(self, faulty: Path) -> None:
        """Nothing fails a synth whose errors are all accepted."""
        including(faulty, StageChecks(accept=FOUND)).synth()

    def test_an_unknown_rule(self) -> None:
        """An id that no rule has is a ValueError, as it is of check_template."""
        with pytest.raises(ValueError, match="accept must be ids of rules, got 'zeroThrotle'; did you mean 'zeroThro"):
            StageChecks(accept=["zeroThrotle"])

    @pytest.mark.parametrize("verbose", [True, False])
    def test_it_says_what_it_has_checked(self, faulty: Path, verbose: bool, capsys: pytest.CaptureFixture[str]) -> None:
        """A synth prints once, on standard error, how many stages of each kind were checked, if asked for."""
        app = including(faulty, StageChecks(accept=FOUND, verbose=verbose))
        cdk.CfnResource(cdk.Stack(app, "Other"), "Room", type="AWS::IVS::Stage")
        app.synth()
        lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("stage-constructs:")]
        assert lines == ["stage-constructs: 2 templates checked: 1 HTTP stage, 1 IVS stage"] * verbose

    def test_options_have_names(self) -> None:
        """The options are keywords."""
        with pytest.raises(TypeError):
            StageChecks(["zeroThrottle"])  # type: ignore[misc]


class TestAcknowledged:
    @staticmethod
    def stage(scope: Any, id: str = "Stage") -> v2.CfnStage:
        """A stage that answers 429."""
        zero = v2.CfnStage.RouteSettingsProperty(throttling_burst_limit=0)
        path = scope.node.path.replace("/", "-")
        return v2.CfnStage(scope, id, api_id=path, stage_name=id, auto_deploy=True, default_route_settings=zero)

    def test_acknowledged_rules_of_an_assembly(self) -> None:
        """What a construct acknowledges, or one above it in its stack, is not reported about its cloud assembly."""
        app = cdk.App(context={"aws:cdk:enable-path-metadata": True}, analytics_reporting=False)
        stack, prod = cdk.Stack(app, "Stack"), cdk.Stack(cdk.Stage(app, "Prod"), "Stack")
        nested = cdk.NestedStack(stack, "Nested")
        for scope in (stack, nested, prod):
            self.stage(scope, "Stage")
        acknowledge(self.stage(stack, "Stage2"), "stage-constructs:zeroThrottle", "other:stageName")
        acknowledge(nested, "stage-constructs:zeroThrottle")
        acknowledge(prod, "stage-constructs:tags")
        outdir = app.synth().directory
        found = [(Path(each.template).parent.name, each.logical_id) for each in check_template(outdir)]
        assert found == [("assembly-Prod", "Stage"), (Path(outdir).name, "Stage")]

    def test_metadata_in_the_manifest(self, tmp_path: Path) -> None:
        """Earlier releases of the CDK write the metadata of constructs into the manifest."""
        entry = {"type": "aws:cdk:acknowledged-rules", "data": {"Annotation::stage-constructs:zeroThrottle": "x"}}
        stack = {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": "t.json"},
            "metadata": {"/Stack/Stage": [entry], "/Stack": [{"type": "aws:cdk:logicalId", "data": "zeroThrottle"}]},
        }
        (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"Stack": stack}}))
        stage = template_helpers.http(ZERO, Metadata={"aws:cdk:path": "Stack/Stage/Resource"})
        (tmp_path / "t.json").write_text(json.dumps({"Resources": stage}))
        assert [each.rule for each in check_template(tmp_path)] == ["stageName"]
