"""The findings of templates as values: dicts, files and cloud assemblies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as v2

from stage_constructs import checks
from stage_constructs.checks import Finding, check_template
from stage_constructs.rules._resources import Template
from stage_constructs.rules.templates import all_rules

from . import template_helpers
from .test_corpus import CLEAN, CORPUS, FAULTY

WRONG = template_helpers.http({"StageName": "my stage"})
SAM_API = {"Type": "AWS::Serverless::HttpApi", "Properties": {"StageName": "prod"}}


def found(resources: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    """Logical ids and rules of the findings in a template."""
    return [(each.logical_id, each.rule) for each in check_template({"Resources": resources}, **options)]


def run(code: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    return done.stdout.strip()


class TestFinding:
    def test_a_finding_is_a_value(self) -> None:
        """A finding tells rule, severity, resource, property, problem, fix and the words of the service."""
        [finding] = check_template({"Resources": WRONG})
        assert finding == Finding(
            rule="stageName",
            severity="error",
            logical_id="Stage",
            resource_type="AWS::ApiGatewayV2::Stage",
            prop="StageName",
            path=("Resources", "Stage", "Properties", "StageName"),
            message='StageName must be $default or 1 to 128 letters, digits, hyphens and underscores, got "my stage"',
            fix='write "my_stage" for instance',
            service_message="Stage name only allows a-zA-Z0-9_",
            template="",
        )
        assert len({finding, finding}) == 1
        assert finding.docs == "docs/rules.md#stagename"

    def test_str_is_one_line(self) -> None:
        """The text of a finding is what is wrong and what to write instead."""
        [finding] = check_template({"Resources": WRONG})
        assert str(finding) == (
            "Stage: error: StageName must be $default or 1 to 128 letters, digits, hyphens and underscores,"
            ' got "my stage": write "my_stage" for instance'
            " (the service answers: Stage name only allows a-zA-Z0-9_)"
            " [stage-constructs:stageName]"
        )

    @pytest.mark.parametrize(
        ("properties", "path"),
        [
            ({"RouteSettings": {"GET /pets": {"LoggingLevel": 1}}}, ("RouteSettings", "GET /pets", "LoggingLevel")),
            ({"RouteSettings": '{"GET /pets": {"LoggingLevel": 1}}'}, ("RouteSettings",)),
            ({"DefaultRouteSettings": {"ThrottlingRateLimit": -1}}, ("DefaultRouteSettings", "ThrottlingRateLimit")),
        ],
        ids=["key", "JSON in a string", "nested"],
    )
    def test_the_path_leads_to_the_property(self, properties: dict[str, Any], path: tuple[str, ...]) -> None:
        """The path of a finding leads through the template, as far as it goes."""
        paths = {each.path for each in check_template({"Resources": template_helpers.http(properties)})}
        assert paths == {("Resources", "Stage", "Properties", *path)}

    def test_the_path_ends_at_a_list(self) -> None:
        """Tags are found by their keys, the list as a whole."""
        [finding] = check_template(
            {"Resources": template_helpers.ivs("Stage", {"Tags": [{"Key": "aws:x", "Value": ""}]})}
        )
        assert finding.path == ("Resources", "It", "Properties", "Tags")


class TestTemplates:
    def test_no_cdk_and_no_node(self) -> None:
        """Checking a template loads neither the CDK nor jsii, nor cfn-lint for JSON."""
        code = (
            "import json, sys\n"
            "import stage_constructs.checks\n"
            f"found = stage_constructs.checks.check_template({ {'Resources': WRONG}!r})\n"
            f"stage_constructs.checks.check_template({str(CORPUS / 'sam.json')!r})\n"
            "heavy = {name.partition('.')[0] for name in sys.modules} & {'aws_cdk', 'constructs', 'jsii', 'cfnlint'}\n"
            "print([each.rule for each in found], sorted(heavy))"
        )
        assert run(code) == "['stageName'] []"

    @pytest.mark.parametrize("name", [*FAULTY, *CLEAN])
    def test_the_findings_are_those_of_the_plugin(self, name: str) -> None:
        """A file, JSON or YAML, has the findings that the plugin has for it."""
        found = check_template(CORPUS / name)
        assert {(each.logical_id, each.rule, each.prop) for each in found} == FAULTY.get(name, set())
        assert {each.template for each in found} <= {str(CORPUS / name)}

    def test_the_template_of_a_stack(self) -> None:
        """The template of CDK's assertions is a dict that can be checked."""
        stack = cdk.Stack(cdk.App(), "Stack")
        v2.CfnStage(stack, "Stage", api_id="abc", stage_name="my stage", auto_deploy=True)
        template = assertions.Template.from_stack(stack).to_json()
        assert [each.rule for each in check_template(template)] == ["stageName"]

    def test_keys_that_are_no_strings(self) -> None:
        """A dict that another YAML reader has read may have numbers and booleans as keys."""
        properties = {"Body": {"paths": {"/": {"get": {"responses": {200: {}}}}}}}
        resources = {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}}
        assert found({**resources, "Stage": template_helpers.stage({"StageVariables": {2: "a", True: ["b"]}})}) == [
            ("Stage", "stageVariableValue")
        ]

    def test_region_and_account(self) -> None:
        """Where the Region is given, what depends on it is checked."""
        resources = template_helpers.ivs("Stage")
        assert found(resources) == []
        assert found(resources, region="eu-south-1", account="123456789012") == [("It", "region")]

    @pytest.mark.parametrize("accept", [["stageName"], "stageName", {"stage-constructs:stageName"}], ids=str)
    def test_accepted_rules_are_not_reported(self, accept: Any) -> None:
        """A rule is accepted by its id, with the prefix or without."""
        assert found(WRONG, accept=accept) == []

    def test_an_unknown_rule_cannot_be_accepted(self) -> None:
        """A misspelled id accepts nothing in silence."""
        with pytest.raises(ValueError, match=r"got 'stagename'; did you mean 'stageName'\?"):
            found(WRONG, accept=["stagename"])


class TestLoops:
    def loop(self, names: Any) -> dict[str, Any]:
        """A template with a loop, whose stages have no valid name, and a stage beside it."""
        rooms = {"Room${Key}": {"Type": "AWS::IVS::Stage", "Properties": {"Name": {"Fn::Sub": "a room ${Key}"}}}}
        resources = {**WRONG, "Fn::ForEach::Rooms": ["Key", names, rooms]}
        return {"Transform": "AWS::LanguageExtensions", "Resources": resources}

    def test_loops_are_expanded(self) -> None:
        """Resources of a loop are checked as well as those beside it."""
        found = [(each.logical_id, each.rule) for each in check_template(self.loop(["A", "B"]))]
        assert found == [("Stage", "stageName"), ("RoomA", "name"), ("RoomB", "name")]

    def test_what_is_beside_a_loop_is_checked(self) -> None:
        """Resources beside a loop are checked where the loop is not expanded: in the template of a stack."""
        assert [each.rule.id for each in template_helpers.findings(Template(self.loop(["A"])))] == ["stageName"]

    def test_loops_without_cfn_lint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without cfn-lint a loop is not passed over in silence."""
        monkeypatch.setitem(sys.modules, "cfnlint.template", None)
        with pytest.raises(ImportError, match=r"the template has loops .*stage-constructs\[cfn-lint\]"):
            check_template(self.loop(["A"]))
        assert check_template({"Resources": WRONG}) != []

    def test_loops_that_cannot_be_expanded(self) -> None:
        """A loop over values that are known only at deploy time is no template that can be checked."""
        with pytest.raises(ValueError, match="the template has loops that cannot be expanded: "):
            check_template(self.loop({"Fn::GetAZs": ""}))


class TestSam:
    def test_a_sam_api_is_no_false_pass(self) -> None:
        """An API that is not expanded is reported once, at the first resource."""
        resources = {"Function": {"Type": "AWS::Serverless::Function"}, "One": SAM_API, "Two": SAM_API}
        assert found(resources) == [("One", "unexpandedTransform")]

    def test_functions_with_events_of_the_implicit_api(self) -> None:
        """A function with an event of the implicit HTTP API has a stage, one with other events has none."""
        function = {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"Get": {"Type": "HttpApi"}}}}
        other = {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"Get": {"Type": "Api"}}}}
        assert found({"Other": other, "Function": function}) == [("Function", "unexpandedTransform")]
        assert found({"Other": other}) == []

    @pytest.mark.parametrize(
        ("kind", "properties", "rules"),
        [
            ("HttpApi", {"StageName": "my stage"}, ["stageName"]),
            ("HttpApi", {"DefaultRouteSettings": {"LoggingLevel": "INFO"}}, ["executionLogsOnHttp"]),
            ("HttpApi", {"RouteSettings": {"$connect": {}}}, ["httpRouteKey"]),
            ("WebSocketApi", {"DefaultRouteSettings": {"LoggingLevel": "WARN"}}, ["loggingLevel"]),
            ("WebSocketApi", {"StageVariables": {"a-b": "c"}, "Description": 5}, ["stageVariableName"]),
            ("HttpApi", {"StageName": {"Ref": "Name"}, "Description": 5}, []),
        ],
    )
    def test_properties_of_the_stage_are_checked(self, kind: str, properties: dict[str, Any], rules: list[str]) -> None:
        """What SAM passes to the stage as it is is checked at the resource of SAM."""
        resources = {"Api": {"Type": f"AWS::Serverless::{kind}", "Properties": properties}}
        assert found(resources, accept=["unexpandedTransform"]) == [("Api", rule) for rule in rules]

    def test_globals(self) -> None:
        """Global properties are merged into those of the API; an own value wins."""
        shared = {"StageName": "my stage", "DefaultRouteSettings": {"LoggingLevel": "INFO", "ThrottlingRateLimit": -1}}
        own = {"StageName": "prod", "DefaultRouteSettings": {"ThrottlingRateLimit": 5}}
        resources = {"Api": {"Type": "AWS::Serverless::HttpApi", "Properties": own}}
        template = {"Globals": {"HttpApi": shared}, "Resources": resources}
        findings = check_template(template, accept=["unexpandedTransform"])
        assert [(each.logical_id, each.prop) for each in findings] == [("Api", "DefaultRouteSettings.LoggingLevel")]


class TestAssemblies:
    def test_a_cloud_assembly(self) -> None:
        """All stacks of an app are checked with their Regions, those of its stages and nested ones included."""
        app = cdk.App()
        for scope in (app, cdk.Stage(app, "Prod", env=cdk.Environment(account="123456789012", region="eu-south-1"))):
            stack = cdk.Stack(scope, "Stack")
            nested = cdk.NestedStack(stack, "Nested")
            v2.CfnStage(nested, "Stage", api_id="abc", stage_name="my stage", auto_deploy=True)
            cdk.CfnResource(stack, "Room", type="AWS::IVS::Stage")
        findings = check_template(app.synth().directory)
        assert sorted((each.logical_id, each.rule) for each in findings) == [
            ("Room", "region"),
            ("Stage", "stageName"),
            ("Stage", "stageName"),
        ]
        assert all(Path(each.template).is_file() for each in findings)

    def test_a_hundred_templates(self, tmp_path: Path) -> None:
        """Each template of a large app is read."""
        artifacts = {}
        for number in range(100):
            (tmp_path / f"{number}.template.json").write_text(json.dumps({"Resources": WRONG}))
            properties = {"templateFile": f"{number}.template.json"}
            artifacts[f"S{number}"] = {"type": "aws:cloudformation:stack", "properties": properties}
        (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
        assert len(check_template(str(tmp_path))) == 100


class TestBadInput:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"{", "is not JSON: "),
            (b"[" * 100000, "is not JSON: "),
            (b'{"a":' * 100000, "is not JSON: "),
            (b'{"Resources": {"A": ' + b'{"a":' * 5000 + b"1" + b"}" * 5002, "is nested too deeply"),
            (b"a: [", "t:2 is not YAML: "),
            (b"\xff\xfe\x00", "is not a text file"),
            (b"", "is not a CloudFormation template: it has no Resources"),
            (b"Just a text", "is not a CloudFormation template: it has no Resources"),
            (b'{"Resources": []}', "is not a CloudFormation template: it has no Resources"),
        ],
        ids=["JSON", "deep list", "deep object", "deep template", "YAML", "binary", "empty", "text", "no resources"],
    )
    def test_what_is_no_template(self, tmp_path: Path, content: bytes, message: str) -> None:
        """A file that is no template is an error of one line that names it, and why."""
        path = tmp_path / "t"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=message) as error:
            check_template(path)
        assert str(error.value).startswith(str(path))
        assert "\n" not in str(error.value)

    def test_a_dict_that_is_no_template(self) -> None:
        """The resources alone are no template."""
        with pytest.raises(ValueError, match="the template is not a CloudFormation template"):
            check_template(WRONG)

    @pytest.mark.parametrize(
        ("manifest", "message"),
        [
            (None, "is not a cloud assembly: it contains no manifest.json"),
            ("{}", "is a cloud assembly without stacks"),
            ("{", "manifest.json is not JSON"),
        ],
    )
    def test_a_directory_that_is_no_assembly(self, tmp_path: Path, manifest: str | None, message: str) -> None:
        """A directory is a cloud assembly with stacks."""
        if manifest is not None:
            (tmp_path / "manifest.json").write_text(manifest)
        with pytest.raises(ValueError, match=message):
            check_template(tmp_path)

    def test_a_broken_template_of_an_assembly(self, tmp_path: Path) -> None:
        """The template that cannot be read is named."""
        stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "s.template.json"}}
        (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"S": stack}}))
        (tmp_path / "s.template.json").write_text(json.dumps({"Resources": WRONG})[:-1])
        with pytest.raises(ValueError, match=r"s\.template\.json is not JSON"):
            check_template(tmp_path)

    def test_a_file_that_is_not_there(self) -> None:
        """A missing file is Python's own error."""
        with pytest.raises(FileNotFoundError):
            check_template("nosuch.json")

    def test_yaml_without_cfn_lint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without cfn-lint the error for YAML names the extra."""
        monkeypatch.setitem(sys.modules, "cfnlint.decode", None)
        with pytest.raises(ImportError, match=r'pip install "stage-constructs\[cfn-lint\]"'):
            check_template(CORPUS / "ivs.yaml")


class TestPackage:
    def test_the_plugin_is_loaded_on_first_use(self) -> None:
        """The names of the package are listed before they are loaded, and others are AttributeErrors."""
        assert dir(checks) == ["Finding", "StageChecks", "check_template"]
        assert checks.StageChecks.__name__ == "StageChecks"
        with pytest.raises(AttributeError, match="nosuch"):
            _ = checks.nosuch

    def test_every_rule_can_be_accepted(self) -> None:
        """The ids of all rules are known."""
        assert found(WRONG, accept={rule.id for rule in all_rules()}) == []
