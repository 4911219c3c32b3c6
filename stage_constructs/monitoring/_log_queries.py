"""CloudWatch Logs Insights queries over the logs of a stage, for the log widgets of a dashboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .._arguments import has_member
from ..rules._unknown import is_unknown
from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .. import apigatewayv2
    from ._monitored_stage import MonitoredStage

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


@dataclass(frozen=True, slots=True)
class LogQuery:
    """A query and how its results are shown."""

    title: str
    query: str
    view: str = "table"


def log_queries(monitored: MonitoredStage) -> list[LogQuery]:
    """The queries over the logs of a stage; none where its log group or the format of its access logs is not known."""
    if monitored.kind is StageKind.IVS:
        return []
    stage = cast("apigatewayv2.HttpStage | apigatewayv2.WebSocketStage", monitored.stage)
    return [*_access_log_queries(stage), *_execution_log_queries(stage)]


def _access_log_queries(stage: apigatewayv2.HttpStage | apigatewayv2.WebSocketStage) -> Iterator[LogQuery]:
    access_logs = stage._access_logs
    if access_logs is None:
        return
    fields = json_fields(access_logs.format)
    log_group = _log_group_name(stage)
    status, route = fields.get("status"), fields.get("routeKey")
    if log_group is None or status is None:
        return
    source = f"SOURCE '{log_group}'"
    details = ", ".join(("@timestamp", *(fields[name] for name in _DETAILS if name in fields)))
    by = ", ".join(filter(None, (route, status)))
    yield LogQuery(
        f"Errors by {'route and ' if route else ''}status",
        f"{source} | filter {status} like /^[45]/ | stats count(*) as requests by {by} | sort requests desc | limit 20",
    )
    yield LogQuery(
        "Latest server errors (5xx)",
        f"{source} | fields {details} | filter {status} like /^5/ | sort @timestamp desc | limit 20",
    )
    latency = next((fields[name] for name in _LATENCIES if name in fields), None)
    if latency is not None:
        yield LogQuery(
            "Slowest requests",
            f"{source} | fields {details} | filter {latency} like /^[0-9]+$/ | sort {latency} desc | limit 20",
        )
    yield LogQuery(
        "Throttled requests (429)",
        f"{source} | filter {status} like /^429$/ | stats count(*) as throttled by bin(5m)",
        view="timeSeries",
    )


def json_fields(log_format: str) -> Mapping[str, str]:
    """Names of the fields of a JSON access log format by the `$context` variables in them; empty for other formats.

    Nested objects are not looked into.
    """
    text = log_format.strip()
    if not text.startswith("{") or not text.endswith("}") or text.count("{") > 1:
        return {}
    return {variable: name for name, variable in _JSON_FIELD.findall(text)}


def _log_group_name(stage: apigatewayv2.HttpStage | apigatewayv2.WebSocketStage) -> str | None:
    if stage.log_group is not None:
        return stage.log_group.log_group_ref.log_group_name
    arn = stage._access_logs.destination_arn if stage._access_logs else ""
    return None if is_unknown(arn) or ":log-group:" not in arn else arn.split(":log-group:")[1]


def _execution_log_queries(stage: apigatewayv2.HttpStage | apigatewayv2.WebSocketStage) -> Iterator[LogQuery]:
    if not has_member(stage, "execution_log_group_name") or not _writes_execution_logs(stage):
        return
    log_group = cast("apigatewayv2.WebSocketStage", stage).execution_log_group_name
    yield LogQuery(
        "Latest errors in the execution logs",
        f"SOURCE '{log_group}' | fields @timestamp, @message | filter @message like /{_EXECUTION_ERRORS}/"
        " | sort @timestamp desc | limit 20",
    )


def _writes_execution_logs(stage: apigatewayv2.HttpStage | apigatewayv2.WebSocketStage) -> bool:
    if stage._api is None:  # an imported stage, whose settings are not known
        return False
    levels = {each.logging_level for each in (stage._default_route_settings, *stage._route_settings.values())}
    return not levels.isdisjoint({"ERROR", "INFO"})
