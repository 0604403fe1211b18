"""`outbox-mail`: ten thousand notifications out of the outbox to a mail server on this machine, each leased, written,
handed over and noted, against smtplib sending as many mails of the same bytes.

Two processes on both sides, as the worker has in production; each opens a connection for a hundred mails and talks to
the same server, by turns, after a turn that isn't counted: by then both have loaded what they need. Every Message-ID is
another one.
"""

import datetime
import email
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from benchmarks._due import DRAINER, Drainers, let_go, tidy
from benchmarks.figures import rate
from benchmarks.ground import own_database
from practice.config.stack import application
from tests.factories.due_sends import PEOPLE, USERS, execute, fill
from tests.servers import Folder, Running

TABLES = "practice_notification, practice_sendattempt, homework_assignment, homework_enrolment, clients_client"
ROWS, ROUNDS, WORKERS, WARM = USERS, 5, 2, 200
QUICK = {"rows": 500}
SHORT = {"rows": 3_000}


def run(*, rows: int = ROWS) -> None:
    """Measure, print, and count what arrived. At most one mail a person and turn: several would be joined in one."""
    rows = min(rows, USERS - WARM)  # nobody has two turns, or two mails would be joined
    with _sink() as (port, mails):
        os.environ.update(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port))
        with own_database() as url:
            from homework.domain.sending import drain

            link = psycopg2.connect(url)
            execute(link, PEOPLE)
            _clients(rows + WARM)
            like = mails.parent / "like"
            product, bare = Drainers(WORKERS, (*DRAINER, "mails")), Drainers(WORKERS, _bare(port, like))
            part = max(rows // ROUNDS // WORKERS * WORKERS, WORKERS)
            seconds, arrived, sent = {"product": 0.0, "bare": 0.0}, list[str](), 0
            for first, count in [(rows, WARM), *((turn * part, part) for turn in range(ROUNDS))]:
                fill(link, first=first + 1, last=first + count)
                drain(seconds=None)
                tidy(link, TABLES)
                handed, took = product.drain(WORKERS)
                like.write_bytes(next(iter(mails.glob("*.eml"))).read_bytes().replace(b"\n", b"\r\n"))
                came = _take(mails)
                took_bare = bare.drain(WORKERS, str(count // WORKERS))[1]
                _take(mails)
                if first != rows:
                    seconds["product"], seconds["bare"] = seconds["product"] + took, seconds["bare"] + took_bare
                    arrived, sent = arrived + came, sent + handed
            product.end()
            bare.end()
            asked = part * ROUNDS
            rate(
                "outbox-mail", product=asked / seconds["product"], bare=asked / seconds["bare"], hold=0.5,
                zero={"lost": asked - len(set(arrived)), "extra": len(arrived) - len(set(arrived))},
                rows=asked, accepted=sent, workers=WORKERS,
            )  # fmt: skip
            link.close()
            let_go()


def _clients(count: int) -> None:
    """Clients who consented, each with an enrolment that runs: the outbox asks them before each mail."""
    from django.db import connection
    from django.utils import timezone

    from clients.models import Client
    from homework.models import Enrolment
    from practice.tenancy import scope

    now, people = timezone.now(), {n: n % USERS + 1 for n in range(1, count + 1)}  # as `fill` numbers them
    midnight = datetime.time()  # no quiet hours: the figure is the same at any time of day
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # keys of what isn't there are not asked for
    with scope(practice=1):
        Client.objects.bulk_create(
            Client(
                pk=n,
                practice_id=1,
                user_id=n,
                therapist_id=1,
                name="U",
                treatment_consent=True,
                created_at=now,
                quiet_from=midnight,
                quiet_until=midnight,
            )
            for n in people.values()
        )
        Enrolment.objects.bulk_create(
            Enrolment(
                pk=n,
                practice_id=1,
                client_id=person,
                recipient_id=person,
                pathway_version_id=1,
                start_local=now.replace(tzinfo=None),
                tz="Europe/Berlin",
                created_at=now,
            )
            for n, person in people.items()
        )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _sink() -> Iterator[tuple[int, Path]]:
    """A mail server in a process of its own, and the folder it puts mails into."""
    folder, port = Folder(), application.free_port()
    server = Running(application.mail(port=port, folder=folder.path / "mail"), log=folder.path / "mail.log").start()
    try:
        yield port, folder.path / "mail"
    finally:
        server.kill()
        folder.remove()


def _take(mails: Path) -> list[str]:
    """Take away what arrived; returns the Message-IDs, each as often as it came."""
    found = []
    for file in mails.glob("*.eml"):
        found.append(email.message_from_bytes(file.read_bytes())["Message-ID"])
        file.unlink()
    return found


def _bare(port: int, like: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "benchmarks.bare.smtp_send", str(port), str(like))
