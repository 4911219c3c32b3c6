"""The README says what is true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from stage_constructs import StageConfigurationError
from stage_constructs.rules import monitoring  # noqa: F401  registers its rules
from stage_constructs.rules.templates import all_rules

README = (Path(__file__).parents[1] / "README.md").read_text()


def _block(language: str, number: int = 0) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return found[number]


def _run(program: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(program, "README.md", "exec"), names)
    return names


def test_the_example_gives_the_template_that_is_shown():
    """The example, pasted, makes exactly the resources of the JSON below it."""
    stack = _run(_block("python").replace("app.synth()", ""))["stack"]
    assert isinstance(stack, cdk.Stack)
    assert assertions.Template.from_stack(stack).to_json()["Resources"] == json.loads(_block("json"))


def test_the_example_with_a_mistake_gives_the_error_that_is_shown():
    """The shown text is what the library says, apart from where the line is broken."""
    with pytest.raises(StageConfigurationError) as caught:
        _run(_block("python").replace('"prod"', '"my stage"'))
    assert str(caught.value) == " ".join(_block("text").split())


def test_the_example_of_a_recorded_stage_makes_what_recording_needs():
    """The IVS example makes a stage, a storage configuration, and the statement in the bucket's policy."""
    stack = _run(_block("python", 1))["stack"]
    assert isinstance(stack, cdk.Stack)
    template = assertions.Template.from_stack(stack)
    template.resource_count_is("AWS::IVS::Stage", 1)
    template.resource_count_is("AWS::IVS::StorageConfiguration", 1)
    assert "ivs-composite." in json.dumps(template.find_resources("AWS::S3::BucketPolicy"))


def test_the_other_examples_run_behind_it():
    """What watches and what checks stages goes on from the IVS example, and its app synthesizes."""
    names = _run(_block("python", 1))
    for number in (2, 3):
        exec(compile(_block("python", number), "README.md", "exec"), names)
    stack = names["stack"]
    assert isinstance(stack, cdk.Stack)
    template = assertions.Template.from_stack(stack)
    template.resource_count_is("AWS::CloudWatch::Dashboard", 1)
    template.resource_count_is("AWS::CloudWatch::Alarm", 2)


def test_every_warning_id_of_the_library_is_listed():
    """Each warning about arguments has its row in the table of warnings, and each row of the table is a warning."""
    sources = [path.read_text() for path in Path(__file__).parents[1].joinpath("stage_constructs").rglob("*.py")]
    patterns = (r'rule="(\w+)",(?:(?!rule=).)*?fatal=False', r'\bwarning\(\s*"(\w+)"')
    about_arguments = {rule for text in sources for each in patterns for rule in re.findall(each, text, re.DOTALL)}
    listed = set(re.findall(r"`stage-constructs:(\w+)` \|", README))
    assert about_arguments <= listed
    assert listed - about_arguments <= {rule.id for rule in all_rules() if not rule.kind.is_error}
    quotas = {rule.id for rule in all_rules() if not rule.kind.is_error and rule.id.endswith("Quota")}
    assert quotas <= set(re.findall(r"(\w+)` *[|,]", README)) | {"throttleAboveQuota"}
