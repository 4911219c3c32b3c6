"""How much longer 200 routes and 10 stages take to construct and synthesize when each route has settings on a stage.

Both variants run alternately, each time in a process of its own, as `cdk synth` does; the medians are compared.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUTES = 200
STAGES = 10
SETTINGS = ROUTES // STAGES
TIMES = 9


def measure(variant: str) -> float:
    """Seconds from an empty app to its template; Node is started and modules are loaded before."""
    import aws_cdk as cdk
    from aws_cdk import aws_apigatewayv2 as apigatewayv2
    from aws_cdk.aws_apigatewayv2_integrations import HttpUrlIntegration

    from stage_constructs.apigatewayv2 import HttpStage, RouteSettings

    start = time.perf_counter()
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
    return time.perf_counter() - start


def main() -> int:
    """Print the table; 1 where the settings cost more than a tenth."""
    taken: dict[str, list[float]] = {"without": [], "with": []}
    for _ in range(TIMES):
        for variant, times in taken.items():
            command = [sys.executable, "-m", "benchmarks.route_settings", variant]
            times.append(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]))
    medians = {variant: statistics.median(times) for variant, times in taken.items()}
    ratio = medians["with"] / medians["without"]
    print(f"{ROUTES} routes, {STAGES} stages, construct and synthesize, median of {TIMES} processes each")
    print("| settings of routes | seconds | least | most |")
    print("| --- | --- | --- | --- |")
    for variant, times in taken.items():
        of_each = f"{SETTINGS} on each stage" if variant == "with" else "none"
        print(f"| {of_each} | {medians[variant]:.2f} | {min(times):.2f} | {max(times):.2f} |")
    print(f"ratio {ratio:.3f}, at most 1.10")
    return int(ratio > 1.10)  # noqa: PLR2004  at most a tenth


if __name__ == "__main__":
    if sys.argv[1:]:
        print(measure(sys.argv[1]))
    else:
        sys.exit(main())
