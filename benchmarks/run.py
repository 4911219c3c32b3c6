"""One measured run, in a process of its own: `python -m benchmarks.run SHAPE KIND WAY APIS` prints its figures as JSON.

The validation of templates that is built into CDK is off: it takes about a second, whoever built the stages.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from jsii._kernel.providers.process import _NodeProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"http": "HTTP, defaults", "everything": "HTTP, everything on", "websocket": "WebSocket, logs", "ivs": "IVS"}
WAYS = {kind: ("ours", "l1") if kind == "ivs" else ("ours", "native", "l1") for kind in KINDS}
STAGES_OF_AN_API = {"usual": 1, "five": 5, "thousand": 1}
APIS_IN_A_STACK = {"usual": 1, "five": 50, "thousand": 400}
"""Below 500 resources a stack."""
IMPORTS = {
    ("ivs", "ours"): ["stage_constructs.ivs"],
    ("ivs", "l1"): ["aws_cdk.aws_iam"],
    ("websocket", "native"): ["aws_cdk.aws_apigateway", "aws_cdk.aws_iam"],
    ("websocket", "l1"): ["aws_cdk.aws_apigateway", "aws_cdk.aws_iam"],
    **{(kind, "ours"): ["stage_constructs.apigatewayv2"] for kind in KINDS if kind != "ivs"},
}
"""What a program of that kind imports beside the modules of the service, by kind and way."""


def processes() -> list[Path]:
    """This process and those below it, as folders of /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # noqa: PERF203  a process that has ended
            continue
    mine = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return [Path(f"/proc/{process}") for process in mine]


def cpu_seconds() -> float:
    """What Python and Node have had of the processors: the same however busy the machine is."""
    threads = [thread for process in processes() for thread in process.glob("task/*/schedstat")]
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def memory_kb(field: str) -> int:
    """`VmRSS` or `VmHWM` of Python and Node together."""
    lines = [line for process in processes() for line in (process / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith(field))


def build(shape: str, kind: str, way: str, apis: int, app: cdk.App) -> Iterator[Any]:
    """All stages of a shape, each as a call; first what is around them."""
    module = importlib.import_module("benchmarks.ivs_stages" if kind == "ivs" else "benchmarks.api_stages")
    each = APIS_IN_A_STACK[shape]
    stacks = []
    for number, first in enumerate(range(0, apis, each)):
        env = None if shape == "usual" else cdk.Environment(account=f"{number:012}", region="eu-west-1")
        stack = cdk.Stack(app, f"Stack{number}", env=env)
        stacks.append(module.Stages(stack, kind, way, min(each, apis - first), imported=shape == "thousand"))
    yield
    for number in range(apis):
        for stage in range(STAGES_OF_AN_API[shape]):
            yield stacks[number // each].build(f"s{number}-{stage}", number % each)


def one_run(shape: str, kind: str, way: str, apis: int) -> dict[str, float]:
    """Times in seconds, requests to the kernel, and the growth of the memory to its peak in kB."""
    sent = 0
    send = _NodeProcess.send

    def counted(*arguments: Any) -> Any:
        nonlocal sent
        sent += 1
        return send(*arguments)

    _NodeProcess.send = counted  # type: ignore[method-assign]
    memory, begun = memory_kb("VmRSS"), time.perf_counter()
    importlib.import_module("benchmarks.ivs_stages" if kind == "ivs" else "benchmarks.api_stages")
    for name in IMPORTS.get((kind, way), []):
        importlib.import_module(name)
    imports = time.perf_counter() - begun
    cpu, begun = cpu_seconds(), time.perf_counter()
    app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
    stages = build(shape, kind, way, apis, app)
    next(stages)
    if shape != "usual":
        sent, cpu, memory, begun = 0, cpu_seconds(), memory_kb("VmRSS"), time.perf_counter()
    for _ in stages:
        pass
    constructed = time.perf_counter()
    app.synth()
    synthesized = time.perf_counter()
    return {
        "with imports": imports + synthesized - begun,
        "both": synthesized - begun,
        "construct": constructed - begun,
        "synth": synthesized - constructed,
        "cpu": cpu_seconds() - cpu,
        "requests": sent / apis / STAGES_OF_AN_API[shape],
        "memory": memory_kb("VmHWM") - memory,
    }


def templates(shape: str, kind: str, way: str, apis: int) -> list[Any]:
    """What a shape is synthesized to."""
    app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
    list(build(shape, kind, way, apis, app))
    return [stack.template for stack in app.synth().stacks]


def comparable(template: dict[str, Any]) -> list[str]:
    """Resources and outputs without metadata and code of functions, with types for logical ids, in a fixed order."""
    resources = {key: value for key, value in template["Resources"].items() if value["Type"] != "AWS::CDK::Metadata"}
    parts = [{key: value for key, value in each.items() if key != "Metadata"} for each in resources.values()]
    for part in parts:
        part["DependsOn"] = sorted(resources[name]["Type"] for name in part.get("DependsOn", []))
        part["Properties"] = part.get("Properties", {}) | {"Code": ""}
    texts = [json.dumps(part, sort_keys=True) for part in [*parts, *template.get("Outputs", {}).values()]]
    for name, resource in resources.items():
        texts = [text.replace(f'"{name}"', f'"{resource["Type"]}"') for text in texts]
    return sorted(texts)


def dashboard(stages: int) -> dict[str, float]:
    """Seconds for a dashboard of stages of all kinds; the validation of CDK is off here too."""
    from aws_cdk import aws_apigatewayv2 as apigatewayv2

    from stage_constructs import ivs
    from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage
    from stage_constructs.monitoring import StageDashboard

    app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Stack")
    http, websocket = apigatewayv2.HttpApi(stack, "Http"), apigatewayv2.WebSocketApi(stack, "WebSocket")
    makers: list[Any] = [
        lambda name: HttpStage(stack, name, api=http, stage_name=name),
        lambda name: WebSocketStage(stack, name, api=websocket, stage_name=name),
        lambda name: ivs.Stage(stack, name, stage_name=name),
    ]
    made = [makers[number % 3](f"s{number}") for number in range(stages)]
    begun = time.perf_counter()
    StageDashboard(stack, "Dashboard", stages=made)
    constructed = time.perf_counter()
    app.synth()
    return {"construct": constructed - begun, "synth": time.perf_counter() - constructed}


if __name__ == "__main__":
    asked, number = sys.argv[1:-1], int(sys.argv[-1])
    print(json.dumps(dashboard(number) if asked == ["dashboard"] else one_run(*asked, number)))
