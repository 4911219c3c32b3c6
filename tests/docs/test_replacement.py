"""The page of replacements and the docstrings of constructs say what the CloudFormation schemas say."""

from __future__ import annotations

import re

import pytest

from stage_constructs import apigatewayv2, ivs
from stage_constructs.ivs import StageEventLog, StageSessions
from tools.replacement_table import CONSTRUCTS, TARGET, render, rows


def test_the_page_is_what_the_tool_writes():
    """`python -m tools.replacement_table` writes it anew."""
    assert TARGET.read_text(encoding="utf-8") == render()


def test_each_construct_is_on_the_page():
    """All classes that are one CloudFormation resource; `StageEventLog` is several, `StageSessions` none."""
    public = {getattr(package, name) for package in (apigatewayv2, ivs) for name in package.__all__}
    constructs = {each for each in public if isinstance(each, type) and hasattr(each, "node")}
    assert constructs - {StageEventLog, StageSessions} == set(CONSTRUCTS)


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.__name__)
def test_docstrings_name_what_replaces(construct):
    """`A change of ... replaces` names the properties that the schema does not update, or all others."""
    effects = {name: effect for name, _, effect in rows(construct, CONSTRUCTS[construct])}
    replaced = {name for name, effect in effects.items() if "replaces**" in effect}
    [sentence] = re.findall(r"A change\sof\s([^.]*?)\sreplaces", construct.__doc__) or [""]
    named = set(re.findall(r"`(\w+)`", sentence))
    assert (effects.keys() - named if "other than" in sentence else named) == replaced
