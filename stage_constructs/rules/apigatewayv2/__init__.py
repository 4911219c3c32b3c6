"""Rules of API Gateway v2: stages and what belongs to them."""

from . import access_logs, account, deployment, domain_mapping, route_settings, stage, stage_variables

__all__ = ["access_logs", "account", "deployment", "domain_mapping", "route_settings", "stage", "stage_variables"]
