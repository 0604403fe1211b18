"""A real browser for the journeys: which one, with which flags, and what axe says about a page."""

import os
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, WebSocket

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "test-results"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds that a page may take on a busy machine
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
FAKE_DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PLAYWRIGHTS = """
    AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable
    LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect
    TcpPortRandomizationWin OptimizationHints NetworkTimeServiceQuerying AimEnabled PreconnectToSearch
"""  # what Playwright switches off by itself: the browser heeds the last list alone
POPUPS = "WebUIOmniboxPopup WebUIOmniboxAimPopup WebUIOmniboxFullPopup"
"""What the address bar would show, a page of its own beside each page: half a second of a core, seen by nobody."""
OFF = [f"--disable-features={','.join(f'{PLAYWRIGHTS} {POPUPS}'.split())}"]
NOWHERE = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is right is not described: more than half of axe's time
}
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # all that another colour scheme can break


def executable() -> str | None:
    """A browser of the system: `BROWSER_PATH`, chromium or google-chrome; else Playwright's own; else None."""
    if chosen := os.environ.get("BROWSER_PATH"):
        return chosen
    for name in NAMES:
        if found := shutil.which(name):
            return found
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next((str(path) for path in sorted(home.glob("chromium-*/chrome-*/chrome"), reverse=True)), None)


def launch(playwright: Playwright) -> Browser:
    """Start it. A missing browser is a failure and never a skip."""
    path = executable()
    if path is None:
        raise RuntimeError("no browser: install chromium or google-chrome, or set BROWSER_PATH (`make test` can do it)")
    flags = [*QUIET, *OFF, *FAKE_DEVICES, *NOWHERE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=path, args=flags)


@cache
def axe() -> str:
    """The script of axe-core."""
    return AXE.read_text()


def violations(page: Page, **rules: Any) -> list[str]:
    """What axe finds on this page, one line a finding. Evaluated by the debugger, so that our strict CSP stays on."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, rules)", {**AXE_RULES, **rules})
    return [
        f"{violation['id']}: {violation['help']} at {', '.join(map(str, node['target']))}\n    {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def until(page: Page, true: Callable[[], object], what: str) -> None:
    """Wait until something is so, while the browser goes on."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < deadline, f"{page.url}: {what}"
        page.wait_for_timeout(20)


def goto_and_hear(page: Page, path: str) -> None:
    """Open a page and wait until its socket was greeted: from then on it is told what happens."""
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    page.on("websocket", listen)
    page.goto(path, wait_until="load")
    until(page, lambda: any('"hello"' in frame for frame in heard), "its socket is not greeted")
    page.remove_listener("websocket", listen)


def assert_accessible(page: Page, **rules: Any) -> None:
    """Fail with axe's findings, if there are any."""
    found = violations(page, **rules)
    assert not found, f"{page.url}:\n" + "\n".join(found)


def kept(name: str, ending: str) -> Path:
    """Where something about a failed test is kept, under test-results/."""
    PICTURES.mkdir(exist_ok=True)
    return PICTURES / f"{''.join(c if c.isalnum() else '-' for c in name)[-150:]}.{ending}"


def keep_picture(page: Page, name: str) -> Path:
    """Save what the browser shows under test-results/."""
    path = kept(name, "png")
    page.screenshot(path=path, full_page=True)
    return path
