"""docs/rules.md is a loop over the rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markdown.extensions.toc import slugify

from stage_constructs._argument_rules import ARGUMENT_RULES
from stage_constructs.rules._messages import docs_of
from stage_constructs.rules.templates import all_rules
from tools import rules_table, troubleshooting_table

from .test_engine import ROOT


def test_the_page_is_up_to_date() -> None:
    """The page is what tools/rules_table.py writes."""
    stale = "run .venv/bin/python -m tools.rules_table"
    assert rules_table.TARGET.read_text(encoding="utf-8") == rules_table.render(), stale


def test_findings_name_the_section_of_their_rule() -> None:
    """What findings say of their documentation is a section of the page."""
    headings = re.findall(r"^### (\w+)$", rules_table.render(), re.MULTILINE)
    sections = {f"docs/{rules_table.TARGET.name}#{slugify(heading, '-')}" for heading in headings}
    assert {docs_of(row.id) for row in all_rules()} <= sections


def test_the_page_says_what_was_seen_on_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule shows when AWS answered as it says, or what AWS answered instead; an emulator proves nothing."""
    answer = {"answered_by": "AWS", "date": "2026-12-01", "as_expected": True, "answer": "accepted"}
    records = {
        "seen": {**answer, "rules": ["stageName"]},
        "seen again": {**answer, "rules": ["stageName"], "date": "2026-12-24"},
        "otherwise": {**answer, "rules": ["tags"], "as_expected": False},
        "emulated": {**answer, "rules": ["stageExists"], "answered_by": "an emulator"},
    }
    monkeypatch.setattr(rules_table, "EVIDENCE", tmp_path / "evidence.json")
    rules_table.EVIDENCE.write_text(json.dumps(records), encoding="utf-8")
    sources = dict(re.findall(r"### (\w+)\n(?:(?!###).*\n)*?Source \((.*?)\): <", rules_table.render()))
    assert sources["stageName"] == "seen on AWS on 2026-12-24"
    assert sources["tags"] == "seen on AWS on 2026-12-01, where it answered otherwise: `accepted`"
    assert sources["stageExists"] == sources["mappingKey"] == "from the documentation"


def test_every_rule_is_documented() -> None:
    """Each id that the library reports is a row, or a rule about arguments."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "stage_constructs").rglob("*.py"))
    reported = {rule for source in sources for rule in re.findall(r'\brule="(\w+)"', source)}
    assert reported - {row.id for row in all_rules()} - set(ARGUMENT_RULES) == set()


def test_every_rule_about_arguments_is_reported() -> None:
    """Each row in words is the rule of a check that is no row, and is named where it is reported."""
    package = ROOT / "stage_constructs"
    sources = [
        path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
        if path.name != "_argument_rules.py" and package / "rules" not in path.parents
    ]
    named = {name for source in sources for name in re.findall(r'"(\w+)"', source)}
    assert set(ARGUMENT_RULES) - named == set()
    assert set(ARGUMENT_RULES) & {row.id for row in all_rules()} == set()


def test_a_rule_is_an_error_or_a_warning() -> None:
    """The rows of one id have one severity."""
    severities = {(row.id, row.kind.is_error) for row in all_rules()}
    assert len(severities) == len({rule for rule, _ in severities})


def test_the_troubleshooting_page_has_the_messages_of_the_rules():
    """The table is what tools/troubleshooting_table.py writes."""
    stale = "run .venv/bin/python -m tools.troubleshooting_table"
    page = troubleshooting_table.TARGET.read_text(encoding="utf-8")
    assert page == troubleshooting_table.render(page), stale
    assert page.count("](rules.md#") > 20
