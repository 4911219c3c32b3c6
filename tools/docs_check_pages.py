"""Opens each page of the built site in headless Chromium: narrow and light, wide and dark.

A page fails when its console shows an error, a request of it is not answered, a link of it leads nowhere, it is wider
than the window, or a block of code on it is cut off in the wide window. Screenshots are left in `.cache/docs`.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urldefrag

from playwright.sync_api import ViewportSize, sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

ROOT = Path(__file__).parents[1]
SITE = ROOT / ".cache" / "site"
SHOTS = ROOT / ".cache" / "docs"
SCHEMES = {"light": "default", "dark": "slate"}
WINDOWS = {"narrow": (390, "light"), "wide": (1280, "dark")}
"""Widths in pixels, and the colours that the user prefers."""
WHAT_IS_THERE = """() => ({
  ids: [...document.querySelectorAll('[id]')].map(each => each.id),
  links: [...document.querySelectorAll('a[href]')].map(each => each.href),
  scheme: document.body.dataset.mdColorScheme,
  overflow: document.documentElement.scrollWidth - window.innerWidth,
  cutOff: [...document.querySelectorAll('pre > code')]
    .filter(each => each.scrollWidth > each.clientWidth)
    .map(each => each.textContent.split('\\n').reduce((a, b) => a.length < b.length ? b : a)),
})"""


class View(NamedTuple):
    """A window, and the colours that its user prefers."""

    context: BrowserContext
    size: str
    scheme: str


def _look(view: View, base: str, page: str) -> tuple[list[str], dict[str, Any]]:
    """The faults of a page in one of the views, and what is on it."""
    tab = view.context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    tab.on("requestfailed", lambda request: faults.append(f"not loaded: {request.url}"))
    tab.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    tab.goto(base + page, wait_until="load")
    tab.wait_for_function("document.body.dataset.mdColorScheme")
    tab.screenshot(path=SHOTS / f"{page.removesuffix('.html').replace('/', '-')}-{view.size}-{view.scheme}.png")
    seen: dict[str, Any] = tab.evaluate(WHAT_IS_THERE)
    tab.close()
    if seen["scheme"] != SCHEMES[view.scheme]:
        faults.append(f"shown in {seen['scheme']} to those who prefer {view.scheme}")
    if seen["overflow"] > 0:
        faults.append(f"{seen['overflow']} pixels wider than the window")
    if view.size == "wide":
        faults += [f"code is cut off: {line.strip()}" for line in seen["cutOff"]]
    return [f"{page} ({view.size}, {view.scheme}): {fault}" for fault in faults], seen


def _dead_links(base: str, seen: dict[str, dict[str, Any]]) -> list[str]:
    """Links within the site that lead nowhere."""
    ids = {base + page: set(each["ids"]) for page, each in seen.items()}
    dead = []
    for page, each in seen.items():
        for link in dict.fromkeys(each["links"]):
            target, anchor = urldefrag(link)
            if not target.startswith(base):
                continue
            path = target.removeprefix(base)
            if target in ids:
                if anchor and anchor not in ids[target]:
                    dead.append(f"{page}: nothing is named #{anchor} in {path}")
            elif not (SITE / path).is_file() and not (SITE / path / "index.html").is_file():
                dead.append(f"{page}: there is no {path}")
    return dead


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


def main() -> int:
    """Look at all pages."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    pages = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if path.name != "404.html")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    faults: list[str] = []
    seen: dict[str, dict[str, Any]] = {}
    with sync_playwright() as playwright:
        # As root, as in a container, Chromium runs without its sandbox only; it opens nothing but this site.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        for size, (width, scheme) in WINDOWS.items():
            window = ViewportSize(width=width, height=900)
            context = browser.new_context(viewport=window, color_scheme="dark" if scheme == "dark" else "light")
            for page in pages:
                found, seen[page] = _look(View(context, size, scheme), base, page)
                faults += found
        browser.close()
    faults += _dead_links(base, seen)
    server.shutdown()
    print(f"docs-check: {len(pages)} pages, {len(pages) * len(WINDOWS)} views, {len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
