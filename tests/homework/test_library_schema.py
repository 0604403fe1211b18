"""The shipped files fit their schemas, and a fault is told with file, page and block."""

import copy
import json

import pytest

from homework.library.reading import (
    ACTIVITIES,
    LibraryFaultError,
    check_activity,
    check_pathway,
    read_activity,
    shipped_activities,
    shipped_pathways,
)

STARRED = [
    "first-talk",
    "hard-thought",
    "sleep-week",
    "small-brave-step",
    "small-things",
    "staying-well",
    "talk-about-us",
    "worry-time",
]


@pytest.fixture
def activity():
    return copy.deepcopy(read_activity(ACTIVITIES / "hard-thought.json"))


@pytest.fixture
def pathway():
    return copy.deepcopy(shipped_pathways()[0])


def test_library_holds_eight_activities_and_two_forms():
    assert sorted(piece["slug"] for piece in shipped_activities()) == sorted([*STARRED, "check-in", "mood-check"])


def test_library_holds_two_pathways():
    assert [piece["key"] for piece in shipped_pathways()] == ["calmer-days", "first-four-weeks"]


def test_first_four_weeks_runs_as_its_table_says():
    steps = next(piece for piece in shipped_pathways() if piece["key"] == "first-four-weeks")["steps"]
    assert [(step["activity"], step["timing"]) for step in steps] == [
        ("first-talk", {"kind": "interval", "days": 0, "from": "start", "at": "09:00"}),
        ("mood-check", {"kind": "interval", "days": 5, "from": "start", "at": "09:00"}),
        ("small-things", {"kind": "with_previous"}),
        ("small-things", {"kind": "after_completed", "days": 5, "at": "09:00"}),
        ("talk-about-us", {"kind": "interval", "days": 24, "from": "start", "at": "17:00"}),
        ("mood-check", {"kind": "after_completed", "days": 3, "at": "17:00"}),
        ("check-in", {"kind": "weekly", "weekdays": ["th"], "at": "18:00", "count": 5}),
    ]


def test_calmer_days_runs_as_its_table_says():
    steps = next(piece for piece in shipped_pathways() if piece["key"] == "calmer-days")["steps"]
    assert [(step["activity"], step["timing"]) for step in steps] == [
        ("mood-check", {"kind": "interval", "days": 0, "from": "start", "at": "09:00"}),
        ("worry-time", {"kind": "after_completed", "days": 1, "at": "17:00"}),
        ("sleep-week", {"kind": "interval", "days": 7, "from": "previous_sent", "at": "09:00"}),
        ("hard-thought", {"kind": "after_completed", "days": 7, "at": "17:00"}),
        ("talk-about-us", {"kind": "interval", "days": 28, "from": "start", "at": "17:00"}),
        ("small-brave-step", {"kind": "date", "at": "09:00"}),
        ("staying-well", {"kind": "date", "at": "17:00"}),
        ("mood-check", {"kind": "with_previous"}),
        ("check-in", {"kind": "weekly", "weekdays": ["su"], "at": "18:00", "count": 8}),
    ]


def test_block_with_a_missing_label_is_named(activity):
    del activity["content"]["pages"][1]["blocks"][2]["low_label"]
    with pytest.raises(LibraryFaultError) as fault:
        check_activity(activity, file="hard-thought.json")
    assert (fault.value.file, fault.value.place) == ("hard-thought.json", "page “moment”, block “feeling-then”")
    assert "low_label" in fault.value.why


def test_unknown_block_type_is_named(activity):
    activity["content"]["pages"][0]["blocks"][0]["type"] = "hologram"
    with pytest.raises(LibraryFaultError, match="page “start”, block “why”, type"):
        check_activity(activity, file="x.json")


def test_two_blocks_of_one_id_are_refused(activity):
    activity["content"]["pages"][1]["blocks"][0]["id"] = "why"
    with pytest.raises(LibraryFaultError, match="“why”"):
        check_activity(activity, file="x.json")


def test_two_options_of_one_id_are_refused(activity):
    options = activity["content"]["pages"][1]["blocks"][1]["options"]
    options[1]["id"] = options[0]["id"]
    with pytest.raises(LibraryFaultError, match="block “feelings”: two of its options"):
        check_activity(activity, file="x.json")


def test_slider_upside_down_is_refused(activity):
    activity["content"]["pages"][1]["blocks"][2]["low"] = 200
    with pytest.raises(LibraryFaultError, match="“low” is larger than “high”"):
        check_activity(activity, file="x.json")


def test_own_words_must_name_a_text_block(activity):
    activity["own_words"] = ["the-thought"]
    with pytest.raises(LibraryFaultError, match="no text block “the-thought”"):
        check_activity(activity, file="x.json")


def test_timing_with_a_field_of_another_kind_names_its_step(pathway):
    pathway["steps"][0]["timing"] = {"kind": "with_previous", "days": 2}
    with pytest.raises(LibraryFaultError, match="step “mood-check-1”, timing"):
        check_pathway(pathway, file="x.json")


def test_first_step_can_not_go_with_a_previous_one(pathway):
    pathway["steps"][0]["timing"] = {"kind": "with_previous"}
    with pytest.raises(LibraryFaultError, match="the first step has nothing before it"):
        check_pathway(pathway, file="x.json")


@pytest.mark.parametrize(("name", "text"), [("broken.json", "{"), ("list.json", "[]")])
def test_file_that_is_no_object_is_named(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(LibraryFaultError, match=name):
        read_activity(tmp_path / name)


def test_file_named_otherwise_than_its_slug_is_refused(tmp_path, activity):
    (tmp_path / "other.json").write_text(json.dumps(activity))
    with pytest.raises(LibraryFaultError, match=r"must be named hard-thought\.json"):
        read_activity(tmp_path / "other.json")
