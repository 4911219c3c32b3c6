"""Write docs/rules.md, a loop over the rows of the rules: .venv/bin/python -m tools.rules_table."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from stage_constructs._argument_rules import ARGUMENT_RULES
from stage_constructs.cfn_lint import NUMBERS, code_of
from stage_constructs.rules import monitoring  # noqa: F401  registers rules that only constructors evaluate
from stage_constructs.rules.templates import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stage_constructs.rules import Rule

TARGET = Path(__file__).parent.parent / "docs" / "rules.md"
EVIDENCE = TARGET.with_name("evidence.json")
"""What AWS has answered to `make verify-aws`."""
SERVICES = {
    "API Gateway v2": ("AWS::ApiGateway", "AWS::Serverless::"),
    "Amazon IVS real-time": ("AWS::IVS::", "AWS::Events::Rule", "AWS::Logs::ResourcePolicy"),
    "CloudWatch, for `StageAlarms` and `StageDashboard`": "AWS::CloudWatch::",
}

INTRODUCTION = """\
# Rules

What this library reports, by the id of the rule. An error is what the service rejects at deploy time; a warning is what
it accepts, but what does not work or is surely a mistake. Values that are known only at deploy time are not validated.

Constructs of this library validate their own properties. Other stages are validated in the templates of the app:

```python
from stage_constructs.checks import StageChecks

cdk.Validations.of(app).add_plugins(StageChecks())
```

For templates, `stage-constructs check` and cfn-lint evaluate the same rules: [check stages in CI](how-to/ci.md).

## Accept a rule

Each rule, error or warning, can be accepted: for a scope and everything below it, or for the app in its context.

```python
cdk.Validations.of(stack).acknowledge(
    cdk.Acknowledgment(id="stage-constructs:zeroThrottle", reason="closed for maintenance")
)
```

```json title="cdk.json"
{"context": {"stage-constructs:accept": {"region": "AWS has added this Region"}}}
```

Metadata of a template, or of a resource in it, accept rules too; the plugin, the command, `check_template` and cfn-lint
read them:

```yaml
Metadata:
  stage-constructs:
    accept: [zeroThrottle]
```

The kinds of rules: *grammar* (a form that can never be valid), *conflict* (values that can never be valid together),
*set* (AWS may extend the set of values), *limit* (AWS does not raise it on request) are errors; *quota* (AWS raises it
on request), *run time* (deploys, but does not work) and *practice* are warnings. In the words of the service, `…`
stands for the actual value. A source is *seen on AWS* once `make verify-aws` has tried the rule there; the requests and
the answers are in [evidence.json](evidence.json). For programs, the rules are in [rules.json](rules.json).
"""

ARGUMENTS = """
## Arguments of constructors

Types of arguments, and what concerns the construct tree; constructors only.

| rule | what must hold |
| --- | --- |
"""


def render() -> str:
    """The text of docs/rules.md."""
    parts = [INTRODUCTION]
    for service, prefix in SERVICES.items():
        parts.append(f"\n## {service}\n")
        by_id: dict[str, list[Rule]] = {}
        for rule in all_rules():
            if rule.types[0].startswith(prefix):
                by_id.setdefault(rule.id, []).append(rule)
        for rule_id, rows in sorted(by_id.items()):
            parts += _section(rule_id, rows)
    parts.append(ARGUMENTS)
    parts += [f"| `{name}` | {doc} |\n" for name, doc in sorted(ARGUMENT_RULES.items())]
    return "".join(parts)


def records() -> Iterator[dict[str, object]]:
    """The rows for programs: `rules.json` of the site. Rows of one fact share an id."""
    for rule in sorted(all_rules(), key=lambda rule: rule.id):
        yield {
            "id": rule.id,
            "severity": "error" if rule.kind.is_error else "warning",
            "kind": rule.kind.value,
            "types": list(rule.types),
            "paths": list(rule.paths),
            "doc": rule.doc,
            "service": _words_of_service(rule),
            "source": rule.source,
            "checked": rule.checked,
            "cfn_lint": code_of(rule) if rule.id in NUMBERS else None,
            "docs": f"rules.html#{rule.id.lower()}",
        }
    for name, doc in sorted(ARGUMENT_RULES.items()):
        docs = "rules.html#arguments-of-constructors"
        yield {"id": name, "severity": "error", "kind": "argument", "doc": doc, "docs": docs}


def _section(rule_id: str, rows: Sequence[Rule]) -> Iterator[str]:
    kinds = dict.fromkeys(f"{'error' if row.kind.is_error else 'warning'} ({row.kind.value})" for row in rows)
    types = dict.fromkeys(f"`{name}`" for row in rows for name in row.types)
    paths = dict.fromkeys(f"`{path}`" for row in rows for path in row.paths if path)
    properties = ", ".join(paths) or "as a whole"
    code = f" · cfn-lint `{code_of(rows[0])}`" if rule_id in NUMBERS else ""
    docs = dict.fromkeys(row.doc for row in rows)
    answers = dict.fromkeys(_words_of_service(row) for row in rows if row.service)
    sources = dict.fromkeys(f"<{row.source}>, read {row.checked}" for row in rows)
    yield f"\n### {rule_id}\n\n{' or '.join(kinds).capitalize()} · {', '.join(types)} · {properties}{code}\n\n"
    yield f"{' '.join(docs)}\n\n"
    yield from (f"The service answers: `{answer}`\n\n" for answer in answers)
    yield f"Source ({_proof_of(rule_id)}): {'; '.join(sources)}\n"


def _words_of_service(rule: Rule) -> str:
    return re.sub(r"\{[a-z_]+\}", "…", rule.service)


def _proof_of(rule_id: str) -> str:
    """How it is known that the service does what a rule says."""
    records = json.loads(EVIDENCE.read_text(encoding="utf-8")).values()
    answers = [record for record in records if rule_id in record["rules"] and record["answered_by"] == "AWS"]
    if not answers:
        return "from the documentation"
    others = [f"`{record['answer']}`" for record in answers if not record["as_expected"]]
    seen = f"seen on AWS on {max(record['date'] for record in answers)}"
    return f"{seen}, where it answered otherwise: {', '.join(others)}" if others else seen


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
