"""The menu shows where the reader is, also on pages that stand under no entry's own address."""

import pytest
from django.test import RequestFactory

from practice.contributions import DESK_NAV
from practice.pages.context import _entries


def current(path):
    return [str(entry["label"]) for entry in _entries(RequestFactory().get(path), DESK_NAV) if entry["current"]]


@pytest.fixture(autouse=True)
def no_counts(monkeypatch):
    """Where one is costs no query."""
    for entry in DESK_NAV:
        monkeypatch.setitem(entry.__dict__, "count", None)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/desk/", ["Today"]),
        ("/desk/clients/", ["Caseload"]),
        ("/desk/clients/7/alliance/", ["Caseload"]),
        ("/desk/library/activities/3/", ["Library"]),
        ("/desk/me/", []),
    ],
)
def test_one_entry_at_most_is_current(path, place):
    assert current(path) == place
