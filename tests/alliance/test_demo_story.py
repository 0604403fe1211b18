"""The demo's story fits the library: every answer belongs to a block and every choice to its options."""

from random import Random

import pytest

from alliance.management.demo_story import courses, people, words
from homework.library.reading import ACTIVITIES, read_activity

WRITTEN = ["first-talk", "hard-thought", "sleep-week", "small-brave-step", "small-things", "staying-well", "worry-time"]


def blocks(slug):
    pages = read_activity(ACTIVITIES / f"{slug}.json")["content"]["pages"]
    return {block["id"]: block for page in pages for block in page["blocks"]}


def chosen(block, value):
    if block["type"] == "single_choice":
        return [value["choice"]], [option["id"] for option in block["options"]]
    if block["type"] == "multiple_choice":
        return value["choices"], [option["id"] for option in block["options"]]
    if block["type"] == "checklist":
        return value["checked"], [item["id"] for item in block["items"]]
    if block["type"] == "table":
        return [name for row in value["rows"] for name in row], [column["id"] for column in block["columns"]]
    return [], []


@pytest.mark.parametrize("slug", [*WRITTEN, "talk-about-us"])
def test_every_answer_belongs_to_a_block_and_every_choice_to_its_options(slug):
    known = blocks(slug)
    for variant in words.answers_to(slug):
        assert set(variant) <= set(known)
        for block_id, value in variant.items():
            used, offered = chosen(known[block_id], value)
            assert set(used) <= set(offered), block_id


def test_there_are_24_clients_three_therapists_and_each_course_is_known():
    assert (len(people.PEOPLE), len(people.THERAPISTS)) == (24, 3)
    assert {person.course for person in people.PEOPLE} == set(courses.COURSES)
    assert len({person.email or person.key for person in people.PEOPLE}) == 24


@pytest.mark.parametrize("name", courses.COURSES)
def test_forms_are_answered_within_their_range(name):
    course, chance = courses.COURSES[name], Random(7)
    for step in range(11):
        assert set(courses.check_in(course, step / 10, 100 - step * 10, "client", chance).values()) <= set(range(11))
        assert set(courses.session(course, step / 10, 100 - step * 10, "therapist", chance).values()) <= set(
            range(1, 8)
        )
        mood = courses.mood(course, step / 10, chance, risk=1 if name == "risk" else 0)
        assert set(mood.values()) <= {0, 1, 2, 3}
        assert mood["9"] == (1 if name == "risk" else 0)


def test_the_fall_is_far_below_what_came_before():
    course, chance = courses.COURSES["drop"], Random(7)
    before = [
        sum(courses.check_in(course, step / 10, 100 - step * 10, "client", chance).values()) / 6 for step in range(8)
    ]
    after = sum(courses.check_in(course, 0.95, 3, "client", chance).values()) / 6
    assert min(before) - after > 2


def test_days_are_counted_from_the_day_it_was_sent():
    from datetime import date

    rows = {"rows": [{"day": "@+2", "what": "walk"}]}
    assert words.dated(rows, date(2026, 12, 30)) == {"rows": [{"day": "2027-01-01", "what": "walk"}]}
