"""Every block type through its life, and what is special about one."""

import json
from importlib import import_module

import pytest
from django.http import QueryDict
from django.template import engines
from jsonschema import Draft202012Validator

from homework.blocks import BLOCK_TYPES, SKIPPED, BadAnswer
from homework.library.reading import shipped_activities

SHIPPED = [block for piece in shipped_activities() for page in piece["content"]["pages"] for block in page["blocks"]]
OWN = [kind for kind in BLOCK_TYPES if type(kind).__module__.startswith("homework.")]
EXAMPLES = {
    "short_text": ("On the bus", "On the bus"),
    "long_text": ("First line\r\nsecond", "First line\nsecond"),
    "number": ("2,5", 2.5),
    "date": ("2026-03-24", "2026-03-24"),
    "single_choice": ({"choice": "o2"}, {"choice": "o2"}),
    "multiple_choice": ({"choices": ["o2", "o1"]}, {"choices": ["o1", "o2"]}),
    "rating": (3, 3),
    "slider": ("0", 0),
    "checklist": ({"checked": ["i1"], "own": [" Tea ", ""]}, {"checked": ["i1"], "own": ["Tea"]}),
    "table": ({"rows": [{"c1": "a", "c2": ""}, {}]}, {"rows": [{"c1": "a"}]}),
}


def filled(kind):
    """A fresh block with words wherever one may be asked for them."""
    block = kind.new("b1") | ({"label": "How was it?"} if kind.asks else {})
    for name in ("options", "items", "columns"):
        block |= {name: [part | {"label": part["id"]} for part in block[name]]} if name in block else {}
    return block


def example_of(kind):
    """What is given and what is kept of it: here, or in a new type's own test."""
    if kind.key in EXAMPLES:
        return EXAMPLES[kind.key]
    return import_module(f"tests.homework.test_block_{kind.key}").EXAMPLE


def render(block, partial, **context):
    template = engines["django"].get_template(f"{BLOCK_TYPES[block['type']].template}#{partial}")
    return template.render({"block": block, "name": "b", "ident": "e", "error": "", "value": None, **context})


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.key)
def test_block_type_through_its_life(kind):
    block = filled(kind)
    Draft202012Validator(kind.schema).validate(block)
    json.dumps(block)
    assert "data-field" in render(block, "edit")
    if not kind.asks:
        with pytest.raises(BadAnswer):
            kind.clean_answer(block, "x")
        return
    given, kept = example_of(kind)
    assert kind.clean_answer(block, given) == kept
    assert kind.clean_answer(block, kept) == kept
    assert kind.clean_answer(block, None) is None
    assert kind.clean_answer(block, SKIPPED) == SKIPPED
    assert kind.summary(block, kept)
    assert 'name="b' in render(block, "answer", value=kept)
    assert "How was it?" in render(block, "answer")
    assert "Please shorten" in render(block, "answer", error="Please shorten it.")
    assert render(block, "show", value=kept).strip()
    assert "Rather not said" in render(block, "show", value=SKIPPED)
    assert kind.from_form(block, QueryDict("b-pass=1"), "b") == SKIPPED
    assert kind.from_form(block, QueryDict(""), "b") is None


@pytest.mark.parametrize("block", SHIPPED, ids=lambda block: block["id"])
def test_shipped_blocks_fit_their_type(block):
    if block["type"] not in BLOCK_TYPES:
        pytest.skip("registered by a higher room")
    kind = BLOCK_TYPES[block["type"]]
    Draft202012Validator(kind.schema).validate(block)
    assert kind.problems(block) == []
    assert render(block, "answer")


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("short_text", "x" * 301),
        ("long_text", "x" * 20_001),
        ("long_text", 5),
        ("number", "many"),
        ("number", float("nan")),
        ("number", "1e309"),
        ("number", True),
        ("date", "2026-02-30"),
        ("date", "0001-01-01"),
        ("single_choice", {"choice": "nope"}),
        ("single_choice", "o1"),
        ("single_choice", {"choice": ["o1"]}),
        ("multiple_choice", {"choices": ["o1", "zz"]}),
        ("multiple_choice", {"choices": [{}]}),
        ("rating", 6),
        ("rating", 1.5),
        ("slider", 101),
        ("slider", "-1"),
        ("checklist", {"checked": "i1"}),
        ("checklist", {"own": ["x"] * 21}),
        ("table", {"rows": [{}] * 11}),
        ("table", {"rows": "x"}),
        ("table", []),
    ],
)
def test_bad_answer_is_refused_in_words(type_, value):
    kind = BLOCK_TYPES[type_]
    with pytest.raises(BadAnswer) as refused:
        kind.clean_answer(kind.new("b"), value)
    assert str(refused.value).endswith(".")


def test_text_answer_keeps_words_and_drops_what_no_database_keeps():
    kind = BLOCK_TYPES["long_text"]
    assert kind.clean_answer(kind.new("b"), "a\x00b \ud83d 👩‍👩‍👧 \u202eabc") == "ab \ufffd 👩‍👩‍👧 \u202eabc"


def test_several_choices_when_more_than_allowed():
    kind = BLOCK_TYPES["multiple_choice"]
    block = kind.new("b") | {"max": 1}
    with pytest.raises(BadAnswer, match="one at most"):
        kind.clean_answer(block, {"choices": ["o1", "o2"]})


def test_other_is_read_when_only_the_line_is_filled():
    kind = BLOCK_TYPES["single_choice"]
    block = kind.new("b") | {"other": True}
    assert kind.from_form(block, QueryDict("b-other=Mine"), "b") == {"other": "Mine"}


def test_table_reads_rows_from_a_plain_form():
    kind = BLOCK_TYPES["table"]
    columns = [
        {"id": "what", "label": "What", "kind": "text"},
        {"id": "when", "label": "When", "kind": "time"},
        {"id": "done", "label": "Done", "kind": "check"},
        {"id": "how", "label": "How hard", "kind": "slider"},
    ]
    block = kind.new("t") | {"columns": columns}
    data = QueryDict("t-0-what=Walk&t-0-when=09:30&t-2-done=1&t-2-how=40&t-77-what=forged")
    answer = kind.clean_answer(block, kind.from_form(block, data, "t"))
    assert answer == {"rows": [{"what": "Walk", "when": "09:30"}, {"done": True, "how": 40}]}
    shown = render(block, "show", value=answer)
    assert "Walk" in shown
    assert "09:30" in shown


def test_table_says_which_column_is_wrong():
    kind = BLOCK_TYPES["table"]
    block = kind.new("t") | {"columns": [{"id": "n", "label": "Hours", "kind": "number"}]}
    with pytest.raises(BadAnswer, match="Hours: Please write a number"):
        kind.clean_answer(block, {"rows": [{"n": "lots"}]})


def test_answer_partial_escapes_what_was_typed():
    html = render(BLOCK_TYPES["long_text"].new("b"), "answer", value="</textarea><img onerror=1>{{ x }}")
    assert "<img" not in html
    assert "{{ x }}" in html


def test_slider_starts_empty():
    html = render(BLOCK_TYPES["slider"].new("b") | {"label": "How?"}, "answer")
    assert 'value=""' in html
    assert 'max="100"' in html


def test_text_with_a_link_that_runs_something_is_named_before_publishing():
    kind = BLOCK_TYPES["text"]
    assert kind.problems({"id": "a", "type": "text", "markdown": "See [x](javascript:alert(1))"})
    assert kind.problems({"id": "a", "type": "text", "markdown": "Call [x](tel:116123) or [y](https://a.b)"}) == []
