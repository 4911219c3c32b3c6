"""Resources in loops (`Fn::ForEach`), as cfn-lint expands them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRA: Final = 'pip install "stage-constructs[cfn-lint]"'
"""What brings cfn-lint, which reads YAML and expands loops."""


def expanded(content: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """A template without loops over resources; no copy if it has none."""
    if not any(name.startswith("Fn::ForEach::") for name in content["Resources"]):
        return content
    try:
        template_class = importlib.import_module("cfnlint.template").Template
    except ImportError as error:
        raise ImportError(f"{path} has loops (Fn::ForEach), which require cfn-lint: {EXTRA}") from error
    template: Any = template_class(path, content, ["us-east-1"])
    problems = template.transform()
    if problems:
        raise ValueError(f"{path} has loops that cannot be expanded: {problems[0].message}")
    return cast("Mapping[str, Any]", template.template)
