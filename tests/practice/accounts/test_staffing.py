"""Members of staff: taken on, changed, never without an admin; their passwords."""

import pytest

from clients.domain.teaming import hand_over
from clients.models import CareTeamMember
from practice.accounts.founding import take_on
from practice.accounts.staffing import CannotChangeStaff, change_member
from practice.people.models import Membership, Role
from tests.people import NOW, PASSWORD

NEW = "quite another long one"


def member(user):
    """The user's membership."""
    return Membership.objects.get(user=user)


def test_last_admin_stays_admin(world):
    with pytest.raises(CannotChangeStaff):
        change_member(membership=member(world.admin), roles=[Role.THERAPIST], is_active=True, by=world.admin, now=NOW)


def test_former_therapist_finds_no_desk(world):
    browser = world.as_(world.colleague)
    assert browser.get("/desk/").status_code == 200
    hand_over(client=world.stranger, to=world.therapist, by=world.lead, now=NOW)
    change_member(membership=member(world.colleague), roles=[Role.THERAPIST], is_active=False, by=world.admin, now=NOW)
    assert browser.get("/desk/").status_code == 404
    told = browser.get("/")
    assert (told.status_code, "You have no place here now" in told.content.decode()) == (404, True)


def test_therapist_with_clients_hands_them_over_first(world):
    with pytest.raises(CannotChangeStaff, match="Hand over 1 client of Jonas"):
        change_member(membership=member(world.colleague), roles=[], is_active=False, by=world.admin, now=NOW)
    with pytest.raises(CannotChangeStaff, match="Hand over"):
        change_member(membership=member(world.colleague), roles=[Role.LEAD], is_active=True, by=world.admin, now=NOW)


@pytest.mark.parametrize("wanted", [{"roles": ["therapist"]}, {"roles": ["lead"], "is_active": "on"}, {"roles": []}])
def test_therapist_with_clients_stays_at_the_admin_site_too(world, wanted):
    page = f"/admin/practice/membership/{member(world.colleague).pk}/change/"
    answer = world.as_(world.admin).post(page, wanted)
    assert answer.status_code == 200
    assert "Hand over 1 client of Jonas" in answer.content.decode()
    assert (member(world.colleague).is_active, member(world.colleague).roles) == (True, ["therapist"])


def test_who_leaves_by_the_admin_site_is_off_every_care_team(world):
    hand_over(client=world.stranger, to=world.therapist, keep=True, by=world.lead, now=NOW)
    page = f"/admin/practice/membership/{member(world.colleague).pk}/change/"
    assert world.as_(world.admin).post(page, {"roles": ["therapist"]}).status_code == 302
    with world.scope():
        still = CareTeamMember.objects.filter(user=world.colleague, until__isnull=True)
        assert (member(world.colleague).is_active, still.count()) == (False, 0)


def test_known_address_is_the_same_person(world):
    taken = take_on(
        practice=world.other_practice, email=world.colleague.email, name="Other", roles=[Role.THERAPIST], now=NOW
    )
    assert taken.user == world.colleague


def test_admin_page_of_clients_shows_no_content(world):
    with world.scope():
        world.client.context = "grew up on a boat"
        world.client.save()
    page = world.as_(world.admin).get(f"/admin/clients/client/{world.client.pk}/change/").content.decode()
    assert "Sam Dorn" in page
    assert "boat" not in page


def test_changed_password_keeps_this_session_and_ends_the_others(world):
    here, elsewhere = world.as_(world.therapist), world.as_(world.therapist)
    words = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/desk/me/password/", words)["Location"] == "/desk/me/"
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302


@pytest.mark.parametrize("short", ["short", "password1234", "noor haddad"])
def test_weak_password_is_refused(world, short):
    words = {"old_password": PASSWORD, "new_password1": short, "new_password2": short}
    assert world.as_(world.therapist).post("/desk/me/password/", words).status_code == 200
