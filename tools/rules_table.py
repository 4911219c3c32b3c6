"""Write docs/rules.md, a loop over the rows of the rules.

.venv/bin/python -m tools.rules_table            writes the file
.venv/bin/python -m tools.rules_table --check    fails where the file is stale
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stage_constructs._argument_rules import ARGUMENT_RULES
from stage_constructs.rules import monitoring  # noqa: F401  registers rules that only constructors judge
from stage_constructs.rules.templates import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stage_constructs.rules import Rule

TARGET = Path(__file__).parent.parent / "docs" / "rules.md"
SERVICES = {
    "API Gateway v2": "AWS::ApiGateway",
    "Amazon IVS real-time": ("AWS::IVS::", "AWS::Logs::ResourcePolicy"),
    "CloudWatch, for `StageAlarms` and `StageDashboard`": "AWS::CloudWatch::",
}

INTRODUCTION = """\
# Rules

What this library reports, by the id of the rule. An error is what the service refuses at deploy; a warning is what it
accepts, and what does not work or is surely a mistake. Values that are known only at deploy time are never judged.

Constructs of this library check their own properties. Stages that others declare are checked in the templates of the
app:

```python
from stage_constructs.checks import StageChecks

cdk.Validations.of(app).add_plugins(StageChecks())
```

## Accept a rule

Each rule, error or warning, can be accepted: for a scope and all that is in it, or for the app in its context.

```python
cdk.Validations.of(stack).acknowledge(
    cdk.Acknowledgment(id="stage-constructs:zeroThrottle", reason="closed for maintenance")
)
```

```json title="cdk.json"
{"context": {"stage-constructs:accept": {"region": "AWS has added this Region"}}}
```

The kinds of rules: *grammar* (a form that can never be valid), *conflict* (values that can never be valid together),
*set* (AWS may extend the set of values), *limit* (AWS does not raise it on request) are errors; *quota* (AWS raises it
on request), *run time* (deploys, and does not work) and *practice* are warnings. In the words of the service, `…`
stands for what was given.
"""

ARGUMENTS = """
## Arguments of constructors

About types of arguments and about the tree of constructs; they hold in constructors only.

| rule | what holds | what to do |
| --- | --- | --- |
"""


def render() -> str:
    """The text of docs/rules.md."""
    by_id: dict[str, list[Rule]] = {}
    for rule in all_rules():
        by_id.setdefault(rule.id, []).append(rule)
    parts = [INTRODUCTION]
    for service, prefix in SERVICES.items():
        parts.append(f"\n## {service}\n")
        for rule_id, rows in sorted(by_id.items()):
            of_service = [row for row in rows if row.types[0].startswith(prefix)]
            parts += _section(rule_id, of_service) if of_service else ()
    parts.append(ARGUMENTS)
    parts += [f"| `{name}` | {rule.doc} | {rule.fix} |\n" for name, rule in sorted(ARGUMENT_RULES.items())]
    return "".join(parts)


def _section(rule_id: str, rows: Sequence[Rule]) -> Iterator[str]:
    yield f"\n### {rule_id}\n\n"
    kinds = dict.fromkeys(f"{'error' if row.kind.is_error else 'warning'} ({row.kind.value})" for row in rows)
    places = dict.fromkeys(f"`{row.types[0]}` {_property(row)}" for row in rows)
    yield f"{' or '.join(kinds).capitalize()} · {', '.join(places)}\n\n"
    yield " ".join(dict.fromkeys(row.doc for row in rows)) + "\n\n"
    for row in {row.service: row for row in rows if row.service}.values():
        yield f"The service answers: `{_with_dots(row.service)}`\n\n"
    sources = dict.fromkeys(f"<{row.source}>, read {row.checked}" for row in rows)
    yield f"Source: {'; '.join(sources)}\n"


def _property(row: Rule) -> str:
    return f"`{row.paths[0]}`" if row.paths[0] else "as a whole"


def _with_dots(service: str) -> str:
    return re.sub(r"\{[a-z_]+\}", "…", service)


def main() -> int:
    """Write the file, or say that it is stale."""
    text = render()
    if "--check" in sys.argv[1:]:
        stale = not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text
        if stale:
            sys.stderr.write("docs/rules.md is stale: run .venv/bin/python -m tools.rules_table\n")
        return int(stale)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
