"""The rupture rule: limits, words' numbers, and how often it fires for someone who does not change."""

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alliance.signals.rupture import MARKED, MODERATE, course, rupture, usual_range
from alliance.signals.student import incomplete_beta, quantile, tail

SCORES = st.lists(st.integers(0, 1000).map(lambda n: n / 100), min_size=3, max_size=30)


@pytest.mark.parametrize(("n", "t"), [(3, 2.92), (4, 2.35), (5, 2.13), (8, 1.89), (12, 1.80)])
def test_t_is_the_tabled_one(n, t):
    assert round(quantile(0.95, n - 1), 2) == t


@pytest.mark.parametrize("df", [*range(1, 121), 500, 5000])
@pytest.mark.parametrize("probability", [0.95, 0.99])
def test_t_quantile_undoes_the_tail(df, probability):
    assert tail(quantile(probability, df), df) == pytest.approx(1 - probability, rel=1e-9)


def test_t_is_exact_where_it_has_a_formula():
    assert quantile(0.95, 1) == pytest.approx(math.tan(math.pi * 0.45), rel=1e-12)
    assert quantile(0.95, 2) == pytest.approx(0.9 / math.sqrt(2 * 0.95 * 0.05), rel=1e-12)


def test_t_nears_the_normal():
    assert quantile(0.95, 100000) == pytest.approx(1.6448536, abs=5e-5)


@pytest.mark.parametrize(("probability", "df"), [(0.4, 3), (1, 3), (0.95, 0)])
def test_t_refuses_what_it_can_not_answer(probability, df):
    with pytest.raises(ValueError, match="no quantile"):
        quantile(probability, df)


@given(st.floats(0.001, 0.999), st.integers(1, 60), st.integers(1, 60))
def test_incomplete_beta_is_the_binomial_sum(x, a, b):
    n = a + b - 1
    total = math.fsum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))

    assert incomplete_beta(x, a, b) == pytest.approx(total, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("earlier", [[], [5], [5, 6]])
def test_nothing_is_said_before_three_earlier_scores(earlier):
    assert rupture(earlier, 0, low=0, high=10) is None
    assert usual_range(earlier, low=0, high=10) is None


def test_with_a_norm_the_wider_spread_decides():
    calm, lively = [150, 160, 170], [100, 160, 220]

    assert rupture(calm, 160 - 30.24, low=36, high=252, norm_sd=30.24).level == MODERATE
    assert rupture(calm, 160 - 30.23, low=36, high=252, norm_sd=30.24).level == ""
    assert rupture(calm, 160 - 60.48, low=36, high=252, norm_sd=30.24).level == MARKED
    assert rupture(lively, 101, low=36, high=252, norm_sd=30.24).level == ""
    assert rupture(lively, 100, low=36, high=252, norm_sd=30.24).level == MODERATE
    assert rupture(lively, 40, low=36, high=252, norm_sd=30.24).level == MARKED


def test_without_a_norm_the_t_limit_decides():
    earlier = [6, 7, 8]
    moderate = 7 - quantile(0.95, 2) * math.sqrt(4 / 3)
    marked = 7 - quantile(0.99, 2) * math.sqrt(4 / 3)

    assert rupture(earlier, moderate + 0.001, low=0, high=10).level == ""
    assert rupture(earlier, moderate - 0.001, low=0, high=10).level == MODERATE
    assert rupture(earlier, moderate, low=0, high=10).level == MODERATE
    assert marked < 0
    assert rupture(earlier, 0, low=0, high=10).level == MODERATE
    assert rupture([6, 7, 8, 7, 7, 6, 8, 7], 3, low=0, high=10).level == MARKED


def test_a_person_who_never_varies_has_the_floor_as_spread():
    assert course([7, 7, 7, 7], low=0, high=10).spread == 0.5
    assert rupture([7, 7, 7, 7], 6, low=0, high=10).level == ""
    assert rupture([7, 7, 7, 7], 5.5, low=0, high=10).level == MODERATE


def test_the_verdict_carries_its_numbers():
    assert rupture([6, 7, 8], 3, low=0, high=10).parameters() == {
        "level": MODERATE,
        "score": 3,
        "earlier": 3,
        "mean": 7,
        "spread": 1,
        "norm_sd": None,
        "fall": 4,
        "moderate_below": 3.63,
        "marked_below": -1.04,
    }


@given(SCORES, st.floats(0, 10))
def test_the_usual_range_ends_where_the_signal_begins(earlier, newest):
    verdict, usual = rupture(earlier, newest, low=0, high=10), usual_range(earlier, low=0, high=10)
    assume(abs(newest - usual.low) > 1e-6)

    assert bool(verdict.level) == (newest < usual.low)


@given(SCORES, st.floats(0, 10), st.floats(0, 10), st.none() | st.floats(0.1, 3))
def test_a_lower_score_is_never_a_milder_verdict(earlier, one, other, norm_sd):
    order = ["", MODERATE, MARKED]
    low, high = sorted((one, other))

    milder, sharper = (order.index(rupture(earlier, x, low=0, high=10, norm_sd=norm_sd).level) for x in (high, low))

    assert sharper >= milder


@given(SCORES, st.floats(0, 10), st.randoms())
def test_the_order_of_earlier_scores_does_not_matter(earlier, newest, chance):
    shuffled = earlier.copy()
    chance.shuffle(shuffled)
    one, other = (rupture(scores, newest, low=0, high=10) for scores in (earlier, shuffled))

    assert one.parameters() == other.parameters()


def rate(*, norm_sd, level, clients=800, ratings=20, spread=0.5):
    """The share of ratings of people who do not change at which the rule fires, and of the people who meet it once."""
    chance = random.Random(2026)
    fired = judged = people = 0
    for _ in range(clients):
        scores = [chance.gauss(5.5, spread) for _ in range(ratings)]
        hits = [
            verdict.level in level
            for t in range(3, ratings)
            if (verdict := rupture(scores[:t], scores[t], low=1, high=7, norm_sd=norm_sd))
        ]
        fired, judged, people = fired + sum(hits), judged + len(hits), people + any(hits)
    return fired / judged, people / clients


def test_false_alarms_with_a_norm_are_as_rare_as_the_page_says():
    of_ratings, of_clients = rate(norm_sd=1.0, level=(MODERATE, MARKED))

    assert of_ratings == pytest.approx(0.03, abs=0.01)
    assert of_clients == pytest.approx(0.41, abs=0.06)


def test_false_alarms_marked_with_a_norm_hardly_happen():
    assert rate(norm_sd=1.0, level=(MARKED,))[0] < 0.002


def test_false_alarms_without_a_norm_are_as_rare_as_the_page_says():
    of_ratings, of_clients = rate(norm_sd=None, level=(MODERATE, MARKED))

    assert of_ratings == pytest.approx(0.05, abs=0.01)
    assert of_clients == pytest.approx(0.59, abs=0.06)


def test_false_alarms_marked_without_a_norm_are_one_in_a_hundred():
    assert rate(norm_sd=None, level=(MARKED,))[0] == pytest.approx(0.01, abs=0.005)
