"""The command `stage-constructs takeover`."""

from __future__ import annotations

import json
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ._app import App
from ._live_stages import live_stages
from ._python import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ._live_stages import LiveStage

_INSTANCE: Final = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
_REMOVED: Final = """\
     removed {{
       from = {address}
       lifecycle {{
         destroy = false
       }}
     }}"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to those of the program."""
    command = commands.add_parser(
        "takeover",
        help="write the code and the mapping with which `cdk import` takes over live stages",
        description="Write stages.py, an app that declares live stages, and import.json, the mapping for `cdk import`.",
        epilog="exit status: 0: both files are written; 2: nothing is written",
    )
    command.add_argument(
        "file",
        metavar="FILE",
        help="Terraform state (terraform show -json, or terraform.tfstate), or what `aws apigatewayv2 get-stages`,"
        " `aws apigatewayv2 get-stage` or `aws ivs-realtime get-stage` print",
    )
    command.add_argument("--output", default="takeover", metavar="DIR", help="folder to write to; default: takeover")
    command.add_argument("--force", action="store_true", help="overwrite the two files")
    command.add_argument("--api-id", metavar="ID", help="id of the API, which the AWS CLI does not print")
    command.add_argument("--protocol", choices=("HTTP", "WEBSOCKET"), help="of the API, where it cannot be derived")
    command.add_argument("--region", help="Region of the stages; of Terraform state only those in it")
    command.add_argument("--account", help="account of the stages; of Terraform state only those in it")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the two files, and print what to do next."""
    try:
        stages, contents = _generated(options)
    except OSError as error:
        return _failed(f"{options.file}: {error.strerror}")
    except ValueError as error:
        return _failed(f"{options.file} {error}")
    folder = Path(options.output)
    for path in (folder / name for name in contents):
        if path.is_dir():
            return _failed(f"{path} is a folder")
        if path.exists() and not options.force:
            return _failed(f"{path} exists; add --force to overwrite it, or --output for another folder")
    try:
        _write(folder, contents)
    except OSError as error:
        return _failed(f"{error.filename}: {error.strerror}")
    print(*_steps(stages, options.output), sep="\n")
    return 0


def _failed(message: str) -> int:
    print(f"stage-constructs: {printable(message)}", file=sys.stderr)
    return 2


def _generated(options: argparse.Namespace) -> tuple[list[LiveStage], dict[str, str]]:
    """The stages that are taken over, and the contents of the two files by their names."""
    stages, region, account = _chosen(_read(options), options)
    app = App()
    for stage in stages:
        app.add(stage)
    if not app.mapping:
        obstacles = [f": {each.name}: {each.obstacle}" for each in stages]
        raise ValueError(f"has no stages to take over{''.join(obstacles)}")
    contents = {"stages.py": app.code(region, account), "import.json": json.dumps(app.mapping, indent=2) + "\n"}
    return [each for each in stages if not each.obstacle], contents


def _read(options: argparse.Namespace) -> Any:
    try:
        return json.loads(Path(options.file).read_bytes())
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None


def _chosen(content: Any, options: argparse.Namespace) -> tuple[list[LiveStage], str | None, str | None]:
    """The stages of one Region and one account, and these two where they are known."""
    stages = live_stages(content, api_id=options.api_id, protocol=options.protocol)
    environment: list[str | None] = []
    for name, wanted in (("region", options.region), ("account", options.account)):
        stages = [each for each in stages if not wanted or getattr(each, name) in (wanted, None)]
        known = sorted({getattr(each, name) for each in stages} - {None})
        if len(known) > 1:
            raise ValueError(f"has stages of {' and '.join(known)}, and a stack has one {name}: add --{name}")
        environment.append(wanted or next(iter(known), None))
    return stages, environment[0], environment[1]


def _write(folder: Path, contents: dict[str, str]) -> None:
    """Write the files once all of them can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as new:
        for name, content in contents.items():
            Path(new, name).write_text(content, encoding="utf-8", newline="\n")
        for name in contents:
            Path(new, name).replace(folder / name)


def _steps(stages: Sequence[LiveStage], folder: str) -> list[str]:
    """What was written, and what to do next; without values of stages."""
    addresses = list(dict.fromkeys(printable(address) for each in stages for address in each.addresses))
    app = '--app "python stages.py"'
    steps = [
        f"{len(stages)} {'stage' if len(stages) == 1 else 'stages'} in {Path(folder, 'stages.py')}",
        "",
        f"1. Review {Path(folder, 'stages.py')}; comments name what it leaves out, and why.",
        "2. Import the stages into the stack, which changes nothing of them:",
        f"     cd {shlex.quote(folder)}",
        f"     cdk import Stages {app} --resource-mapping import.json",
        "3. Compare the stack with the code (only the parameter BootstrapVersion is new), and with what is live:",
        f"     cdk diff Stages {app}",
        f"     cdk drift Stages {app}",
    ]
    if addresses:
        steps += [
            "4. Have Terraform forget the stages before you deploy or change anything. Remove their resource blocks,",
            "   write names and ids in place of references to them, and add (Terraform 1.7 or newer):",
            *(_REMOVED.format(address=each) for each in dict.fromkeys(_INSTANCE.sub("", each) for each in addresses)),
            "   `terraform plan` must say that nothing is destroyed; then `terraform apply`.",
            "   With an older Terraform remove the resource blocks, and run:",
            *(f"     terraform state rm {shlex.quote(each)}" for each in addresses),
        ]
    return steps
