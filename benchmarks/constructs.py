"""What a stage of ours costs beside the native L2 with escape hatches and beside the bare L1, to the same template.

`python -m benchmarks.constructs [--stages N ...] [--rounds R] [--kinds K ...] [--write]`: a table for each number of
stages as Markdown; with `--write` also `docs/benchmarks.md` and `docs/benchmarks.svg`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from jsii._kernel.providers.process import _NodeProcess

from .implementations import APIS_IN_A_STACK, KINDS, Surroundings, require_equal_templates
from .imports import table_of_imports
from .plot import plot

DOCS = Path(__file__).parents[1] / "docs"
STAGES_IN_A_STACK = 200
USUAL = 1000
"""Of so many stages are the picture and the memory: fewer drown in what the two processes take for themselves."""


@dataclass(frozen=True)
class Measured:
    """What one way to build one kind of stage takes; of several runs, the medians."""

    construct_ms: float
    checks_ms: float
    requests: float
    synth_s: float
    python_kb: float
    node_kb: float


def one_run(kind: str, way: str, stages: int) -> Measured:
    """Build and synthesize in this process; for a process of its own."""
    sent = 0
    checked = 0.0
    send, create = _NodeProcess.send, cdk.Resource.__init__

    def counted(process: Any, request: Any, response_type: Any) -> Any:
        nonlocal sent
        sent += 1
        return send(process, request, response_type)

    def timed(resource: cdk.Resource, *args: Any, **kwargs: Any) -> None:
        nonlocal checked
        checked += time.perf_counter() - begun  # whatever a constructor refuses, it refuses before this
        create(resource, *args, **kwargs)

    build = KINDS[kind][way]
    app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
    rounds = [Surroundings.of(app, number) for number in range(-(-stages // STAGES_IN_A_STACK))]
    for around in rounds:  # what is read once per API and stack
        for number in range(STAGES_IN_A_STACK, STAGES_IN_A_STACK + APIS_IN_A_STACK):
            build(around, number)
    python_before, node_before = _memory("VmRSS")
    _NodeProcess.send = counted  # type: ignore[method-assign]
    cdk.Resource.__init__ = timed  # type: ignore[assignment,method-assign]
    took = 0.0
    for number in range(stages):
        begun = time.perf_counter()
        build(rounds[number // STAGES_IN_A_STACK], number % STAGES_IN_A_STACK)
        took += time.perf_counter() - begun
    cdk.Resource.__init__ = create  # type: ignore[method-assign]
    _NodeProcess.send = send  # type: ignore[method-assign]
    begun = time.perf_counter()
    app.synth()
    synth_s = time.perf_counter() - begun
    python_peak, node_peak = _memory("VmHWM")
    return Measured(
        construct_ms=took / stages * 1000,
        checks_ms=checked / stages * 1000,
        requests=sent / stages,
        synth_s=synth_s,
        python_kb=(python_peak - python_before) / stages,
        node_kb=(node_peak - node_before) / stages,
    )


def _memory(field: str) -> tuple[int, int]:
    """A field of the memory of this process, and of the Node processes below it, in kB."""
    own, children = 0, 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            read = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        kilobytes = int(read.get(field, "0 kB").split()[0])
        if read["Pid"].strip() == str(_PID):
            own = kilobytes
        elif str(_PID) in _ancestors(int(read["Pid"])):
            children += kilobytes
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


Results = dict[str, dict[str, Measured]]
"""By kind and way."""


def measure(kinds: list[str], stages: int, rounds: int) -> Results:
    """Medians of alternating runs, each in a process of its own."""
    runs: dict[tuple[str, str], list[Measured]] = {(kind, way): [] for kind in kinds for way in KINDS[kind]}
    for done in range(rounds):
        for (kind, way), so_far in runs.items():
            command = [sys.executable, "-m", "benchmarks.constructs", "--one", kind, way, "--stages", str(stages)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            so_far.append(Measured(**json.loads(said.splitlines()[-1])))
        print(f"{stages:,} stages: round {done + 1} of {rounds}", file=sys.stderr)
    results: Results = {kind: {} for kind in kinds}
    for (kind, way), each in runs.items():
        medians = {f.name: statistics.median(getattr(run, f.name) for run in each) for f in fields(Measured)}
        results[kind][way] = Measured(**medians)
    return results


def table(results: Results, stages: int) -> str:
    """The results as Markdown."""
    lines = [
        f"## {stages:,} stage{'s' if stages > 1 else ''}",
        "",
        (
            "| stage | built as | ms a stage | to native L2 | to L1 | checks | requests | synth s "
            "| Python kB | Node kB | memory to L1 |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, ways in results.items():
        for way, each in ways.items():
            to_native = each.construct_ms / ways["native"].construct_ms if "native" in ways else None
            cells = [
                kind,
                way,
                f"{each.construct_ms:.2f}",
                f"{to_native:.2f}" if to_native else "",
                f"{each.construct_ms / ways['L1'].construct_ms:.2f}",
                f"{each.checks_ms / each.construct_ms:.1%}" if way == "ours" else "",
                f"{each.requests:.1f}",
                f"{each.synth_s:.2f}",
            ]
            if stages >= USUAL:
                of_l1 = ways["L1"].python_kb + ways["L1"].node_kb
                cells += [f"{each.python_kb:.1f}", f"{each.node_kb:.1f}"]
                cells += [f"{(each.python_kb + each.node_kb) / of_l1:.2f}"]
            else:
                cells += ["", "", ""]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


INTRODUCTION = """# Benchmarks

What a stage costs that is built by this library, by the native L2 with escape hatches, and by the bare L1, always to
the same template. Medians of {rounds} alternating runs in processes of their own, on one machine: only ratios mean
anything. Up to {each} stages stand in one stack, five of an API. *Checks* is the share of the time that passes before
a constructor makes anything. Memory is the peak of both processes, synthesis included, over what they had before.

`make bench` writes this page anew; `python -m benchmarks.constructs --stages 1000 --kinds HTTP` is a part of it.
"""


def main() -> None:
    """Run the benchmark, or one of its runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", type=int, nargs="+", default=[USUAL])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--one", nargs=2, metavar=("KIND", "WAY"))
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.one:
        run = one_run(*given.one, given.stages[0])
        print(json.dumps({field.name: getattr(run, field.name) for field in fields(run)}))
        return
    for kind in given.kinds:
        require_equal_templates(kind)
    results = {stages: measure(given.kinds, stages, given.rounds) for stages in given.stages}
    tables = [table(each, stages) for stages, each in results.items()]
    tables.append(table_of_imports(given.rounds))
    print("\n\n".join(tables))
    if given.write:
        introduction = INTRODUCTION.format(rounds=given.rounds, each=STAGES_IN_A_STACK)
        shown = USUAL if USUAL in results else max(results)
        picture = "![Milliseconds to construct a stage](benchmarks.svg)"
        (DOCS / "benchmarks.md").write_text("\n\n".join([introduction.rstrip(), picture, *tables]) + "\n")
        times = {kind: {way: each.construct_ms for way, each in ways.items()} for kind, ways in results[shown].items()}
        (DOCS / "benchmarks.svg").write_text(plot(times, shown))


if __name__ == "__main__":
    main()
