"""The rules of this library for stages that others made: a validation plugin for an app, and a function for templates.

The plugin is loaded when it is first asked for: `check_template` needs neither the CDK nor Node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._findings import Finding
from ._templates import check_template

if TYPE_CHECKING:
    from .stage_checks import StageChecks

__all__ = ["Finding", "StageChecks", "check_template"]


def __getattr__(name: str) -> object:
    if name == "StageChecks":
        from .stage_checks import StageChecks  # noqa: PLC0415  imports the CDK

        return StageChecks
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
