"""The alarms of each kind of stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SERVER_PERIODS = 3
_CLIENT_PERIODS = 5
_WEBSOCKET_TRAFFIC = "(FILL(connects, 0) + FILL(messages, 0))"


def _http_error_share(min_requests: str | None) -> str:
    """Metric math of the share of failed requests; 0 in periods with fewer requests than `min_requests`."""
    enough = "requests > 0" if min_requests is None else f"requests >= {min_requests}"
    return f"IF({enough}, FILL(errors, 0) / requests, 0)"


def _websocket_error_share(min_requests: str | None) -> str:
    """Metric math of the share of failed connects and messages; 0 in periods with fewer than `min_requests`.

    Connects that API Gateway refuses count as errors and not as connects, so there may be more errors than traffic.
    """
    share = f"FILL(errors, 0) / {_WEBSOCKET_TRAFFIC}"
    only_errors = "FILL(errors, 0) > 0"
    if min_requests is not None:
        share = f"IF({_WEBSOCKET_TRAFFIC} >= {min_requests}, {share}, 0)"
        only_errors = f"IF(FILL(errors, 0) >= {min_requests}, {only_errors}, 0)"
    return f"IF(FILL(errors, 0) < {_WEBSOCKET_TRAFFIC}, {share}, {only_errors})"


@dataclass(frozen=True, slots=True)
class StageEvents:
    """Events of an IVS stage on EventBridge, for what has no metrics."""

    event_type: str
    event_names: tuple[str, ...]
    description: str
    """Description of the rule that counts them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmDefinition:
    """An alarm: a threshold over a metric or over events."""

    description: str
    """What is wrong when the threshold is crossed, and where to look."""
    metrics: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Metrics with their statistics, by their ids in the expression."""
    events: StageEvents | None = None
    """Events that are counted in place of a metric of the stage; a single period is enough for the alarm."""
    expression: Callable[[str | None], str] | None = None
    """Metric math over them, from the minimum number of requests. None: the only metric itself."""
    includes_threshold: bool = False
    """Whether a value equal to the threshold breaches."""
    periods: int
    """Default number of evaluation periods."""


def _http_share(metric: str, description: str, periods: int) -> AlarmDefinition:
    metrics = {"errors": (metric, "Sum"), "requests": ("Count", "Sum")}
    return AlarmDefinition(description=description, metrics=metrics, expression=_http_error_share, periods=periods)


def _websocket_share(metric: str, description: str, periods: int) -> AlarmDefinition:
    metrics = {"errors": (metric, "Sum"), "connects": ("ConnectCount", "Sum"), "messages": ("MessageCount", "Sum")}
    return AlarmDefinition(description=description, metrics=metrics, expression=_websocket_error_share, periods=periods)


ALARM_DEFINITIONS: Mapping[StageKind, Mapping[str, AlarmDefinition]] = {
    StageKind.HTTP: {
        "server_error_rate": _http_share(
            "5xx",
            "5xx rate above threshold: check the integrations and the access logs",
            _SERVER_PERIODS,
        ),
        "client_error_rate": _http_share(
            "4xx",
            "4xx rate above threshold: check for unknown routes, authorization failures and throttling (429)",
            _CLIENT_PERIODS,
        ),
        "latency_ms": AlarmDefinition(
            description="p90 latency at or above threshold: compare with the integration latency",
            metrics={"latency": ("Latency", "p90")},
            includes_threshold=True,
            periods=_CLIENT_PERIODS,
        ),
    },
    StageKind.WEBSOCKET: {
        "integration_error_rate": _websocket_share(
            "IntegrationError",
            "integration error rate above threshold (4xx or 5xx from the integration): check its logs",
            _SERVER_PERIODS,
        ),
        "execution_error_rate": _websocket_share(
            "ExecutionError",
            "execution error rate above threshold (the integration could not be called): check its permissions and "
            "timeouts, and the execution logs",
            _SERVER_PERIODS,
        ),
        "client_error_rate": _websocket_share(
            "ClientError",
            "4xx rate above threshold: check for authorization failures, throttling (429) and messages without a route",
            _CLIENT_PERIODS,
        ),
    },
    StageKind.IVS: {
        "publishers": AlarmDefinition(
            description="publishers at or above threshold: a stage has at most 12, further participants cannot publish",
            metrics={"publishers": ("Publishers", "Maximum")},
            includes_threshold=True,
            periods=1,
        ),
        "subscribers": AlarmDefinition(
            description="subscribers at or above threshold: request a quota increase, or use several stages",
            metrics={"subscribers": ("Subscribers", "Maximum")},
            includes_threshold=True,
            periods=1,
        ),
        "download_packet_loss_percent": AlarmDefinition(
            description="download packet loss above threshold: check the subscribers' networks, by participant and by"
            " country",
            metrics={"loss": ("DownloadPacketLoss", "Average")},
            periods=_CLIENT_PERIODS,
        ),
        "dropped_frames_percent": AlarmDefinition(
            description="dropped frames above threshold: check for devices that cannot keep up with resolution and"
            " bitrate",
            metrics={"dropped": ("DroppedFrames", "Average")},
            periods=_CLIENT_PERIODS,
        ),
        "recording_failures": AlarmDefinition(
            description="participant recording failed: check the bucket, its policy and its Region",
            events=StageEvents(
                "IVS Participant Recording State Change",
                ("Recording Start Failure", "Recording End Failure"),
                "Counts failed participant recordings for a CloudWatch alarm, without a target",
            ),
            includes_threshold=True,
            periods=1,
        ),
        "composition_failures": AlarmDefinition(
            description="composition or one of its destinations failed: check its storage and encoder configurations",
            events=StageEvents(
                "IVS Composition State Change",
                ("Session Failure", "Destination Failure"),
                "Counts failed compositions and destinations for a CloudWatch alarm, without a target",
            ),
            includes_threshold=True,
            periods=1,
        ),
    },
}
