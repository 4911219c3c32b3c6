"""The widgets that a dashboard has for each kind of stage, in the JSON of CloudWatch."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import aws_cdk as cdk

from .._arguments import violation
from ._log_queries import log_queries
from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..errors import Violation
    from ._monitored_stage import MonitoredStage

WIDTH = 24
"""Columns of a dashboard."""
_MAX_WIDGETS = 500
_MAX_METRICS = 2500
_PERIOD = 60
_HEADING_HEIGHT = 1
_GRAPH_HEIGHT = 6
_RED = "#d62728"
_ORANGE = "#ff7f0e"
_PURPLE = "#9467bd"


class Line(NamedTuple):
    """A metric in a graph."""

    metric: str
    statistic: str
    label: str
    color: str | None = None


class Graph(NamedTuple):
    """Metrics of one unit, and the quota that limits them."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    quota: tuple[int, str] | None = None


_PERCENTILES = ("p50", "p90", "p99")

GRAPHS: dict[StageKind, tuple[Graph, ...]] = {
    StageKind.HTTP: (
        Graph("Requests", "Count", (Line("Count", "Sum", "requests"),)),
        Graph("Errors", "Count", (Line("4xx", "Sum", "4xx", _ORANGE), Line("5xx", "Sum", "5xx", _RED))),
        Graph(
            "Latency",
            "Milliseconds",
            (
                *(Line("Latency", percentile, percentile) for percentile in _PERCENTILES),
                Line("IntegrationLatency", "p90", "integration p90"),
            ),
        ),
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
        Graph(
            "Integration latency",
            "Milliseconds",
            tuple(Line("IntegrationLatency", percentile, f"integration {percentile}") for percentile in _PERCENTILES),
        ),
    ),
    StageKind.IVS: (
        Graph(
            "Publishers", "Count", (Line("Publishers", "Maximum", "publishers"),), (12, "most publishers of a stage")
        ),
        Graph(
            "Subscribers",
            "Count",
            (Line("Subscribers", "Maximum", "subscribers"),),
            (10_000, "default quota of subscribers"),
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


def widgets_of(
    monitored_stages: Sequence[MonitoredStage], account: str, x: int = 0, y: int = 0, *, queries: bool
) -> list[dict[str, Any]]:
    """The widgets of some stages, one stage below the other.

    Args:
        monitored_stages: The stages.
        account: Account of the dashboard.
        x: Column of the first widget.
        y: Row of the first widget.
        queries: Whether to include log queries.
    """
    widgets: list[dict[str, Any]] = []
    for monitored in monitored_stages:
        environment = {"region": monitored.region or _region()}
        if monitored.account is not None and monitored.account != account:
            environment["accountId"] = monitored.account
        widgets += _widgets_of_stage(monitored, x, y, environment, queries=queries)
        y = bottom_of(widgets)
    return widgets


@functools.cache
def _region() -> str:
    return cdk.Aws.REGION


def bottom_of(widgets: Sequence[dict[str, Any]]) -> int:
    """The row below the last widget."""
    return int(widgets[-1]["y"] + widgets[-1]["height"])


def validate_size(widgets: Sequence[dict[str, Any]], number_of_stages: int) -> Iterator[Violation]:
    """At most as many widgets and metrics as CloudWatch shows on one dashboard."""
    metrics = sum(len(widget["properties"].get("metrics", ())) for widget in widgets)
    for number, maximum, unit in ((len(widgets), _MAX_WIDGETS, "widgets"), (metrics, _MAX_METRICS, "metrics")):
        if number > maximum:
            dashboards = min(-(-number // maximum), number_of_stages)
            split = f"split the {number_of_stages} stages over {dashboards} dashboards or more"
            problem = f"must make at most {maximum:,} {unit}, which is what CloudWatch shows on one dashboard"
            fix = split if dashboards > 1 else "keep detailed metrics for fewer routes"
            yield violation("dashboardSize", "stages", number, problem, fix)


def _widgets_of_stage(
    monitored: MonitoredStage, x: int, y: int, environment: dict[str, str], *, queries: bool
) -> Iterator[dict[str, Any]]:
    """A heading, a row for the stage, a row for each route that has metrics of its own, and log queries."""
    yield _widget("text", x, y, WIDTH, _HEADING_HEIGHT, markdown=f"## {monitored.title}", background="transparent")
    y += _HEADING_HEIGHT
    graphs = GRAPHS[monitored.kind]
    width = WIDTH // len(graphs)
    for route in (None, *monitored.routes()):
        for column, graph in enumerate(graphs):
            properties = _graph(graph, monitored, route)
            yield _widget("metric", x + column * width, y, width, _GRAPH_HEIGHT, **environment, **properties)
        y += _GRAPH_HEIGHT
    remaining = log_queries(monitored) if queries else []
    while remaining:
        row, remaining = remaining[:2], remaining[2:]
        width = WIDTH // len(row)
        for column, query in enumerate(row):
            properties = query._asdict()
            yield _widget("log", x + column * width, y, width, _GRAPH_HEIGHT, **environment, **properties)
        y += _GRAPH_HEIGHT


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
