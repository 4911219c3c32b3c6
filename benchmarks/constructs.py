"""What a stage of ours costs beside the native L2 with escape hatches and beside the bare L1, to the same template.

`python -m benchmarks.constructs [--stages N] [--rounds R] [--write]`: one table as Markdown; with `--write` also
`docs/benchmarks.md` and `docs/benchmarks.svg`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_ivs
from aws_cdk import aws_logs as logs
from jsii._kernel.providers.process import _NodeProcess

from stage_constructs import ivs
from stage_constructs.apigatewayv2 import (
    AccessLogFormat,
    AccessLogSettings,
    HttpStage,
    LoggingLevel,
    RouteSettings,
    WebSocketStage,
)

DOCS = Path(__file__).parents[1] / "docs"
STAGES_IN_A_STACK = 200
APIS_IN_A_STACK = 40
FORMAT = {"http": AccessLogFormat.json()._http, "websocket": AccessLogFormat.json()._websocket}
VARIABLES = {"table": "pets", "backend": "pets.example"}
TAGS = {"team": "pets"}

Build = Callable[["Surroundings", int], object]


@dataclass
class Surroundings:
    """What the stages of one stack share."""

    stack: cdk.Stack
    http: list[apigatewayv2.IHttpApi]
    websocket: list[apigatewayv2.IWebSocketApi]
    log_group: logs.ILogGroup
    destination_arn: str

    @staticmethod
    def of(app: cdk.App, number: int) -> Surroundings:
        """A stack with forty APIs of each kind."""
        account = f"{number:012}"  # below the quotas of one account
        stack = cdk.Stack(app, f"Stack{number}", env=cdk.Environment(account=account, region="eu-west-1"))
        log_group = logs.LogGroup.from_log_group_name(stack, "Logs", "/aws/vendedlogs/apis/shared")
        arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/apis/shared"
        many = range(APIS_IN_A_STACK)
        http = [apigatewayv2.HttpApi.from_http_api_attributes(stack, f"H{n}", http_api_id=f"h{n}") for n in many]
        websocket = [
            apigatewayv2.WebSocketApi.from_web_socket_api_attributes(stack, f"W{n}", web_socket_id=f"w{n}")
            for n in many
        ]
        return Surroundings(stack, http, websocket, log_group, arn)


@jsii.implements(apigatewayv2.IAccessLogDestination)
class _Destination:
    def __init__(self, arn: str) -> None:
        self._arn = arn

    def bind(self, stage: apigatewayv2.IStage) -> apigatewayv2.AccessLogDestinationConfig:  # noqa: ARG002
        return apigatewayv2.AccessLogDestinationConfig(destination_arn=self._arn)


@jsii.implements(apigatewayv2.IAccessLogSettings)
class _Settings:
    def __init__(self, arn: str) -> None:
        self._arn = arn

    @property
    def destination(self) -> apigatewayv2.IAccessLogDestination:
        return _Destination(self._arn)

    @property
    def format(self) -> None:
        return None


def _our_http(around: Surroundings, number: int) -> object:
    return HttpStage(around.stack, f"S{number}", api=around.http[number % APIS_IN_A_STACK], stage_name=f"s{number}")


def _native_http(around: Surroundings, number: int) -> object:
    return apigatewayv2.HttpStage(
        around.stack,
        f"S{number}",
        http_api=around.http[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
    )


def _l1_http(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"h{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            detailed_metrics_enabled=False, throttling_burst_limit=5000, throttling_rate_limit=10000
        ),
    )


def _our_http_full(around: Surroundings, number: int) -> object:
    return HttpStage(
        around.stack,
        f"S{number}",
        api=around.http[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        route_settings={"$default": RouteSettings(throttling_rate_limit=5, detailed_metrics_enabled=True)},
        access_log_settings=AccessLogSettings(destination_arn=around.destination_arn),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _native_http_full(around: Surroundings, number: int) -> object:
    stage = apigatewayv2.HttpStage(
        around.stack,
        f"S{number}",
        http_api=around.http[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
        access_log_settings=_Settings(around.destination_arn),
        stage_variables=VARIABLES,
    )
    resource: Any = stage.node.default_child
    resource.add_property_override("AccessLogSettings.Format", FORMAT["http"])
    resource.route_settings = _ROUTE["http"]
    cdk.Tags.of(stage).add("team", "pets")
    return stage


def _l1_http_full(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"h{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            detailed_metrics_enabled=False, throttling_burst_limit=5000, throttling_rate_limit=10000
        ),
        route_settings=_ROUTE["http"],
        access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=around.destination_arn, format=FORMAT["http"]
        ),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _our_websocket(around: Surroundings, number: int) -> object:
    return WebSocketStage(
        around.stack, f"S{number}", api=around.websocket[number % APIS_IN_A_STACK], stage_name=f"s{number}"
    )


def _native_websocket(around: Surroundings, number: int) -> object:
    stage = apigatewayv2.WebSocketStage(
        around.stack,
        f"S{number}",
        web_socket_api=around.websocket[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
    )
    resource: Any = stage.node.default_child
    resource.add_property_override("DefaultRouteSettings.LoggingLevel", "OFF")
    resource.add_property_override("DefaultRouteSettings.DataTraceEnabled", False)
    return stage


def _l1_websocket(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"w{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            data_trace_enabled=False,
            detailed_metrics_enabled=False,
            logging_level="OFF",
            throttling_burst_limit=5000,
            throttling_rate_limit=10000,
        ),
    )


def _our_websocket_full(around: Surroundings, number: int) -> object:
    return WebSocketStage(
        around.stack,
        f"S{number}",
        api=around.websocket[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        route_settings={
            "$default": RouteSettings(throttling_rate_limit=5, logging_level=LoggingLevel.OFF),
        },
        access_log_settings=AccessLogSettings(destination_arn=around.destination_arn),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _native_websocket_full(around: Surroundings, number: int) -> object:
    stage = apigatewayv2.WebSocketStage(
        around.stack,
        f"S{number}",
        web_socket_api=around.websocket[number % APIS_IN_A_STACK],
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        throttle=apigatewayv2.ThrottleSettings(burst_limit=5000, rate_limit=10000),
        detailed_metrics_enabled=False,
        access_log_settings=_Settings(around.destination_arn),
        stage_variables=VARIABLES,
    )
    resource: Any = stage.node.default_child
    resource.add_property_override("AccessLogSettings.Format", FORMAT["websocket"])
    resource.add_property_override("DefaultRouteSettings.LoggingLevel", "OFF")
    resource.add_property_override("DefaultRouteSettings.DataTraceEnabled", False)
    resource.route_settings = _ROUTE["websocket"]
    cdk.Tags.of(stage).add("team", "pets")
    return stage


def _l1_websocket_full(around: Surroundings, number: int) -> object:
    return apigatewayv2.CfnStage(
        around.stack,
        f"S{number}",
        api_id=f"w{number % APIS_IN_A_STACK}",
        stage_name=f"s{number}",
        description="One of many",
        auto_deploy=True,
        default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
            data_trace_enabled=False,
            detailed_metrics_enabled=False,
            logging_level="OFF",
            throttling_burst_limit=5000,
            throttling_rate_limit=10000,
        ),
        route_settings=_ROUTE["websocket"],
        access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=around.destination_arn, format=FORMAT["websocket"]
        ),
        stage_variables=VARIABLES,
        tags=TAGS,
    )


def _our_ivs(around: Surroundings, number: int) -> object:
    return ivs.Stage(around.stack, f"S{number}")


def _l1_ivs(around: Surroundings, number: int) -> object:
    return aws_ivs.CfnStage(
        around.stack,
        f"S{number}",
        auto_participant_recording_configuration=aws_ivs.CfnStage.AutoParticipantRecordingConfigurationProperty(
            storage_configuration_arn=""
        ),
    )


def _our_ivs_full(around: Surroundings, number: int) -> object:
    return ivs.Stage(around.stack, f"S{number}", stage_name=f"s{number}", tags=TAGS)


def _l1_ivs_full(around: Surroundings, number: int) -> object:
    return aws_ivs.CfnStage(
        around.stack,
        f"S{number}",
        name=f"s{number}",
        auto_participant_recording_configuration=aws_ivs.CfnStage.AutoParticipantRecordingConfigurationProperty(
            storage_configuration_arn=""
        ),
        tags=[cdk.CfnTag(key=key, value=value) for key, value in TAGS.items()],
    )


_ROUTE: dict[str, dict[str, dict[str, object]]] = {
    "http": {
        "$default": {"DetailedMetricsEnabled": True, "ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 5},
    },
    "websocket": {
        "$default": {
            "DataTraceEnabled": False,
            "DetailedMetricsEnabled": False,
            "LoggingLevel": "OFF",
            "ThrottlingBurstLimit": 5000,
            "ThrottlingRateLimit": 5,
        },
    },
}

KINDS: dict[str, dict[str, Build]] = {
    "HTTP": {"ours": _our_http, "native": _native_http, "L1": _l1_http},
    "HTTP, everything on": {"ours": _our_http_full, "native": _native_http_full, "L1": _l1_http_full},
    "WebSocket": {"ours": _our_websocket, "native": _native_websocket, "L1": _l1_websocket},
    "WebSocket, everything on": {
        "ours": _our_websocket_full,
        "native": _native_websocket_full,
        "L1": _l1_websocket_full,
    },
    "IVS": {"ours": _our_ivs, "L1": _l1_ivs},
    "IVS, name and tags": {"ours": _our_ivs_full, "L1": _l1_ivs_full},
}


@dataclass(frozen=True)
class Measured:
    """Medians for one way to build one kind of stage."""

    construct_ms: float
    requests: float
    synth_s: float
    python_kb: float
    node_kb: float


def _templates(build: Build) -> list[Any]:
    app = cdk.App(analytics_reporting=False, context={"aws:cdk:disable-path-metadata": True})
    around = Surroundings.of(app, 0)
    for number in range(3):
        build(around, number)
    template = app.synth().get_stack_by_name("Stack0").template
    return list(template["Resources"].values())


def require_equal_templates(kind: str) -> None:
    """End unless all ways to build a kind give the same resources."""
    given = {way: _templates(build) for way, build in KINDS[kind].items()}
    for way, resources in given.items():
        if json.dumps(resources, sort_keys=True) != json.dumps(given["L1"], sort_keys=True):
            sys.exit(f"benchmark: the template of {way} for {kind} is not that of L1: {resources[0]} {given['L1'][0]}")


def one_run(kind: str, way: str, stages: int) -> dict[str, float]:
    """Build and synthesize in this process; for a process of its own."""
    sent = 0
    send = _NodeProcess.send

    def counted(process: Any, request: Any, response_type: Any) -> Any:
        nonlocal sent
        sent += 1
        return send(process, request, response_type)

    build = KINDS[kind][way]
    app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
    rounds = [Surroundings.of(app, number) for number in range(-(-stages // STAGES_IN_A_STACK))]
    for around in rounds:  # what is read once per API and stack
        for number in range(STAGES_IN_A_STACK, STAGES_IN_A_STACK + APIS_IN_A_STACK):
            build(around, number)
    python_before, node_before = _memory()
    _NodeProcess.send = counted  # type: ignore[method-assign]
    begun = time.perf_counter()
    for number in range(stages):
        build(rounds[number // STAGES_IN_A_STACK], number % STAGES_IN_A_STACK)
    took = time.perf_counter() - begun
    _NodeProcess.send = send  # type: ignore[method-assign]
    python_after, node_after = _memory()
    begun = time.perf_counter()
    app.synth()
    return {
        "construct_ms": took / stages * 1000,
        "requests": sent / stages,
        "synth_s": time.perf_counter() - begun,
        "python_kb": (python_after - python_before) / stages,
        "node_kb": (node_after - node_before) / stages,
    }


def _memory() -> tuple[int, int]:
    """Resident memory of this process and of the Node processes below it, in kB."""
    own, children = 0, 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        resident = int(fields.get("VmRSS", "0 kB").split()[0])
        if fields["Pid"].strip() == str(_PID):
            own = resident
        elif str(_PID) in _ancestors(int(fields["Pid"])):
            children += resident
    return own, children


_PID = int(Path("/proc/self/stat").read_text().split()[0])


def _ancestors(pid: int) -> list[str]:
    found = []
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
        found.append(str(pid))
    return found


def measure(kind: str, stages: int, rounds: int) -> dict[str, Measured]:
    """Medians of alternating runs, each in a process of its own."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in KINDS[kind]}
    for _ in range(rounds):
        for way, done_so_far in runs.items():
            command = [sys.executable, "-m", "benchmarks.constructs", "--one", kind, way, "--stages", str(stages)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            done_so_far.append(json.loads(done.stdout.splitlines()[-1]))
    return {
        way: Measured(**{name: statistics.median(run[name] for run in each) for name in each[0]})
        for way, each in runs.items()
    }


def table(results: dict[tuple[str, int], dict[str, Measured]]) -> str:
    """The results as Markdown."""
    lines = [
        "| stage | number | built as | ms a stage | to native L2 | to L1 | requests | synth s | Python kB | Node kB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (kind, stages), ways in results.items():
        for way, each in ways.items():
            native = each.construct_ms / ways["native"].construct_ms if "native" in ways else None
            lines.append(
                f"| {kind} | {stages:,} | {way} | {each.construct_ms:.2f} | {f'{native:.2f}' if native else ''} "
                f"| {each.construct_ms / ways['L1'].construct_ms:.2f} | {each.requests:.1f} | {each.synth_s:.2f} "
                f"| {each.python_kb:.1f} | {each.node_kb:.1f} |"
            )
    return "\n".join(lines)


def plot(results: dict[tuple[str, int], dict[str, Measured]]) -> str:
    """Construct time a stage as horizontal bars, in SVG."""
    rows = [(f"{kind}, {way}", each.construct_ms) for (kind, _), ways in results.items() for way, each in ways.items()]
    most = max(value for _, value in rows)
    height = 22 * len(rows) + 40
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" font-family="sans-serif" font-size="12">',
        "<style>text{fill:#444}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
        '<text x="10" y="18">milliseconds to construct a stage, median</text>',
    ]
    for index, (label, value) in enumerate(rows):
        y = 34 + 22 * index
        colour = "#3f6fb5" if label.endswith("ours") else "#a9b4c2"
        out += [
            f'<text x="240" y="{y + 11}" text-anchor="end">{label}</text>',
            f'<rect x="250" y="{y}" width="{420 * value / most:.1f}" height="14" fill="{colour}"/>',
            f'<text x="{256 + 420 * value / most:.1f}" y="{y + 11}">{value:.2f}</text>',
        ]
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    """Run the benchmark, or one of its runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", type=int, nargs="+", default=[1000])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--one", nargs=2, metavar=("KIND", "WAY"))
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one_run(*given.one, given.stages[0])))
        return
    for kind in given.kinds:
        require_equal_templates(kind)
    results = {(kind, stages): measure(kind, stages, given.rounds) for stages in given.stages for kind in given.kinds}
    print(table(results))
    if given.write:
        text = (
            "# Benchmarks\n\nMedians of alternating runs in processes of their own, on one machine; only the ratios"
            " mean anything. `make bench`\n\n"
        )
        (DOCS / "benchmarks.md").write_text(f"{text}{table(results)}\n\n![Construct time a stage](benchmarks.svg)\n")
        (DOCS / "benchmarks.svg").write_text(plot(results))


if __name__ == "__main__":
    main()
