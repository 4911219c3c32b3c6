"""Hook of MkDocs: a grouped reference, and for programs Markdown of each page, llms.txt and rules.json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import griffe
from mkdocs.structure.files import File

from tools.reference import DIRECTIVE, OneFirstSentence, grouped, members_of
from tools.rules_table import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure import StructureItem
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_PACKAGE: Final = griffe.load(
    "stage_constructs", docstring_parser="google", extensions=griffe.load_extensions(OneFirstSentence)
)
_MARKDOWN: Final[dict[str, str]] = {}
"""Text of each page, by its path in the site."""
_MENU: Final[list[StructureItem]] = []


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add rules.json, so that pages can link to it."""
    files.append(File.generated(config, "rules.json", content=json.dumps(list(records()), indent=1)))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG001  MkDocs gives them by name
    """Remember the order of the pages."""
    _MENU[:] = nav.items


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Remember the text of a page, and group the members of classes."""
    _MARKDOWN[page.file.src_uri] = markdown
    return grouped(markdown, _PACKAGE)


def on_post_build(config: MkDocsConfig) -> None:
    """Write Markdown and llms.txt."""
    site = Path(config.site_dir)
    for path, text in _MARKDOWN.items():
        expanded = DIRECTIVE.sub(lambda match: _reference(_PACKAGE[match[1]]), f"{text}\n")
        (site / path).write_text(expanded, encoding="utf-8")
    (site / "llms.txt").write_text(llms_text(config), encoding="utf-8")


def llms_text(config: MkDocsConfig) -> str:
    """The pages by sections of the menu, as https://llmstxt.org describes it."""
    first = [item for item in _MENU if not item.is_section]
    parts = [f"# {config.site_name}\n\n> {config.site_description}\n\n## Pages\n\n", *_links(first, config)]
    for section in _MENU:
        if section.is_section:
            parts += _section(section, (), config)
    rules = urljoin(config.site_url or "", "rules.json")
    parts.append(f"\n## Data\n\n- [Rules]({rules}): Each rule with its kind, CloudFormation types and properties.\n")
    return "".join(parts)


def _section(section: StructureItem, parents: tuple[str, ...], config: MkDocsConfig) -> Iterator[str]:
    names = (*parents, str(section.title))
    children = section.children or []
    pages = [item for item in children if not item.is_section]
    if pages:
        yield f"\n## {': '.join(names)}\n\n"
        yield from _links(pages, config)
    for item in children:
        if item.is_section:
            yield from _section(item, names, config)


def _links(pages: Iterable[StructureItem], config: MkDocsConfig) -> Iterator[str]:
    for page in pages:
        path = page.file.src_uri
        yield f"- [{page.title}]({urljoin(config.site_url or '', path)}): {summary(_MARKDOWN[path])}\n"


def summary(markdown: str) -> str:
    """The first sentence of a page, without links."""
    prose = re.sub(r"^```.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    paragraph = next(part for part in re.split(r"\n\s*\n", prose) if re.match(r"\w|[`\[*]", part.strip()))
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraph.split()))
    return re.split(r"(?<=\.)\s", plain)[0].rstrip(":.") + "."


def _reference(item: griffe.Object | griffe.Alias) -> str:
    """What a page of the reference shows of a name."""
    parts = [f"## {item.path}\n"]
    constructor = [item.all_members["__init__"]] if item.is_class and "__init__" in item.all_members else []
    for each in [item, *constructor, *members_of(item).values()]:
        if each is not item and each.name != "__init__":
            parts.append(f"### {each.name}\n")
        if each.is_function:
            parts.append(f"```python\n{each.signature()}\n```\n")
        if each.docstring:
            parts.append(f"{each.docstring.value}\n")
    return "\n".join(parts) + "\n"
