"""The instrument block: its answers, and the three partials it is drawn with."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from alliance.blocks.presenting import form_view
from homework.blocks import BLOCK_TYPES, SKIPPED, BadAnswer

KIND = BLOCK_TYPES["instrument"]


def block(name="phq-9", **more):
    return {"id": "form", "type": "instrument", "label": "Mood", "instrument": name, **more}


def post(**fields):
    data = QueryDict(mutable=True)
    for key, value in fields.items():
        data[key.replace("_", "-")] = value
    return data


def test_reads_numbers_and_what_was_passed_by():
    data = post(form_1="3", form_2="pass", form_9="0")
    assert KIND.from_form(block(), data, "form") == {"answers": {"1": 3, "2": None, "9": 0}}


def test_reads_a_slider_that_was_passed_by():
    data = post(form_1="7", form_2="", form_2_pass="1")
    assert KIND.from_form(block("check-in"), data, "form") == {"answers": {"1": 7, "2": None}}


def test_nothing_posted_is_no_answer():
    assert KIND.from_form(block(), post(), "form") is None
    assert KIND.clean_answer(block(), {"answers": {}}) is None


def test_the_whole_form_may_be_passed_by():
    assert KIND.clean_answer(block(), {"skipped": True}) == SKIPPED


def test_keeps_answers_in_order():
    cleaned = KIND.clean_answer(block(), {"answers": {"10": 1, "2": 0, "9": None}})
    assert list(cleaned["answers"].items()) == [("2", 0), ("9", None), ("10", 1)]


@pytest.mark.parametrize(
    "value",
    [
        {"answers": {"1": 4}},
        {"answers": {"1": -1}},
        {"answers": {"1": 1.5}},
        {"answers": {"1": "x"}},
        {"answers": {"11": 1}},
        {"answers": {"x": 1}},
        {"answers": [1]},
        {"answers": "1"},
        {},
        "text",
        [1],
        7,
    ],
)
def test_refuses_what_is_no_answer(value):
    with pytest.raises(BadAnswer):
        KIND.clean_answer(block(), value)


def test_refuses_what_was_typed_into_a_field_by_hand():
    with pytest.raises(BadAnswer, match="item 1"):
        KIND.clean_answer(block(), KIND.from_form(block(), post(form_1="12"), "form"))


def test_a_fresh_block_can_be_published():
    assert KIND.problems(KIND.new("b1")) == []


def test_a_form_without_words_can_not_be_published():
    assert KIND.problems(block("wai")) == ["Choose a questionnaire."]


def test_lists_do_not_tell_what_was_answered():
    assert KIND.summary(block(), {"answers": {"1": 3, "2": None}}) == "1 of 10 answered"


@pytest.mark.parametrize("name", ["check-in", "seq", "phq-9", "wai-sr"])
def test_draws_every_item_to_be_answered(name):
    page = render_to_string("alliance/blocks/instrument.html#answer", {"block": block(name), "name": "form"})
    form = form_view(block(name), None, rater="client", language="en")

    for item in form.items:
        assert f'name="form-{item.number}"' in page
        assert "checked" not in page


def test_draws_the_answers_given():
    value = {"answers": {"1": 3, "2": None}}
    page = render_to_string("alliance/blocks/instrument.html#show", {"block": block(), "value": value})

    assert "On almost every day" in page
    assert "rather not said" in page


def test_draws_its_settings():
    page = render_to_string("alliance/blocks/instrument.html#edit", {"block": block("seq"), "ident": "b1"})
    assert '<option value="seq" selected>' in page


def test_says_whose_words_they_are():
    page = render_to_string("alliance/blocks/instrument.html#answer", {"block": block("wai-sr"), "name": "form"})
    assert "Rapport’s wording, not the validated form" in page


def test_attributes_the_adjectives_to_their_author():
    page = render_to_string("alliance/blocks/instrument.html#answer", {"block": block("seq"), "name": "form"})
    assert "William B. Stiles" in page


def test_says_before_a_risk_item_who_is_told():
    page = render_to_string("alliance/blocks/instrument.html#answer", {"block": block(), "name": "form"})
    assert "even if the form is not finished" in page


def test_opens_the_help_once_a_risk_item_is_answered():
    def hidden(answer):
        context = {"block": block(), "name": "form", "value": {"answers": {"9": answer}}}
        page = render_to_string("alliance/blocks/instrument.html#answer", context)
        return 'data-risk-help aria-live="polite" hidden' in page

    assert hidden(0)
    assert not hidden(1)
