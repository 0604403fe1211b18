"""The crank that is turned without a broker: it runs what ticks seldom too, leaves a mark, and comes back."""

import os
import time

import pytest

from practice.config import crank, spare
from practice.notifications.cranking import SPARE, note_turn, turned_ago

HOURLY = ["alliance.tasks.signals_tick", "homework.tasks.auditor_tick"]


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    """A state folder of its own."""
    settings.STATE_DIR = tmp_path
    return tmp_path


def an_hour_passes(folder):
    for file in folder.iterdir():
        os.utime(file, (time.time() - 3601, time.time() - 3601))


def test_what_ticks_hourly_comes_by_the_crank_when_beat_is_gone_for_good(state, monkeypatch):
    """Clinical signals and the auditor would else stay away without a word."""
    ran = []
    monkeypatch.setattr(crank, "_run", lambda app, entry: ran.append(entry["task"]))

    crank.turn(seconds=0)
    assert ran == []
    an_hour_passes(state)
    crank.turn(seconds=0)
    assert sorted(ran) == HOURLY
    crank.turn(seconds=0)
    assert sorted(ran) == HOURLY


def test_turn_leaves_a_mark_and_one_that_fails_is_not_the_last(monkeypatch):
    began = []

    class Enough(BaseException):
        """Ends the watching, which never ends."""

    def start(*_command, **_more):
        began.append(turned_ago())
        if len(began) == 2:
            raise Enough
        raise OSError("no room for a process")

    monkeypatch.setattr(spare.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(spare, "_silence", lambda: 60.0)
    monkeypatch.setattr(spare.subprocess, "run", start)
    with pytest.raises(Enough):
        spare._watch()
    assert all(ago is not None and ago < 60 for ago in began)


def test_mark_is_none_before_the_first_turn():
    assert turned_ago() is None
    note_turn(SPARE)
    assert turned_ago() is not None
