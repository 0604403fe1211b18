"""The planner: every timing kind, clock changes, bounds and what it refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homework.domain.previewing import preview_rows
from homework.domain.timing import Pause, Planned, TimingError, Waiting, parse_pathway, parse_steps, plan
from practice import clock

START = datetime(2026, 3, 27, 10)
BERLIN = "Europe/Berlin"


def steps(*timings):
    return parse_steps(
        [{"key": f"s{number}", "activity": "a", "timing": timing} for number, timing in enumerate(timings, start=1)]
    )


def planned(*timings, start=START, tz=BERLIN, **more):
    return plan(steps=steps(*timings), start=start, tz=tz, **more)


def walls(*timings, step, tz=BERLIN, **more):
    return [
        clock.local(one.send_at, tz).isoformat(timespec="minutes")
        for one in planned(*timings, tz=tz, **more)
        if isinstance(one, Planned) and one.step == step
    ]


NOW = {"kind": "interval", "days": 0}


def test_interval_days_keep_the_wall_clock_over_the_change():
    assert walls({"kind": "interval", "days": 2}, step="s1") == ["2026-03-29T10:00"]
    assert planned({"kind": "interval", "days": 2})[0].send_at == datetime(2026, 3, 29, 8, tzinfo=UTC)


def test_interval_hours_are_instants_over_the_change():
    assert walls({"kind": "interval", "hours": 48}, step="s1") == ["2026-03-29T11:00"]


def test_interval_at_a_time_that_is_missing_shifts_by_the_gap():
    assert walls({"kind": "interval", "days": 2, "at": "02:30"}, step="s1") == ["2026-03-29T03:30"]


def test_interval_from_previous_sent_uses_the_plan_until_it_is_sent():
    follow = {"kind": "interval", "days": 7, "from": "previous_sent", "at": "09:00"}
    assert walls(NOW, follow, step="s2") == ["2026-04-03T09:00"]
    late = datetime(2026, 3, 29, 6, 12, 5, tzinfo=UTC)
    assert walls(NOW, follow, step="s2", sent={"s1": late}) == ["2026-04-05T09:00"]


def test_what_follows_a_waiting_step_waits_for_the_same():
    found = planned(
        NOW, {"kind": "after_completed"}, {"kind": "with_previous"},
        {"kind": "interval", "days": 1, "from": "previous_sent"},
        {"kind": "after_completed"}, {"kind": "date"},
    )  # fmt: skip
    assert found[1:] == [
        Waiting("s2", "s1"), Waiting("s3", "s1"), Waiting("s4", "s1"), Waiting("s5", "s4"), Waiting("s6", "date"),
    ]  # fmt: skip


def test_after_completed_with_delay_and_time_of_day():
    done = {"s1": datetime(2026, 3, 28, 20, 15, tzinfo=UTC)}
    after = {"kind": "after_completed", "days": 5, "at": "09:00"}
    assert walls(NOW, after, step="s2", completed=done) == ["2026-04-02T09:00"]


def test_after_completed_never_precedes_the_completion():
    done = {"s1": datetime(2026, 3, 28, 20, 15, tzinfo=UTC)}
    assert walls(NOW, {"kind": "after_completed", "at": "09:00"}, step="s2", completed=done) == ["2026-03-29T09:00"]
    assert walls(NOW, {"kind": "after_completed"}, step="s2", completed=done) == ["2026-03-28T21:15"]


def test_date_is_the_clients_when_one_is_set():
    fixed = {"kind": "date", "date": "2026-04-20", "at": "17:00"}
    assert walls(fixed, step="s1") == ["2026-04-20T17:00"]
    assert walls(fixed, step="s1", dates={"s1": date(2026, 4, 2)}) == ["2026-04-02T17:00"]


@pytest.mark.parametrize(
    ("zone", "start", "at", "changed", "expected"),
    [
        ("Europe/Berlin", datetime(2026, 3, 27, 10), "02:30", "2026-03-29", "03:30"),
        ("Europe/Berlin", datetime(2026, 10, 23, 10), "02:30", "2026-10-25", "02:30"),
        ("America/New_York", datetime(2026, 3, 6, 10), "02:30", "2026-03-08", "03:30"),
        ("Australia/Lord_Howe", datetime(2026, 10, 2, 10), "02:15", "2026-10-04", "02:45"),
    ],
)
def test_weekly_in_the_week_of_a_clock_change(zone, start, at, changed, expected):
    daily = {"kind": "weekly", "weekdays": [0, 1, 2, 3, 4, 5, 6], "at": at}
    found = walls(daily, step="s1", tz=zone, start=start)
    assert len(found) == 20
    assert f"{changed}T{expected}" in found
    assert {wall[11:] for wall in found} <= {at, expected}


def test_weekly_starts_on_or_after_the_start_and_counts():
    weekly = {"kind": "weekly", "weekdays": ["FR", "monday"], "at": "09:00", "count": 3}
    assert walls(weekly, step="s1") == ["2026-03-30T09:00", "2026-04-03T09:00", "2026-04-06T09:00"]


def test_weekly_without_end_is_bounded_by_the_horizon():
    assert len(planned({"kind": "weekly", "weekdays": ["fr"], "at": "10:00"})) == 6
    ahead = datetime(2027, 3, 27, 10)
    found = planned({"kind": "weekly", "weekdays": ["sa"], "at": "11:00"}, ahead_from=ahead)
    assert found[-1].local_at == datetime(2027, 4, 24, 11)
    assert [one.occurrence for one in found] == list(range(1, len(found) + 1))


def test_weekly_in_apia_skips_the_day_that_never_was():
    daily = {"kind": "weekly", "weekdays": ["mo", "tu", "we", "th", "fr", "sa", "su"], "at": "09:00", "count": 4}
    found = walls(daily, step="s1", tz="Pacific/Apia", start=datetime(2011, 12, 29, 8))
    assert found == ["2011-12-29T09:00", "2011-12-31T09:00", "2012-01-01T09:00", "2012-01-02T09:00"]


def test_pause_shifts_what_lies_ahead_by_whole_days_rounded_up():
    pause = Pause(began=datetime(2026, 3, 30, 12), ended=datetime(2026, 4, 1, 13))
    assert pause.days == 3
    chain = [
        {"kind": "interval", "days": 2}, {"kind": "interval", "days": 7, "from": "previous_sent"},
        {"kind": "interval", "days": 14}, {"kind": "date", "date": "2026-04-09"},
    ]  # fmt: skip
    found = [one.local_at for one in planned(*chain, pauses=[pause])]
    assert found == [
        datetime(2026, 3, 29, 10),
        datetime(2026, 4, 8, 10),
        datetime(2026, 4, 13, 10),
        datetime(2026, 4, 9, 10),
    ]


def test_pause_passes_over_weekly_days_without_counting_them():
    pause = Pause(began=datetime(2026, 4, 1), ended=datetime(2026, 4, 9, 12))
    weekly = {"kind": "weekly", "weekdays": ["mo"], "at": "09:00", "count": 3}
    assert walls(weekly, step="s1", pauses=[pause]) == ["2026-03-30T09:00", "2026-04-13T09:00", "2026-04-20T09:00"]


def test_preview_rows_are_sorted_by_time_then_by_key():
    rows = preview_rows(planned({"kind": "date"}, {"kind": "interval", "days": 9}, NOW), tz=BERLIN)
    assert rows == [
        {"step": "s3", "occurrence": 1, "local": "2026-03-27T10:00:00", "utc": "2026-03-27T09:00:00Z"},
        {"step": "s2", "occurrence": 1, "local": "2026-04-05T10:00:00", "utc": "2026-04-05T08:00:00Z"},
        {"step": "s1", "waits_for": "date"},
    ]


def test_pathway_of_a_thousand_steps():
    follow = {"kind": "interval", "hours": 0.5, "from": "previous_sent"}
    assert len(planned(NOW, *[follow] * 999)) == 1000


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        ({"kind": "hourly"}, "'kind' 'hourly' is not known"),
        ({}, "'kind' None is not known"),
        ("daily", "'timing' must be a JSON object"),
        ({"kind": "interval"}, "'days' or 'hours' is needed"),
        ({"kind": "interval", "days": -1}, "'days' must be a whole number"),
        ({"kind": "interval", "days": True}, "'days' must be a whole number"),
        ({"kind": "interval", "days": 1.5}, "'days' must be a whole number"),
        ({"kind": "interval", "days": 10**9}, "'days' must be a whole number"),
        ({"kind": "interval", "hours": float("nan")}, "'hours' must be a number"),
        ({"kind": "interval", "days": 1, "at": "25:00"}, "'at' must be a time of day"),
        ({"kind": "interval", "days": 1, "at": 9}, "'at' must be a time of day"),
        ({"kind": "interval", "days": 1, "from": "birth"}, "'from' must be"),
        ({"kind": "interval", "days": 1, "weekdays": ["mo"]}, "'weekdays' doesn't belong"),
        ({"kind": "date", "date": "2026-02-30"}, "'date' must be a date"),
        ({"kind": "weekly", "weekdays": []}, "'weekdays' must be a list"),
        ({"kind": "weekly", "weekdays": ["funday"]}, "'weekdays' has no day 'funday'"),
        ({"kind": "weekly", "weekdays": ["mo"], "count": 0}, "'count' must be a whole number"),
        ({"kind": "with_previous"}, "follows a previous step, but this is the first"),
        ({"kind": "interval", "days": 1, "from": "previous_sent"}, "follows a previous step"),
    ],
)
def test_parse_says_step_and_field_when_wrong(timing, words):
    with pytest.raises(TimingError) as error:
        parse_steps([{"key": "hello", "activity": "a", "timing": timing}])
    assert str(error.value).startswith("step 'hello': ")
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([], "JSON object"),
        ({"format": 2, "key": "k", "title": "t", "steps": []}, "format 2"),
        ({"format": 1, "title": "t", "steps": []}, "'key'"),
        ({"format": 1, "key": "k", "steps": []}, "'title'"),
        ({"format": 1, "key": "k", "title": "t"}, "'steps'"),
        ({"format": 1, "key": "k", "title": "t", "steps": [{"key": "a"}]}, "'activity'"),
        ({"format": 1, "key": "k", "title": "t", "steps": [3]}, "step 1"),
        ({"format": 1, "key": "k", "title": "t", "steps": [{"key": "a", "activity": "a", "timing": NOW}] * 2}, "twice"),
    ],
)  # fmt: skip
def test_parse_pathway_when_wrong(raw, words):
    with pytest.raises(TimingError, match=words):
        parse_pathway(raw)


ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Asia/Beirut",
        "America/Havana",
        "Pacific/Apia",
    ]
)
STARTS = st.datetimes(datetime(2009, 1, 1), datetime(2030, 1, 1)).map(
    lambda start: start.replace(second=0, microsecond=0)
)
AT = st.times().map(lambda at: at.strftime("%H:%M"))
DELAY = st.fixed_dictionaries({"days": st.integers(0, 20)}, optional={"at": AT})
TIMINGS = st.one_of(
    DELAY.map(lambda fields: {"kind": "interval", **fields}),
    DELAY.map(lambda fields: {"kind": "interval", "from": "previous_sent", **fields}),
    DELAY.map(lambda fields: {"kind": "after_completed", **fields}),
    st.integers(0, 200).map(lambda hours: {"kind": "interval", "hours": hours}),
    st.just({"kind": "with_previous"}),
    st.just({"kind": "date"}),
    st.lists(st.integers(0, 6), min_size=1, max_size=7).map(lambda days: {"kind": "weekly", "weekdays": days}),
)


@settings(max_examples=60)
@given(st.lists(TIMINGS, max_size=8), STARTS, ZONES)
def test_planning_is_idempotent_and_local_agrees_with_utc(timings, start, zone):
    once = planned(NOW, *timings, start=start, tz=zone)
    assert planned(NOW, *timings, start=start, tz=zone) == once
    keys = [(one.step, one.occurrence) for one in once if isinstance(one, Planned)]
    assert len(keys) == len(set(keys))
    for row in preview_rows(once, tz=zone):
        if "utc" in row:
            moment = datetime.fromisoformat(row["utc"])
            assert clock.local(moment, zone).isoformat() == row["local"]


@settings(max_examples=60)
@given(STARTS, ZONES, AT)
def test_daily_step_never_has_two_on_one_local_day(start, zone, at):
    days = [
        wall[:10]
        for wall in walls({"kind": "weekly", "weekdays": list(range(7)), "at": at}, step="s1", start=start, tz=zone)
    ]
    assert len(days) == len(set(days)) == 20


@settings(max_examples=60)
@given(STARTS, ZONES, st.integers(0, 400))
def test_later_planning_keeps_the_numbers_of_what_was_planned(start, zone, later):
    daily = {"kind": "weekly", "weekdays": list(range(7)), "at": "08:15"}
    once = planned(daily, start=start, tz=zone)
    again = planned(daily, start=start, tz=zone, ahead_from=start + timedelta(days=later))
    assert again[: len(once)] == once
