"""Charts: numbers become places, words find room, the table says the same."""

from itertools import pairwise

import pytest

from practice.pages.charts import Band, Limit, Mark, Pin, Series, Zone, bar_chart, line_chart, plain, sparkline
from practice.pages.charts.labels import Box, best_place, point_box
from practice.pages.charts.numbers import even_ticks, spread

WEEKS = ["1", "2", "3", "4"]


def chart(**given):
    chosen = {
        "id": "c",
        "title": "Bond",
        "x_labels": WEEKS,
        "series": [Series("Alex", [1, 4, None, 7])],
        "y_range": (1, 7),
    }
    return line_chart(**{**chosen, **given})


def test_the_lowest_and_the_highest_value_stand_on_the_edges_of_the_plot():
    drawn = chart()
    points = drawn.lines[0].points
    assert (points[0].y, points[-1].y) == (drawn.bottom, drawn.top)
    assert points[1].y == (drawn.top + drawn.bottom) / 2


def test_time_runs_from_left_to_right_and_turns_round_in_a_right_to_left_page():
    ltr = [point.x for point in chart().lines[0].points]
    rtl = [point.x for point in chart(rtl=True).lines[0].points]
    assert ltr == sorted(ltr)
    assert rtl == sorted(rtl, reverse=True)
    assert chart(rtl=True).grid[0].x > chart(rtl=True).right


def test_a_missing_value_breaks_the_line_and_is_a_dash_in_the_table():
    drawn = chart()
    assert len(drawn.lines[0].points) == 3
    assert drawn.lines[0].stretches == ["{0.x:g},{0.y:g} {1.x:g},{1.y:g}".format(*drawn.lines[0].points)]
    assert [row.cells for row in drawn.rows] == [["1"], ["4"], ["–"], ["7"]]


def test_a_series_of_another_length_is_refused():
    with pytest.raises(ValueError, match="Alex: 2 values for 4 places"):
        chart(series=[Series("Alex", [1, 2])])


def test_places_follow_the_days_when_they_are_given():
    xs = [point.x for point in chart(series=[Series("A", [1, 2, 3, 4])], x_places=[0, 1, 2, 10]).lines[0].points]
    assert xs[1] - xs[0] == pytest.approx((xs[3] - xs[0]) / 10, abs=0.2)


def test_one_value_alone_stands_in_the_middle():
    drawn = chart(x_labels=["1"], series=[Series("A", [4])])
    assert drawn.lines[0].points[0].x == pytest.approx((drawn.left + drawn.right) / 2, abs=0.1)
    assert drawn.lines[0].stretches == []


def test_no_value_at_all_draws_an_empty_plot():
    drawn = chart(x_labels=[], series=[Series("A", [])])
    assert drawn.lines[0].points == []
    assert drawn.rows == []


def test_two_raters_have_a_key_and_one_has_none():
    two = chart(
        series=[Series("Alex", [1, 2, 3, 4]), Series("You", [2, 3, 4, 5], tone="plum", shape="diamond", dash="dots")]
    )
    assert two.has_key
    assert not chart().has_key
    assert two.rows[0].cells == ["1", "2"]


def test_the_band_lies_between_its_two_values():
    drawn = chart(band=Band(3, 5, "usual"))
    assert drawn.band.y == pytest.approx(drawn.bottom - (5 - 1) / 6 * (drawn.bottom - drawn.top), abs=0.1)
    assert "usual" in [word.text for word in drawn.words]


def test_a_mark_changes_its_point_and_says_why():
    drawn = chart(marks=[Mark(1, "rupture named", tone="clay"), Mark(3, "repaired", bare=True)])
    assert [point.state for point in drawn.lines[0].points] == ["", "is-clay", ""]
    assert [word.text for word in drawn.words] == ["rupture named", "repaired"]


def test_words_keep_away_from_points():
    drawn = chart(series=[Series("A", [6, 2, 6, 6])], marks=[Mark(1, "a harder one")])
    word, point = drawn.words[0], drawn.lines[0].points[1]
    assert abs(word.y - point.y) > 10


def test_words_stay_inside_the_picture():
    drawn = chart(marks=[Mark(3, "a very long sentence beside the last point")], narrow=True)
    half = len(drawn.words[0].text) * 12.5 * 0.54 / 2
    assert drawn.words[0].x - half >= 0
    assert drawn.words[0].x + half <= drawn.width


def test_zones_name_stretches_of_the_scale_and_leave_room_after_the_last_point():
    drawn = chart(zones=[Zone(1, 3, "light"), Zone(3, 7, "heavy")])
    assert [word.text for word in drawn.words] == ["light", "heavy"]
    assert drawn.grid == []
    assert drawn.lines[0].points[-1].x < drawn.right - 30


def test_ends_write_the_first_and_the_last_value():
    drawn = chart(series=[Series("A", [6, 2, 5, 3], ends=True)])
    assert [word.text for word in drawn.words] == ["6", "3"]


def test_pins_and_limits_have_their_places():
    drawn = chart(pins=[Pin(1.5, "A")], limit=Limit(4, "agreed"))
    assert drawn.pins[0].label == "A"
    assert drawn.limit_y == pytest.approx((drawn.top + drawn.bottom) / 2, abs=0.1)


def test_a_wide_chart_carries_a_small_one_of_the_same_numbers():
    drawn = chart()
    assert drawn.small is not None
    assert drawn.small.width < drawn.width
    assert drawn.small.rows == drawn.rows
    assert drawn.small.id != drawn.id
    assert chart(narrow=True).small is None


def test_listeners_hear_the_numbers_when_no_description_is_given():
    assert chart().description == "Alex: 1 1, 2 4, 4 7."
    assert chart(description="It rises.").description == "It rises."


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (1, 7, 7, [1, 2, 3, 4, 5, 6, 7]),
        (1, 7, 4, [1, 3, 5, 7]),
        (0, 27, 7, [0, 9, 18, 27]),
        (0, 40, 7, [0, 10, 20, 30, 40]),
        (0, 100, 7, [0, 20, 40, 60, 80, 100]),
        (0, 36.3, 5, [0, 10, 20, 30]),
        (0, 31, 5, [0, 10, 20, 30]),
    ],
)
def test_ticks_are_round_and_have_both_ends_when_they_can(low, high, most, ticks):
    assert even_ticks(low, high, most) == ticks


def test_labels_of_an_axis_never_touch():
    places = [index * 20.0 for index in range(12)]
    shown = spread(["24 Sep"] * 12, places)
    assert shown[0] == 0
    assert shown[-1] == 11
    assert all(places[b] - places[a] > 35 for a, b in pairwise(shown))


@pytest.mark.parametrize(("value", "text"), [(6, "6"), (4.1, "4.1"), (-2, "−2"), (5.25, "5.25")])
def test_a_number_is_as_short_as_it_is(value, text):
    assert plain(value) == text


def test_the_best_place_is_the_free_one():
    free, taken = Box(0, 100, 20, 10), Box(0, 0, 20, 10)
    assert best_place([taken, free], [point_box(10, 5)], within=(0, 200, 0, 200)) is free


def test_a_sparkline_ends_at_its_last_known_value():
    spark = sparkline(series=[Series("A", [1, None, 7, None])], y_range=(1, 7), label="7", fell=True)
    assert (spark.lines[0].y, spark.lines[0].state) == (5, "is-clay")


def test_a_sparkline_without_values_has_no_line():
    assert sparkline(series=[Series("A", [None])], y_range=(1, 7), label="none yet").lines == []


def test_bars_stand_on_the_ground_and_say_both_plans():
    drawn = bar_chart(
        id="b", title="Minutes", labels=["12", "19"], values=[10, 0], name="slower",
        ghost=[18, 30], ghost_name="normal",
        limit=Limit(25, "agreed"),
    )  # fmt: skip
    assert all(bar.y + bar.height == pytest.approx(drawn.bottom, abs=0.2) for bar in drawn.bars)
    assert drawn.bars[0].title == "12 · slower: 10 · normal: 18"
    assert drawn.rows[1].cells == ["0", "30"]
    assert drawn.limit_y < drawn.bottom
