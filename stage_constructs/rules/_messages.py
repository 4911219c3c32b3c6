"""Violations in words, spelled for those who write Python or for those who write a template.

In the texts of a rule `{AutoDeploy=true}` is a property with a value, `{RouteSettings}` a property, `{=true}` a value,
and `{suggestion}` a value that the check gives. `{leave it out|write ACCOUNT_LIMIT}` are the words for a template and
those for Python.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ._engine import Key

if TYPE_CHECKING:
    from ._engine import Path, RuleViolation

_ALTERNATIVES: Final = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_PLACEHOLDER: Final = re.compile(r"\{(?!\})(?:(?P<prop>[A-Z][A-Za-z0-9.]*)?(?P<value>=[^{}]+)?|(?P<name>[a-z_]+))\}")
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_MAX_SHOWN: Final = 120


class Spelling:
    """As in a template: `DefaultRouteSettings.ThrottlingRateLimit`, `AutoDeploy: true`."""

    python: bool = False

    def prop(self, resource_type: str, path: Path) -> str:  # noqa: ARG002  the same for all types
        """A property: its names with dots, keys of maps in brackets."""
        names = (f"[{json.dumps(str(name))}]" if isinstance(name, Key) else f".{name}" for name in path)
        return "".join(names).removeprefix(".") or "the resource"

    def value(self, value: object) -> str:
        """A value: as JSON, shortened."""
        text = json.dumps(value, ensure_ascii=False, default=str)
        return text if len(text) <= _MAX_SHOWN else f"{text[:100]}... ({len(text)} characters)"

    def equals(self, prop: str, value: str) -> str:
        """A property with its value, as in `AutoDeploy: true`."""
        return f"{prop}: {value}" if prop else value


TEMPLATE: Final = Spelling()


def problem_text(violation: RuleViolation, spelling: Spelling, value: object) -> str:
    """What is wrong: the property, what must hold, the value as it was given."""
    prop, problem = spelling.prop(violation.resource_type, violation.path), violation.problem
    text = f"{prop} {_spelled(problem.text, violation, spelling)}"
    if not problem.show_value:
        return text
    if not violation.rule.secret or problem.value is not None:
        shown = spelling.value(value)
    else:
        shown = f"a text of {len(value)} characters" if isinstance(value, str) else "a value of another type"
    return f"{text}, got {shown}"


def fix_text(violation: RuleViolation, spelling: Spelling) -> str:
    """What to write instead."""
    return _spelled(violation.problem.fix or violation.rule.fix, violation, spelling)


def service_text(violation: RuleViolation) -> str:
    """The service's own words, empty where they are not known."""
    if not violation.problem.quote_service:
        return ""
    values = violation.problem.values
    return _FIELD.sub(lambda match: str(values.get(match[1], "...")), violation.rule.service)


def docs_of(rule_id: str) -> str:
    """The section about a rule in the documentation."""
    return f"docs/rules.md#{rule_id.lower()}"


def _spelled(text: str, violation: RuleViolation, spelling: Spelling) -> str:
    def fill(match: re.Match[str]) -> str:
        if match["name"]:
            return spelling.value(violation.problem.values[match["name"]])
        prop = spelling.prop(violation.resource_type, tuple(match["prop"].split("."))) if match["prop"] else ""
        return spelling.equals(prop, match["value"][1:]) if match["value"] else prop

    chosen = _ALTERNATIVES.sub(lambda match: match[2 if spelling.python else 1], text)
    return _PLACEHOLDER.sub(fill, chosen)
