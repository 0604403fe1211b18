"""`manage.py score`: what it prints, what it refuses, and how."""

import io
import json

import pytest
from django.core.management import ManagementUtility, call_command


def run(*argv):
    return ManagementUtility(["manage.py", "score", *argv]).execute()


def printed(*args, **options):
    out = io.StringIO()
    call_command("score", *args, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_prints_one_object():
    assert printed("phq-9", answers="3,3,3,3,3,1,0,,2,2") == [
        {
            "instrument": "phq-9",
            "version": 1,
            "scores": {"total": 20.25},
            "bands": {"total": "severe"},
            "missing": [8],
            "prorated": ["total"],
            "risk": [9],
        }
    ]


def test_lists_means_and_says_null_for_what_can_not_be_given():
    scores = printed("wai-sr", answers="1,2,,4,5,1,2,3,4,5,1,2")[0]["scores"]

    assert scores == {
        "task": 10,
        "task_mean": 2.5,
        "bond": None,
        "bond_mean": None,
        "goal": 9,
        "goal_mean": 2.25,
        "total": 32.73,
        "total_mean": 2.73,
    }


def test_reads_lines_and_goes_on_after_a_bad_one(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("gad-2 1,2\n\nphq-2 9,1\nnone 1\ngad-2\nwsas na,4, 4,4,4\n"))

    first, *bad, last = printed("-")

    assert first["scores"] == {"total": 3}
    assert [list(result) for result in bad] == [["error"]] * 3
    assert bad[0]["error"] == "item 1: 9 is not between 0 and 3"
    assert last["scores"] == {"total": 16}


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (["phq-9", "--answers", "0,0,0,0,0,0,0,0,7"], "item 9: 7 is not between 0 and 3"),
        (["phq-9", "--answers", "-1,0,0,0,0,0,0,0,0"], "item 1: -1 is not between 0 and 3"),
        (["gad-2", "--answers", "1,2,3"], "item 3: gad-2 has 2 items, 3 answers were given"),
        (["gad-2", "--answers", "NaN,1"], "item 1: 'NaN' is not a whole number"),
        (["phq-9", "--rater", "therapist", "--answers", "0"], "phq-9 has no therapist form"),
        (
            ["arm-12", "--answers", "0"],
            "arm-12 does not ship: which item belongs to which scale could not be confirmed",
        ),
        (["gad-2"], "--answers is needed: one place an item, separated by commas"),
        (["k10", "--bands", "mine", "--answers", "1"], "k10 has no set of bands 'mine'"),
    ],
)
def test_bad_input_ends_with_two_and_one_line(argv, problem, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*argv)

    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines() == [problem]


def test_takes_the_rater_and_a_set_of_bands():
    assert printed("seq", answers=",".join("4" * 21), rater="therapist")[0]["scores"]["depth"] == 4
    assert printed("k10", answers=",".join("3" * 10), bands="survey")[0]["bands"] == {"total": "very_high"}
