"""The alarms of each kind of stage, by the names of their thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ._monitored_stage import StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SERVER_PERIODS = 3
_CLIENT_PERIODS = 5
_TRAFFIC_PERIODS = 10
_WEBSOCKET_TRAFFIC = "(FILL(connects, 0) + FILL(messages, 0))"


class StageEvents(NamedTuple):
    """Events of an IVS stage on EventBridge, for what has no metrics."""

    event_type: str
    event_names: tuple[str, ...]
    description: str
    """Description of the rule that counts them."""


class AlarmDefinition(NamedTuple):
    """An alarm: a threshold over a metric or over events."""

    description: str
    """What is wrong when the threshold is crossed, and where to look."""
    periods: int
    """Default number of evaluation periods; alarms on events always have it."""
    metrics: Mapping[str, tuple[str, str]]
    """Metrics with their statistics, by their ids in the expression."""
    expression: Callable[[str | None], str] | None = None
    """Metric math over them, from the minimum number of requests. None: the only metric itself."""
    events: StageEvents | None = None
    """Events that are counted in place of a metric of the stage."""
    includes_threshold: bool = False
    """Whether a value equal to the threshold breaches."""
    is_minimum: bool = False
    """Whether values below the threshold breach, and periods without data."""
    recommended_by_aws: bool = True
    """Whether it is among the alarms that CloudWatch's documentation recommends; there are none for IVS."""

    def describe(self, title: str, runbook_url: str | None, *, is_warning: bool) -> str:
        """The description of the alarm of a stage, for whoever is notified."""
        level = "Warning: " if is_warning else ""
        source = "AWS" if self.recommended_by_aws else "stage-constructs"
        runbook = "" if runbook_url is None else f" Runbook: {runbook_url}"
        return f"{level}{title}: {self.description}. Recommended by {source}.{runbook}"


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


def _http_share(metric: str, periods: int, description: str) -> AlarmDefinition:
    metrics = {"errors": (metric, "Sum"), "requests": ("Count", "Sum")}
    return AlarmDefinition(description, periods, metrics, _http_error_share)


def _websocket_share(metric: str, periods: int, description: str) -> AlarmDefinition:
    metrics = {"errors": (metric, "Sum"), "connects": ("ConnectCount", "Sum"), "messages": ("MessageCount", "Sum")}
    return AlarmDefinition(description, periods, metrics, _websocket_error_share)


def _latency(metric: str, description: str) -> AlarmDefinition:
    return AlarmDefinition(description, _CLIENT_PERIODS, {"latency": (metric, "p90")}, includes_threshold=True)


def _traffic(metric: str, description: str) -> AlarmDefinition:
    return AlarmDefinition(description, _TRAFFIC_PERIODS, {"traffic": (metric, "SampleCount")}, is_minimum=True)


def _of_ivs(
    metric: str, statistic: str, description: str, periods: int, *, includes_threshold: bool = False
) -> AlarmDefinition:
    return AlarmDefinition(
        description,
        periods,
        {"value": (metric, statistic)},
        includes_threshold=includes_threshold,
        recommended_by_aws=False,
    )


def _failures(event_type: str, event_names: tuple[str, ...], counted: str, description: str) -> AlarmDefinition:
    events = StageEvents(event_type, event_names, f"Counts {counted} for a CloudWatch alarm, without a target")
    return AlarmDefinition(description, 1, {}, events=events, includes_threshold=True, recommended_by_aws=False)


ALARM_DEFINITIONS: Mapping[StageKind, Mapping[str, AlarmDefinition]] = {
    StageKind.HTTP: {
        "server_error_rate": _http_share(
            "5xx",
            _SERVER_PERIODS,
            "5xx rate above threshold: check the integrations, their permissions and timeouts, and"
            " integrationErrorMessage in the access logs",
        ),
        "client_error_rate": _http_share(
            "4xx",
            _CLIENT_PERIODS,
            "4xx rate above threshold: check for unknown routes, authorization failures and throttling (429), by status"
            " and routeKey in the access logs",
        ),
        "latency_ms": _latency(
            "Latency",
            "p90 latency at or above threshold: compare with the integration latency; where both are high the"
            " integration is slow, else the authorizer or API Gateway",
        ),
        "low_traffic": _traffic(
            "Count",
            "requests below threshold: check that clients call the right endpoint, DNS and domain mapping, the"
            " authorizer and the last deployment",
        ),
    },
    StageKind.WEBSOCKET: {
        "integration_error_rate": _websocket_share(
            "IntegrationError",
            _SERVER_PERIODS,
            "integration error rate above threshold (4xx or 5xx from the integration): check its logs",
        )._replace(recommended_by_aws=False),
        "execution_error_rate": _websocket_share(
            "ExecutionError",
            _SERVER_PERIODS,
            "execution error rate above threshold (the integration could not be called): check its permissions,"
            " throttles and timeouts, and the execution logs",
        ),
        "client_error_rate": _websocket_share(
            "ClientError",
            _CLIENT_PERIODS,
            "4xx rate above threshold: check for authorization failures, throttling (429) and messages without a route",
        ),
        "integration_latency_ms": _latency(
            "IntegrationLatency",
            "p90 integration latency at or above threshold: compare with the duration that the integration itself"
            " reports, such as Duration of a Lambda function, and check for cold starts",
        ),
        "low_traffic": _traffic(
            "MessageCount",
            "messages below threshold: check that clients call the right endpoint, DNS and domain mapping, the"
            " authorizer of $connect, and that the backend sends",
        ),
    },
    StageKind.IVS: {
        "publishers": _of_ivs(
            "Publishers",
            "Maximum",
            "publishers at or above threshold: a stage has at most 12, further participants cannot publish",
            1,
            includes_threshold=True,
        ),
        "subscribers": _of_ivs(
            "Subscribers",
            "Maximum",
            "subscribers at or above threshold: request a quota increase, or use several stages",
            1,
            includes_threshold=True,
        ),
        "download_packet_loss_percent": _of_ivs(
            "DownloadPacketLoss",
            "Average",
            "download packet loss above threshold: check the subscribers' networks, by participant and by country",
            _CLIENT_PERIODS,
        ),
        "dropped_frames_percent": _of_ivs(
            "DroppedFrames",
            "Average",
            "dropped frames above threshold: check for devices that cannot keep up with resolution and bitrate",
            _CLIENT_PERIODS,
        ),
        "recording_failures": _failures(
            "IVS Participant Recording State Change",
            ("Recording Start Failure", "Recording End Failure"),
            "failed participant recordings",
            "participant recording failed: check the bucket, its policy and its Region",
        ),
        "composition_failures": _failures(
            "IVS Composition State Change",
            ("Session Failure", "Destination Failure"),
            "failed compositions and destinations",
            "composition or one of its destinations failed: check its storage and encoder configurations",
        ),
    },
}
