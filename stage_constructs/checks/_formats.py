"""Findings in the formats of cfn-lint, written by cfn-lint itself."""

from __future__ import annotations

import functools
import importlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from ._findings import sentence
from ._loops import EXTRA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ._findings import Finding

FORMATTERS: Final[Mapping[str, str]] = {
    "junit": "JUnitFormatter",
    "parseable": "ParseableFormatter",
    "pretty": "PrettyFormatter",
    "quiet": "QuietFormatter",
    "sarif": "SARIFFormatter",
}
"""The formats, and the names of their classes in cfn-lint."""


def formatted(findings: Sequence[Finding], name: str, paths: Sequence[str]) -> str:
    """The findings in a format of cfn-lint, with line and column where the file is a template.

    Args:
        findings: The findings.
        name: A key of `FORMATTERS`.
        paths: What was checked.

    Raises:
        ImportError: cfn-lint, or what it needs for the format, is not installed.
    """
    try:
        rules = importlib.import_module("cfnlint.rules").Rules.create_from_module("stage_constructs.cfn_lint")
        rules.used_rules.update(rules)
        rule_of = {rule.tags[1]: rule for rule in rules.values()}
        location_of = functools.lru_cache(maxsize=None)(_located)
        matches = [_match(each, rule_of[each.rule], location_of) for each in findings]
        formatter = getattr(importlib.import_module("cfnlint.formatters"), FORMATTERS[name])()
        return formatter.print_matches(matches, rules, SimpleNamespace(templates=paths)) or ""
    except ImportError as error:
        raise ImportError(f"the format {name} requires cfn-lint: {EXTRA}") from error


def _located(path: str) -> Any:
    """A template as cfn-lint reads it, which knows the lines of what is in it."""
    content, _ = importlib.import_module("cfnlint.decode").decode(path)
    return importlib.import_module("cfnlint.template").Template(path, content)


def _match(finding: Finding, rule: Any, located: Callable[[str], Any]) -> Any:
    location = None
    if finding.path[0] == "Resources":  # a template
        template = located(finding.template)
        location = template.get_location_yaml(template.template, list(finding.path))
    line, column, end_line, end_column = (number + 1 for number in location or (0, 0, 0, 0))
    return importlib.import_module("cfnlint.match").Match(
        sentence(finding), rule, finding.template, line, column, end_line, end_column
    )
