"""The rules in words are all rules there are, and docs/rules.md is what is made of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from stage_constructs.checks import _rule_book as book
from stage_constructs.ivs._rules import QUOTAS

from . import faults, reading

ROOT = Path(__file__).parent.parent.parent
IN_WORDS = [book.API_GATEWAY, book.API_GATEWAY_TEMPLATES, book.IVS, book.BOTH_SERVICES, book.CONSTRUCTORS]


@pytest.fixture(scope="module")
def table() -> ModuleType:
    """The tool that writes the table."""
    path = ROOT / "tools" / "rules_table.py"
    spec = importlib.util.spec_from_file_location("rules_table", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_rule_is_told_once(table: ModuleType) -> None:
    """Each rule that the source names stands in the book, once, and the book has no other."""
    told = [rule for section in IN_WORDS for rule in section]
    assert sorted(told) == sorted(set(told))
    assert set(told) == set(table.rules_in_source())


def test_every_quota_is_told() -> None:
    """Each quota that warns has its rule."""
    faulty = {case.rule for case in faults.IVS if case.rule.endswith("Quota")}
    assert len(faulty - {"publicKeyQuota"}) == len(QUOTAS.keys() - {"event logs"})
    assert faulty <= set(book.IVS)
    assert "eventLogQuota" in book.CONSTRUCTORS  # an event log is no resource of a template


def test_the_severity_is_that_of_the_findings(table: ModuleType) -> None:
    """What the table calls an error or a warning is what the checks report."""
    source = table.rules_in_source()
    for case in faults.CASES:
        if source[case.rule].fatal == {False}:
            assert case.severity == "warning"
        if source[case.rule].fatal == {True} and case.rule != "recordingBucketPolicy":
            assert case.severity == "error", case.rule


def test_the_words_of_the_service_are_those_of_the_findings(table: ModuleType) -> None:
    """Each finding quotes the service as the table does."""
    import re

    source = table.rules_in_source()
    for case in faults.CASES:
        for finding in reading.findings(reading.template(case.resources)):
            patterns = [".*".join(map(re.escape, each.split("…"))) for each in source[finding.fault.rule].service_says]
            said = finding.fault.service_says
            assert not said or any(re.fullmatch(pattern, said, re.DOTALL) for pattern in patterns), said


def test_a_rule_is_an_error_or_a_warning_not_both(table: ModuleType) -> None:
    """A rule has one severity wherever it is broken."""
    assert {rule for rule, said in table.rules_in_source().items() if len(said.fatal) > 1} == set()


def test_the_table_is_up_to_date(table: ModuleType) -> None:
    """docs/rules.md is what tools/rules_table.py writes."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == table.render(), (
        "run .venv/bin/python tools/rules_table.py"
    )
