"""The sealer: what is committed gets its link, once, however late it commits and whoever else is sealing."""

import hashlib
import hmac
import json
import os
import threading
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from practice.audit import canonical, record
from practice.audit.models import AuditChain, AuditMark, AuditSeal
from practice.audit.sealing import seal, seal_lag
from practice.audit.verifying import verify
from tests.factories.audit_rows import PRACTICES, fill_audit

ONE = """
INSERT INTO practice_auditevent (practice_id, at, verb, subject_type, facts) VALUES (%s, now(), 'signed_in', '', '{}')
RETURNING id
"""


@pytest.fixture
def link(live_database):
    """Another connection to a database whose commits are real."""
    found = psycopg2.connect(os.environ["DATABASE_URL"])
    with found.cursor() as cursor:
        cursor.execute(PRACTICES)
    found.commit()
    yield found
    found.close()


def add(link, practice=9001):
    """An event, not committed yet; its number."""
    with link.cursor() as cursor:
        cursor.execute(ONE, [practice])
        return cursor.fetchone()[0]


def chains():
    """Which events each chain holds, in order."""
    found = {}
    for row in AuditSeal.objects.order_by("chain", "seq"):
        found.setdefault(row.chain, []).append(row.event_id)
    return found


def test_each_practice_has_its_chain_and_so_has_what_belongs_to_none(world):
    seal()
    before = {row.chain: row.seq for row in AuditChain.objects.all()}
    for practice_id in (world.practice.pk, world.practice.pk, world.other_practice.pk, None):
        record("signed_in", practice_id=practice_id, by=None, now=world.now)

    assert seal() == 4
    grown = {row.chain: row.seq - before.get(row.chain, 0) for row in AuditChain.objects.all()}
    assert grown == {world.practice.pk: 2, world.other_practice.pk: 1, 0: 1}
    assert verify(now=world.now).findings == []


def test_sealing_again_adds_nothing(link):
    add(link), link.commit()

    assert (seal(), seal(), AuditSeal.objects.count()) == (1, 0, 1)


def test_row_that_commits_late_is_sealed_all_the_same(link):
    early, other = add(link), psycopg2.connect(os.environ["DATABASE_URL"])
    later = [add(other) for _ in range(3)]
    other.commit()
    other.close()

    assert (seal(), seal(), chains()) == (3, 0, {9001: later})
    link.commit()
    assert (seal(), chains()) == (1, {9001: [*later, early]})
    assert verify(now=timezone.now()).findings == []


def test_batches_give_the_same_as_one(link):
    events = [add(link, practice) for practice in (9001, 9002, 9001, 9001, 9002)]
    link.commit()

    assert seal(batch=2) == 5
    assert chains() == {9001: [events[0], events[2], events[3]], 9002: [events[1], events[4]]}
    assert verify(now=timezone.now()).findings == []


def test_two_sealers_never_make_two_links_of_one_event(link):
    with link.cursor() as cursor:
        fill_audit(cursor, rows=2_000)
    link.commit()
    done, errors = [], []

    def work():
        try:
            done.append(seal(batch=50))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (errors, sum(done) + seal(), AuditSeal.objects.count()) == ([], 2_000, 2_000)
    assert verify(now=timezone.now()).findings == []


def test_copy_in_another_database_is_looked_at_from_the_start(link):
    """A restored row bears a transaction number of elsewhere, which may be above or below anything here."""
    foreign = []
    for number in (5, 2**40):
        foreign.append(add(link))
        with link.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE practice_auditevent SET transaction_no = %s WHERE id = %s", [number, foreign[-1]])
    link.commit()
    AuditMark.objects.create(pk=1, identity="another:database", horizon=2**41)

    assert (seal(), chains()) == (2, {9001: foreign})
    assert AuditMark.objects.get().horizon < 2**40


def test_keyed_chain_is_whole_with_its_key_alone(link, settings):
    add(link), link.commit()
    seal()
    settings.AUDIT_KEYS = {"a1": bytes(32)}
    add(link), link.commit()
    seal()

    assert verify(now=timezone.now()).findings == []
    settings.AUDIT_KEYS = {"a1": bytes([1]) * 32}
    assert "was changed" in str(verify(now=timezone.now()).findings[0])
    settings.AUDIT_KEYS = {}
    assert "no key 'a1'" in str(verify(now=timezone.now()).findings[0])


def test_lag_counts_what_waits_and_since_when(link):
    assert seal_lag(now=timezone.now()).unsealed == 0
    seal()
    add(link), link.commit()
    lag = seal_lag(now=timezone.now() + timedelta(minutes=5))

    assert lag.unsealed == 1
    assert 300 <= lag.seconds < 330


@pytest.mark.parametrize(
    "event",
    [
        (1, 2, 3, 4, "opened", 5, "clients.client", 6, "192.0.2.7", '{"b": 1, "a": ["é", null, 1.50]}'),
        (1, None, 3, None, 'say "ü"\\', None, "", None, None, "{}"),
    ],
)
def test_link_is_the_hash_of_plain_json(event):
    columns = ["rapport-audit-1", 7, 8, *event[:9], json.loads(event[9])]
    said = b"\0" * 32 + json.dumps(columns, separators=(",", ":"), sort_keys=True).encode()
    arguments = {"chain": 7, "seq": 8, "previous": b"\0" * 32, "event": event, "keys": {"k": b"secret"}}
    assert canonical.link(key_id="", **arguments) == hashlib.sha256(said).digest()
    assert canonical.link(key_id="k", **arguments) == hmac.digest(b"secret", said, "sha256")
