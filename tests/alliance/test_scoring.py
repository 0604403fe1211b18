"""The rules that hold for every instrument, as properties; bad input, item by item."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alliance.domain.scoring import half_up, is_risk, score, turned
from alliance.instruments.answers import BadAnswer, checked, read_line, read_mapping
from alliance.instruments.structure import instrument, shipped

NAMES = st.sampled_from(shipped())


@st.composite
def answered(draw, missing=True):
    """An instrument and answers to it, some of them missing."""
    found = instrument(draw(NAMES))
    value = st.integers(found.low, found.high)
    return found, {item.number: draw(st.none() | value if missing else value) for item in found.items}


@given(answered())
def test_scores_stay_in_their_range(case):
    found, answers = case

    for name, value in score(found, answers).scores.items():
        if value is not None:
            low, high = found.score_range(name)
            assert low <= value <= high


@given(st.integers(-5, 5), st.integers(0, 10), st.integers(-5, 15))
def test_reversing_twice_gives_the_answer_back(low, width, answer):
    assert turned(low, low + width, turned(low, low + width, answer)) == answer


@given(answered(missing=False), st.data())
def test_a_higher_answer_moves_every_score_its_way(case, data):
    found, answers = case
    item = data.draw(st.sampled_from(found.scored_items))
    raised = answers | {item.number: min(found.high, answers[item.number] + 1)}
    before, after = score(found, answers).scores, score(found, raised).scores

    for name in before:
        assert after[name] <= before[name] if item.reversed else after[name] >= before[name]


@given(answered(missing=False), st.data())
def test_a_prorated_sum_is_the_mean_of_what_is_there(case, data):
    found, answers = case
    rules = [rule for rule in found.rules if not rule.of and len(rule.items) >= 5]
    assume(rules)
    rule = data.draw(st.sampled_from(rules))
    gone = data.draw(st.sampled_from(rule.items))
    left = [number for number in rule.items if number != gone]
    mean = Fraction(sum(value_of(found, answers, number) for number in left), len(left))
    factor = rule.multiply * (len(rule.items) if rule.kind == "sum" else 1)

    result = score(found, answers | {gone: None})

    assert result.scores[rule.name] == half_up(mean * factor, whole=rule.whole)
    assert rule.name in result.prorated
    assert gone in result.missing


def value_of(found, answers, number):
    value = answers[number]
    return found.low + found.high - value if found.item(number).reversed else value


@given(answered())
def test_text_and_mapping_read_the_same(case):
    found, answers = case
    text = ",".join("" if value is None else str(value) for value in answers.values())
    mapping = {str(number): value for number, value in answers.items()}

    assert read_line(found, text) == read_mapping(found, mapping) == answers


@given(answered())
def test_scoring_again_gives_the_same(case):
    found, answers = case
    assert score(found, answers) == score(found, answers)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(5, 1000), "0.01"),
        (Fraction(4999, 1000000), "0"),
        (Fraction(201, 200), "1.01"),
        (Fraction(-1, 200), "0"),
    ],
)
def test_rounding_is_half_up_to_two_decimals(value, rounded):
    assert half_up(value) == Decimal(rounded)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("phq-9", "0,0,0,0,4,0,0,0,0", "item 5: 4 is not between 0 and 3"),
        ("phq-9", "0,0,-1,0,0,0,0,0,0", "item 3: -1 is not between 0 and 3"),
        ("phq-9", "0,0,0,0,0,0,0,0,0,9", "item 10: 9 is not between 0 and 3"),
        ("phq-9", "0,1.5,0,0,0,0,0,0,0", "item 2: '1.5' is not a whole number"),
        ("phq-9", "NaN,0,0,0,0,0,0,0,0", "item 1: 'NaN' is not a whole number"),
        ("phq-9", "0,0,0,0,0,0,1e309,0,0", "item 7: '1e309' is not a whole number"),
        ("phq-9", "0,0,0,0,0,0,0,0,٣", r"item 9: '\\u0663' is not a whole number"),
        ("phq-9", "1_0,0,0,0,0,0,0,0,0", "item 1: '1_0' is not a whole number"),
        ("phq-9", "0,0,0,0,0,0,0,0,\x00", r"item 9: '\\x00' is not a whole number"),
        ("phq-9", "9" * 5000 + ",0,0,0,0,0,0,0,0", "item 1: '9999999999999999999… is not a whole number"),
        ("phq-9", "na,0,0,0,0,0,0,0,0", "item 1: this item can't be answered with"),
        ("phq-9", "0,0,0,0,0,0,0,0,0,0,0", "item 11: phq-9 has 10 items, 11 answers were given"),
        ("phq-9", "0,0", "item 3: no answer given: phq-9 needs 9 places, 2 were given"),
        ("k10", "0,1,1,1,1,1,1,1,1,1", "item 1: 0 is not between 1 and 5"),
        ("wsas", "1,na,1,1,1", "item 2: this item can't be answered with"),
    ],
)
def test_a_bad_line_names_its_item(name, text, problem):
    with pytest.raises(BadAnswer, match=f"^{problem}"):
        read_line(instrument(name), text)


@pytest.mark.parametrize("value", [1.0, 1.5, float("nan"), float("inf"), True, "2", [1], {"skipped": True}, 10**400])
def test_a_bad_value_is_refused(value):
    with pytest.raises(BadAnswer, match="item 4"):
        read_mapping(instrument("phq-9"), {"4": value})


@pytest.mark.parametrize("key", ["0", "11", "01", "x", "", "1e1", "-1", "9" * 400, "²"])
def test_an_unknown_item_is_refused(key):
    with pytest.raises(BadAnswer, match="has no such item"):
        read_mapping(instrument("phq-9"), {key: 1})


def test_an_absent_item_is_missing():
    found = instrument("phq-9")
    assert score(found, read_mapping(found, {"1": 3})).missing == (2, 3, 4, 5, 6, 7, 8, 9)


@pytest.mark.parametrize(("answer", "seen"), [(0, False), (1, True), (3, True), (None, False)])
def test_a_risk_item_is_a_risk_above_zero(answer, seen):
    assert is_risk(instrument("phq-9").item(9), answer) is seen


def test_other_items_are_no_risk():
    assert not is_risk(instrument("phq-9").item(2), 3)


def test_a_score_survives_its_own_check():
    found = instrument("wsas")
    assert checked(found, found.items[0], "na") == "na"


@pytest.mark.parametrize(("band_set", "band"), [("clinic", {"total": "mild"}), ("survey", {"total": "high"}), ("", {})])
def test_bands_are_the_set_that_a_practice_chose(band_set, band):
    found = instrument("k10")
    assert score(found, read_line(found, "3,3,2,2,2,2,2,2,2,2"), band_set=band_set).bands == band
