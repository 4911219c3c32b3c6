"""Opens each page of the built site in headless Chromium: narrow and wide, light and dark.

A page fails when its console shows an error, a request of it is not answered, a link of it leads nowhere, or it is
wider than the window. Screenshots are left in `.cache/docs`.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import http.server
import itertools
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[1]
SITE = ROOT / ".cache" / "site"
SHOTS = ROOT / ".cache" / "docs"
WIDTHS = {"narrow": 390, "wide": 1280}
PALETTES = {"light": "default", "dark": "slate"}
IDS_AND_LINKS = """JSON.stringify({
  ids: [...document.querySelectorAll('[id]')].map(each => each.id),
  links: [...document.querySelectorAll('a[href]')].map(each => each.href),
  scheme: document.body.dataset.mdColorScheme,
  overflow: document.documentElement.scrollWidth - window.innerWidth,
})"""


class Browser:
    """One page of a headless Chromium, driven by its debugging protocol."""

    def __init__(self, profile: str) -> None:
        self._process = subprocess.Popen(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-address=127.0.0.1",
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        self._numbers = itertools.count(1)
        self._open = contextlib.ExitStack()
        self.events: list[dict[str, Any]] = []
        self._pipe = self._connect()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        # A page remembers the palette that it was last shown in.
        self.send("Page.addScriptToEvaluateOnNewDocument", source="if (origin !== 'null') localStorage.clear()")

    def _connect(self) -> ClientConnection:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if match := re.search(r"ws://(127\.0\.0\.1:\d+)/", line):
                threading.Thread(target=self._process.stderr.read, daemon=True).start()
                page = self._first_page(match[1])
                return self._open.enter_context(connect(page["webSocketDebuggerUrl"], max_size=None, proxy=None))
        raise SystemExit("docs-check: chromium does not start")

    @staticmethod
    def _first_page(address: str) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"http://{address}/json/list", timeout=30) as answer:
                for each in json.load(answer):
                    if each["type"] == "page":
                        return dict(each)
            time.sleep(0.1)
        raise SystemExit("docs-check: chromium opens no page")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command, and its result."""
        number = next(self._numbers)
        self._pipe.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message: dict[str, Any] = json.loads(self._pipe.recv(timeout=60))
            if message.get("id") == number:
                return dict(message.get("result", {}))
            self.events.append(message)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.events.clear()
        self.send("Page.navigate", url=url)
        deadline = time.monotonic() + 60
        while not any(each.get("method") == "Page.loadEventFired" for each in self.events):
            if time.monotonic() > deadline:
                raise SystemExit(f"docs-check: {url} does not load")
            self.events.append(json.loads(self._pipe.recv(timeout=60)))

    def wait_for(self, condition: str, seconds: float = 5) -> None:
        """Wait until a condition holds, or no longer: whoever looks next sees which."""
        deadline = time.monotonic() + seconds
        while not self.read(f"JSON.stringify({condition})") and time.monotonic() < deadline:
            time.sleep(0.02)

    def read(self, expression: str) -> Any:
        """The value of an expression, which is JSON."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return json.loads(result["result"]["value"])

    def close(self) -> None:
        """End Chromium."""
        self._open.close()
        self._process.terminate()
        self._process.wait()


def _complaints(events: list[dict[str, Any]]) -> list[str]:
    said = []
    for event in events:
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            said.append(f"exception: {params['exceptionDetails'].get('text')}")
        elif event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            said.append(f"console: {params['entry']['text']} {params['entry'].get('url', '')}")
        elif event.get("method") == "Network.loadingFailed" and not params.get("canceled"):
            said.append(f"not loaded: {params.get('errorText')}")
    return said


def _look(browser: Browser, base: str, page: str) -> tuple[list[str], dict[str, Any]]:
    faults: list[str] = []
    seen: dict[str, Any] = {}
    for (size, width), scheme in itertools.product(WIDTHS.items(), PALETTES):
        browser.open("about:blank")
        browser.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=size == "narrow"
        )
        browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for _ in range(3):  # now and then Chromium tells a new page of the preference before
            browser.open(base + page)
            browser.wait_for(f"document.body.dataset.mdColorScheme === '{PALETTES[scheme]}'")
            seen = browser.read(IDS_AND_LINKS)
            if seen["scheme"] == PALETTES[scheme]:
                break
        faults += [f"{page} ({size}, {scheme}): {said}" for said in _complaints(browser.events)]
        if seen["scheme"] != PALETTES[scheme]:
            faults.append(f"{page}: shown in {seen['scheme']} to those who prefer {scheme}")
        if seen["overflow"] > 0:
            faults.append(f"{page} ({size}): {seen['overflow']} pixels wider than the window")
        shot = SHOTS / f"{page.removesuffix('.html').replace('/', '-')}-{size}-{scheme}.png"
        shot.write_bytes(base64.b64decode(browser.send("Page.captureScreenshot")["data"]))
    return faults, seen


def _dead_links(base: str, seen: dict[str, dict[str, Any]]) -> list[str]:
    pages = {base + page: set(each["ids"]) for page, each in seen.items()}
    dead = []
    for page, each in seen.items():
        for link in dict.fromkeys(each["links"]):
            target, anchor = urldefrag(urljoin(base + page, link))
            if not target.startswith(base):
                continue
            if target in pages:
                if anchor and anchor not in pages[target]:
                    dead.append(f"{page}: nothing is named #{anchor} in {target.removeprefix(base)}")
                continue
            try:
                urllib.request.urlopen(target, timeout=10).close()
            except urllib.error.HTTPError as error:
                dead.append(f"{page}: {target.removeprefix(base)} answers {error.code}")
    return dead


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A browser that leaves a page does not wait for the rest of it."""


def main() -> int:
    """Look at all pages."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    pages = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if path.name != "404.html")
    server = _Server(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    faults: list[str] = []
    seen: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            for page in pages:
                found, seen[page] = _look(browser, base, page)
                faults += found
        finally:
            browser.close()
    faults += _dead_links(base, seen)
    server.shutdown()
    print(f"docs-check: {len(pages)} pages, {len(pages) * len(WIDTHS) * len(PALETTES)} views, {len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
