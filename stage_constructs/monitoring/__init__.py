"""Dashboards and alarms over stages of any kind."""

from .stage_alarms import StageAlarms
from .stage_dashboard import StageDashboard
from .threshold import Threshold

__all__ = ["StageAlarms", "StageDashboard", "Threshold"]
