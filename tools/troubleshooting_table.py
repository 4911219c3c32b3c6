"""Write the messages of the services into docs/troubleshooting.md: .venv/bin/python -m tools.troubleshooting_table."""

from __future__ import annotations

import re
from pathlib import Path

from stage_constructs.rules.templates import all_rules

TARGET = Path(__file__).parent.parent / "docs" / "troubleshooting.md"
BEGIN = "<!-- Written by tools/troubleshooting_table.py from the rules. -->\n"
END = "<!-- End of what is written. -->\n"


def render(page: str) -> str:
    """The page with a row for each message of a service that a rule knows."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{_table()}\n{END}{after}"


def _table() -> str:
    by_message: dict[str, dict[str, str]] = {}
    for rule in all_rules():
        if rule.service:
            message = re.sub(r"\{[a-z_]+\}", "…", rule.service)
            by_message.setdefault(message, {}).setdefault(rule.id, rule.doc)
    rows = ["| message | what must hold | rule |\n| --- | --- | --- |\n"]
    for message, rules in sorted(by_message.items(), key=lambda row: row[0].lower()):
        links = ", ".join(f"[{rule_id}](rules.md#{rule_id.lower()})" for rule_id in rules)
        rows.append(f"| `{message}` | {' '.join(dict.fromkeys(rules.values()))} | {links} |\n")
    return "".join(rows)


if __name__ == "__main__":
    TARGET.write_text(render(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
