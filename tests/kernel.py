"""Counting what goes over the pipe to the jsii kernel."""

from __future__ import annotations

from typing import Any

import pytest
from jsii._kernel.providers.process import _NodeProcess
from typing_extensions import Self


class KernelRequests:
    """Counts requests from Python to the jsii kernel within a `with` block."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[str] = []
        self._counting = False
        send = _NodeProcess.send

        def counted(process: Any, request: Any, response_type: Any) -> Any:
            if self._counting:
                self.sent.append(type(request).__name__)
            return send(process, request, response_type)

        monkeypatch.setattr(_NodeProcess, "send", counted)

    @property
    def count(self) -> int:
        """Number of requests in the last block."""
        return len(self.sent)

    def __enter__(self) -> Self:
        self.sent.clear()
        self._counting = True
        return self

    def __exit__(self, *_: object) -> None:
        self._counting = False
