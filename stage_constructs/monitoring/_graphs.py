"""What a dashboard shows of each kind of stage, in CloudWatch's own notation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._log_queries import log_queries
from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._log_queries import LogQuery
    from ._monitored_stage import MonitoredStage

WIDTH = 24
"""Columns of a dashboard."""
_PERIOD = 60
_HEADING_HEIGHT = 1
_GRAPH_HEIGHT = 6
_LOGS_IN_A_ROW = 2
_RED = "#d62728"
_ORANGE = "#ff7f0e"
_PURPLE = "#9467bd"


@dataclass(frozen=True, slots=True)
class Line:
    """One metric in a graph."""

    metric: str
    statistic: str
    label: str
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Metrics of one unit, and the quota that they come up against."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    quota: tuple[int, str] | None = None


_LATENCIES = tuple(Line("Latency", statistic, f"{statistic}") for statistic in ("p50", "p90", "p99"))
_INTEGRATION_LATENCIES = tuple(
    Line("IntegrationLatency", statistic, f"integration {statistic}") for statistic in ("p50", "p90", "p99")
)

GRAPHS: dict[StageKind, tuple[Graph, ...]] = {
    StageKind.HTTP: (
        Graph("Requests", "Count", (Line("Count", "Sum", "requests"),)),
        Graph("Errors", "Count", (Line("4xx", "Sum", "4xx", _ORANGE), Line("5xx", "Sum", "5xx", _RED))),
        Graph("Latency", "Milliseconds", (*_LATENCIES, Line("IntegrationLatency", "p90", "integration p90"))),
    ),
    StageKind.WEBSOCKET: (
        Graph(
            "Connects and messages",
            "Count",
            (Line("ConnectCount", "Sum", "connects"), Line("MessageCount", "Sum", "messages")),
        ),
        Graph(
            "Errors",
            "Count",
            (
                Line("ClientError", "Sum", "client", _ORANGE),
                Line("ExecutionError", "Sum", "execution", _PURPLE),
                Line("IntegrationError", "Sum", "integration", _RED),
            ),
        ),
        Graph("Integration latency", "Milliseconds", _INTEGRATION_LATENCIES),
    ),
    StageKind.IVS: (
        Graph(
            "Publishers",
            "Count",
            (Line("Publishers", "Maximum", "publishers"),),
            quota=(12, "most publishers of a stage"),
        ),
        Graph(
            "Subscribers",
            "Count",
            (Line("Subscribers", "Maximum", "subscribers"),),
            quota=(10_000, "default quota of subscribers"),
        ),
        Graph(
            "Losses",
            "Percent",
            (
                Line("DownloadPacketLoss", "Average", "packets lost", _RED),
                Line("DroppedFrames", "Average", "frames dropped", _ORANGE),
            ),
        ),
        Graph(
            "Bitrates",
            "Bits a second",
            (Line("PublishBitrate", "Average", "published"), Line("SubscribeBitrate", "Average", "subscribed")),
        ),
    ),
}


def height_of(monitored: MonitoredStage, *, queries: bool = False) -> int:
    """Rows of the grid that a stage takes, those of its log queries included."""
    rows_of_logs = -(-len(log_queries(monitored)) // _LOGS_IN_A_ROW) if queries else 0
    return _HEADING_HEIGHT + _GRAPH_HEIGHT * (1 + len(monitored.routes()) + rows_of_logs)


def size_of(monitored_stages: Iterable[MonitoredStage], *, queries: bool = False) -> tuple[int, int]:
    """How many widgets and metrics some stages take."""
    widgets = metrics = 0
    for monitored in monitored_stages:
        rows = 1 + len(monitored.routes())
        widgets += 1 + rows * len(GRAPHS[monitored.kind]) + (len(log_queries(monitored)) if queries else 0)
        metrics += rows * sum(len(graph.lines) for graph in GRAPHS[monitored.kind])
    return widgets, metrics


def widgets_of(
    monitored: MonitoredStage, x: int, y: int, environment: dict[str, str], *, queries: bool = False
) -> Iterator[dict[str, Any]]:
    """A heading, a row for the stage, a row for each route that has metrics of its own, and its log queries."""
    yield _widget("text", x, y, WIDTH, _HEADING_HEIGHT, markdown=f"## {monitored.title}", background="transparent")
    y += _HEADING_HEIGHT
    graphs = GRAPHS[monitored.kind]
    width = WIDTH // len(graphs)
    for route in (None, *monitored.routes()):
        for column, graph in enumerate(graphs):
            properties = _graph(graph, monitored, route)
            yield _widget("metric", x + column * width, y, width, _GRAPH_HEIGHT, **environment, **properties)
        y += _GRAPH_HEIGHT
    if queries:
        yield from _log_widgets(log_queries(monitored), x, y, environment)


def _log_widgets(queries: list[LogQuery], x: int, y: int, environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    width = WIDTH // _LOGS_IN_A_ROW
    for index, each in enumerate(queries):
        row, column = divmod(index, _LOGS_IN_A_ROW)
        alone = column == 0 and index == len(queries) - 1
        yield _widget(
            "log",
            x + column * width,
            y + row * _GRAPH_HEIGHT,
            WIDTH if alone else width,
            _GRAPH_HEIGHT,
            **environment,
            title=each.title,
            view=each.view,
            query=each.query,
        )


def _widget(kind: str, x: int, y: int, width: int, height: int, **properties: object) -> dict[str, Any]:
    return {"type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties}


def _graph(graph: Graph, monitored: MonitoredStage, route: str | None) -> dict[str, object]:
    dimensions = {**monitored.dimensions, **({} if route is None else {"Route": route})}
    named = [part for dimension in dimensions.items() for part in dimension]
    properties: dict[str, object] = {
        "title": graph.title if route is None else f"{route}: {graph.title[0].lower()}{graph.title[1:]}",
        "view": "timeSeries",
        "period": _PERIOD,
        "metrics": [[monitored.kind.namespace, line.metric, *named, _options(line)] for line in graph.lines],
        "yAxis": {"left": {"min": 0, "label": graph.unit, "showUnits": False}},
    }
    if graph.quota is not None:
        value, label = graph.quota
        properties["annotations"] = {"horizontal": [{"value": value, "label": label, "color": _RED}]}
    return properties


def _options(line: Line) -> dict[str, str]:
    options = {"stat": line.statistic, "label": line.label}
    return options if line.color is None else {**options, "color": line.color}
