"""Lanes share one mark: the quick ones must not make the slow ones look restored."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from practice.notifications import holding
from practice.notifications.models import EngineLane

QUICK, SLOW = "outbox-email", holding.PLANNER


def tick_at(lane: str, seconds_ago: int) -> None:
    """Move a lane's last tick into the past."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE practice_enginelane SET last_tick_at = now() - make_interval(secs => %s) WHERE name = %s",
            [seconds_ago, lane],
        )


@pytest.fixture
def marks(tmp_path, settings, live_database):
    """A folder for the mark and a database whose commits are real."""
    settings.STATE_DIR = tmp_path


def test_slow_lane_beside_a_quick_one_is_not_held(marks) -> None:
    holding.begin_tick(SLOW)
    holding.begin_tick(QUICK)
    tick_at(SLOW, 60)

    holding.begin_tick(SLOW)

    assert not EngineLane.objects.filter(hold=True).exists()


def test_lane_that_first_ticks_after_the_others_is_not_held(marks) -> None:
    holding.begin_tick(QUICK)
    holding.begin_tick(SLOW)
    holding.begin_tick(holding.SENDS)

    assert not EngineLane.objects.filter(hold=True).exists()


def test_lane_that_first_ticks_while_the_others_are_on_hold_is_on_hold_too(marks) -> None:
    holding.begin_tick(holding.SENDS)
    EngineLane.objects.update(hold=True, hold_reason="somebody looks at it")

    with pytest.raises(holding.OnHold, match="somebody looks"):
        holding.begin_tick(QUICK)


def test_lane_that_first_ticks_in_a_copy_binds_nothing_and_holds_all(marks, settings, tmp_path) -> None:
    """A dump from before there was this lane, restored elsewhere: it must not pass for the installation's own."""
    holding.begin_tick(holding.SENDS)
    settings.STATE_DIR = tmp_path / "elsewhere"

    with pytest.raises(holding.OnHold, match="no state file"):
        holding.begin_tick(QUICK)
    assert set(EngineLane.objects.values_list("hold", flat=True)) == {True}


def test_database_whose_every_lane_is_older_than_the_mark_is_held(marks) -> None:
    for lane in (QUICK, SLOW):
        holding.begin_tick(lane)
    for lane in (QUICK, SLOW):
        tick_at(lane, 60)

    with pytest.raises(holding.OnHold, match="earlier state"):
        holding.begin_tick(QUICK)
    assert set(EngineLane.objects.values_list("hold", flat=True)) == {True}


def test_lanes_that_are_bound_at_the_same_moment_share_one_instance(marks):
    """The very first start: both workers tick at once."""
    names = [f"lane-{n}" for n in range(6)]
    gate = threading.Barrier(len(names))

    def first_tick(name):
        gate.wait(10)
        try:
            holding.begin_tick(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(first_tick, names))
    lanes = EngineLane.objects.filter(name__in=names)
    assert len({lane.identity for lane in lanes}) == 1
    assert not lanes.filter(hold=True).exists()
