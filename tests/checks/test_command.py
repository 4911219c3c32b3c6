"""The command `stage-constructs check`: what it reads, prints and exits with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as v2

from stage_constructs.checks._command import main
from tests.docs.pages import ROOT

from . import template_helpers
from .test_corpus import CLEAN, CORPUS, FAULTY


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a template and returns its path."""

    def template(resources: dict[str, Any], name: str = "template.json") -> str:
        path = tmp_path / name
        path.write_text(json.dumps({"Resources": resources}))
        return str(path)

    return template


EXAMPLE = ROOT / "examples" / "ci" / "typescript" / "cdk.out"
ZERO = template_helpers.http({"DefaultRouteSettings": {"ThrottlingRateLimit": 0}})
WRONG = template_helpers.http({"StageName": "my stage"})


class TestStatus:
    @pytest.mark.parametrize(
        ("resources", "arguments", "status"),
        [
            (template_helpers.http(), [], 0),
            (ZERO, [], 0),
            (ZERO, ["--strict"], 1),
            (WRONG, [], 1),
            (WRONG, ["--accept", "stageName"], 0),
            (template_helpers.ivs("Stage"), ["--region", "eu-south-1", "--account", "123456789012"], 1),
        ],
        ids=["nothing", "warning", "strict", "error", "accepted", "region"],
    )
    def test_status(self, write: Any, resources: dict[str, Any], arguments: list[str], status: int) -> None:
        """The status is 1 for errors, and for warnings where they count."""
        assert main(["check", write(resources), *arguments]) == status

    @pytest.mark.parametrize("name", [*FAULTY, *CLEAN])
    def test_templates_of_other_tools(self, name: str) -> None:
        """The templates of other tools pass where nothing is wrong with them."""
        assert main(["check", "--strict", str(CORPUS / name)]) == (name in FAULTY)

    def test_unreadable_paths(self, write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A path that cannot be read is one line, and the others are checked all the same."""
        (tmp_path / "empty").mkdir()
        (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
        (tmp_path / "plan.json").write_text('{"format_version": "1.2", "planned_values": {}}')
        paths = [str(tmp_path / name) for name in ("empty", "nosuch", "binary", "plan.json")]
        assert main(["check", *paths, write(WRONG)]) == 2
        printed = capsys.readouterr()
        assert printed.err.splitlines() == [
            f"stage-constructs: {paths[0]} is not a cloud assembly: it contains no manifest.json; name its templates",
            f"stage-constructs: {paths[1]}: No such file or directory",
            f"stage-constructs: {paths[2]} is not a text file",
            f"stage-constructs: {paths[3]} is a Terraform plan without stages",
        ]
        assert "[stage-constructs:stageName]" in printed.out

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b'{"Resources": {', "is not JSON: "),
            (b"Resources:\n  - a: b: c\n", ":2 is not YAML: "),
            (b"just a text", "is not a CloudFormation template: it has no Resources"),
            (b"[]", "is not a CloudFormation template: it has no Resources"),
            (b"", "is not a CloudFormation template: it has no Resources"),
            (b"PK\x03\x04\x00\x00", "is not a text file"),
            (b"\x89PNG\r\n", "is not a text file"),
            (b"[" * 100_000, "is not JSON: it is nested too deeply"),
            (b'{"format_version": "1.0", "values": ' + b'{"a":' * 400 + b"1" + b"}" * 401, "state without stages"),
            (
                b'{"Resources": {}}' + b" " * 10_000_000,
                "has 10,000,017 bytes: CloudFormation accepts templates of up to",
            ),
            (b"Resources: {}\n" + b"#" * 10_000_000, "has 10,000,014 bytes: CloudFormation accepts templates of up to"),
        ],
        ids=["json", "yaml", "text", "list", "empty", "zip", "png", "deep", "deep state", "large json", "large yaml"],
    )
    def test_bad_input(self, content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What is no template is one line, and exit status 2."""
        path = tmp_path / "input"
        path.write_bytes(content)
        assert main(["check", str(path)]) == 2
        printed = capsys.readouterr()
        [line] = printed.err.splitlines()
        assert line.startswith(f"stage-constructs: {path}")
        assert message in line
        assert printed.out == "0 templates checked: no stages; 0 errors, 0 warnings\n"

    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("manifest.json", "{", "manifest.json is not JSON"),
            ("manifest.json", "{}", "is a cloud assembly without stacks"),
            ("Pets.template.json", "{", "Pets.template.json is not JSON"),
            ("Pets.template.json", "[" * 100_000, "Pets.template.json is not JSON"),
            ("Pets.template.json", " " * 10_000_000, "Pets.template.json has 10,000,000 bytes"),
            ("Pets.template.json", None, "Pets.template.json: No such file or directory"),
            ("PetsApiD831FA66.nested.template.json", None, "nested.template.json: No such file or directory"),
            ("Pets.assets.json", "[", "Pets.template.json is not JSON"),
        ],
    )
    def test_broken_cloud_assemblies(
        self, name: str, content: str | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A cloud assembly that is broken is one line, and exit status 2."""
        shutil.copytree(EXAMPLE, tmp_path / "cdk.out")
        broken = tmp_path / "cdk.out" / name
        if content is None:
            broken.unlink()
        else:
            broken.write_text(content)
        assert main(["check", str(tmp_path / "cdk.out")]) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert message in line

    def test_yaml_without_cfn_lint(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """Without cfn-lint the command says which extra to install."""
        monkeypatch.setitem(sys.modules, "cfnlint.decode", None)
        assert main(["check", str(CORPUS / "ivs.yaml")]) == 2
        assert 'pip install "stage-constructs[cfn-lint]"' in capsys.readouterr().err

    @pytest.mark.parametrize("arguments", [[], ["check"], ["check", "x", "--accept", "nosuch"], ["check", "--nosuch"]])
    def test_wrong_arguments(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """Wrong arguments exit with 2 and the usage."""
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
        assert capsys.readouterr().err.startswith("usage: stage-constructs")


class TestOutput:
    def test_it_says_what_it_did(self, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """The last line counts templates, stages of each kind and findings."""
        room = {"Room": {"Type": "AWS::IVS::Stage"}}
        sam = {"Sam": {"Type": "AWS::Serverless::HttpApi"}}
        imported = {"Imported": template_helpers.stage({"ApiId": "abc"})}
        main(["check", write({**WRONG, **room, **sam}), write({**template_helpers.websocket(), **imported}, "b.json")])
        assert capsys.readouterr().out.splitlines()[-1] == (
            "2 templates checked: 1 HTTP stage, 1 WebSocket stage, 1 API Gateway v2 (unknown protocol) stage,"
            " 1 IVS stage, 1 SAM HTTP (not expanded) stage; 1 error, 1 warning"
        )

    def test_no_stages(self, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """A template without stages is said to have none."""
        assert main(["check", write({"Topic": {"Type": "AWS::SNS::Topic"}})]) == 0
        assert capsys.readouterr().out == "1 template checked: no stages; 0 errors, 0 warnings\n"

    def test_text(self, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """A finding is one line."""
        path = write(WRONG)
        main(["check", path])
        finding, summary = capsys.readouterr().out.splitlines()
        assert finding.startswith(f"{path}: Stage: error: StageName must be $default or 1 to 128 letters")
        assert summary == "1 template checked: 1 HTTP stage; 1 error, 0 warnings"

    def test_json(self, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """JSON is all that is printed, the summary apart, with the keys of cfn-lint."""
        path = write(WRONG)
        main(["check", path, "--format", "json"])
        printed = capsys.readouterr()
        [finding] = json.loads(printed.out)
        message = finding.pop("Message")
        assert finding == {
            "Filename": path,
            "Level": "Error",
            "Location": {"Path": ["Resources", "Stage", "Properties", "StageName"]},
            "Rule": {"Id": "stageName"},
        }
        assert "Stage name only allows a-zA-Z0-9_" in message
        assert printed.err == "1 template checked: 1 HTTP stage; 1 error, 0 warnings\n"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("parseable", ":9:5:9:16:E9576:StageName must be $default"),
            ("pretty", f"{'9:5:':20}E9576     StageName must be $default"),
            ("quiet", "E9576: stage-constructs:stageName "),
            ("junit", 'name="E9576 stage-constructs:stageName"'),
            ("sarif", '"ruleId": "E9576"'),
        ],
    )
    def test_formats_of_cfn_lint(
        self, name: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """cfn-lint writes the findings with codes and lines, and the summary is apart."""
        path = tmp_path / "stages.json"
        path.write_text(json.dumps({"Resources": {"S": template_helpers.stage({"StageName": "a b"})}}, indent=1))
        assert main(["check", str(path), "--format", name]) == 1
        printed = capsys.readouterr()
        assert expected in printed.out
        assert printed.err.endswith("; 1 error, 0 warnings\n")

    @pytest.mark.parametrize("name", ["parseable", "quiet", "sarif", "junit"])
    def test_nothing_is_found(self, name: str, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
        """Without findings a format is empty, or a report without results."""
        assert main(["check", write(template_helpers.http()), "--format", name]) == 0
        printed = capsys.readouterr().out
        if name == "sarif":
            assert json.loads(printed)["runs"][0]["results"] == []
        elif name == "junit":
            assert 'failures="0"' in printed
        else:
            assert not printed

    def test_formats_of_terraform(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Findings in a plan have no line."""
        plan = str(ROOT / "examples" / "ci" / "terraform" / "plan.json")
        assert main(["check", plan, "--format", "parseable"]) == 1
        assert f"{plan}:1:1:1:1:E9504:access_log_settings.format must" in capsys.readouterr().out

    def test_formats_without_cfn_lint(
        self, write: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Without cfn-lint its formats say which extra to install."""
        monkeypatch.setitem(sys.modules, "cfnlint.rules", None)
        assert main(["check", write(WRONG), "--format", "sarif"]) == 2
        assert capsys.readouterr().err == (
            'stage-constructs: the format sarif requires cfn-lint: pip install "stage-constructs[cfn-lint]"\n'
        )

    def test_a_cloud_assembly(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The stacks of a cloud assembly are checked together."""
        app = cdk.App()
        for name in ("One", "Two"):
            v2.CfnStage(cdk.Stack(app, name), "Stage", api_id="abc", stage_name="my stage", auto_deploy=True)
        assert main(["check", app.synth().directory]) == 1
        assert capsys.readouterr().out.count("[stage-constructs:stageName]") == 2

    def test_stages_and_nested_stacks(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The assemblies of `cdk.Stage`, also one in another, and nested stacks are checked in their environments."""
        app = cdk.App()
        outer = cdk.Stage(app, "Prod", env=cdk.Environment(account="123456789012", region="eu-south-1"))
        inner = cdk.Stage(outer, "Inner")
        nested = cdk.NestedStack(cdk.NestedStack(cdk.Stack(inner, "Stack"), "Api"), "Deeper")
        settings = v2.CfnStage.RouteSettingsProperty(throttling_burst_limit=2000)
        v2.CfnStage(nested, "Stage", api_id="abc", stage_name="a b", auto_deploy=True, default_route_settings=settings)
        assert main(["check", app.synth().directory]) == 1
        high, wrong, summary = capsys.readouterr().out.splitlines()
        assert ".nested.template.json: Stage: error: StageName" in wrong
        assert "should be at most 1250" in high
        assert summary.startswith("1 template checked: 1 API Gateway v2 (unknown protocol) stage; 1 error, 1 warning")


def test_the_installed_command() -> None:
    """The package installs the command, which starts no Node and imports no CDK."""
    [target] = re.findall(r'^stage-constructs = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    module, function = target.split(":")
    code = (
        f"import sys\nfrom {module} import {function}\n"
        f"status = {function}(['check', {str(CORPUS / 'sam-faulty.json')!r}])\n"
        "print(status, sorted({name.partition('.')[0] for name in sys.modules} & {'aws_cdk', 'constructs', 'jsii'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "1 []"
