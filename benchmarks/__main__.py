"""What the library costs beside its peers, as Markdown: `python -m benchmarks [PART ...] [--quick] [--write]`.

Each figure is the median of the ratios of runs that follow each other, each in a process of its own. With `--write`
the whole goes to `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from . import run

ROOT = Path(__file__).parents[1]
ENV = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}  # users have bytecode
ENV |= {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "true"}
SHAPES = {
    "usual": ("The usual app", "One API with a route and an integration, one stage; all of it counts.", 1, 15),
    "five": ("Five stages of an API", "100 such APIs in two stacks; they are there before the clock starts.", 100, 5),
    "thousand": ("1,000 stages", "One stage of each of 1,000 imported APIs, in three stacks.", 1000, 5),
}
"""Title, description, APIs and rounds."""
INTRODUCTION = """# Benchmarks

What this library costs: ratios of times to a peer that builds the same template in the same run; 1.00 is as fast, more
is slower. *Native* is the native L2 with its cheapest escape hatches (properties of the L1 inside, one request to the
jsii kernel each), *L1* the bare `CfnStage`. Each figure is the median of the ratios of alternating runs in fresh
processes; *CPU* is the processor time of Python and Node together. The most unfavourable row comes first. The templates
are compared before anything is measured. `make bench` writes this page; each table names the command for it alone."""


def command(*arguments: str) -> str:
    """What a Python program prints, in a process of its own."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=ENV, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"benchmark: {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def figures(*arguments: str) -> Any:
    """What one measured run prints."""
    return json.loads(command("-m", "benchmarks.run", *arguments))


def rounds(ways: dict[str, Any], number: int) -> dict[str, list[Any]]:
    """Results of alternating runs, each second round in reverse; the first round only warms the files."""
    results: dict[str, list[Any]] = {way: [] for way in ways}
    for done in range(number + 1):
        for way in list(ways)[:: 1 if done % 2 else -1]:
            result = ways[way]()
            results[way] += [result] if done else []
    return results


def ratio(results: dict[str, list[dict[str, float]]], peer: str, metric: str) -> float | None:
    """The median of the ratios of each round."""
    if peer not in results:
        return None
    return median(ours[metric] / theirs[metric] for ours, theirs in zip(results["ours"], results[peer], strict=True))


def table(head: str, rows: list[list[Any]]) -> str:
    """A Markdown table; numbers with two digits."""
    lines = [head, f"|{' --- |' * (head.count('|') - 1)}"]
    for row in rows:
        cells = ["-" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def shape(name: str, *, quick: bool, most: int) -> str:
    """All kinds of stages in one shape."""
    title, description, apis, times = SHAPES[name]
    apis, times = min(apis, 3) if quick else apis, min(times, most)
    rows = []
    for kind, ways in run.WAYS.items():
        if (name, kind) == ("five", "ivs"):
            continue
        given = {way: [run.comparable(each) for each in run.templates(name, kind, way, min(apis, 3))] for way in ways}
        if any(templates != given["l1"] for templates in given.values()):
            sys.exit(f"benchmark: the templates of {kind} differ")

        results = rounds({way: functools.partial(figures, name, kind, way, str(apis)) for way in ways}, times)
        native = [ratio(results, "native", metric) for metric in ("both", "with imports", "construct", "synth", "cpu")]
        l1 = [ratio(results, "l1", metric) for metric in ("both", "cpu", "memory")]
        requests = ", ".join(f"{results[way][0]['requests']:.1f}" if way in ways else "-" for way in run.WAYS["http"])
        took = median(each["both"] for each in results["ours"]) * 1000 / apis / run.STAGES_OF_AN_API[name]
        rows.append([run.KINDS[kind], *native, ratio(results, "native", "memory"), *l1, requests, took])
    rows.sort(key=lambda row: -(row[1] or row[7]))
    head = (
        "| stage | construct and synth, to native | with imports | construct | synth | CPU | memory "
        "| construct and synth, to L1 | CPU | memory | requests a stage: here, native, L1 | ms a stage |"
    )
    return f"## {title}\n\n{description} Medians of {times}: `python -m benchmarks {name}`.\n\n{table(head, rows)}"


def _cdk_synth(app: str, output: str) -> dict[str, float]:
    call = [os.environ["JSII_NODE"], str(ROOT / "node_modules/aws-cdk/bin/cdk"), "synth", "--quiet", "--no-notices"]
    call += ["--app", f"{sys.executable} -m benchmarks.twins {app}", "--output", output]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(call, cwd=ROOT, env=ENV, check=True, capture_output=True)
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begun
    return {"both": took, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def synth(*, quick: bool, most: int) -> str:
    """The whole `cdk synth` of examples beside native twins."""
    rows, times = [], min(15, most)
    for name in ("http_api", "websocket_chat", "ivs_realtime")[: 1 if quick else 3]:
        with tempfile.TemporaryDirectory() as folder:
            apps = {"ours": f"examples.{name}", "native": f"benchmarks.twins.{name}"}
            ways = {way: functools.partial(_cdk_synth, app, f"{folder}/{way}") for way, app in apps.items()}
            results = rounds(ways, times)
            found = [json.loads(next(Path(folder, way).glob("*.template.json")).read_text()) for way in ways]
        if run.comparable(found[0]) != run.comparable(found[1]):
            sys.exit(f"benchmark: the templates of {name} differ")
        took = median(each["both"] for each in results["ours"])
        rows.append([f"`{name}`", ratio(results, "native", "both"), ratio(results, "native", "cpu"), took])
    rows.sort(key=lambda row: -row[1])
    text = (
        "The whole process of the CDK CLI, its template validation included, beside the same app in native constructs "
        "(`benchmarks/twins`). Logical ids, metadata and the code of functions differ. "
        f"Medians of {times} pairs: `python -m benchmarks synth`."
    )
    return f"## `cdk synth` of an app\n\n{text}\n\n{table('| example | to native | CPU | seconds |', rows)}"


def imports(*, quick: bool, most: int) -> str:
    """How much longer the imports take."""
    rows, times = [], min(15, most)
    code = "import time; begun = time.perf_counter(); import aws_cdk, {}; print(time.perf_counter() - begun)"
    for service in ("apigatewayv2", "ivs"):
        modules = {"ours": f"stage_constructs.{service}", "native": f"aws_cdk.aws_{service}"}
        ways = {way: functools.partial(command, "-c", code.format(module)) for way, module in modules.items()}
        results = {way: [float(each) for each in printed] for way, printed in rounds(ways, times).items()}
        more = median(ours - native for ours, native in zip(results["ours"], results["native"], strict=True))
        rows.append([f"`{service}`", more, median(results["ours"]), median(results["native"])])
    text = f"Seconds for `import aws_cdk` and the module. Medians of {times}: `python -m benchmarks imports`."
    return f"## Imports\n\n{text}\n\n{table('| module | longer than native by | here | native |', rows)}"


def dashboard(*, quick: bool, most: int) -> str:
    """A dashboard of stages of all kinds."""
    stages, times = "6" if quick else "50", min(5, most)
    results = rounds({"ours": functools.partial(figures, "dashboard", stages)}, times)["ours"]
    row = [median(each[metric] for each in results) for metric in ("construct", "synth")]
    text = f"Seconds for a dashboard of {stages} stages. Medians of {times}: `python -m benchmarks dashboard`."
    return f"## Dashboard\n\n{text}\n\n{table('| construct | synth | together |', [[*row, sum(row)]])}"


def main() -> None:
    """Print what is asked for."""
    parts = {**dict.fromkeys(SHAPES, shape), "synth": synth, "imports": imports, "dashboard": dashboard}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="default: all")
    parser.add_argument("--quick", action="store_true", help="one round of small sizes, to see that it works")
    parser.add_argument("--rounds", type=int, default=15, help="at most so many; default: 15, 5 of the larger shapes")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = parser.parse_args()
    page, most = [INTRODUCTION], 1 if given.quick else given.rounds
    for part in given.parts or parts:
        measure = functools.partial(shape, part) if part in SHAPES else parts[part]
        page.append(measure(quick=given.quick, most=most))
        print(page[-1], end="\n\n", flush=True)
    if given.write:
        (ROOT / "docs" / "benchmarks.md").write_text("\n\n".join(page) + "\n")


if __name__ == "__main__":
    main()
