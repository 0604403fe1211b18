"""`pages`: dashboard, caseload, a client's page and the portal's Today, each against a page of the same bytes that asks
the database the same statements, bare: Django as it comes, with session and user, without ORM and template.

Two practices, one therapist each, with ten clients and a thousand, a hundred assignments and ten thousand.
Both sides are served by gunicorn, one process each, and take turns page by page, small and large. Beside the times: how
many statements a page asks, whether more rows make them more, and how much the portal's first load takes on the wire.
"""

import gzip
import http.client
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.figures import delay, limit
from benchmarks.ground import own_database, own_valkey
from benchmarks.numerals import percentile
from practice.config.stack import application
from practice.config.stack.commands import Command
from tests.browser import PHONE, launch
from tests.servers import Running

ROUNDS, WARM = 80, 5
FEW, MANY, EACH = 10, 1_000, 10
QUICK = {"rows": 5}
SHORT = {"rows": 40}
WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
SIGNED_IN = 2  # the first statements of both sides: session and user
PACKED = (".woff2", ".png", ".webp", ".jpg")  # compressed as they are


@dataclass
class Shown:
    """One page as one person sees it."""

    name: str
    path: str
    cookie: str
    statements: list[str] = field(default_factory=list)
    body: bytes = b""
    product: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def p95(self, side: str) -> float:
        """Milliseconds."""
        return percentile(getattr(self, side), 0.95) * 1000


def run(*, rows: int = ROUNDS) -> None:
    """Measure and print. `rows` is how often each page is asked for."""
    with own_database() as url, own_valkey() as folder:
        few, many = _people(FEW), _people(MANY)
        for page in (*few, *many):
            _look(page)
        _tidy()
        with _servers(url, folder, [*few, *many]) as (product, bare):
            for turn in range(rows + WARM):
                for page in (*few, *many):
                    took = _ask(product, page.path, page.cookie), _ask(bare, f"/{_file(page, many)}", page.cookie)
                    if turn >= WARM:
                        page.product.append(took[0])
                        page.bare.append(took[1])
            weight, files = _first_load(product, many[-1])
        _say(few, many, weight, files)
        from django.db import connection

        connection.close()


def _say(few: list[Shown], many: list[Shown], weight: float, files: int) -> None:
    for small, large in zip(few, many, strict=True):
        delay(
            f"page-{large.name}", product=large.p95("product"), bare=large.p95("bare"), hold=3, aim=2,
            medians=" / ".join(f"{percentile(side, 0.5) * 1000:.1f}ms" for side in (large.product, large.bare)),
            queries=len(large.statements),
            kilobytes=len(large.body) / 1000,
        )  # fmt: skip
        delay(f"page-{large.name}-1000", product=large.p95("product"), bare=small.p95("product"), hold=1.5)
    more = sum(len(small.statements) != len(large.statements) for small, large in zip(few, many, strict=True))
    most = max(len(page.statements) for page in many)
    limit("page-queries", product=most, hold=15, unit="", zero={"grew": more})
    limit("portal-first-load", product=weight / 1000, hold=200, unit="kB", files=files)


def _people(count: int) -> list[Shown]:
    """A practice whose therapist has so many clients, each with ten assignments; its four pages."""
    from django.conf import settings

    from practice.accounts.founding import found_practice
    from practice.people.models import Role
    from tests.factories.crowd import assignments_for_all, many_assignments, many_clients
    from tests.homework.sheets import make_assignment
    from tests.messaging.sockets import sign_in
    from tests.people import World, make_client, make_staff

    now = datetime.now(UTC)
    practice = found_practice(name=f"Elm{count} House", now=now)
    noor = make_staff(practice, "Noor Haddad", Role.THERAPIST)
    client = make_client(practice, "Sam Dorn", noor)
    world = World(practice, *[noor] * 4, *[client] * 3, practice, noor, client, now=now)
    many_clients(world, count - 1)
    like = make_assignment(client, now)
    many_assignments(world, like, EACH - 1)
    assignments_for_all(world, like, EACH)
    staff, own = (f"{settings.SESSION_COOKIE_NAME}={sign_in(user)}" for user in (noor, client.user))
    return [
        Shown("today", "/desk/", staff),
        Shown("caseload", "/desk/clients/", staff),
        Shown("client", f"/desk/clients/{client.pk}/", staff),
        Shown("portal", "/", own),
    ]


def _look(page: Shown) -> None:
    """Open the page in this process: its body and its statements."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    browser = Browser(headers={"host": "localhost", "cookie": page.cookie})
    for _time in range(2):
        browser.get(page.path)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page.path)
    if answer.status_code != 200:
        raise RuntimeError(f"{page.path} answers {answer.status_code}")
    page.body = answer.content
    page.statements = [
        "SELECT 1" if one["sql"].lstrip().startswith(WRITES) else one["sql"] for one in asked.captured_queries
    ]


def _tidy() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _file(page: Shown, many: list[Shown]) -> str:
    return f"{page.name}-{'many' if page in many else 'few'}"


@contextmanager
def _servers(url: str, folder: Path, pages: list[Shown]) -> Iterator[tuple[int, int]]:
    """Both sides, each gunicorn with one process; their ports."""
    for page in pages:
        name = _file(page, pages[len(pages) // 2 :])
        (folder / f"{name}.json").write_text(json.dumps(page.statements[SIGNED_IN:]))
        (folder / f"{name}.html").write_bytes(page.body)
    ports = application.free_port(), application.free_port()
    told = {
        "WEB_WORKERS": "1",
        "WEB_THREADS": "2",
        "CONN_MAX_AGE": "60",
        "BARE_PAGES": str(folder),
        "DATABASE_URL": url,
    }
    sides = ("practice.config.wsgi", "benchmarks.bare.page:application")
    servers: list[Running] = []
    try:
        for port, app in zip(ports, sides, strict=True):
            argv = (sys.executable, "-m", "gunicorn", app, "--config", "practice/config/gunicorn.py")
            command = Command(
                name=app.split(":")[0],
                argv=argv,
                ready=lambda _pid, port=port: application.listens("127.0.0.1", port),  # type: ignore[misc]
                grace=5,
                environment={**told, "DATABASE_URL": url, "WEB_BIND": f"127.0.0.1:{port}"},
            )
            servers.append(Running(command, log=folder / f"{command.name}.log").start())
        yield ports
    finally:
        for server in servers:
            server.stop()


def _ask(port: int, path: str, cookie: str) -> float:
    """Seconds from asking to the last byte, on a new connection each time, as a proxy that keeps none."""
    began = time.perf_counter()
    answer, _body = _get(port, path, cookie)
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    return time.perf_counter() - began


def _get(port: int, path: str, cookie: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def _first_load(port: int, page: Shown) -> tuple[int, int]:
    """Bytes of all that a browser with an empty cache loads, compressed as the proxy does; and how many files."""
    name, _, value = page.cookie.partition("=")
    weights: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        context.add_cookies([{"name": name, "value": value, "url": f"http://localhost:{port}"}])
        tab = context.new_page()
        answers: list[Any] = []
        tab.on("response", partial(list.append, answers))
        tab.goto(f"http://localhost:{port}{page.path}")
        tab.wait_for_load_state("networkidle")
        for answer in answers:
            body = answer.body()
            weights[answer.url] = len(body if answer.url.endswith(PACKED) else gzip.compress(body, 6))
        browser.close()
    return sum(weights.values()), len(weights)
