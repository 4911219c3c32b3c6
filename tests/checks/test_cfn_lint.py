"""The rules as rules of cfn-lint: the same findings, with lines and columns, and its ways to ignore them."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner

from stage_constructs import cfn_lint
from stage_constructs.checks import check_template
from stage_constructs.rules.templates import all_rules
from tests.docs.pages import ROOT

from .test_corpus import CLEAN, CORPUS, FAULTY

COMMAND = [sys.executable, "-c", "from cfnlint.runner import main; raise SystemExit(main())"]


class Match(NamedTuple):
    """What matters of a match."""

    code: str
    line: int
    column: int
    path: tuple[str, ...]
    message: str


def lint(path: Path, *arguments: str) -> list[Match]:
    """What the rules of this library match in a file, as cfn-lint runs them."""
    append = ["--append-rules", "stage_constructs.cfn_lint"]
    config = ConfigMixIn([*append, "--template", str(path), *arguments])
    matches: Any = Runner(config).run()
    return [
        Match(each.rule.id, each.linenumber, each.columnnumber, tuple(each.path), each.message)
        for each in matches
        if each.rule.id[1:] in {str(number) for number in cfn_lint.NUMBERS.values()} or each.rule.id == "E0002"
    ]


SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  HttpApi:
    DefaultRouteSettings:
      LoggingLevel: INFO
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageName: my stage
"""

KEYS = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body: {openapi: 3.0.1, paths: {/pets: {get: {responses: {200: {description: OK}}}}}}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: my stage
      AutoDeploy: true
      StageVariables: {2: a, true: b}
      Tags: {1: 2}
"""


class TestCodes:
    def test_every_rule_has_a_number(self) -> None:
        """Each rule that a template can break has a number, and each number is that of a rule."""
        judged = {rule.id for rule in all_rules() if not rule.types[0].startswith("AWS::CloudWatch::")}
        assert set(cfn_lint.NUMBERS) == judged

    def test_numbers_are_stable(self) -> None:
        """The numbers count from 9501: the first ones are in the order of the ids, later ones are added at the end."""
        assert list(cfn_lint.NUMBERS.values()) == list(range(9501, 9501 + len(cfn_lint.NUMBERS)))
        first = list(cfn_lint.NUMBERS)[:97]
        assert first == sorted(first)
        assert (first[0], first[75], first[96]) == ("accessLogDestination", "stageName", "zeroThrottle")

    def test_codes_tell_the_severity(self) -> None:
        """The code of an error begins with E, that of a warning with W; cfn-lint knows what each rule is about."""
        rules: Any = Runner(
            ConfigMixIn(["--append-rules", "stage_constructs.cfn_lint", "--template", str(CORPUS / "ivs.yaml")])
        ).rules
        for rule in all_rules():
            if rule.id in cfn_lint.NUMBERS:
                registered = rules[f"{'E' if rule.kind.is_error else 'W'}{cfn_lint.NUMBERS[rule.id]}"]
                assert registered.shortdesc == f"stage-constructs:{rule.id}"
                assert rule.doc in registered.description
                assert registered.source_url.startswith("https://")


class TestFindings:
    @pytest.mark.parametrize("name", [*FAULTY, *CLEAN])
    def test_the_findings_are_those_of_check_template(self, name: str) -> None:
        """Each finding in a file, JSON or YAML, is a match with the code of its rule."""
        expected = {
            (f"{each.severity[0].upper()}{cfn_lint.NUMBERS[each.rule]}", each.path)
            for each in check_template(CORPUS / name)
        }
        assert {(each.code, each.path) for each in lint(CORPUS / name)} == expected

    @pytest.mark.parametrize(
        ("name", "line", "column"), [("terraform-faulty.yaml", 7, 7), ("sam-faulty.json", 39, 34)], ids=["YAML", "JSON"]
    )
    def test_a_match_has_its_line_and_column(self, name: str, line: int, column: int) -> None:
        """A match is where the property is."""
        assert (line, column) in {(each.line, each.column) for each in lint(CORPUS / name)}

    def test_the_message_names_fix_and_rule(self) -> None:
        """The message is what is wrong, what to write instead, the words of the service, and the id of the rule."""
        [match] = [each for each in lint(CORPUS / "terraform-faulty.yaml") if each.line == 7]
        assert match.message.endswith(
            ': write "tf_acc_test" for instance (the service answers: Stage name only allows a-zA-Z0-9_)'
            " [stage-constructs:stageName]"
        )

    def test_sam(self, tmp_path: Path) -> None:
        """Properties of a SAM API are checked, with what cfn-lint merges from the globals, each at its line."""
        path = tmp_path / "template.yaml"
        path.write_text(SAM)
        assert {(each.code, each.line) for each in lint(path)} == {("E9535", 5), ("W9590", 8), ("E9576", 10)}

    def test_keys_that_are_no_strings(self, tmp_path: Path) -> None:
        """Numbers and booleans as keys, as in the responses of an OpenAPI definition, are read as strings."""
        path = tmp_path / "template.yaml"
        path.write_text(KEYS)
        assert [each.code for each in lint(path)] == ["E9576"]
        assert [each.rule for each in check_template(path)] == ["stageName"]

    def test_loops_are_expanded(self, tmp_path: Path) -> None:
        """Resources of a loop are checked as cfn-lint expands them; of equal matches at one place it keeps one."""
        stage = {"Type": "AWS::IVS::Stage", "Properties": {"Name": "not a name"}}
        content = {
            "Transform": "AWS::LanguageExtensions",
            "Resources": {"Fn::ForEach::Rooms": ["Name", ["A", "B"], {"Room${Name}": stage}]},
        }
        path = tmp_path / "template.json"
        path.write_text(json.dumps(content))
        assert [each.path[1] for each in lint(path)] == ["RoomA"]


class TestIgnored:
    @pytest.mark.parametrize(
        ("ignored", "left"), [("E9535", {"W9590", "E9576"}), ("W95", {"E9535", "E9576"}), ("E9,W9", set())]
    )
    def test_by_argument(self, tmp_path: Path, ignored: str, left: set[str]) -> None:
        """A rule, or a group of rules, is ignored by its code."""
        path = tmp_path / "template.yaml"
        path.write_text(SAM)
        assert {each.code for each in lint(path, f"--ignore-checks={ignored}")} == left

    def test_by_metadata(self, tmp_path: Path) -> None:
        """A rule is ignored in the metadata of a resource."""
        path = tmp_path / "template.yaml"
        path.write_text(f"{SAM}    Metadata:\n      cfn-lint: {{config: {{ignore_checks: [E9576, E9535]}}}}\n")
        assert {each.code for each in lint(path)} == {"W9590"}


class TestCommand:
    def test_the_command(self) -> None:
        """The command of cfn-lint finds the rules by the name of the module, and exits with its own status."""
        rules = "--append-rules=stage_constructs.cfn_lint"
        arguments = [*COMMAND, "--format=json", rules, str(CORPUS / "terraform-faulty.yaml")]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)
        found = {each["Rule"]["Id"]: each["Location"]["Start"] for each in json.loads(done.stdout)}
        assert found["E9576"] == {"LineNumber": 7, "ColumnNumber": 7}
        assert done.returncode & 2

    def test_the_extra(self) -> None:
        """The extra `cfn-lint` brings cfn-lint with all its formats, whose version here is within its range."""
        extra = '\ncfn-lint = ["cfn-lint[junit,sarif]>=1,<2"]\n'
        assert extra in (ROOT / "pyproject.toml").read_text()
        assert importlib.metadata.version("cfn-lint").startswith("1.")

    def test_without_cfn_lint(self) -> None:
        """Without cfn-lint the error names the extra."""
        code = "import sys; sys.modules['cfnlint.rules'] = None; import stage_constructs.cfn_lint"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
        assert 'requires cfn-lint: pip install "stage-constructs[cfn-lint]"' in done.stderr

    def test_no_cdk_and_no_node(self) -> None:
        """The rules load neither the CDK nor jsii."""
        code = (
            "import sys, stage_constructs.cfn_lint\n"
            "print(sorted({name.partition('.')[0] for name in sys.modules} & {'aws_cdk', 'constructs', 'jsii'}))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
        assert done.stdout == "[]\n"
