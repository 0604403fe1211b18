"""What a broken or hostile browser sends: a calm answer, and nothing that was typed is lost."""

import pytest

from clients.models import CareTeamMember, Client

DETAILS = {"name": "Sam Dorn", "language": "en", "country": "DE", "zone": "Europe/Berlin"}


def edit(world, **changed):
    """Post the record of Sam."""
    return world.as_(world.therapist).post(f"/desk/clients/{world.client.pk}/edit/", DETAILS | changed)


def fresh(world):
    """Sam as the database has them."""
    with world.scope():
        return Client.objects.get(pk=world.client.pk)


@pytest.mark.parametrize("name", ["", "   ", "x" * 200, "a\x00b"], ids=["empty", "spaces", "too long", "with a NUL"])
def test_name_that_can_not_be_kept_is_refused_and_shown_again(world, name):
    page = edit(world, name=name, pronouns="they/them")
    assert page.status_code == 200
    assert 'value="they/them"' in page.content.decode()
    assert fresh(world).name == "Sam Dorn"


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "'; DROP TABLE x; --", "مريم 👩‍👩‍👧", "\u202eSam"]
)
def test_strange_name_is_kept_and_shown_as_words(world, name):
    assert edit(world, name=name).status_code == 302
    page = world.as_(world.therapist).get(f"/desk/clients/{world.client.pk}/record/").content.decode()
    assert "<script>alert(1)" not in page
    assert fresh(world).name == name


@pytest.mark.parametrize("field", ["practice", "user", "therapist", "status", "treatment_consent", "sessions_held"])
def test_field_that_is_not_asked_for_changes_nothing(world, field):
    before = getattr(fresh(world), field)
    edit(world, **{field: "1"})
    assert getattr(fresh(world), field) == before


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../../etc/passwd", ""])
def test_zone_that_is_none_is_refused(world, zone):
    assert edit(world, zone=zone).status_code == 200
    assert fresh(world).zone == "Europe/Berlin"


@pytest.mark.parametrize("user", ["", "x", "-1", "9" * 30, "١"])
def test_colleague_who_is_none_is_not_found(world, user):
    answer = world.as_(world.therapist).post(f"/desk/clients/{world.client.pk}/team/join/", {"user": user})
    assert answer.status_code == 404


def test_colleague_of_another_practice_is_not_found(world):
    path = f"/desk/clients/{world.client.pk}/team/join/"
    assert world.as_(world.therapist).post(path, {"user": world.outsider.pk}).status_code == 404
    with world.scope():
        assert CareTeamMember.objects.filter(client=world.client).count() == 1


def test_colleague_who_treats_nobody_stays_off_the_team(world):
    record = f"/desk/clients/{world.client.pk}/record/"
    for who in (world.admin, world.lead):
        answer = world.as_(world.therapist).post(
            f"/desk/clients/{world.client.pk}/team/join/", {"user": who.pk}, follow=True
        )
        assert answer.redirect_chain == [(record, 302)]
        assert "Only a therapist of this practice can join a care team." in answer.content.decode()
    with world.scope():
        assert CareTeamMember.objects.filter(client=world.client).count() == 1


@pytest.mark.parametrize("client_id", ["0", "9" * 18, "9" * 30])
def test_client_by_a_strange_number_is_not_found(world, client_id):
    assert world.as_(world.therapist).get(f"/desk/clients/{client_id}/").status_code == 404


def test_therapist_who_left_the_team_no_longer_finds_the_client(world):
    browser = world.as_(world.therapist)
    browser.post(f"/desk/clients/{world.client.pk}/team/join/", {"user": world.colleague.pk})
    colleague = world.as_(world.colleague)
    assert colleague.get(f"/desk/clients/{world.client.pk}/").status_code == 200
    browser.post(f"/desk/clients/{world.client.pk}/team/leave/", {"user": world.colleague.pk})
    assert colleague.get(f"/desk/clients/{world.client.pk}/").status_code == 404


def test_archived_client_goes_on_reading_and_is_told_so(world):
    browser = world.as_(world.client)
    world.as_(world.therapist).post(f"/desk/clients/{world.client.pk}/archive/")
    assert "Our work here has ended" in browser.get("/").content.decode()
    assert {browser.get(path).status_code for path in ("/me/", "/messages/", "/journey/", "/progress/")} == {200}


def test_post_without_the_token_is_refused(world):
    browser = world.as_(world.client)
    browser.handler.enforce_csrf_checks = True
    assert browser.post("/help/tell/").status_code == 403


def test_pronouns_are_asked_once_though_sent_twice(world):
    edit(world, pronouns=["she/her", "they/them"])
    assert fresh(world).pronouns == "they/them"
