"""Fixtures for every room: the process's database, real servers beside a test, a browser."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from practice.vault.keyring import forget_keys
from tests import database
from tests.browser import DESKTOP, keep_picture, launch
from tests.faults.told import lines
from tests.live import Live
from tests.people import world  # noqa: F401 - a fixture of every test
from tests.starting import worker_name

FAILED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def _no_kept_keys() -> None:
    """Keys of another test's rows may bear the same numbers."""
    forget_keys()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own copy of the migrated database."""
    with django_db_blocker.unblock(), database.copy(f"test_{worker_name()}"):
        yield


@pytest.fixture
def live_database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A fresh database in which every commit is real; its name. Dropped afterwards."""
    with django_db_blocker.unblock(), database.copy(f"live_{worker_name()}") as name:
        yield name


@pytest.fixture
def live(live_database: str, tmp_path: Path, settings: Any) -> Iterator[Live]:
    """The real web on a fresh database; `live.start("mail", "engine", "worker", "beat")` brings the rest."""
    running = Live(tmp_path)
    settings.PUBLIC_URL = running.url
    running.start("web")
    try:
        yield running
    finally:
        running.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure, so that the browser's fixtures can keep a picture of it."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser a process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop lives in the test's thread, and Django sees it
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def new_context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of one person, with cookies and storage of its own. A failure keeps a picture of each page."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        chosen = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
        contexts.append(browser.new_context(**{**chosen, **options}))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(10_000)
        return contexts[-1]

    yield make
    pages = [page for context in contexts for page in context.pages]
    if request.node.stash.get(FAILED, False):
        for number, page in enumerate(pages):
            keep_picture(page, f"{request.node.nodeid}-{number}")
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """One desktop page."""
    return new_context().new_page()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List what each injected fault did."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if report.when == "call"
    ]
    told = lines(reports)
    if told:
        terminalreporter.section("faults")
        for line in told:
            terminalreporter.write_line(line)
