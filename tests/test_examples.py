"""The examples: each in an app of its own, held to AWS's own rules, and as it was reviewed."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import assertions

FOLDER = Path(__file__).parents[1] / "examples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
ALONE = {"front_door", "ivs_lookup"}
"""What needs an environment, a hosted zone or live resources, so that it is an app of its own."""
GIVEN: dict[str, Any] = {
    "blue_green": {"live": "abc123"},
    "front_door": {
        "zone_id": "Z0123456789ABCDEFGHIJ",
        "env": cdk.Environment(account="123456789012", region="us-east-1"),
    },
    "ivs_lookup": {"room": "lobby", "env": cdk.Environment(account="123456789012", region="eu-west-1")},
}
RAW = r"add_property_override|add_override|default_child|Cfn(?!Output|WebACL)[A-Z]\w*\("


STRICT = {"@aws-cdk/core:checkSecretUsage": True, "@aws-cdk/core:validateAgainstDefaultRules": True}
"""Flags of `cdk.json`: the CDK refuses secrets in templates, and values that the CloudFormation registry refuses."""


@pytest.fixture
def app() -> cdk.App:
    """An app with these flags of `cdk.json`."""
    return cdk.App(context=STRICT, analytics_reporting=False)


def test_the_project_is_synthesized_with_these_flags() -> None:
    """`make synth` and `make demo` read them from `cdk.json`."""
    assert json.loads((FOLDER.parent / "cdk.json").read_text())["context"].items() >= STRICT.items()


def example(app: cdk.App, name: str) -> cdk.Stack:
    """The stack of an example."""
    module = importlib.import_module(f"examples.{name}")
    (stack,) = (
        each
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, cdk.Stack) and each.__module__ == module.__name__
    )
    return stack(app, name.replace("_", "-"), **GIVEN.get(name, {}))


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Each example."""
    return request.param


def test_passes_the_aws_solutions_pack(app: cdk.App, name: str) -> None:
    """cdk-nag's pack finds nothing that the example does not acknowledge with a reason."""
    example(app, name)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    assert len(app.synth().stacks) == 1


def test_is_silent(app: cdk.App, name: str) -> None:
    """No example warns."""
    stack = example(app, name)
    found = assertions.Annotations.from_stack(stack)
    assert found.find_warning("*", assertions.Match.any_value()) == []
    assert found.find_error("*", assertions.Match.any_value()) == []


def test_needs_no_escape_hatch(name: str) -> None:
    """No example overrides a raw property or declares an L1."""
    assert re.findall(RAW, (FOLDER / f"{name}.py").read_text()) == []


def test_is_as_reviewed(app: cdk.App, name: str, snapshot: Any) -> None:
    """The template of the example is that of the last review."""
    assert assertions.Template.from_stack(example(app, name)).to_json() == snapshot


def test_all_are_run_together() -> None:
    """The app of `cdk.json` has each of them, apart from those that need an environment."""
    together = (FOLDER / "__main__.py").read_text()
    assert all(f"from .{name} import" in together for name in NAMES if name not in ALONE)
