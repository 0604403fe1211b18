"""The Alliance tab, the Progress page, declining, and what the Today pages and the caseload show of this room."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.domain.sending_forms import send_forms
from alliance.models import RatingStatus, Signal
from alliance.queries.alliance_tab import alliance_tab
from alliance.queries.caseload import own_forms, sparks
from alliance.queries.progress import progress_cards
from clients.models import Client
from homework.queries.client_homework import homework_of
from homework.queries.review import latest_of, waiting_count
from practice.audit.models import AuditEvent
from tests.alliance.homework import answer, give, held, leave, sent
from tests.alliance.test_rating import DAY, WEEK, sessions

TAB, PROGRESS = "/desk/clients/{}/alliance/", "/progress/"


def tab_page(world, who=None):
    return world.as_(who or world.therapist).get(TAB.format(world.client.pk))


def progress_page(world):
    return world.as_(world.client).get(PROGRESS)


def test_the_tab_shows_both_raters_and_a_table(world):
    with world.scope():
        sessions(world, [6, 7, 8, 7], [7, 7, 7, 7])
    page = tab_page(world).content.decode()

    assert 'class="chart-svg' in page
    assert "their usual range" in page
    assert "Show as a table" in page
    assert "Sam’s newest rating, 7, is within their usual range." in page
    assert "Rapport’s own form, not a validated instrument" in page


def test_the_tab_says_the_rule_of_a_signal(world):
    with world.scope():
        sessions(world, [8, 8, 8, 8, 2], [7] * 5)
    page = tab_page(world).content.decode()

    assert "marked fall after session 5" in page
    assert (
        "the limit that chance would cross once in a hundred after 4 earlier ratings by Sam (mean 8). This was 2."
        in page
    )
    assert "Was this signal useful?" in page


def test_an_empty_tab_says_what_to_do_first(world):
    assert "When you note that you met" in tab_page(world).content.decode()


def test_the_therapist_does_not_see_the_clients_rating_before_their_own(world):
    with world.scope():
        asked = sessions(world, [8, 8, 8, 2], [7, 7, 7])[-1]
        before = alliance_tab(world.client, world.therapist)
        give(asked["therapist"], 7, now=world.now + 3 * WEEK + DAY)
        after = alliance_tab(world.client, world.therapist)

    assert last_values(before, "Sam") == [8, 8, 8]
    assert last_values(after, "Sam") == [8, 8, 8, 2]


def test_the_client_does_not_see_the_therapists_rating_before_their_own(world):
    with world.scope():
        sessions(world, [8, 8, None], [7, 6, 3])
        cards = progress_cards(world.client)

    assert series(cards[0], "Noor") == ["7", "6"]


def test_declining_opens_the_others_rating(world):
    with world.scope():
        asked = sessions(world, [8, 8, None], [7, 6, 3])[-1]
        rating = asked["client"]
        leave(rating.assignment, world.now + 2 * WEEK)
        rating.status = RatingStatus.DECLINED
        rating.save()
        cards = progress_cards(world.client)

    assert series(cards[0], "Noor") == ["7", "6", "3"]


def series(card, name):
    chart = card.pictures[0].chart
    at = [line.name for line in chart.lines].index(name)
    return [row.cells[at] for row in chart.rows if row.cells[at] != "–"]


def last_values(tab, name):
    return [float(value) for value in series(tab.cards[0], name)]


def test_the_tab_compares_the_newest_session_item_by_item(world):
    with world.scope():
        sessions(world, [8, 4], [8, 8])
        tab = alliance_tab(world.client, world.therapist)

    assert [(pair.client, pair.therapist, pair.apart) for pair in tab.pairs] == [(4, 8, True)] * 6
    assert tab.most_apart == "Being understood"


def test_the_seq_is_drawn_by_its_indexes(world):
    with world.scope():
        sessions(world, [5], [4], forms=["seq"])
        tab = alliance_tab(world.client, world.therapist)

    assert [picture.name for picture in tab.cards[0].pictures] == ["Depth", "Smoothness", "Positivity", "Arousal"]
    assert all(picture.chart for picture in tab.cards[0].pictures)


def test_our_wording_shows_no_band(world):
    with world.scope():
        sessions(world, [3], forms=["phq-9"])
    page = progress_page(world).content.decode()

    assert "Mood check, after the PHQ-9" in page
    assert "Rapport’s wording, not the validated form" in page
    assert "severe" not in page


def test_opening_the_tab_is_kept_in_the_clients_trail(world):
    tab_page(world)
    with world.scope():
        assert AuditEvent.objects.filter(verb="alliance.opened", client_ref=world.client.pk).count() == 1


@pytest.mark.parametrize("who", ["colleague", "outsider"])
def test_nobody_else_opens_the_tab(world, who):
    assert tab_page(world).status_code == 200
    assert tab_page(world, getattr(world, who)).status_code == 404


def test_the_progress_page_speaks_to_the_client(world):
    with world.scope():
        sessions(world, [6, 7, 8, 7], [7, 7, 7, 7])
    page = progress_page(world).content.decode()

    assert "your usual range" in page
    assert "Your last answer came to 7. That is in your usual range." in page
    assert "You and Noor, after each session." in page


def test_an_empty_progress_page_says_what_comes(world):
    assert "Your line starts here" in progress_page(world).content.decode()


def test_a_client_declines_a_form(world):
    with world.scope():
        rating = sessions(world, [None])[0]["client"]
        leave(rating.assignment, world.now)
    browser = world.as_(world.client)

    asked = browser.get(f"/forms/{rating.pk}/decline/")
    done = browser.post(f"/forms/{rating.pk}/decline/")

    assert "Rather not today?" in asked.content.decode()
    assert done.headers["Location"] == "/"
    with world.scope():
        rating.refresh_from_db()
    assert rating.status == RatingStatus.DECLINED


def test_a_therapist_says_that_a_signal_was_useful(world):
    with world.scope():
        sessions(world, [8, 8, 8, 8, 2])
        signal = Signal.objects.get()
    world.as_(world.therapist).post(f"/desk/signals/{signal.pk}/useful/", {"useful": "no"})

    with world.scope():
        signal.refresh_from_db()
    assert signal.useful is False


def test_the_therapists_open_forms_are_listed(world):
    with world.scope():
        rating = sessions(world, [None])[0]["therapist"]
        leave(rating.assignment, world.now)

        assert own_forms(world.therapist) == [rating]
        assert own_forms(world.colleague) == []


def test_the_caseload_shows_both_raters_in_a_small_line(world):
    with world.scope():
        sessions(world, [8, 8, 7], [7, 7, 7])
        found = sparks([world.client, world.second], world.now + 3 * WEEK)

    assert found[world.client.pk].label == "Sam: 8 to 7, therapist: 7 to 7"
    assert found[world.second.pk] is None


def test_the_small_lines_cost_one_query_for_any_number_of_clients(world, django_assert_num_queries):
    with world.scope():
        sessions(world, [8, 8, 7], [7, 7, 7])
        everybody = list(Client.objects.all())
        with django_assert_num_queries(1):
            sparks([world.client], world.now + 3 * WEEK)
        with django_assert_num_queries(1):
            sparks(everybody, world.now + 3 * WEEK)


@pytest.mark.parametrize(("who", "address"), [("therapist", TAB), ("client", PROGRESS)])
def test_pages_cost_the_same_with_few_and_many_ratings(world, who, address):
    browser, page = world.as_(getattr(world, who)), address.format(world.client.pk)
    with world.scope():
        sessions(world, [7], [7])
    few = queries(browser, page)
    with world.scope():
        for rating in sessions_more(world):
            give(rating, 6, now=rating.asked_at + timedelta(hours=1))

    assert queries(browser, page) == few <= 15


def queries(browser, page):
    browser.get(page)
    with CaptureQueriesContext(connection) as counted:
        browser.get(page)
    return len(counted)


def sessions_more(world):
    for week in range(2, 10):
        now = world.now + WEEK * week
        yield from send_forms(appointment=held(world, number=week, at=now), by=world.therapist, now=now)


def test_today_says_who_was_told_about_a_risk_answer(world):
    with world.scope():
        answer(sent(world, "phq-9"), {"9": 1}, by=world.client.user, now=timezone.now())
    page = world.as_(world.client).get("/").content.decode()

    assert "Noor has been told." in page


def test_the_desks_today_lists_the_risk_answer_and_the_therapists_forms(world):
    with world.scope():
        answer(sent(world, "phq-9"), {"9": 1}, by=world.client.user, now=world.now)
        leave(sessions(world, [None])[0]["therapist"].assignment, world.now)
    page = world.as_(world.therapist).get("/desk/").content.decode()

    assert "Sam answered “On a few days”" in page
    assert "Your view of a session" in page


def test_answers_are_read_item_by_item_and_the_reading_is_kept(world):
    with world.scope():
        rating = sessions(world, [2], forms=["phq-9"])[0]["client"]
    page = world.as_(world.therapist).get(f"/desk/ratings/{rating.pk}/").content.decode()

    assert "I felt sad, flat or without hope." in page
    assert page.count("On more days than not") == 9
    with world.scope():
        assert AuditEvent.objects.get(verb="alliance.opened").subject_ref == rating.pk


def test_answers_stay_closed_while_the_therapists_own_view_is_open(world):
    with world.scope():
        asked = sessions(world, [2])[0]
    browser, page = world.as_(world.therapist), f"/desk/ratings/{asked['client'].pk}/"

    assert browser.get(page).status_code == 404
    with world.scope():
        give(asked["therapist"], 5, now=world.now + timedelta(hours=2))
    assert browser.get(page).status_code == 200


def test_the_review_queue_does_not_show_what_blind_first_keeps_closed(world):
    with world.scope():
        sessions(world, [2])

        assert waiting_count(world.therapist) == 0
        assert latest_of(world.client, 5) == []
        assert [row.response for row in homework_of(world.client).done] == [None]


def test_the_therapist_chooses_which_forms_go_out(world):
    browser, page = world.as_(world.therapist), f"/desk/clients/{world.client.pk}/"
    before = browser.get(f"{page}alliance/").content.decode()
    browser.post(f"{page}forms/", {"forms": ["seq", "phq-9", "wai", "nonsense"]})
    after = browser.get(f"{page}alliance/").content.decode()

    assert "21 items, about 2 min, for Sam and for you" in before
    assert chosen(before) == ["check-in"]
    assert chosen(after) == ["phq-9", "seq"]


def chosen(page):
    return re.findall(r'name="forms" value="([\w-]+)" checked', page)
