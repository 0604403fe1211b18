"""The doctor itself: every check is run, none hides another, and the exit code says it."""

import json

import pytest
from django.core.management import call_command
from django.db import OperationalError

from practice.contributions import DOCTOR_CHECKS, Registry, State
from practice.contributions.checks import fail, fine, warn
from practice.doctor import examining
from practice.doctor.examining import Seen, examine, worst


@pytest.fixture
def checks(monkeypatch):
    made = Registry("checks")
    monkeypatch.setattr(examining, "DOCTOR_CHECKS", made)
    return made


def states():
    return [(one.check, one.finding.state) for one in examine()]


def raises(error):
    def check():
        raise error

    return check


def test_the_ground_looks_at_all_of_it():
    examining.load_checks()
    assert {
        *("database", "migrations", "broker", "channel layer", "engine", "beat", "workers", "mail"),
        *("clock", "zones", "keys", "disk", "settings"),
    } <= {key for key, _ in DOCTOR_CHECKS.items()}


def test_a_check_that_raises_hides_no_other(checks):
    checks.register("a", raises(OperationalError("gone\nfor good")))
    checks.register("b", raises(KeyError("x")))
    checks.register("c", lambda: [fine("well"), warn("hm", "look")])
    assert states() == [("a", State.FAIL), ("b", State.FAIL), ("c", State.OK), ("c", State.WARN)]
    assert [one.finding.says for one in examine(["a"])] == ["couldn't be looked at: gone"]


def test_the_worst_finding_decides():
    seen = [Seen("a", fine("x")), Seen("b", warn("y", "z"))]
    assert (worst([]), worst(seen), worst([*seen, Seen("c", fail("y", "z"))])) == (State.OK, State.WARN, State.FAIL)


def test_the_command_ends_with_one_only_when_something_failed(checks, capsys):
    checks.register("a", lambda: warn("late", "wait", lane="sends"))
    call_command("doctor")
    assert "WARN a: late\n       wait\n" in capsys.readouterr().out
    checks.register("b", lambda: fail("gone", "start it"))
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["state"] == "fail"
    assert said["findings"][0] == {"check": "a", "state": "warn", "says": "late", "do": "wait", "lane": "sends"}
