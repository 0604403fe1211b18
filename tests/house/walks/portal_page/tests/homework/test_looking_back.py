"""Looking back shows what is done, and nobody else's."""

import pytest

from homework.domain.answering import submit
from tests.homework.sheets import make_assignment
from tests.people import NOW

pytestmark = pytest.mark.django_db


def done(client):
    sheet = make_assignment(client, NOW, slug=f"of-{client.pk}")
    submit(assignment=sheet, by=client.user, now=NOW)
    return sheet.pk


def test_what_is_done_is_shown_to_its_own_client(world, django_assert_num_queries):
    mine, other = done(world.client), done(world.second)
    page = world.as_(world.client).get("/looking-back/").content.decode()
    assert f"/activities/{mine}/" in page
    assert f"/activities/{other}/" not in page
