"""Requests to deployed APIs: their URLs name AWS, the connections go to the emulator."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from websockets.sync.client import ClientConnection

    from .aws import Emulator


_SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0"
)


def _host(url: str) -> str:
    return urlsplit(url).netloc.split(".")[0] + ".execute-api.localhost"


def request(
    emulator: Emulator, method: str, url: str, *, signed: bool = False, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Status and body of a request to a deployed HTTP API; the emulator takes any signature for a right one."""
    headers = {**(headers or {}), "Host": _host(url)}
    if signed:
        headers["Authorization"] = _SIGNATURE
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, urlsplit(url).path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def get(emulator: Emulator, url: str) -> tuple[int, str]:
    """Status and body of a GET request to a deployed HTTP API."""
    return request(emulator, "GET", url)


@contextlib.contextmanager
def repeated(emulator: Emulator, method: str, url: str) -> Iterator[list[tuple[int, str]]]:
    """Calls a URL five times a second within the block; the answers so far."""
    answers: list[tuple[int, str]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answers.append(request(emulator, method, url))
            done.wait(0.2)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        done.set()
        thread.join()


@contextlib.contextmanager
def websocket(emulator: Emulator, url: str) -> Iterator[ClientConnection]:
    """An open connection to a deployed WebSocket API."""
    local = f"ws://{_host(url)}:{emulator.port}{urlsplit(url).path}"
    pipe = socket.create_connection(("127.0.0.1", emulator.port), timeout=30)
    with connect(local, sock=pipe, open_timeout=30, proxy=None) as connection:
        yield connection
