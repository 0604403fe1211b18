"""Faults 18 and 19: a worker's clock is wrong by hours; the rules of a time zone change."""

import importlib.resources
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from homework.domain.enrolling import enrol
from homework.domain.expiring import close_due
from homework.domain.planning import plan_due
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus
from homework.tasks import planner_tick
from practice import clock
from practice.contributions.checks import State
from practice.doctor.checks.clock import look_at_clock
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel
from tests.factories.activities import publish, publish_pathway
from tests.faults.letters import Status, letters, write
from tests.faults.told import Told, tell
from tests.people import make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]
BERLIN = "Europe/Berlin"


class Taking(Sender):
    channel, has_provider = Channel.EMAIL, False

    def send(self, letter):
        return Result(Outcome.ACCEPTED, "1")


@pytest.mark.parametrize("hours", [2, -2])
@pytest.mark.django_db
@pytest.mark.today
def test_nothing_leaves_early_when_the_workers_clock_is_wrong(world, request, hours):
    now = datetime.now(UTC)
    with world.scope():
        publish(world)
        hourly = publish_pathway(world, *[{"kind": "interval", "hours": n} for n in range(5)])
        start = clock.local(now - timedelta(minutes=90), BERLIN)
        enrol(client=world.client, pathway_version=hourly, start_local=start, tz=BERLIN, by=None, now=now)
        write(world, last=1, now=now + timedelta(hours=1))
        with time_machine.travel(now + timedelta(hours=hours), tick=True):
            sent = drain().sent
            planner_tick()
            close_due()
            deliver(channel=Channel.EMAIL, sender=Taking())
            said = look_at_clock()
        early = Assignment.objects.filter(status=AssignmentStatus.SENT, send_at__gt=datetime.now(UTC)).count()
        due = Assignment.objects.filter(send_at__lte=now).count()
        tell(request, Told(f"18 {hours:+} h", lost=due - sent, more=f"{early} early; doctor: {said.says}"))
        assert (sent, early, due) == (2, 0, 2)
        assert letters(Status.READY).count() == 1
        assert (said.state, look_at_clock().state) == (State.FAIL, State.OK)


CHANGED = """
import django; django.setup()
from datetime import datetime, UTC
from homework.domain.planning import plan_due
print(plan_due(now=datetime.fromisoformat({now!r})))
"""


def abolish_summer_time(folder: Path) -> None:
    """Zone files in which Berlin keeps winter time for ever."""
    (folder / "Europe").mkdir()
    forever = importlib.resources.files("tzdata.zoneinfo.Africa") / "Lagos"  # an hour before UTC, all year
    (folder / "Europe" / "Berlin").write_bytes(forever.read_bytes())


def test_future_rows_follow_a_change_of_the_zones_rules_and_past_ones_stay(live_database, request, tmp_path):
    world, now = make_world(), datetime(2027, 3, 20, 12, tzinfo=UTC)
    with world.scope():
        publish(world)
        daily = {"kind": "weekly", "weekdays": ["sa", "mo"], "at": "09:00", "count": 6}
        version = publish_pathway(world, {"kind": "interval", "days": 0}, daily)
        start = clock.local(now, BERLIN)
        enrol(client=world.client, pathway_version=version, start_local=start, tz=BERLIN, by=None, now=now)
        assert drain(moment=now).sent == 1
        before = {row.pk: row for row in Assignment.objects.order_by("send_at")}
        abolish_summer_time(tmp_path)
        tomorrow = now + timedelta(days=1, minutes=1)
        told = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "practice.config.settings",
            "PYTHONTZPATH": f"{tmp_path}:{importlib.resources.files('tzdata') / 'zoneinfo'}",
        }
        code = CHANGED.format(now=tomorrow.isoformat())
        planned = subprocess.run(
            [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=told, capture_output=True, check=False
        )
        assert planned.stdout.strip() == b"1", planned.stderr
        summer = datetime(2027, 3, 28, 1, tzinfo=UTC)
        moved = 0
        for row in Assignment.objects.order_by("send_at"):
            shift = timedelta(hours=1) if before[row.pk].send_at > summer else timedelta(0)
            assert row.send_at - before[row.pk].send_at == shift
            assert (row.local_at, row.status) == (before[row.pk].local_at, before[row.pk].status)
            moved += bool(shift)
        tell(request, Told("19", lost=len(before) - Assignment.objects.count(), more=f"{moved} of {len(before)} moved"))
        assert moved >= 4
        assert plan_due(now=tomorrow) == 0
