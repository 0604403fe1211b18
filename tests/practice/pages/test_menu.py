"""The menu shows where the reader is, also on pages that stand under no entry's own address."""

import pytest
from django.test import RequestFactory

from practice.contributions import DESK_NAV
from practice.pages.context import _entries
from practice.people.models import Membership, Practice, User
from practice.permissions.seats import DESK, Seat


def current(path):
    request = RequestFactory().get(path)
    request.seat = Seat(User(name="Noor"), Practice(name="Elm House"), DESK, Membership(roles=["therapist"]))
    return [str(entry["label"]) for entry in _entries(request, DESK_NAV) if entry["current"]]


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
