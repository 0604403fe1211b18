"""29 February: sent on that day where there is one, refused in words where there is none."""

from datetime import datetime

import pytest

from homework.domain.timing import parse_steps, plan
from homework.timings.timing_kind import TimingError


def on(day):
    return [{"key": "a", "activity": "x", "timing": {"kind": "date", "date": day, "at": "09:00"}}]


def test_a_date_step_on_a_leap_day_is_sent_that_day():
    (row,) = plan(steps=parse_steps(on("2028-02-29")), start=datetime(2028, 2, 20, 9), tz="Europe/Berlin")
    assert row.local_at == datetime(2028, 2, 29, 9)


def test_a_year_without_one_is_refused():
    with pytest.raises(TimingError, match="date"):
        parse_steps(on("2027-02-29"))


def test_a_week_after_the_22nd_is_the_leap_day():
    steps = [{"key": "a", "activity": "x", "timing": {"kind": "interval", "days": 7, "from": "start", "at": "09:00"}}]
    (row,) = plan(steps=parse_steps(steps), start=datetime(2028, 2, 22, 9), tz="Europe/Berlin")
    assert row.local_at == datetime(2028, 2, 29, 9)
