"""The command `stage-constructs`."""

from __future__ import annotations

import argparse
import collections
import functools
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from .. import __version__
from ..takeover import _command as takeover
from ._files import read_path
from ._findings import sentence
from ._formats import FORMATTERS, formatted
from ._templates import accepted_rules, findings_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..rules._resources import Template
    from ._files import TemplateFiles
    from ._findings import Finding

_UNREADABLE: Final = 2
_STAGE: Final = "AWS::ApiGatewayV2::Stage"
_KINDS: Final[Mapping[tuple[str, str | None], str]] = {
    (_STAGE, "HTTP"): "HTTP",
    (_STAGE, "WEBSOCKET"): "WebSocket",
    (_STAGE, None): "API Gateway v2 (unknown protocol)",
    ("AWS::IVS::Stage", None): "IVS",
    ("AWS::Serverless::HttpApi", None): "SAM HTTP (not expanded)",
    ("AWS::Serverless::WebSocketApi", None): "SAM WebSocket (not expanded)",
}
"""The kinds of stages, by type and protocol."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="stage-constructs", description="Stages of API Gateway v2 and Amazon IVS.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_check(commands)
    takeover.add_to(commands)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


def _add_check(commands: Any) -> None:
    """Add the sub-command `check`."""
    parser = commands.add_parser(
        "check",
        help="check the stages of templates and Terraform plans",
        description="Check the stages of CloudFormation templates and Terraform plans, and what belongs to them.",
        epilog="exit status: 0: no errors; 1: errors, with --strict also warnings; 2: a path cannot be read",
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="cloud assembly (cdk.out), template (JSON; YAML with cfn-lint), or what `terraform show -json` prints",
    )
    parser.add_argument(
        "--accept", action="append", default=[], metavar="ID", help="rule that is not reported; repeatable"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
    parser.add_argument("--region", help="Region of the stages; default: that of the cloud assembly")
    parser.add_argument("--account", help="account of the stages; default: that of the cloud assembly")
    parser.add_argument(
        "--format",
        choices=("text", "json", *FORMATTERS),
        default="text",
        help="default: text, one finding a line; others but json are those of cfn-lint, and require it",
    )
    parser.set_defaults(run=functools.partial(_check, parser))


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    try:
        accepted = accepted_rules(options.accept)
    except ValueError as error:
        parser.error(str(error))
    read = [_read(path, options) for path in options.paths]
    readable = [files for files in read if files is not None]
    findings = [finding for files in readable for finding in findings_in(files.templates, accepted)]
    try:
        output = _output(findings, options)
    except ImportError as error:
        return _unreadable(str(error))
    if output:
        print(output)
    print(_summary(readable, findings), file=sys.stdout if options.format == "text" else sys.stderr)
    failed = any(options.strict or each.severity == "error" for each in findings)
    return int(failed) if readable == read else _UNREADABLE


def _read(path: str, options: argparse.Namespace) -> TemplateFiles | None:
    """The templates of a path; None where it cannot be read, which is printed."""
    try:
        return read_path(path, options.region, options.account)
    except OSError as error:
        _unreadable(f"{error.filename}: {error.strerror}")
    except (ValueError, ImportError) as error:
        _unreadable(str(error))
    return None


def _unreadable(message: str) -> int:
    print(f"stage-constructs: {' '.join(message.split())}", file=sys.stderr)
    return _UNREADABLE


def _output(findings: Sequence[Finding], options: argparse.Namespace) -> str:
    """The findings in the format that is asked for."""
    if options.format == "json":
        return json.dumps([_as_json(each) for each in findings], indent=2)
    if options.format == "text":
        return "\n".join(str(each) for each in findings)
    return formatted(findings, options.format, options.paths)


def _as_json(finding: Finding) -> dict[str, object]:
    """A finding with the keys that cfn-lint uses in its JSON."""
    return {
        "Filename": finding.template,
        "Level": finding.severity.capitalize(),
        "Location": {"Path": finding.path},
        "Message": sentence(finding),
        "Rule": {"Id": finding.rule},
    }


def _summary(read: Sequence[TemplateFiles], findings: Sequence[Finding]) -> str:
    """What has been checked, and how much was found."""
    severities = collections.Counter(each.severity for each in findings)
    found = f"{_count(severities['error'], 'error')}, {_count(severities['warning'], 'warning')}"
    templates = [template for files in read for template in files.templates]
    return f"{checked(sum(files.count for files in read), templates)}; {found}"


def checked(count: int, templates: Iterable[Template]) -> str:
    """How many templates have been checked, and how many stages of each kind."""
    resources = (each for template in templates for each in template.resources.values())
    stages = collections.Counter(_KINDS.get((each.type, each.protocol)) for each in resources)
    of_each_kind = ", ".join(_count(stages[kind], f"{kind} stage") for kind in _KINDS.values() if stages[kind])
    return f"{_count(count, 'template')} checked: {of_each_kind or 'no stages'}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
