"""The templates of a cloud assembly, with those nested in them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ._resources import Template, as_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

_NESTED: Final = ".nested.template.json"
_CONCERNED: Final = re.compile(r"AWS::(ApiGateway|IVS::|Events::Rule|Logs::ResourcePolicy|Serverless::)")


def read_templates(path: str, region: str | None, account: str | None) -> list[Template]:
    """The template of a stack and those nested in it, if they have resources that the rules are about."""
    texts = {name: Path(name).read_text(encoding="utf-8") for name in (path, *_nested_in(path))}
    if not any(_CONCERNED.search(text) for text in texts.values()):
        return []
    templates = [
        Template(as_dict(json.loads(text)), path=name, region=region, account=account) for name, text in texts.items()
    ]
    for template in templates:
        template.deployed_together = templates
    return templates


def _nested_in(path: str) -> Iterator[str]:
    """The templates of nested stacks, which are assets of the stack."""
    manifest = Path(path.removesuffix(".template.json") + ".assets.json")
    if not manifest.is_file():
        return
    files = as_dict(as_dict(json.loads(manifest.read_text(encoding="utf-8"))).get("files"))
    for asset in files.values():
        source = as_dict(as_dict(asset).get("source")).get("path")
        if isinstance(source, str) and source.endswith(_NESTED):
            yield str(manifest.parent / source)
