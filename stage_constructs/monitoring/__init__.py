"""Dashboards and alarms over stages of any kind."""

from .stage_alarms import StageAlarms
from .stage_dashboard import StageDashboard

__all__ = ["StageAlarms", "StageDashboard"]
