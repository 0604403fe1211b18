"""What a benchmark says of itself: how far it is from its targets, and when a run has failed."""

import importlib
import inspect
import json

import pytest

from benchmarks import figures, table
from benchmarks.__main__ import names
from benchmarks.figures import Figure

GROUND = {"cores": "2", "seed": "2026"}


def made(**more):
    return Figure(**{"name": "sends", "product": 30.0, "bare": 50.0, "hold": 0.5, "unit": "/s", **more})


@pytest.mark.parametrize(
    ("figure", "verdict", "distance"),
    [
        (made(more_is_better=True, aim=0.5), "aim", 0.2),
        (made(more_is_better=True, aim=0.8), "hold", -0.25),
        (made(more_is_better=True, hold=0.7), "below", 0.6 / 0.7 - 1),
        (made(more_is_better=True, aim=0.5, zero={"lost": 1, "doubled": 0}), "lost 1", 0.2),
        (made(hold=0.6), "aim", 0.0),
        (made(hold=3, aim=0.5), "hold", -0.2),
        (made(bare=None, hold=40, aim=25), "hold", -0.2),
        (made(bare=None, hold=20), "below", -0.5),
    ],
)
def test_figure_says_how_far_it_is(figure, verdict, distance):
    assert figure.verdict == verdict
    assert figure.distance == pytest.approx(distance)
    assert figure.holds == (verdict in {"aim", "hold"})


def test_line_and_table_show_both_sides(monkeypatch, capsys):
    monkeypatch.setattr(figures, "SEEN", [])
    figures.rate("sends", product=36_700, bare=61_000.4, hold=0.5, aim=0.6, zero={"lost": 0}, rows=1_000)
    assert capsys.readouterr().out == (
        "sends: ratio=0.60 product=36,700/s bare=61,000/s hold=0.5 aim=0.6 verdict=aim lost=0 rows=1,000\n"
    )
    rows = json.loads(json.dumps([figure.as_json() for figure in figures.SEEN]))
    assert "| sends  | 36,700/s | 61,000/s | 0.60  | ≥ 0.5 | ≥ 0.6 | +0%" in table.markdown(rows, GROUND)


def test_failed_benchmark_has_its_line_in_the_table():
    assert "| tick-idle |" in table.markdown([{"name": "tick-idle", "verdict": "failed with status 1"}], GROUND)


@pytest.mark.parametrize("name", names())
def test_every_benchmark_has_a_small_size_of_what_it_is_given(name):
    module = importlib.import_module(f"benchmarks.{name.replace('-', '_')}")
    asked = inspect.signature(module.run).parameters
    assert set(module.QUICK) <= set(asked) <= {"rows", "seconds", "seed"}
    assert all(parameter.default is not parameter.empty for parameter in asked.values())
