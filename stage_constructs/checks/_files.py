"""Templates of files and cloud assemblies, of whatever tool."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from ..rules._resources import Template, as_dict
from ..rules.assembly import read_templates
from ._acknowledgments import accept_acknowledged
from ._loops import EXTRA, expanded
from ._terraform import is_terraform, read_terraform

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST: Final = "manifest.json"
_STACK: Final = "aws:cloudformation:stack"
_NESTED_ASSEMBLY: Final = "cdk:cloud-assembly"
_MAX_SIZE: Final = 5_000_000
"""Bytes of a template, with blanks and comments."""
_UNKNOWN: Final = ("unknown-account", "unknown-region")


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """The templates of a path, and how many files have been read."""

    templates: list[Template]
    """Those with resources that the rules are about."""
    count: int
    """Templates, those of nested stacks apart."""


def read_path(path: str, region: str | None, account: str | None) -> TemplateFiles:
    """Read a template, or the templates of a cloud assembly."""
    if not Path(path).is_dir():
        content = _load(path)
        if is_terraform(content):
            return TemplateFiles([_read_terraform(content, path, region, account)], 1)
        _check_size(path)
        content = template_content(content, path)
        return TemplateFiles([Template(content, path=path, region=region, account=account)], 1)
    if not Path(path, _MANIFEST).is_file():
        raise ValueError(f"{path} is not a cloud assembly: it contains no {_MANIFEST}; name its templates")
    stacks = list(_stacks(Path(path)))
    if not stacks:
        raise ValueError(f"{path} is a cloud assembly without stacks")
    templates: list[Template] = []
    for file, stack_region, stack_account, metadata in stacks:
        of_stack = _read_stack(str(file), stack_region or region, stack_account or account)
        accept_acknowledged(of_stack, metadata)
        templates += of_stack
    return TemplateFiles(templates, len(stacks))


def _read_stack(path: str, region: str | None, account: str | None) -> list[Template]:
    _check_size(path)
    try:
        return read_templates(path, region, account)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error


def _check_size(path: str) -> None:
    size = Path(path).stat().st_size
    if size > _MAX_SIZE:
        raise ValueError(f"{path} has {size:,} bytes: CloudFormation accepts templates of up to 1 MB")


def _read_terraform(content: object, path: str, region: str | None, account: str | None) -> Template:
    try:
        return read_terraform(as_dict(content), path, region, account)
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deeply") from error


def template_content(content: object, path: str) -> Mapping[str, Any]:
    """The content of a template, if it is one."""
    if isinstance(content, Mapping) and isinstance(cast("Mapping[str, object]", content).get("Resources"), Mapping):
        try:
            return expanded(with_text_keys(cast("Any", content)), path)
        except RecursionError as error:
            raise ValueError(f"{path} is nested too deeply") from error
    raise ValueError(f"{path} is not a CloudFormation template: it has no Resources")


def with_text_keys(value: Any) -> Any:
    """A value whose keys are strings as in JSON: YAML also has numbers and booleans as keys."""
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {_text_key(key): with_text_keys(item) for key, item in members.items()}
    return [with_text_keys(item) for item in cast("list[object]", value)] if isinstance(value, list) else value


def _text_key(key: object) -> str:
    return key if isinstance(key, str) else json.dumps(key, default=str)


def _stacks(directory: Path) -> Iterator[tuple[Path, str | None, str | None, Mapping[str, object]]]:
    """The templates of the stacks of a cloud assembly and of its stages, with their Regions, accounts and metadata."""
    for each in as_dict(as_dict(_load(str(directory / _MANIFEST))).get("artifacts")).values():
        artifact = as_dict(each)
        properties = as_dict(artifact.get("properties"))
        if artifact.get("type") == _STACK:
            environment = str(artifact.get("environment", "")).removeprefix("aws://").partition("/")
            account, _, region = (None if part in _UNKNOWN else part for part in environment)
            file = artifact.get("additionalMetadataFile")
            metadata = as_dict(_load(str(directory / str(file))) if file else artifact.get("metadata"))
            yield directory / str(properties.get("templateFile")), region, account, metadata
        elif artifact.get("type") == _NESTED_ASSEMBLY:
            yield from _stacks(directory / str(properties.get("directoryName")))


def _load(path: str) -> object:
    """The content of a file, JSON or YAML."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not a text file") from error
    if "\0" in text:
        raise ValueError(f"{path} is not a text file")
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError(f"{path} is not JSON: {error}") from error
        except RecursionError as error:
            raise ValueError(f"{path} is not JSON: it is nested too deeply") from error
    _check_size(path)
    return _load_yaml(path, text)


def _load_yaml(path: str, text: str) -> object:
    try:
        decode_str = importlib.import_module("cfnlint.decode").decode_str
    except ImportError as error:
        raise ImportError(f"{path} is YAML, which requires cfn-lint: {EXTRA}") from error
    content, problems = decode_str(text)
    if problems:
        raise ValueError(f"{path}:{problems[0].linenumber} is not YAML: {problems[0].message}")
    return content
