"""One template has the same findings wherever it is checked: by the plugin, by cfn-lint, and by the command."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import run_template_by_file_path

from stage_constructs import cfn_lint
from stage_constructs.checks import StageChecks, check_template
from stage_constructs.checks._command import main
from tests.rules import test_apigatewayv2 as limits

from . import template_helpers
from .test_corpus import CLEAN, CORPUS, FAULTY
from .test_deployable import DEPLOYABLE
from .test_rules import CASES
from .test_rules import CLEAN as CLEAN_CASES

PLACE = {"region": "eu-west-1", "account": "123456789012"}
RULES_OF_CODES = {str(number): rule for rule, number in cfn_lint.NUMBERS.items()}
SEVERITIES = {"E": "error", "W": "warning"}


class Found(NamedTuple):
    """What is the same everywhere."""

    rule: str
    severity: str
    logical_id: str


def by_function(path: Path, **place: str) -> set[Found]:
    """What the function finds."""
    return {Found(each.rule, each.severity, each.logical_id) for each in check_template(path, **place)}


def by_plugin(path: Path, app: cdk.App, **place: str) -> set[Found]:
    """What the plugin reports to the CDK about the template of a stack."""
    stack = SimpleNamespace(template_path=str(path), region=place.get("region"), account_id=place.get("account"))
    context: Any = SimpleNamespace(app_construct=app, stack_templates=[stack], region=None, account_id=None)
    report = StageChecks().validate(context)
    assert report.success == all(each.severity != "error" for each in report.violations)
    return {
        Found(each.rule_name.rpartition(":")[2], str(each.severity), str(resource.resource_logical_id))
        for each in report.violations
        for resource in each.violating_resources
    }


def by_cfn_lint(path: Path, rules: Any) -> set[Found]:
    """What cfn-lint matches, with the rules of this library alone."""
    matches = list(run_template_by_file_path(str(path), ConfigMixIn(["--template", str(path)]), rules, False))
    return {Found(RULES_OF_CODES[each.rule.id[1:]], SEVERITIES[each.rule.id[0]], str(each.path[1])) for each in matches}


def by_command(path: Path, capsys: pytest.CaptureFixture[str], **place: str) -> set[Found]:
    """What the command prints."""
    options = [f"--{name}={value}" for name, value in place.items()]
    status = main(["check", str(path), "--format=json", *options])
    printed = json.loads(capsys.readouterr().out)
    found = {Found(each["Rule"]["Id"], each["Level"].lower(), each["Location"]["Path"][1]) for each in printed}
    assert status == any(each.severity == "error" for each in found)
    return found


def of_limits() -> Iterator[dict[str, Any]]:
    """Templates with a stage for each row on both sides of a limit that JSON can hold."""
    for protocol, path, value, _ in limits.CASES:
        name, _, inner = path.partition(".")
        properties: dict[str, Any] = {name: {inner: value} if inner else value}
        if name == "AccessLogSettings":
            properties[name] = {"DestinationArn": limits.GROUP, "Format": limits.ID} | properties[name]
        if not isinstance(value, float) or math.isfinite(value):
            yield {"HTTP": template_helpers.http, "WEBSOCKET": template_helpers.websocket}[protocol](properties)


TEMPLATES = [*(case.resources for case in CASES), *CLEAN_CASES.values(), *of_limits()]


def test_the_findings_are_the_same_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each template that stands in the cases of the rules has one set of findings, whatever checks it.

    The Region is not known to cfn-lint; the others know it as CDK tells it, or as it is given.
    """
    app = cdk.App(analytics_reporting=False)
    rules: Any = importlib.import_module("cfnlint.rules").Rules.create_from_module("stage_constructs.cfn_lint")
    files = [*DEPLOYABLE, *(CORPUS / name for name in (*FAULTY, *CLEAN))]
    for index, resources in enumerate(TEMPLATES):
        path = tmp_path / f"{index}.template.json"
        path.write_text(json.dumps({"Resources": resources}))
        files.append(path)
    severities: set[str] = set()
    for path in files:
        found = by_function(path)
        assert by_cfn_lint(path, rules) == found, path
        assert by_command(path, capsys) == found, path
        in_region = by_function(path, **PLACE)
        assert by_command(path, capsys, **PLACE) == in_region, path
        if path.suffix == ".json":  # the CDK writes no YAML
            assert by_plugin(path, app) == found, path
            assert by_plugin(path, app, **PLACE) == in_region, path
        severities |= {each.severity for each in found}
    assert severities == {"error", "warning"}
    assert len(files) > 500
