"""The rules of this library for stages that others made: a validation plugin for an app."""

from .stage_checks import StageChecks

__all__ = ["StageChecks"]
