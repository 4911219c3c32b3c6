"""How long a dashboard of 50 stages takes to construct, and its stack to synthesize.

Each run has a process of its own. It is measured after a first synthesis of something else, because the first one of a
process starts CDK's template validation, which takes its 1.3 s whatever there is to validate.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

STAGES = 50
TIMES = 5
LIMIT = 2.0


def measure() -> tuple[float, float, int]:
    """Seconds to construct a dashboard, and to synthesize its stack, and the requests that constructing it sends."""
    import aws_cdk as cdk
    from aws_cdk import aws_apigatewayv2 as apigatewayv2
    from jsii._kernel.providers.process import _NodeProcess

    from stage_constructs import ivs
    from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage
    from stage_constructs.monitoring import StageDashboard

    warm = cdk.App(analytics_reporting=False)
    ivs.Stage(cdk.Stack(warm, "Warm"), "Stage")
    warm.synth()

    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack")
    http = apigatewayv2.HttpApi(stack, "HttpApi", create_default_stage=False)
    websocket = apigatewayv2.WebSocketApi(stack, "WebSocketApi")
    stages: list[HttpStage | WebSocketStage | ivs.Stage] = []
    for number in range(STAGES):
        kind = number % 3
        if kind == 0:
            stages.append(HttpStage(stack, f"Http{number}", api=http, stage_name=f"s{number}"))
        elif kind == 1:
            stages.append(WebSocketStage(stack, f"WebSocket{number}", api=websocket, stage_name=f"s{number}"))
        else:
            stages.append(ivs.Stage(stack, f"Ivs{number}", stage_name=f"s{number}"))

    sent = 0
    send = _NodeProcess.send

    def counted(*arguments: object) -> object:
        nonlocal sent
        sent += 1
        return send(*arguments)

    _NodeProcess.send = counted
    start = time.perf_counter()
    StageDashboard(stack, "Dashboard", stages=stages)
    constructed = time.perf_counter()
    requests = sent
    app.synth()
    return constructed - start, time.perf_counter() - constructed, requests


def main() -> int:
    """Print the table; 1 where it takes longer than it may."""
    runs: list[tuple[float, float, float]] = []
    for _ in range(TIMES):
        command = [sys.executable, "-m", "benchmarks.dashboard", "once"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        construct, synth, requests = (float(number) for number in said)
        runs.append((construct, synth, requests))
    construct, synth, requests = (statistics.median(numbers) for numbers in zip(*runs, strict=True))
    print(f"a dashboard of {STAGES} stages of all kinds, median of {TIMES} processes")
    print("| construct | synthesize | together | requests |")
    print("| --- | --- | --- | --- |")
    print(f"| {construct:.2f} s | {synth:.2f} s | {construct + synth:.2f} s | {requests:.0f} |")
    print(f"at most {LIMIT:.0f} s together")
    return int(construct + synth > LIMIT)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*measure())
    else:
        sys.exit(main())
