"""How much longer 200 routes and 10 stages take to construct and synthesize when each route has settings on a stage.

Both variants run alternately, each time in a process of its own, as `cdk synth` does; the medians are compared. What
counts is the time of the processor, for Python and Node together: it is the same whatever else the machine does.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUTES = 200
STAGES = 10
SETTINGS = ROUTES // STAGES
TIMES = 9


def measure(variant: str) -> tuple[float, float]:
    """Seconds of the clock and of the processor from an empty app to its template, with all modules loaded."""
    import aws_cdk as cdk
    from aws_cdk import aws_apigatewayv2 as apigatewayv2
    from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration

    from stage_constructs.apigatewayv2 import HttpStage, RouteSettings

    start = time.perf_counter(), processor_time()
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Stack")
    api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
    shared = HttpUrlIntegration("Shared", "https://example.com")
    for number in range(ROUTES):
        api.add_routes(path=f"/{number}", methods=[apigatewayv2.HttpMethod.GET], integration=shared)
    for stage in range(STAGES):
        routes = range(stage * SETTINGS, (stage + 1) * SETTINGS if variant == "with" else 0)
        HttpStage(
            stack,
            f"Stage{stage}",
            api=api,
            stage_name=f"stage{stage}",
            route_settings={f"GET /{number}": RouteSettings(throttling_rate_limit=number + 1) for number in routes},
        )
    app.synth()
    return time.perf_counter() - start[0], processor_time() - start[1]


def processor_time() -> float:
    """Seconds that this process and those below it have had of the processor."""
    parents: dict[int, int] = {}
    times: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(stat.parent.name)
        parents[process] = int(fields[1])
        times[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    mine = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(times[process] for process in mine)


def main() -> int:
    """Print the table; 1 where the settings cost more than a tenth."""
    taken: dict[str, list[tuple[float, float]]] = {"without": [], "with": []}
    for _ in range(TIMES):
        for variant, times in taken.items():
            command = [sys.executable, "-m", "benchmarks.route_settings", variant]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            times.append((float(said[-2]), float(said[-1])))
    print(f"{ROUTES} routes, {STAGES} stages, construct and synthesize, medians of {TIMES} processes each")
    print("| settings of routes | seconds | of the processor |")
    print("| --- | --- | --- |")
    of_processor = {}
    for variant, times in taken.items():
        clock, of_processor[variant] = (statistics.median(column) for column in zip(*times, strict=True))
        of_each = f"{SETTINGS} on each stage" if variant == "with" else "none"
        print(f"| {of_each} | {clock:.2f} | {of_processor[variant]:.2f} |")
    ratio = of_processor["with"] / of_processor["without"]
    print(f"ratio {ratio:.3f}, at most 1.10")
    return int(ratio > 1.10)  # noqa: PLR2004  at most a tenth


if __name__ == "__main__":
    if sys.argv[1:]:
        print(*measure(sys.argv[1]))
    else:
        sys.exit(main())
