"""The emulator starts and stops as its users rely on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emulator import aws

ROOT = Path(__file__).parents[2]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_listens_on_this_machine_alone(emulator):
    """The port is open on 127.0.0.1 and on no other address."""
    own = socket.gethostbyname(socket.gethostname())
    assert _answers(emulator.port)
    with socket.socket() as probe:
        assert own.startswith("127.") or probe.connect_ex((own, emulator.port)) != 0


def test_it_stops_with_its_block(tmp_path):
    """Nothing listens any more behind the with block, even when that ends in an error."""
    with pytest.raises(ZeroDivisionError), aws.running(tmp_path / "log") as running:
        raise ZeroDivisionError
    assert not _answers(running.port)


def test_two_run_at_once(emulator, tmp_path):
    """A second emulator takes another port and knows nothing of the first."""
    with aws.running(tmp_path / "log") as second:
        assert second.port != emulator.port
        second.client("s3").create_bucket(Bucket="only-here")
        names = {bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"]}
    assert "only-here" not in names


def test_a_taken_port_is_said_in_one_line(emulator, tmp_path):
    """The error names the port."""
    with pytest.raises(aws.EmulatorError, match=rf"^port {emulator.port} of 127.0.0.1 cannot be used: .*$"):
        aws.running(tmp_path / "log", emulator.port).__enter__()


def test_the_demo_says_in_one_line_that_its_port_is_taken(emulator):
    """The demo ends with 1 and names the port."""
    done = subprocess.run(
        [sys.executable, "-m", "emulator.demo", "--port", str(emulator.port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"demo: port {emulator.port} of 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_ends_when_the_process_that_started_it_is_killed(tmp_path):
    """No emulator outlives its parent, however that ends."""
    program = (
        "import pathlib, sys, time\n"
        "from emulator import aws\n"
        f"with aws.running(pathlib.Path({str(tmp_path / 'log')!r})) as running:\n"
        "    print(running.port, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    port = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 15
    while _answers(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _answers(port)
