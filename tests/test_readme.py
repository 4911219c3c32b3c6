"""The README says what is true."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from stage_constructs import StageConfigurationError
from stage_constructs.rules import monitoring  # noqa: F401  registers its rules
from stage_constructs.rules.templates import all_rules

from .docs.pages import blocks_of

README = (Path(__file__).parents[1] / "README.md").read_text()


@pytest.fixture(scope="module")
def template() -> assertions.Template:
    """What all examples together make; `tests/docs` compares their output with what is shown."""
    names: dict[str, object] = {}
    for block in blocks_of(README):
        if block.language == "python":
            with contextlib.suppress(StageConfigurationError):
                exec(compile(block.text.replace("app.synth()", ""), "README.md", "exec"), names)
    stack = names["stack"]
    assert isinstance(stack, cdk.Stack)
    return assertions.Template.from_stack(stack)


def test_the_first_example_is_short():
    """A newcomer reads it at a glance."""
    assert len(blocks_of(README)[0].text.splitlines()) <= 10


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("AWS::ApiGatewayV2::Stage", 4),
        ("AWS::ApiGateway::Account", 1),
        ("AWS::IVS::Stage", 1),
        ("AWS::IVS::StorageConfiguration", 1),
        ("AWS::CloudWatch::Dashboard", 1),
        ("AWS::CloudWatch::Alarm", 3),
        ("AWS::Logs::LogGroup", 2),
    ],
)
def test_the_examples_make_what_the_text_says(template, kind, count):
    """The text names stages of all kinds, and what their settings and monitoring need; no stage is half made."""
    template.resource_count_is(kind, count)


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
