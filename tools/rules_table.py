"""Write docs/rules.md: every rule of the library, whether it refuses or warns, and what the service says.

What a rule says in words stands in `stage_constructs/checks/_rule_book.py`; whether it refuses or warns, and the words
of the service, are read from the source of the rules.

    .venv/bin/python tools/rules_table.py            writes the file
    .venv/bin/python tools/rules_table.py --check    fails where the file is stale
"""

from __future__ import annotations

import ast
import runpy
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "stage_constructs"
TARGET = ROOT / "docs" / "rules.md"

BOOK = runpy.run_path(str(PACKAGE / "checks" / "_rule_book.py"))
"""The rules in words; run by itself, for an import of the package would start Node."""

INTRODUCTION = """\
# Rules

What this library refuses or warns of, by the id of the rule. Errors are what the service would refuse at deploy, or
what cannot work; warnings are what it accepts but is surely a mistake.

Constructs of this library check what they are given: an error is raised by the constructor or at synth, a warning is
attached to the construct. Stages that others made are checked in the templates of the app, once this is added to it:

```python
from stage_constructs.checks import StageChecks

cdk.Validations.of(app).add_plugins(StageChecks())
```

A warning, and any finding of `StageChecks`, is acknowledged by the id of its rule behind `stage-constructs:`, at the
construct or anywhere above it:

```python
cdk.Validations.of(stage).acknowledge(
    cdk.Acknowledgment(id="stage-constructs:zeroThrottle", reason="closed for maintenance")
)
```

Values that are known at deploy only are never guessed at. In the words of the service, `…` stands for what was given.
"""

SECTIONS = {
    "API Gateway v2": ("Checked in constructors and in templates.", BOOK["API_GATEWAY"]),
    "API Gateway v2, in templates only": ("What no constructor of ours can write.", BOOK["API_GATEWAY_TEMPLATES"]),
    "Amazon IVS real-time": ("Checked in constructors and in templates.", BOOK["IVS"]),
    "Both services": ("Checked in constructors and in templates.", BOOK["BOTH_SERVICES"]),
    "In constructors only": ("About arguments and about the tree of constructs.", BOOK["CONSTRUCTORS"]),
}


@dataclass
class Source:
    """What the source says of one rule."""

    fatal: set[bool] = field(default_factory=set[bool])
    service_says: list[str] = field(default_factory=list[str])


def rules_in_source() -> dict[str, Source]:
    """The rules that the source of the library names, with what it says of each."""
    found: defaultdict[str, Source] = defaultdict(Source)
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(target := node.target, ast.Name) and node.value
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                _read_call(node, constants, found)
    return dict(found)


def _read_call(call: ast.Call, constants: dict[str, ast.expr], found: defaultdict[str, Source]) -> None:
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for rule in _names_of(given.get("rule")):
        fatal = given.get("fatal")
        found[rule].fatal.add(not (isinstance(fatal, ast.Constant) and fatal.value is False))
        said = _text_of(given.get("service_says"), constants)
        if said and said not in found[rule].service_says:
            found[rule].service_says.append(said)


def _names_of(rule: ast.expr | None) -> list[str]:
    if isinstance(rule, ast.Constant):
        return [str(rule.value)]
    if isinstance(rule, ast.JoinedStr) and isinstance(end := rule.values[-1], ast.Constant):  # one rule a quota
        return [name for name in BOOK["IN_TEMPLATES"] if name.endswith(str(end.value)) and name != "publicKeyQuota"]
    return []


def _text_of(value: ast.expr | None, constants: dict[str, ast.expr]) -> str:
    if isinstance(value, ast.Name):
        return _text_of(constants.get(value.id), constants)
    if isinstance(value, ast.Constant):
        return str(value.value)
    if isinstance(value, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in value.values)
    return ""


def render() -> str:
    """The text of docs/rules.md."""
    source = rules_in_source()
    parts = [INTRODUCTION]
    for title, (about, rules) in SECTIONS.items():
        parts += [f"\n## {title}\n\n{about}\n\n| rule | severity | says | what to do | the service's words |\n"]
        parts += ["| --- | --- | --- | --- | --- |\n"]
        for rule, words in sorted(rules.items()):
            severity = " or ".join(
                "error" if fatal else "warning" for fatal in sorted(source[rule].fatal, reverse=True)
            )
            said = "<br>".join(f"`{_cell(each)}`" for each in source[rule].service_says)
            parts.append(f"| `{rule}` | {severity} | {_cell(words.says)} | {_cell(words.remedy)} | {said} |\n")
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the file, or say that it is stale."""
    text = render()
    if "--check" in sys.argv[1:]:
        stale = not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text
        if stale:
            sys.stderr.write("docs/rules.md is stale: run .venv/bin/python tools/rules_table.py\n")
        return int(stale)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
