"""Starting and stopping the emulator, and the environment in which the CDK CLI and boto3 find it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from .environment import of_emulator, without_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ACCOUNT = "000000000000"
REGION = "us-east-1"
_NO_PROFILE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
"""botocore reads no profile, whatever the environment of this process names."""


class EmulatorError(RuntimeError):
    """The emulator does not start; the text is one line that says why."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    port: int

    @property
    def endpoint(self) -> str:
        """Where all services answer."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> Mapping[str, str]:
        """The environment of a process that is to see this AWS and no other."""
        return {
            **without_account(os.environ),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of this AWS."""
        session = boto3.session.Session(botocore_session=botocore.session.Session(session_vars=_NO_PROFILE))
        return session.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  the emulator's own
            config=Config(proxies={}, retries={"max_attempts": 2}),
        )


@contextlib.contextmanager
def running(log: Path, port: int | None = None) -> Iterator[Emulator]:
    """Start the emulator on 127.0.0.1 and stop it in the end, whatever happens.

    Args:
        log: File for all that it says.
        port: Port to listen at. Default: a free one.

    Raises:
        EmulatorError: The port is taken, or the emulator does not answer.
    """
    port = _free_port() if port is None else _not_taken(port)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "emulator"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={
                **of_emulator(os.environ),
                "BIND_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(port),
                "MINISTACK_ACCOUNT_ID": ACCOUNT,
                "MINISTACK_REGION": REGION,
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
    emulator = Emulator(port)
    try:
        _wait(emulator, process, log)
        yield emulator
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _not_taken(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise EmulatorError(f"port {port} of 127.0.0.1 cannot be used: {error.strerror}") from None
    return port


def _wait(emulator: Emulator, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmulatorError(f"the emulator ended with {process.returncode} before it answered, see {log}")
        with contextlib.suppress(urllib.error.URLError, OSError):
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{emulator.endpoint}/_ministack/health", timeout=2):
                return
        time.sleep(0.1)
    raise EmulatorError(f"the emulator did not answer within {seconds:.0f} s, see {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(timeout=10)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
