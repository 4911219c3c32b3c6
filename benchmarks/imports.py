"""How long the imports take, each in a process of its own, beside those of the native modules."""

from __future__ import annotations

import statistics
import subprocess
import sys

IMPORTS = {
    "API Gateway": ("aws_cdk.aws_apigatewayv2", "stage_constructs.apigatewayv2"),
    "IVS": ("aws_cdk.aws_ivs", "stage_constructs.ivs"),
}


def table_of_imports(rounds: int) -> str:
    """Medians of alternating runs as Markdown."""
    lines = [
        "## Imports",
        "",
        "Seconds for `import aws_cdk`, then for the module of the service, in a fresh process.",
        "",
        "| service | native module | ours, which loads that one too | ours to native |",
        "| --- | --- | --- | --- |",
    ]
    for service, modules in IMPORTS.items():
        taken: dict[str, list[float]] = {module: [] for module in modules}
        for _ in range(rounds):
            for module, so_far in taken.items():
                so_far.append(_seconds(module))
        native, ours = (statistics.median(taken[module]) for module in modules)
        lines.append(f"| {service} | {native:.2f} | {ours:.2f} | {ours / native:.2f} |")
    return "\n".join(lines)


def _seconds(module: str) -> float:
    code = f"import time; begun = time.perf_counter(); import aws_cdk, {module}; print(time.perf_counter() - begun)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return float(said.splitlines()[-1])
