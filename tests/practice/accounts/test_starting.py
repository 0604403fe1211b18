"""`manage.py start_practice`: once, with a link for the first admin."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from homework.models import Activity, Origin, Pathway
from practice.accounts.inviting import join_practice
from practice.notifications.models import Notification
from practice.people.models import Membership, Practice
from practice.tenancy import scope

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Linden Yard", "zone": "Europe/Berlin", "country": "de",
    "admin_name": "Mia Kern", "admin_email": "mia@linden.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _for_real(settings):
    settings.DEMO, settings.MAIL_CONFIGURED = False, True


def start(capsys, **given):
    """Run the command; what it printed."""
    call_command("start_practice", **{**GIVEN, **given})
    return capsys.readouterr().out


def token_in(words):
    """The token of the printed link."""
    return re.search(r"/join/([^/]+)/", words)[1]


def mails(practice):
    """How many mails are in the outbox."""
    with scope(practice=practice):
        return Notification.objects.count()


def test_practice_starts_and_its_admin_joins_by_the_printed_link(capsys):
    words = start(capsys)
    practice = Practice.objects.get(name="Linden Yard")
    assert (practice.country, practice.zone, mails(practice)) == ("DE", "Europe/Berlin", 1)
    join_practice(token=token_in(words), password="a long first one 7", now=practice.created_at)
    member = Membership.objects.get(practice=practice)
    assert (member.user.email, member.roles) == ("mia@linden.example", ["admin", "therapist", "lead"])


def test_the_page_for_operators_shows_what_is_printed(capsys, settings):
    settings.PUBLIC_URL = "https://rapport.example"
    page = (Path(__file__).parents[3] / "docs/operator/first-practice.md").read_text()
    shown = page.split("It prints:\n\n```\n")[1].split("```")[0]
    assert re.sub(r"/join/[^/]+/", "/join/…/", start(capsys)) == shown


def test_a_new_practice_has_the_shipped_library(capsys):
    start(capsys)
    with scope(practice=Practice.objects.get(name="Linden Yard")):
        assert Activity.objects.filter(origin=Origin.SHIPPED).exists()
        assert Pathway.objects.filter(origin=Origin.SHIPPED).exists()


def test_started_twice_changes_nothing_and_says_what_to_do(capsys):
    start(capsys)
    with pytest.raises(CommandError, match="--new-link"):
        start(capsys, name="linden yard", zone="Europe/London")
    assert [practice.zone for practice in Practice.objects.filter(name__iexact="linden yard")] == ["Europe/Berlin"]


def test_link_only_sends_no_mail(capsys):
    words = start(capsys, link_only=True)
    assert "No mail was sent" in words
    assert mails(Practice.objects.get(name="Linden Yard")) == 0


def test_without_a_mail_server_only_the_link_is_printed(capsys, settings):
    settings.MAIL_CONFIGURED = False
    assert "/join/" in start(capsys)
    assert mails(Practice.objects.get(name="Linden Yard")) == 0


def test_new_link_ends_the_old_one_and_only_until_someone_joined(capsys):
    first = token_in(start(capsys))
    second = token_in(start(capsys, new_link=True))
    with pytest.raises(Exception, match="withdrawn"):
        join_practice(token=first, password="a long first one 7", now=Practice.objects.get().created_at)
    join_practice(token=second, password="a long first one 7", now=Practice.objects.get().created_at)
    with pytest.raises(CommandError, match="joined"):
        start(capsys, new_link=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Europe/Nowhere"}, {"country": "Germany"}, {"country": "qq"}, {"language": "xx"},
        {"admin_email": "mia"}, {"roles": "therapist"}, {"roles": "admin,boss"}, {"name": " "}, {"zone": None},
    ],
    ids=str,
)  # fmt: skip
def test_wrong_word_is_named_and_nothing_is_made(capsys, wrong):
    with pytest.raises(CommandError):
        start(capsys, **wrong)
    assert not Practice.objects.exists()


def test_demo_keys_start_no_real_practice(capsys, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="DEMO=0"):
        start(capsys)


def test_mail_to_the_first_admin_names_the_practice_alone(capsys):
    start(capsys)
    with scope(practice=Practice.objects.get()):
        assert "Linden Yard invites you" in Notification.objects.get().payload
