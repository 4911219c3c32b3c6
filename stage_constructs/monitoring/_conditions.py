"""What there is to be alarmed about, by kind of stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._subject import Kind

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Something that has a threshold."""

    says: str
    """What is the matter when it is crossed, and where to look."""
    metrics: Mapping[str, tuple[str, str]]
    """Metrics with their statistics, by the name that they have in the expression."""
    expression: Callable[[str | None], str] | None = None
    """Metric math over them, by the smallest number of requests that counts. None: the only metric as it is."""
    includes_threshold: bool = False
    """Whether the threshold itself is too much already."""
    periods: int
    """How many minutes on end it takes, unless told otherwise."""


def _http_share(metric: str, says: str, periods: int) -> Condition:
    metrics = {"errors": (metric, "Sum"), "requests": ("Count", "Sum")}
    return Condition(says=says, metrics=metrics, expression=_http_error_share, periods=periods)


def _websocket_share(metric: str, says: str, periods: int) -> Condition:
    metrics = {"errors": (metric, "Sum"), "connects": ("ConnectCount", "Sum"), "messages": ("MessageCount", "Sum")}
    return Condition(says=says, metrics=metrics, expression=_websocket_error_share, periods=periods)


CONDITIONS: Mapping[Kind, Mapping[str, Condition]] = {
    Kind.HTTP: {
        "server_error_rate": _http_share(
            "5xx",
            "many requests are answered with 5xx: look at the integrations, and at the access logs",
            _SERVER_PERIODS,
        ),
        "client_error_rate": _http_share(
            "4xx",
            "many requests are answered with 4xx: look for clients that call what is not there or may not be called, "
            "and for throttled ones (429)",
            _CLIENT_PERIODS,
        ),
        "latency_ms": Condition(
            says="one request in ten takes long: compare with the latency of the integrations",
            metrics={"latency": ("Latency", "p90")},
            includes_threshold=True,
            periods=_CLIENT_PERIODS,
        ),
    },
    Kind.WEBSOCKET: {
        "integration_error_rate": _websocket_share(
            "IntegrationError",
            "many connects and messages are answered with 4xx or 5xx by the integration: look at its logs",
            _SERVER_PERIODS,
        ),
        "execution_error_rate": _websocket_share(
            "ExecutionError",
            "many integrations cannot be called: look at their permissions and timeouts, and at the execution logs",
            _SERVER_PERIODS,
        ),
        "client_error_rate": _websocket_share(
            "ClientError",
            "many connects and messages are refused before the integration: look for clients that are not authorized, "
            "throttled, or send what no route takes",
            _CLIENT_PERIODS,
        ),
    },
    Kind.IVS: {
        "publishers": Condition(
            says="nearly as many participants publish as a stage takes: the next ones will be refused",
            metrics={"publishers": ("Publishers", "Maximum")},
            includes_threshold=True,
            periods=1,
        ),
        "subscribers": Condition(
            says="nearly as many participants watch as the quota allows: have it raised, or spread them over stages",
            metrics={"subscribers": ("Subscribers", "Maximum")},
            includes_threshold=True,
            periods=1,
        ),
        "download_packet_loss_percent": Condition(
            says="many packets do not reach the subscribers: look at their networks, by participant and by country",
            metrics={"loss": ("DownloadPacketLoss", "Average")},
            periods=_CLIENT_PERIODS,
        ),
        "dropped_frames_percent": Condition(
            says="subscribers drop many frames: look for devices that cannot keep up with resolution and bitrate",
            metrics={"dropped": ("DroppedFrames", "Average")},
            periods=_CLIENT_PERIODS,
        ),
    },
}
