"""Tests of dashboards and alarms."""
