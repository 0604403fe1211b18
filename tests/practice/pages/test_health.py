"""`/livez` and `/healthz`."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from practice.notifications.holding import SENDS
from practice.notifications.models import EngineLane
from practice.pages import health
from practice.people.models import Membership, Practice, User
from practice.permissions.second_factor import prove

NOWHERE = "unix:///nowhere/valkey.sock"


def lane(name: str = SENDS, **fields: object) -> EngineLane:
    """A lane that ticked just now, with these differences."""
    return EngineLane.objects.update_or_create(name=name, defaults={"last_tick_at": timezone.now(), **fields})[0]


def test_livez_answers_without_a_database(client: Client) -> None:
    assert client.get("/livez").content == b"ok"


def test_healthz_without_a_database_is_503_and_says_nothing(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(health, "PARTS", {"database": lambda: False})

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


@pytest.mark.django_db
def test_healthz_is_ok_when_everything_is(client: Client) -> None:
    lane()

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_healthz_without_redis_names_it_to_staff_alone(client: Client, settings) -> None:
    lane()
    settings.REDIS_BROKER_URL = NOWHERE
    practice = Practice.objects.create(name="North")
    staff, outsider = (User.objects.create_user(f"{n}@example.org", name=n) for n in ("noor", "otto"))
    Membership.objects.create(practice=practice, user=staff, roles=["therapist"])

    client.force_login(outsider)
    assert client.get("/healthz").json() == {"status": "unavailable"}
    client.force_login(staff)
    assert client.get("/healthz").json() == {"status": "unavailable"}
    session = client.session
    prove(session)
    session.save()
    assert client.get("/healthz").json() == {"status": "unavailable", "wrong": ["redis"]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "well"),
    [
        ({}, True),
        ({"oldest_due_at": timedelta(seconds=59)}, True),
        ({"oldest_due_at": timedelta(seconds=65)}, False),
        ({"oldest_due_at": timedelta(hours=2), "hold": True}, True),
        ({"last_tick_at": timedelta(seconds=65)}, False),
        ({"last_tick_at": None}, False),
    ],
)
def test_engine_is_well_by_its_lag(fields: dict[str, object], well: bool) -> None:
    now = timezone.now()
    lane(**{name: now - value if isinstance(value, timedelta) else value for name, value in fields.items()})

    assert health.engine_keeps_up() is well


@pytest.mark.django_db
def test_lag_of_another_lane_counts_unless_it_is_held() -> None:
    lane()
    late = lane("email", oldest_due_at=timezone.now() - timedelta(minutes=5))
    assert not health.engine_keeps_up()

    late.hold = True
    late.save()
    assert health.engine_keeps_up()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "well"),
    [
        ({"oldest_due_at": timedelta(minutes=5)}, False),  # nobody takes what is due
        ({"oldest_due_at": timedelta(minutes=5), "last_drained_at": timedelta(seconds=5)}, True),  # a long queue moves
        ({"oldest_due_at": timedelta(hours=5), "open_until": timedelta(seconds=-30)}, True),  # the provider is down
        ({"oldest_due_at": timedelta(hours=5), "open_until": timedelta(seconds=30)}, True),  # and about to be tried
        ({"oldest_due_at": timedelta(hours=5), "open_until": timedelta(minutes=5)}, False),
        ({"last_tick_at": timedelta(minutes=2)}, False),  # its worker is gone
        ({"last_tick_at": timedelta(minutes=2), "hold": True}, True),
    ],
)
def test_mail_counts_only_where_we_could_mend_it(fields: dict[str, object], well: bool) -> None:
    now = timezone.now()
    lane()
    moments = {name: now - value if isinstance(value, timedelta) else value for name, value in fields.items()}
    lane("outbox-email", **moments)
    assert health.engine_keeps_up() is well


@pytest.mark.django_db
@pytest.mark.parametrize(("ended", "well"), [(None, True), (timedelta(minutes=4), True), (timedelta(minutes=6), False)])
def test_planner_whose_ticks_begin_and_never_end_does_not_keep_up(ended: timedelta | None, well: bool) -> None:
    lane()
    lane("planner", last_drained_at=timezone.now() - ended if ended else None)

    assert health.engine_keeps_up() is well
