"""The script that reads the table of abuse cases finds what is missing in it."""

import pytest

from scripts.security_cases import TABLE, faults

GOOD = "| A case | refused | `tests/house/test_docs.py::test_each_room_has_a_readme` |"


def test_the_table_is_whole():
    assert faults(TABLE.read_text()) == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("| A case | refused | |", "no test: A case"),
        ("| A case | Not built: . | |", "no test: A case"),
        ("| A case | refused | `tests/house/test_docs.py::test_nothing` |", "no such test"),
        ("| A case | refused | `tests/house/test_gone.py::test_nothing` |", "no such test"),
        ("| A case | refused |", "not three columns"),
    ],
)
def test_a_row_without_a_test_is_named(row, says):
    (fault,) = faults(f"{GOOD}\n{row}")
    assert fault.startswith(says)


def test_what_is_not_built_says_so():
    assert faults(f"{GOOD}\n| A case | Not built: nobody uploads pictures yet. | |") == []
