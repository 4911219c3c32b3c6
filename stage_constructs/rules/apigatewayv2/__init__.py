"""Rules of API Gateway v2: stages and what belongs to them."""

from . import (
    access_logs,
    account,
    account_logging,
    deployment,
    domain_mapping,
    endpoints,
    log_destination,
    route_settings,
    routes,
    sam,
    stage,
    stage_deployment,
    stage_variables,
)

__all__ = [
    "access_logs",
    "account",
    "account_logging",
    "deployment",
    "domain_mapping",
    "endpoints",
    "log_destination",
    "route_settings",
    "routes",
    "sam",
    "stage",
    "stage_deployment",
    "stage_variables",
]
