"""Appointments: counted when held, whoever says so first."""

from datetime import timedelta

import pytest

from clients.domain.meeting import (
    CannotDecide,
    cancel_appointment,
    move_appointment,
    note_missed,
    plan_appointment,
    we_met,
)
from clients.events import appointment_held
from tests.people import NOW

HOUR = timedelta(hours=1)


def planned(world, starts_at=NOW):
    """A planned appointment with Sam."""
    return plan_appointment(
        client=world.client, therapist=world.therapist, starts_at=starts_at, by=world.therapist, now=NOW
    )


def test_held_appointments_are_counted_from_one(world):
    held = [we_met(appointment=planned(world), by=world.therapist, now=NOW) for _ in range(3)]
    assert [row.number for row in held] == [1, 2, 3]


def test_missed_and_cancelled_are_not_counted(world):
    note_missed(appointment=planned(world), by=world.therapist, now=NOW)
    cancel_appointment(appointment=planned(world), by=world.therapist, now=NOW)
    assert we_met(appointment=planned(world), by=world.therapist, now=NOW).number == 1


def test_saying_twice_that_we_met_counts_once_and_tells_once(world):
    told = []
    appointment_held.connect(lambda **facts: told.append(facts["appointment"].pk), weak=False, dispatch_uid="test")
    try:
        appointment = planned(world)
        we_met(appointment=appointment, by=world.therapist, now=NOW)
        assert we_met(appointment=appointment, by=world.therapist, now=NOW).number == 1
        assert told == [appointment.pk]
    finally:
        appointment_held.disconnect(dispatch_uid="test")


def test_missed_can_still_become_held(world):
    appointment = note_missed(appointment=planned(world), by=world.therapist, now=NOW)
    assert we_met(appointment=appointment, by=world.therapist, now=NOW).number == 1


def test_cancelled_can_not_become_held(world):
    appointment = cancel_appointment(appointment=planned(world), by=world.therapist, now=NOW)
    with pytest.raises(CannotDecide):
        we_met(appointment=appointment, by=world.therapist, now=NOW)


def test_held_can_not_be_taken_back(world):
    appointment = we_met(appointment=planned(world), by=world.therapist, now=NOW)
    with pytest.raises(CannotDecide):
        note_missed(appointment=appointment, by=world.therapist, now=NOW)


def test_held_can_not_be_moved(world):
    appointment = we_met(appointment=planned(world), by=world.therapist, now=NOW)
    with pytest.raises(CannotDecide):
        move_appointment(
            appointment=appointment, starts_at=NOW + HOUR, minutes=50, mode="room", by=world.therapist, now=NOW
        )


def test_time_is_the_planners_wall_clock(world):
    day = {"day": "2026-12-01", "time": "10:00", "minutes": "50", "mode": "video"}
    world.as_(world.therapist).post(f"/desk/clients/{world.client.pk}/appointments/", day)
    assert "10:00" in world.as_(world.therapist).get("/desk/appointments/?from=2026-11-30").content.decode()
    assert "10:00" in world.as_(world.client).get("/appointments/").content.decode()


def test_form_that_can_not_be_read_keeps_what_was_typed(world):
    bad = {"day": "2026-12-01", "time": "late", "minutes": "50", "mode": "room"}
    page = world.as_(world.therapist).post(f"/desk/clients/{world.client.pk}/appointments/", bad)
    assert page.status_code == 200
    assert 'value="late"' in page.content.decode()
