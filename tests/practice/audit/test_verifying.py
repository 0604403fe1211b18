"""Whatever is done to the trail behind the house's back is found, named, and told by the exit code."""

import io
import json
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from practice.audit.sealing import seal
from practice.audit.verifying import verify
from tests.factories.audit_rows import fill_audit

LINKS = 6  # of the chain that is tampered with
CHAIN = 9001
EVENT = f"(SELECT event_id FROM practice_auditseal WHERE chain = {CHAIN} AND seq = 3)"
TAMPERING = {
    "changed field": (f"UPDATE practice_auditevent SET client_ref = 7777 WHERE id = {EVENT}", "link 3", "was changed"),
    "changed moment": (
        f"UPDATE practice_auditevent SET at = at - interval '1 microsecond' WHERE id = {EVENT}",
        "link 3", "was changed",
    ),
    "changed facts": (
        f"""UPDATE practice_auditevent SET facts = '{{"what": "other"}}' WHERE id = {EVENT}""", "link 3", "was changed",
    ),
    "deleted row": (f"DELETE FROM practice_auditevent WHERE id = {EVENT}", "link 3", "event is gone"),
    "deleted row and seal": (
        f"WITH gone AS (DELETE FROM practice_auditseal WHERE chain = {CHAIN} AND seq = 3 RETURNING event_id) "
        "DELETE FROM practice_auditevent WHERE id IN (SELECT event_id FROM gone)",
        "link 4", "1 links are missing",
    ),
    "inserted row": (
        f"WITH made AS (INSERT INTO practice_auditevent (practice_id, at, verb, subject_type, facts, transaction_no) "
        f"VALUES ({CHAIN}, now(), 'signed_in', '', '{{}}', 1) RETURNING id) SELECT id FROM made",
        "event", "behind the sealer's back",
    ),
    "inserted link": (
        f"UPDATE practice_auditseal SET seq = seq + 100 WHERE chain = {CHAIN} AND seq > 3;"
        f"UPDATE practice_auditseal SET seq = seq - 99 WHERE chain = {CHAIN} AND seq > 100;"
        f"WITH made AS (INSERT INTO practice_auditevent (practice_id, at, verb, subject_type, facts) "
        f"VALUES ({CHAIN}, now(), 'signed_in', '', '{{}}') RETURNING id) "
        f"INSERT INTO practice_auditseal SELECT id, {CHAIN}, 4, (SELECT hash FROM practice_auditseal WHERE "
        f"chain = {CHAIN} AND seq = 3), '\\x00'::bytea, '' FROM made",
        "link 4", "was changed",
    ),
    "reordered": (
        f"UPDATE practice_auditseal SET seq = -seq WHERE chain = {CHAIN} AND seq IN (3, 4);"
        f"UPDATE practice_auditseal SET seq = 7 + seq WHERE chain = {CHAIN} AND seq < 0",
        "link 3", "doesn't follow",
    ),
    "events swapped": (
        f"UPDATE practice_auditseal SET event_id = -event_id WHERE chain = {CHAIN} AND seq IN (3, 4);"
        f"UPDATE practice_auditseal s SET event_id = -o.event_id FROM practice_auditseal o WHERE s.chain = {CHAIN} "
        f"AND o.chain = {CHAIN} AND s.seq IN (3, 4) AND o.seq = 7 - s.seq",
        "link 3", "was changed",
    ),
    "cut-off end": (
        f"WITH gone AS (DELETE FROM practice_auditseal WHERE chain = {CHAIN} AND seq > 4 RETURNING event_id) "
        "DELETE FROM practice_auditevent WHERE id IN (SELECT event_id FROM gone)",
        "link 4", "the end is cut off: 2 links less than the stored head",
    ),
    "changed seal": (
        f"UPDATE practice_auditseal SET hash = sha256('x') WHERE chain = {CHAIN} AND seq = 3", "link 3", "was changed",
    ),
    "whole chain gone": (
        f"DELETE FROM practice_auditseal WHERE chain = {CHAIN};"
        f"DELETE FROM practice_auditevent WHERE practice_id = {CHAIN}",
        "link 0", "6 links less than the stored head",
    ),
    "link beyond the head": (
        f"UPDATE practice_auditchain SET seq = 4, hash = (SELECT hash FROM practice_auditseal WHERE chain = "
        f"{CHAIN} AND seq = 4) WHERE chain = {CHAIN}",
        "link 6", "2 links beyond the stored head",
    ),
}  # fmt: skip


@pytest.fixture
def link(db):
    """A cursor that no trigger stops, on a database with twenty sealed chains."""
    with connection.cursor() as cursor:
        fill_audit(cursor, rows=20 * LINKS)
        seal()
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def run(**options):
    """What the command prints, as (JSON line, exit code)."""
    out, code = io.StringIO(), 0
    try:
        call_command("verify_audit", stdout=out, stderr=io.StringIO(), **options)
    except CommandError as error:
        code = error.returncode
    return json.loads(out.getvalue()), code


def tamper(link, statement):
    """Do it as somebody with the whole database would."""
    link.execute(statement)


def test_untouched_trail_is_whole(link):
    line, code = run()

    assert (line["whole"], line["links"], line["chains"], line["unsealed"], code) == (True, 120, 20, 0, 0)


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found_and_named(link, what):
    statement, where, words = TAMPERING[what]
    tamper(link, statement)

    line, code = run()

    assert (line["whole"], code) == (False, 1)
    assert f"chain {CHAIN}, " in line["first"]
    assert where in line["first"]
    assert words in line["first"]


def test_one_broken_link_is_told_once(link):
    tamper(link, TAMPERING["changed field"][0])

    assert run()[0]["broken"] == 1


def test_whole_trail_written_anew_is_found_by_heads_kept_elsewhere(link, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(json.dumps(run(heads=True)[0]))
    tamper(link, TAMPERING["changed field"][0])
    tamper(link, "TRUNCATE practice_auditseal, practice_auditchain, practice_auditmark")
    seal()

    assert run()[1] == 0  # somebody with the whole database can do that
    line, code = run(against=str(kept))
    assert (code, "not what the kept head says" in line["first"]) == (1, True)


def test_kept_heads_of_an_earlier_day_fit_a_trail_that_grew(link, tmp_path):
    kept = tmp_path / "heads.json"
    kept.write_text(json.dumps(run(heads=True)[0]))
    fill_audit(link, rows=40)
    seal()

    assert run(against=str(kept))[1] == 0


def test_file_without_heads_is_refused(link, tmp_path):
    (tmp_path / "x").write_text("{}")

    with pytest.raises(CommandError, match="holds no heads") as refused:
        call_command("verify_audit", against=str(tmp_path / "x"))
    assert refused.value.returncode == 2


def test_file_of_heads_that_cannot_be_read_is_told_apart(link, tmp_path):
    with pytest.raises(CommandError, match="can't be read: No such file"):
        call_command("verify_audit", against=str(tmp_path / "none"))


def test_sealer_that_is_late_is_told_apart_from_a_broken_trail(link):
    fill_audit(link, rows=3)
    tamper(link, "UPDATE practice_auditmark SET complete_at = now() - interval '1 hour'")

    line, code = run()

    assert (line["whole"], line["unsealed"], code) == (True, 3, 3)
    assert line["unsealed_seconds"] >= 3600


def test_a_million_events_fit_in_a_minute(link):
    """By a hundredth of them and this process's own time, the best of three: a shared core makes any one slower.

    `python -m benchmarks audit-verify` measures the whole.
    """
    fill_audit(link, rows=10_000)
    seal(seconds=None)
    took = []
    for _turn in range(3):
        began = time.process_time()
        report = verify(now=timezone.now())
        took.append(time.process_time() - began)
        assert report.links == 10_000 + 20 * LINKS

    assert min(took) < 60 / 100
