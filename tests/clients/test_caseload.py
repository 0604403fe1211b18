"""The caseload: who comes first, what the menu takes from it, and its rule for rows of other tables."""

import pytest

from clients.models import AttentionItem, AttentionState, Client, Urgency, is_cared_for_by
from clients.queries.caseload import caseload
from clients.queries.counting import CASELOAD
from practice.tenancy.counting import Counted
from tests.clients.test_leave import away_now
from tests.people import NOW, make_client

IN_THE_MENU = '<span class="n">{}</span>'


def item(world, client, urgency=Urgency.LOW, state=AttentionState.OPEN):
    """Let something ask for attention."""
    row = {"client": client, "kind": "consent_withdrawn", "key": f"{client.pk}-{urgency}-{state}", "raised_at": NOW}
    with world.scope():
        AttentionItem.objects.create(practice=world.practice, urgency=urgency, state=state, **row)


def names(world, sort):
    with world.scope():
        return [row.client.name for row in caseload(world.seat(world.therapist), now=NOW, sort=sort).rows]


def test_the_most_urgent_comes_first_then_the_name(world):
    ann, zoe = (make_client(world.practice, name, world.therapist) for name in ("Ann Ash", "Zoe Zander"))
    item(world, zoe)
    item(world, zoe, Urgency.HIGH, AttentionState.ACKNOWLEDGED)
    item(world, world.second, Urgency.NORMAL)
    item(world, ann, Urgency.CRITICAL, AttentionState.RESOLVED)
    assert names(world, "look") == ["Zoe Zander", "Lee Tan", "Ann Ash", "Sam Dorn"]
    assert names(world, "-look") == ["Lee Tan", "Zoe Zander", "Ann Ash", "Sam Dorn"]


@pytest.mark.today
def test_the_menu_beside_a_caseload_takes_its_count(world, monkeypatch):
    there = world.as_(world.therapist)
    asked = Counted.of
    monkeypatch.setattr(Counted, "of", lambda one, user: 77 if one is CASELOAD else asked(one, user))
    assert IN_THE_MENU.format(77) in there.get("/desk/").content.decode()
    assert IN_THE_MENU.format(2) in there.get("/desk/clients/?view=archived&search=x").content.decode()


@pytest.mark.today
def test_rows_of_other_tables_are_found_by_the_same_rule(world):
    away_now(world)
    for client in (world.client, world.second, world.stranger):
        item(world, client)
    with world.scope():
        for reader, count in ((world.therapist, 2), (world.colleague, 3), (world.lead, 0), (world.outsider, 0)):
            theirs = {row.pk for row in Client.objects.cared_for_by(reader)}
            found = AttentionItem.objects.filter(is_cared_for_by(reader, "client_id"), key__contains="-")
            assert ({one.client_id for one in found}, len(theirs)) == (theirs, count)
