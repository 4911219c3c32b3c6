"""CloudWatch Logs Insights queries over the logs of a stage, for the log widgets of a dashboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from .._arguments import has_member
from ..rules._unknown import is_unknown
from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .. import apigatewayv2
    from ..apigatewayv2.access_log_settings import AccessLogs
    from ._monitored_stage import MonitoredStage, WatchedStage

_JSON_FIELD = re.compile(r'"(\w+)":\s*"?\$context\.([A-Za-z.]+)"?')
_DETAILS = (
    *("requestId", "connectionId", "httpMethod", "routeKey", "eventType", "status"),
    *("responseLatency", "integrationLatency", "integrationStatus", "integration.status"),
    *("integrationErrorMessage", "integration.error", "authorizer.status", "authorizer.error"),
    *("error.responseType", "error.message", "error.messageString"),
)
"""Variables of `$context` that tell what happened to a request, in the order of the columns."""
_LATENCIES = ("responseLatency", "integrationLatency", "integration.latency")
_EXECUTION_ERRORS = "(?i)(error|fail|timed out|not authorized|forbidden|limit exceeded)"


class LogQuery(NamedTuple):
    """A query and how its results are shown; the fields are properties of a log widget."""

    title: str
    view: str
    query: str


def log_queries(monitored: MonitoredStage) -> list[LogQuery]:
    """The queries over the logs of a stage; none where its log group or the format of its access logs is not known."""
    if monitored.kind is StageKind.IVS:
        return []
    existing = monitored.existing()
    logs = existing.access_logs() if existing else None
    return [*(_access_log_queries(logs) if logs else ()), *_execution_log_queries(monitored.stage)]


def _access_log_queries(logs: AccessLogs) -> Iterator[LogQuery]:
    fields = json_fields(logs.format)
    log_group = _log_group_name(logs)
    status, route = fields.get("status"), fields.get("routeKey")
    if log_group is None or status is None:
        return
    source = f"SOURCE '{log_group}'"
    details = ", ".join(("@timestamp", *(fields[name] for name in _DETAILS if name in fields)))
    by = ", ".join(filter(None, (route, status)))
    yield LogQuery(
        f"Errors by {'route and ' if route else ''}status",
        "table",
        f"{source} | filter {status} like /^[45]/ | stats count(*) as requests by {by} | sort requests desc | limit 20",
    )
    yield LogQuery(
        "Latest server errors (5xx)",
        "table",
        f"{source} | fields {details} | filter {status} like /^5/ | sort @timestamp desc | limit 20",
    )
    latency = next((fields[name] for name in _LATENCIES if name in fields), None)
    if latency is not None:
        yield LogQuery(
            "Slowest requests",
            "table",
            f"{source} | fields {details} | filter {latency} like /^[0-9]+$/ | sort {latency} desc | limit 20",
        )
    yield LogQuery(
        "Throttled requests (429)",
        "timeSeries",
        f"{source} | filter {status} like /^429$/ | stats count(*) as throttled by bin(5m)",
    )


def json_fields(log_format: str) -> Mapping[str, str]:
    """The fields of a flat JSON format by the `$context` variables in them; empty for other formats."""
    text = log_format.strip()
    if not text.startswith("{") or not text.endswith("}") or text.count("{") > 1:
        return {}
    return {variable: name for name, variable in _JSON_FIELD.findall(text)}


def _log_group_name(logs: AccessLogs) -> str | None:
    if logs.log_group is not None:
        return logs.log_group.log_group_ref.log_group_name
    arn = logs.destination_arn
    return None if is_unknown(arn) or ":log-group:" not in arn else arn.split(":log-group:")[1]


def _execution_log_queries(watched: WatchedStage) -> Iterator[LogQuery]:
    # The settings of an imported stage, which has no `_api`, are not known; nor are those of a native one.
    if getattr(watched, "_api", None) is None or not has_member(watched, "execution_log_group_name"):
        return
    stage = cast("apigatewayv2.WebSocketStage", watched)
    levels = {each.logging_level for each in (stage._default_route_settings, *stage._route_settings.values())}
    if not levels.isdisjoint({"ERROR", "INFO"}):
        yield LogQuery(
            "Latest errors in the execution logs",
            "table",
            f"SOURCE '{stage.execution_log_group_name}'"
            f" | fields @timestamp, @message | filter @message like /{_EXECUTION_ERRORS}/"
            " | sort @timestamp desc | limit 20",
        )
