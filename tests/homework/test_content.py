"""Whether an activity's JSON can be kept, and what must be mended before publishing."""

import json

import pytest

from homework.blocks import BLOCK_TYPES
from homework.domain.content import minutes_for, things_to_look_at, validate_content
from homework.library.reading import shipped_activities
from homework.queries.questions import blocks_of, questions_of

KNOWN = [
    piece
    for piece in shipped_activities()
    if all(block["type"] in BLOCK_TYPES for page in piece["content"]["pages"] for block in page["blocks"])
]


def content(*blocks, **page):
    return {"format": 1, "pages": [{"id": "p1", "title": "One", "later": False, "blocks": list(blocks)} | page]}


def words(problems):
    return " ".join(problem.message for problem in problems)


TEXT = {"id": "a", "type": "text", "markdown": "Hello"}


def test_sound_content_has_no_problems():
    assert validate_content(content(TEXT)) == []
    assert things_to_look_at(content(TEXT)) == []


@pytest.mark.parametrize("piece", KNOWN, ids=lambda piece: piece["slug"])
def test_shipped_activities_are_sound(piece):
    assert validate_content(piece["content"]) == []
    assert things_to_look_at(piece["content"]) == []


def deep(levels):
    value = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (None, "form of an activity"),
        ([], "form of an activity"),
        ({}, "form of an activity"),
        ({"format": 1, "pages": []}, "form of an activity"),
        ({"format": 2, "pages": [{"id": "p", "blocks": []}]}, "form of an activity"),
        (content({"id": "a", "type": "nope"}), "no block of the type"),
        (content({"id": "a", "type": "text"}), "can't be kept"),
        (content(TEXT | {"evil": 1}), "can't be kept"),
        (content(TEXT | {"id": "A B"}), "form of an activity"),
        (content(TEXT, TEXT), "same id"),
        (content(TEXT | {"markdown": "a\x00b"}), "character"),
        (content(TEXT | {"markdown": "a\ud800b"}), "character"),
        (content(*({"id": f"b{n}", "type": "text", "markdown": "x"} for n in range(501))), "at most 500 blocks"),
        (content(*({"id": f"b{n}", "type": "text", "markdown": "x"} for n in range(10_000))), "too large"),
        (content(TEXT | {"markdown": "x" * 1_000_001}), "too large"),
        (deep(5_000), "too deeply"),
        (content({"id": "n", "type": "number", "label": "x", "min": float("inf")}), "number"),
    ],
)
def test_content_that_cannot_be_kept_is_refused_in_words(bad, says):
    assert says in words(validate_content(bad))


def test_problem_names_page_and_block():
    (problem,) = validate_content(content(TEXT, {"id": "b", "type": "nope"}))
    assert (problem.page, problem.block, problem.path) == ("p1", "b", "pages/p1/blocks/b")


def test_things_to_look_at_name_what_is_unfinished():
    draft = content({"id": "q", "type": "short_text", "label": " "}, title="")
    assert [problem.block for problem in things_to_look_at(draft)] == ["", "q"]
    assert things_to_look_at(content())[0].message == "Page 1 is empty."


def test_questions_are_the_blocks_that_ask():
    draft = content(TEXT, {"id": "q", "type": "short_text", "label": "What?"})
    assert [block["id"] for block in blocks_of(draft)] == ["a", "q"]
    assert [block["id"] for block in questions_of(draft)] == ["q"]


def test_minutes_grow_with_words_and_questions():
    reading = content(TEXT | {"markdown": "word " * 340})
    asking = content(*({"id": f"q{n}", "type": "long_text", "label": "Write"} for n in range(4)))
    assert (minutes_for(content(TEXT)), minutes_for(reading), minutes_for(asking)) == (1, 2, 6)


def test_ids_stay_as_they_are():
    before = content(TEXT)
    copy = json.loads(json.dumps(before))
    validate_content(before)
    assert before == copy
