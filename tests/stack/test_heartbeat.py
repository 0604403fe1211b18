"""The watchdog on the engine's tick."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from practice.config.stack.heartbeat import SENDS_LANE, Watchdog, seconds_since_tick
from practice.notifications.models import EngineLane
from tests.database import places
from tests.stack.apart import run_apart


@dataclass
class Suspect:
    """A child that notes its restarts."""

    age: float = 100
    reasons: list[str] = field(default_factory=list)

    async def restart(self, reason: str) -> None:
        """Note it."""
        self.reasons.append(reason)


def readings(watchdog: Watchdog, *seconds: float | None) -> None:
    """Let the watchdog read these, each long after the one before."""
    for reading in seconds:
        watchdog.acted_at = -1000
        run_apart(watchdog.look(reading))


def test_watchdog_restarts_the_worker_first_and_the_beat_next() -> None:
    engine, beat = Suspect(), Suspect()
    readings(Watchdog(engine, beat, lambda: None), 5, None, 31, 62, 93)

    assert engine.reasons == ["no tick for 31 s", "no tick for 93 s"]
    assert beat.reasons == ["no tick for 62 s"]


def test_watchdog_gives_a_fresh_child_time() -> None:
    engine, beat = Suspect(age=10), Suspect()
    readings(Watchdog(engine, beat, lambda: None), 300)

    assert (engine.reasons, beat.reasons) == ([], [])


def test_seconds_since_tick_reads_the_send_lane(live_database: str) -> None:
    url = places().database_url(live_database)
    assert seconds_since_tick(url) is None
    EngineLane.objects.update_or_create(
        name=SENDS_LANE, defaults={"last_tick_at": timezone.now() - timedelta(seconds=40)}
    )
    assert 40 <= (seconds_since_tick(url) or 0) < 300  # a busy machine may look late

    EngineLane.objects.update(hold=True)
    assert seconds_since_tick(url) == 0


def test_seconds_since_tick_is_unknown_without_a_database() -> None:
    assert seconds_since_tick("postgresql://postgres@/app?host=/nowhere") is None
