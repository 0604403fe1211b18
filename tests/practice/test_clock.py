"""The clock: gaps, folds, odd zones, quiet hours, working hours, durations."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice import clock

ODD_ZONES = [
    "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Havana",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "Europe/Dublin", "Europe/Kyiv", "Europe/Berlin",
    "America/New_York", "UTC",
]  # fmt: skip
walls = st.datetimes(datetime(2005, 1, 1), datetime(2035, 12, 31))
moments = walls.map(lambda wall: wall.replace(tzinfo=UTC))
zones = st.sampled_from(ODD_ZONES)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), utc(2026, 3, 29, 1, 30)),  # gap: 03:30
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30)),  # fold: the first
        ("America/New_York", datetime(2026, 3, 8, 2, 30), utc(2026, 3, 8, 7, 30)),
        ("America/New_York", datetime(2026, 11, 1, 1, 30), utc(2026, 11, 1, 5, 30)),
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 15), utc(2026, 10, 3, 15, 45)),  # 30 minutes
        ("Antarctica/Troll", datetime(2026, 3, 29, 1, 30), utc(2026, 3, 29, 1, 30)),  # 2 hours
        ("Asia/Beirut", datetime(2026, 3, 29, 0, 0), utc(2026, 3, 28, 22, 0)),  # midnight is missing
        ("America/Havana", datetime(2026, 3, 8, 0, 0), utc(2026, 3, 8, 5, 0)),
        ("America/Santiago", datetime(2026, 9, 6, 0, 0), utc(2026, 9, 6, 4, 0)),
        ("Africa/Cairo", datetime(2026, 4, 24, 0, 0), utc(2026, 4, 23, 22, 0)),
        ("Pacific/Apia", datetime(2011, 12, 30, 10, 0), utc(2011, 12, 30, 20, 0)),  # the day that never was
        ("Asia/Kathmandu", datetime(2026, 5, 1, 9, 0), utc(2026, 5, 1, 3, 15)),
        ("Europe/Dublin", datetime(2026, 7, 1, 9, 0), utc(2026, 7, 1, 8, 0)),
        ("Europe/Kiev", datetime(2026, 7, 1, 9, 0), utc(2026, 7, 1, 6, 0)),
    ],
)
def test_resolve_in_gaps_folds_and_odd_zones(zone, wall, expected):
    assert clock.resolve(wall, zone) == expected


def test_resolve_in_casablanca_around_ramadan():
    assert clock.resolve(datetime(2025, 3, 1, 9), "Africa/Casablanca") == utc(2025, 3, 1, 9)
    assert clock.resolve(datetime(2025, 5, 1, 9), "Africa/Casablanca") == utc(2025, 5, 1, 8)


def test_day_start_when_midnight_is_missing():
    start = clock.day_start(date(2026, 3, 29), "Asia/Beirut")
    assert clock.local(start, "Asia/Beirut") == datetime(2026, 3, 29, 1, 0)


def test_next_local_when_the_time_is_missing_tonight():
    moment = clock.next_local(time(2, 30), "Europe/Berlin", utc(2026, 3, 28, 12))
    assert clock.local(moment, "Europe/Berlin") == datetime(2026, 3, 29, 3, 30)


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "Factory", "+02:00", "europe/berlin x"])
def test_zone_when_no_such_name(name):
    with pytest.raises(clock.UnknownZone):
        clock.canonical_zone(name)


def test_zone_when_renamed():
    assert clock.canonical_zone("Europe/Kiev") == "Europe/Kyiv"


@given(walls, zones)
def test_resolve_then_local_only_moves_within_a_gap(wall, zone):
    back = clock.local(clock.resolve(wall, zone), zone)
    assert timedelta(0) <= back - wall <= timedelta(hours=24)
    assert clock.resolve(back, zone) == clock.resolve(wall, zone)


@given(moments, zones)
def test_local_then_resolve_is_the_moment_or_the_fold_before(moment, zone):
    again = clock.resolve(clock.local(moment, zone), zone)
    assert timedelta(0) <= moment - again <= timedelta(hours=24)


@given(moments, zones, st.times().map(lambda at: at.replace(microsecond=0)))
def test_next_local_is_later_and_within_two_days(moment, zone, at):
    found = clock.next_local(at, zone, moment)
    assert moment < found <= moment + timedelta(hours=51)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (datetime(2026, 6, 1, 20, 59), None),
        (datetime(2026, 6, 1, 21, 0), datetime(2026, 6, 2, 8)),
        (datetime(2026, 6, 2, 3, 0), datetime(2026, 6, 2, 8)),
        (datetime(2026, 6, 2, 8, 0), None),
    ],
)
def test_quiet_end_over_midnight(wall, expected):
    moment = clock.resolve(wall, "Europe/Berlin")
    found = clock.quiet_end(moment, "Europe/Berlin", time(21), time(8))
    assert found == (clock.resolve(expected, "Europe/Berlin") if expected else None)


def test_quiet_end_when_there_are_no_quiet_hours():
    assert clock.quiet_end(utc(2026, 6, 1, 23), "UTC", time(8), time(8)) is None


@given(moments, zones, st.times(), st.times())
def test_quiet_end_is_never_in_the_past(moment, zone, start, end):
    found = clock.quiet_end(moment, zone, start, end)
    assert found is None or moment <= found <= moment + timedelta(hours=51)


HOURS = clock.parse_hours({"mo": [["09:00", "12:00"], ["13:00", "17:00"]], "fr": [["09:00", "15:00"]]})


@pytest.mark.parametrize(
    ("now", "opening", "reply"),
    [
        (datetime(2026, 6, 1, 10), datetime(2026, 6, 1, 10), datetime(2026, 6, 5, 15)),  # Monday, open
        (datetime(2026, 6, 1, 12, 30), datetime(2026, 6, 1, 13), datetime(2026, 6, 5, 15)),
        (datetime(2026, 6, 5, 15), datetime(2026, 6, 8, 9), datetime(2026, 6, 8, 17)),  # Friday, closed
        (datetime(2026, 6, 7, 1), datetime(2026, 6, 8, 9), datetime(2026, 6, 8, 17)),  # Sunday
    ],
)
def test_opening_and_reply_promise(now, opening, reply):
    zone = "Europe/Berlin"
    assert clock.next_opening(HOURS, zone, clock.resolve(now, zone)) == clock.resolve(opening, zone)
    assert clock.reply_by(HOURS, zone, clock.resolve(now, zone)) == clock.resolve(reply, zone)


def test_opening_when_there_are_no_hours():
    assert clock.next_opening({}, "UTC", utc(2026, 6, 1)) is None
    assert clock.reply_by({}, "UTC", utc(2026, 6, 1)) is None


@pytest.mark.parametrize("raw", [{"xx": []}, {"mo": [["9", "17:00"]]}, {"mo": [["17:00", "09:00"]]}, {"mo": [[1, 2]]}])
def test_parse_hours_when_wrong(raw):
    with pytest.raises(ValueError, match=r"mo|xx"):
        clock.parse_hours(raw)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"), (0.04, "0 s"), (7.63, "7.6 s"), (9.96, "10 s"), (42.4, "42 s"), (59.6, "1 min"), (60, "1 min"),
        (725, "12 min 5 s"), (3_599.7, "1 h"), (5_498.4, "1 h 32 min"), (86_399, "1 d"), (100_000, "1 d 4 h"),
        (30 * 86_400, "30 d"), (-3, "0 s"),
    ],
)  # fmt: skip
def test_a_duration_is_said_in_its_two_largest_units(seconds, said):
    assert clock.duration_said(seconds) == said
