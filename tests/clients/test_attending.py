"""The attention list: raised once, seen, settled, never deleted, asked about until someone looks."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction

from clients.domain.attending import UnknownKind, acknowledge, raise_item, resolve
from clients.domain.calling import ask_for_help
from clients.models import AttentionItem, AttentionState
from clients.queries.attention import attention_for
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import Membership, Role
from practice.tenancy import scope
from tests.people import NOW, make_staff

MINUTES = timedelta(minutes=1)


def an_item(world, key="1"):
    """A critical item about Sam."""
    return raise_item(client=world.client, kind="help_asked", key=key, now=NOW)


def asked(world, item, *, at):
    """Who has been asked about the item until then, by e-mail."""
    with world.scope():
        rows = Notification.objects.filter(subject_id=item.pk, subject_type=22, not_before__lte=at)
        rows = rows.exclude(status=NotificationStatus.SUPPRESSED).order_by("not_before", "pk")
        return [row.user for row in rows.select_related("user")]


def words_for(world, who, *, at=NOW):
    """What someone reads on their list."""
    with world.scope():
        return [(row.item.client.short_name, row.is_mine) for row in attention_for(world.seat(who), now=at)]


def test_item_raised_twice_is_one_item(world):
    assert an_item(world) == an_item(world)
    with world.scope():
        assert AttentionItem.objects.count() == 1


def test_item_raised_twice_asks_once(world):
    an_item(world)
    item = an_item(world)
    assert asked(world, item, at=NOW) == [world.therapist]


def test_item_of_an_unknown_kind_is_refused(world):
    with pytest.raises(UnknownKind):
        raise_item(client=world.client, kind="invented", key="1", now=NOW)


def test_item_asks_the_therapist_again_and_then_the_lead(world):
    item = an_item(world)
    assert asked(world, item, at=NOW + 14 * MINUTES) == [world.therapist]
    assert asked(world, item, at=NOW + 15 * MINUTES) == [world.therapist, world.therapist]
    assert asked(world, item, at=NOW + 30 * MINUTES) == [world.therapist] * 3 + [world.lead]


def test_item_is_passed_on_to_the_named_stand_in(world):
    stand_in = make_staff(world.practice, "Stella Quinn", Role.THERAPIST)
    member = Membership.objects.get(user=world.therapist)
    member.stand_in = Membership.objects.get(user=stand_in)
    member.save()
    assert asked(world, an_item(world), at=NOW + 30 * MINUTES)[-1] == stand_in


def test_acknowledging_takes_back_what_would_still_be_asked(world):
    item = an_item(world)
    acknowledge(item=item, by=world.therapist, now=NOW + MINUTES)
    with world.scope():
        waiting = Notification.objects.filter(subject_id=item.pk, subject_type=22, status=NotificationStatus.READY)
        assert not waiting.exists()


def test_acknowledged_item_says_who_and_when(world):
    item = acknowledge(item=an_item(world), by=world.therapist, now=NOW)
    assert (item.state, item.acknowledged_by, item.acknowledged_at) == (
        AttentionState.ACKNOWLEDGED,
        world.therapist,
        NOW,
    )


def test_acknowledging_twice_keeps_the_first(world):
    item = acknowledge(item=an_item(world), by=world.therapist, now=NOW)
    again = acknowledge(item=item, by=world.colleague, now=NOW + MINUTES)
    assert again.acknowledged_by == world.therapist


def test_resolving_keeps_its_history(world):
    item = resolve(item=an_item(world), by=world.therapist, now=NOW)
    with world.scope():
        assert list(item.changes.values_list("change", flat=True)) == ["resolved"]
    assert words_for(world, world.therapist) == []


def test_item_can_not_be_deleted(world):
    item = an_item(world)
    with world.scope(), pytest.raises(InternalError, match="never_deleted"), transaction.atomic():
        AttentionItem.objects.filter(pk=item.pk).delete()


def test_list_shows_the_therapist_their_own_clients(world):
    an_item(world)
    assert words_for(world, world.therapist) == [("Sam D.", True)]


@pytest.mark.parametrize("who", ["colleague", "admin", "lead"])
def test_list_shows_nobody_else_until_it_was_passed_on(world, who):
    an_item(world)
    assert words_for(world, getattr(world, who)) == []


def test_list_shows_the_lead_name_kind_and_time_once_it_was_passed_on(world):
    an_item(world)
    assert words_for(world, world.lead, at=NOW + 30 * MINUTES) == [("Sam D.", False)]


def test_list_is_ordered_by_urgency_then_age(world):
    raise_item(client=world.client, kind="consent_withdrawn", key="1", now=NOW - 60 * MINUTES)
    raise_item(client=world.second, kind="help_asked", key="2", now=NOW)
    assert [name for name, _ in words_for(world, world.therapist)] == ["Lee T.", "Sam D."]


def test_matter_of_the_practice_reaches_its_admins(world):
    item = raise_item(practice=world.practice, kind="engine_hold", key="1", now=NOW)
    with scope(practice=world.practice):
        assert [row.item for row in attention_for(world.seat(world.admin), now=NOW)] == [item]
        assert attention_for(world.seat(world.therapist), now=NOW) == []


def test_lead_acknowledges_what_reached_them_and_can_not_settle_it(world):
    item = raise_item(client=world.client, kind="help_asked", key="old", now=NOW - timedelta(days=1))
    browser = world.as_(world.lead)
    assert browser.post(f"/desk/attention/{item.pk}/resolve/").status_code == 404
    assert browser.post(f"/desk/attention/{item.pk}/acknowledge/").status_code == 302


def test_asking_for_help_again_while_it_is_open_is_one_item(world):
    assert ask_for_help(client=world.client, now=NOW) == ask_for_help(client=world.client, now=NOW + MINUTES)


def test_asking_for_help_after_it_was_seen_is_a_new_one(world):
    first = ask_for_help(client=world.client, now=NOW)
    acknowledge(item=first, by=world.therapist, now=NOW)
    assert ask_for_help(client=world.client, now=NOW + MINUTES) != first


def test_opening_the_help_tells_nobody(world):
    world.as_(world.client).get("/")
    with world.scope():
        assert not AttentionItem.objects.exists()


def test_therapist_is_told_when_the_client_presses_the_button(world):
    world.as_(world.client).post("/help/tell/")
    assert "I need help" in world.as_(world.therapist).get("/desk/").content.decode()
