"""Every fault has its row, and the row names a test that is there or says what doesn't exist yet."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = {int(row[0]): row[1:] for row in ROW.findall((HOUSE / "docs/developer/faults.md").read_text())}


def test_every_fault_from_1_to_32_has_one_row():
    assert sorted(ROWS) == list(range(1, 33))


@pytest.mark.parametrize("number", range(1, 33))
def test_row_names_a_test_that_is_there_or_says_why_not(number):
    _what, _holds, tests, status = ROWS[number]
    named = TEST.findall(tests)
    assert named or len(status.split()) > 3, "say in one sentence what doesn't exist yet"
    for path, name in named:
        assert f"def {name}(" in (HOUSE / path).read_text()
