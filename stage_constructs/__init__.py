"""Stages of Amazon API Gateway v2 and Amazon IVS real-time as AWS CDK constructs.

Nothing is loaded here but the version and the errors: `stage_constructs.apigatewayv2` is imported when it
is first asked for, so that a program pays only for the service that it uses.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from .errors import StageConfigurationError, Violation

if TYPE_CHECKING:
    from types import ModuleType

    from . import apigatewayv2, checks, ivs, monitoring

__all__ = ["StageConfigurationError", "Violation", "__version__", "apigatewayv2", "checks", "ivs", "monitoring"]

__version__ = "0.2.0"

_SUB_PACKAGES = frozenset({"apigatewayv2", "checks", "ivs", "monitoring"})


def __getattr__(name: str) -> ModuleType:
    if name in _SUB_PACKAGES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
