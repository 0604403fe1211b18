"""Fixtures for every room: the process's database, real servers beside a test, a browser."""

import asyncio
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from practice.accounts import evening
from practice.vault.keyring import forget_keys
from tests import database, lighter
from tests.browser import DESKTOP, PATIENCE, keep_picture, kept, launch
from tests.faults.told import lines
from tests.live import Live
from tests.people import make_world, world  # noqa: F401 - a fixture of every test
from tests.starting import worker_name

FAILED = pytest.StashKey[bool]()
ROOT = Path(__file__).resolve().parent.parent
WALKS = {"test_every_page.py", "test_walks.py"}
collect_ignore = ["house/walks"]  # of a copy of the house
SERVED = {"db", "transactional_db", "live_database", "live", "django_db_setup", "browser", "new_context"}
BY_THEMSELVES = {"journeys", "faults", "stack"}  # start servers of their own without asking a fixture for them
COMMITS = {"live_database", "transactional_db", "django_db_serialized_rollback"}


# An ordinary run tries the same examples on every machine and times none of them; `make faults` searches for new ones.
hypothesis.settings.register_profile(
    "ordinary", derandomize=True, deadline=None, database=None, print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)  # fmt: skip
hypothesis.settings.load_profile("ordinary")
evening.FLOOR_SECONDS = 0.0  # who tests that an answer takes its time sets it
lighter.lighten()


@pytest.fixture(autouse=True)
def _no_kept_keys() -> None:
    """Keys of another test's rows may bear the same numbers."""
    forget_keys()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own databases: one empty, one with people."""
    with django_db_blocker.unblock(), database.STANDING.both(worker_name(), make_world):
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stand among people for a test of `world` that is rolled back; before the fixtures, since these open the
    transaction."""
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    commits = bool(names & COMMITS) or bool(marker and marker.kwargs.get("transaction"))
    database.STANDING.choose(with_people="world" in names and not commits)


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
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """What injects faults or starts servers in one process, so that none slows its like; a file of journeys in one.

    xdist hands out the largest group first. The walk over every page is no journey: it waits for nobody and comes first
    of all that stands alone, since it is the longest.
    What asks for neither a database nor a browser, and starts none by itself, is marked as pure.
    """
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        asks = set(getattr(item, "fixturenames", ())) & SERVED or item.get_closest_marker("django_db")
        if not asks and folder not in BY_THEMSELVES and not item.get_closest_marker("long"):
            item.add_marker(pytest.mark.pure)
        if item.path.name in WALKS:
            continue
        if folder == "journeys":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        elif folder in {"faults", "stack"} or "live" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("faults"))
    yield
    items.sort(key=lambda item: item.path.name not in WALKS)  # pytest-django has put what has no mark last


def pytest_collection_finish() -> None:
    """Everything is imported by now."""
    lighter.stop_looking_at_what_stays()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure, so that the browser's fixtures can keep a picture of it."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


class BrowsersLoop:
    """Playwright's loop stays in the thread once a browser is open. Tests without a browser don't see it.

    It runs only while a call to the browser waits, so that it may be taken away in between. Django keeps a connection
    for a thread with a loop and another for the same thread without, so that both are closed at each change.
    """

    def __init__(self) -> None:
        self.away: asyncio.AbstractEventLoop | None = None

    def stand(self, *, wanted: bool) -> None:
        """Bring the loop back, or take it away, when it is not as wanted."""
        here = asyncio._get_running_loop()
        if wanted and here is None and self.away is not None:
            self._change(self.away)
            self.away = None
        elif not wanted and here is not None:
            self.away = here
            self._change(None)

    @staticmethod
    def _change(loop: asyncio.AbstractEventLoop | None) -> None:
        connection.close()
        asyncio._set_running_loop(loop)
        connection.close()


LOOP = BrowsersLoop()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Before anything of the test is set up, since what is set up first opens the test's transaction."""
    LOOP.stand(wanted="browser" in getattr(item, "fixturenames", ()))
    return (yield)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser a process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop lives in the test's thread, and Django sees it
    with sync_playwright() as playwright:
        opened = launch(playwright)
        expect.set_options(timeout=PATIENCE)
        yield opened
        LOOP.stand(wanted=True)
        opened.close()


@pytest.fixture
def new_context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of one person, with cookies and storage of its own.

    A failure keeps a picture of each page and a trace of each person: every step with the page before and after it.
    A walk over hundreds of pages says itself where it was, and isn't traced.
    """
    contexts: list[BrowserContext] = []
    traces: dict[BrowserContext, Path] = {}

    def make(*, traced: bool = True, **options: object) -> BrowserContext:
        chosen = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
        contexts.append(browser.new_context(**{**chosen, **options}))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(PATIENCE)
        if traced:
            traces[contexts[-1]] = kept(f"{request.node.nodeid}-{len(traces)}", "zip")
            contexts[-1].tracing.start(snapshots=True)
        return contexts[-1]

    yield make
    failed = request.node.stash.get(FAILED, False)
    for number, page in enumerate([page for context in contexts for page in context.pages] if failed else []):
        keep_picture(page, f"{request.node.nodeid}-{number}")
    for context in contexts:
        if context in traces:
            context.tracing.stop(path=traces[context] if failed else None)
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
