"""Pages cost the same queries, at most fifteen, with 10 clients and 1,000, with 10 assignments and 10,000."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.crowd import many_assignments, many_clients
from tests.homework.sheets import make_assignment
from tests.people import World

MOST = 15
CLIENT = "/desk/clients/{}/"
DESK = ("/desk/", "/desk/clients/", CLIENT, f"{CLIENT}homework/", "/desk/review/", "/desk/messages/")
PORTAL = ("/", "/journey/", "/messages/", "/progress/")


def counts(world: World) -> dict[str, int]:
    """Return how many queries each page costs, once what is kept for a while is kept."""
    found = {}
    for who, pages in ((world.therapist, DESK), (world.client, PORTAL)):
        browser = world.as_(who)
        for page in pages:
            path = page.format(world.client.pk)
            browser.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(path).status_code == 200
            found[path] = len(seen)
    return found


@pytest.mark.django_db
def test_pages_cost_the_same_queries_in_a_small_practice_and_a_large_one(world):
    like = make_assignment(world.client, world.now)
    many_clients(world, 8)
    many_assignments(world, like, 10)
    small = counts(world)
    many_clients(world, 990)
    many_assignments(world, like, 9_990)
    assert counts(world) == small
    assert max(small.values()) <= MOST, small
