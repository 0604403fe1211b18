"""Sending one activity, the Homework tab, and the acts that are shown before they are done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from homework.domain.drafting import archive_activity
from homework.models import Assignment, AssignmentStatus, Enrolment
from homework.queries.at_a_glance import glances
from homework.queries.client_homework import homework_of
from tests.homework.drafts import make_pathway, make_published
from tests.homework.sheets import make_assignment, make_version
from tests.people import NOW

SEND = "homework:desk-send"


def post(world, who=None, **data):
    return world.as_(who or world.therapist).post(reverse(SEND), data)


@pytest.fixture
def activity(world):
    return make_published(world)


def test_send_now_to_three_at_once(world, activity):
    people = [world.client.pk, world.second.pk]
    answer = post(world, activity=activity.pk, clients=people, when="now")
    assert answer["Location"] == reverse("homework:desk-library")
    with world.scope():
        sent = Assignment.objects.order_by("client_id")
        assert [(one.client_id, one.status) for one in sent] == [(pk, AssignmentStatus.SCHEDULED) for pk in people]


def test_send_at_a_time_keeps_the_clients_own_clock(world, activity):
    day = (NOW + timedelta(days=400)).date()
    post(world, activity=activity.pk, clients=[world.client.pk], when="at", date=day.isoformat(), time="18:30")
    with world.scope():
        one = Assignment.objects.get()
        assert (one.local_at.isoformat(), one.tz) == (f"{day}T18:30:00", "Europe/Berlin")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"clients": []}, "Choose at least one client."),
        ({"activity": ""}, "Choose what to send."),
        ({"activity": "999999"}, "Choose what to send."),
        ({"activity": "x'; DROP"}, "Choose what to send."),
        ({"when": "at"}, "Choose a date."),
        ({"when": "at", "date": "2020-01-01", "time": "09:00"}, "The start lies in the past."),
        ({"when": "at", "date": "9999-99-99", "time": "99:99"}, "Enter a valid date."),
    ],
)
def test_send_says_what_to_mend_and_keeps_the_rest(world, activity, wrong, says):
    good = {"activity": activity.pk, "clients": [world.client.pk], "when": "now"}
    answer = post(world, **(good | wrong))
    assert answer.status_code == 400
    text = answer.content.decode()
    assert says in text
    if "clients" not in wrong:
        assert f'value="{world.client.pk}" checked' in text
    with world.scope():
        assert not Enrolment.objects.exists()


def test_send_to_someone_elses_client_is_refused(world, activity):
    answer = post(world, activity=activity.pk, clients=[world.stranger.pk, world.other_client.pk], when="now")
    assert answer.status_code == 400
    with world.scope():
        assert not Enrolment.objects.exists()


def test_page_ticks_what_was_chosen_before(world, activity):
    url = f"{reverse(SEND)}?activity={activity.pk}&client={world.second.pk}"
    text = world.as_(world.therapist).get(url).content.decode()
    assert f'value="{world.second.pk}" checked' in text
    assert f'value="{activity.pk}" selected' in text


def act(world, name, act, pk, method="get", data=None):
    url = reverse(f"homework:{name}", kwargs={"pk": pk, "act": act} if act else {"pk": pk})
    return getattr(world.as_(world.therapist), method)(url, data or {})


@pytest.fixture
def planned(world, activity):
    day = (NOW + timedelta(days=400)).date()
    post(world, activity=activity.pk, clients=[world.client.pk], when="at", date=day.isoformat(), time="18:30")
    with world.scope():
        return Assignment.objects.get()


def fresh(world, one):
    with world.scope():
        return Assignment.objects.get(pk=one.pk)


def test_looking_at_an_act_does_nothing(world, planned):
    for name in ("skip", "send-now"):
        assert act(world, "assignment-steer", name, planned.pk).status_code == 200
    assert fresh(world, planned).status == AssignmentStatus.SCHEDULED


def test_skip_and_send_now_are_done_on_post(world, planned):
    act(world, "assignment-steer", "send-now", planned.pk, "post")
    assert fresh(world, planned).local_at.date() <= planned.local_at.date()
    act(world, "assignment-steer", "skip", planned.pk, "post")
    assert fresh(world, planned).status == AssignmentStatus.SKIPPED


def test_move_shows_first_and_moves_then(world, planned):
    to = {"date": (NOW + timedelta(days=500)).date().isoformat(), "time": "07:15"}
    assert "07:15" in act(world, "assignment-move", "", planned.pk, "post", to).content.decode()
    assert fresh(world, planned).local_at == planned.local_at
    act(world, "assignment-move", "", planned.pk, "post", to | {"do": "1"})
    assert fresh(world, planned).local_at.isoformat() == f"{to['date']}T07:15:00"


def test_move_into_the_past_says_so_and_keeps_what_was_typed(world, planned):
    answer = act(world, "assignment-move", "", planned.pk, "post", {"date": "2020-01-01", "time": "07:15", "do": "1"})
    assert answer.status_code == 400
    assert 'value="2020-01-01"' in answer.content.decode()


def test_withdraw_what_was_begun_is_explained(world):
    one = make_assignment(world.client, NOW, status=AssignmentStatus.STARTED)
    answer = act(world, "assignment-steer", "withdraw", one.pk, "post")
    assert answer.status_code == 302
    assert fresh(world, one).status == AssignmentStatus.STARTED


def test_unknown_act_is_not_found(world, planned):
    assert act(world, "assignment-steer", "explode", planned.pk, "post").status_code == 404


@pytest.mark.parametrize("many", [1, 40])
def test_homework_tab_costs_the_same_queries(world, many, django_assert_num_queries):
    version = make_version(world.practice, NOW)
    for _number in range(many):
        make_assignment(world.client, NOW, version=version)
    with world.scope(), django_assert_num_queries(3):
        found = homework_of(world.client)
        assert found.open[0].title


def test_homework_tab_empty_says_what_to_do(world):
    url = reverse("homework:client-homework", kwargs={"client_id": world.client.pk})
    assert "Nothing was sent yet" in world.as_(world.therapist).get(url).content.decode()


@pytest.mark.parametrize(
    "path",
    ["library/", "library/send/", "pathways/", "clients/{client}/homework/", "pathways/{way}/"],
)
def test_desk_pages_stay_within_fifteen_queries(world, path, django_assert_max_num_queries):
    way = make_pathway(world)
    for number in range(12):
        make_assignment(world.client, NOW, version=make_version(world.practice, NOW, slug=f"worry-{number}"))
    browser = world.as_(world.therapist)
    address = "/desk/" + path.format(client=world.client.pk, way=way.pk)
    browser.get(address)
    with django_assert_max_num_queries(15):
        assert browser.get(address).status_code == 200


def test_a_second_click_sends_nothing_twice(world, activity):
    data = {"activity": activity.pk, "clients": [world.client.pk], "when": "now", "once": "a1b2"}
    assert post(world, **data)["Location"] == post(world, **data)["Location"]
    with world.scope():
        assert Enrolment.objects.count() == 1


def test_a_refused_form_can_be_sent_again(world, activity):
    data = {"activity": activity.pk, "clients": [world.client.pk], "when": "at", "time": "09:00", "once": "a1b2"}
    assert post(world, **data, date="2020-01-01").status_code == 400
    assert post(world, **data, date="2100-01-01").status_code == 302
    with world.scope():
        assert Enrolment.objects.count() == 1


def test_what_is_planned_stays_when_its_activity_is_put_away(world, activity, planned):
    archive_activity(activity=activity, by=world.therapist, now=NOW)
    assert fresh(world, planned).status == AssignmentStatus.SCHEDULED
    assert post(world, activity=activity.pk, clients=[world.client.pk], when="now").status_code == 400


def test_a_page_of_clients_at_a_glance_costs_one_query(world, django_assert_num_queries):
    version = make_version(world.practice, NOW)
    make_assignment(world.client, NOW, version=version, status=AssignmentStatus.DONE)
    make_assignment(world.client, NOW, version=version)
    seat = world.seat(world.therapist)
    with world.scope(), django_assert_num_queries(1):
        seen = glances(seat, [world.client, world.second], NOW)
        assert (seen[world.client.pk]["done"], seen[world.client.pk]["sent"]) == (1, 2)
        assert seen[world.client.pk]["sent_in_words"] == "of 2"
        assert seen[world.second.pk]["sent"] == 0


def test_overview_shows_what_is_open_and_what_comes(world, planned):
    make_assignment(world.client, NOW, slug="open-thing")
    page = world.as_(world.therapist).get(reverse("clients:client-overview", kwargs={"client_id": world.client.pk}))
    assert "18:30" in page.content.decode()
