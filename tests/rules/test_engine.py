"""The engine: which rules are asked about which values, and how a message is spelled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stage_constructs._spelling import PYTHON
from stage_constructs.rules import Kind, Problem, RuleViolation, evaluate, rule
from stage_constructs.rules import _engine as engine
from stage_constructs.rules import _messages as messages
from stage_constructs.rules._resources import Resource, Template, read_properties
from stage_constructs.rules.templates import all_rules

THING = "Test::Test::Thing"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Adds rules about things, and finds the violations of one."""
    monkeypatch.setattr(engine, "_RULES", list(engine._RULES))
    engine._tree.cache_clear()
    engine.value_types.cache_clear()

    def add(path: str, check: Any, **columns: Any) -> None:
        row = {"id": "test", "kind": Kind.GRAMMAR, "source": "", "checked": "", **columns}
        rule(THING, path, **row)(check)

    yield add
    engine._tree.cache_clear()
    engine.value_types.cache_clear()


def violations(properties: dict[str, Any], **context: Any) -> list[RuleViolation]:
    """What a thing with these properties breaks."""
    return list(evaluate(Resource(THING, properties, **context)))


def always(value: object, at: engine.Context) -> list[Problem]:
    """A check that nothing passes."""
    return [Problem("is wrong")]


UNKNOWN = [
    "${Token[TOKEN.1]}",
    "{{resolve:ssm:/name:1}}",
    "dummy-value-for-/name",
    ["#{Token[TOKEN.2]}"],
    -1.8881545897087626e289,
    {"Ref": "Parameter"},
    {"Fn::Sub": "${A}"},
    {"Fn::If": ["C", "a", {"Ref": "AWS::NoValue"}]},
]


@pytest.mark.parametrize("value", UNKNOWN, ids=str)
def test_an_unknown_value_is_not_judged(thing: Any, value: Any) -> None:
    """No check is called with a value that is known only at deploy time, nor with what is in it."""
    thing("Name", always)
    thing("Map.*", always)
    assert violations({"Name": value, "Map": value}) == []
    assert len(violations({"Name": "x"})) == 1


@pytest.mark.parametrize("value", UNKNOWN[:-1], ids=str)
def test_a_rule_about_presence_judges_unknown_values(thing: Any, value: Any) -> None:
    """Where it matters only that a property is given, an unknown value is one; one that may be left out is not."""
    thing("Name", always, given=True)
    assert len(violations({"Name": value})) == 1
    assert violations({"Name": UNKNOWN[-1]}) == []
    assert violations({"Name": None}) == []


def test_a_value_of_the_wrong_type_is_reported_once(thing: Any) -> None:
    """Two rules read a text: a number is one violation, and no check is called with it."""
    thing("Name", always, value_type=str)
    thing("Name", always, value_type=str)
    [violation] = violations({"Name": 5})
    assert messages.problem_text(violation, messages.TEMPLATE, 5) == "Name must be a string, got 5"


@pytest.mark.parametrize(
    ("value_type", "text", "value"), [(bool, "true", True), (float, "5", 5), (float, "1.5", 1.5), (str, 5, "5")]
)
def test_a_template_may_spell_values_as_text(thing: Any, value_type: type, text: Any, value: Any) -> None:
    """CloudFormation converts between texts, numbers and booleans, and so does the reader of a template."""
    thing("Inner.*", always, value_type=value_type)
    assert read_properties(THING, {"Inner": {"a": text}}) == {"Inner": {"a": value}}


def test_a_rule_of_one_protocol(thing: Any) -> None:
    """It is asked only where the protocol is known and the same."""
    thing("Name", always, protocol="HTTP")
    assert len(violations({"Name": "x"}, protocol="HTTP")) == 1
    assert violations({"Name": "x"}, protocol="WEBSOCKET") == []
    assert violations({"Name": "x"}) == []


def test_a_rule_across_resources_needs_a_template(thing: Any) -> None:
    """A constructor does not see other resources."""
    thing("Name", always, across=True)
    assert violations({"Name": "x"}) == []
    template = Template({"Resources": {"Thing": {"Type": THING, "Properties": {"Name": "x"}}}})
    assert len(list(evaluate(template.resources["Thing"]))) == 1


def test_one_text_for_two_readers(thing: Any) -> None:
    """A message is spelled in Python for a constructor and in CloudFormation's words for a template."""
    problem = Problem(
        "cannot be combined with {AutoDeploy=true}",
        "{leave it out|write None}, or write {name} to {Inner.OtherName}",
        values={"name": "a {b} c"},
    )
    thing("Settings.*.BurstLimit", lambda value, at: [problem])
    [violation] = violations({"Settings": {"GET /": {"BurstLimit": 5}}})
    assert (
        messages.problem_text(violation, messages.TEMPLATE, 5)
        == 'Settings["GET /"].BurstLimit cannot be combined with AutoDeploy: true, got 5'
    )
    assert (
        messages.problem_text(violation, PYTHON, 5)
        == 'settings["GET /"].burst_limit cannot be combined with auto_deploy=True, got 5'
    )
    assert messages.fix_text(violation, messages.TEMPLATE) == 'leave it out, or write "a {b} c" to Inner.OtherName'
    assert messages.fix_text(violation, PYTHON) == 'write None, or write "a {b} c" to inner.other_name'


def test_a_secret_is_not_shown(thing: Any) -> None:
    """A rule about a secret tells its length only."""
    thing("Password", always, secret=True)
    [violation] = violations({"Password": "hunter2"})
    text = messages.problem_text(violation, messages.TEMPLATE, "hunter2")
    assert text == "Password is wrong, got a text of 7 characters"


def test_rules_start_no_node() -> None:
    """The rules import neither CDK nor jsii, so that templates can be checked without Node."""
    program = "import sys, stage_constructs.rules; print([m for m in sys.modules if m in ('jsii', 'aws_cdk')])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("row", all_rules(), ids=lambda row: f"{row.id}-{row.check.__name__}")
def test_a_row_is_whole(row: engine.Rule) -> None:
    """Each row says in one sentence what must hold, where that is documented, and when that was last read."""
    assert row.doc.endswith(".")
    assert row.source.startswith("https://docs.aws.amazon.com/")
    assert row.checked >= "2026-11"
