"""Stocking brings every shipped piece into a practice, once, and renews only what changed."""

import copy
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from homework.domain import stocking
from homework.domain.stocking import stock_library
from homework.library.reading import LibraryFaultError, shipped_activities
from homework.models import Activity, ActivityVersion, Origin, Pathway, PathwayVersion
from practice.audit.models import AuditEvent
from practice.people.models import Practice
from practice.tenancy import scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def practice():
    return Practice.objects.create(name="Hafen")


def test_first_stocking_publishes_every_piece(practice):
    stocked = stock_library(practice=practice, by=None, now=NOW)
    assert (len(stocked.new), stocked.renewed, stocked.unchanged) == (12, [], [])
    with scope(practice=practice):
        worry = Activity.objects.get(slug="worry-time")
        assert (worry.origin, worry.latest.number, worry.latest.minutes) == (Origin.SHIPPED, 1, 10)
        assert (worry.latest.open_days, worry.latest.reminder_days) == (8, 6)
        assert worry.draft == worry.latest.content
        assert "OCD." in worry.latest.about["not_for"]
        assert Pathway.objects.get(key="calmer-days").latest.steps[0]["activity"] == "mood-check"


def test_second_stocking_changes_nothing(practice):
    stock_library(practice=practice, by=None, now=NOW)
    again = stock_library(practice=practice, by=None, now=NOW)
    assert (again.new, again.renewed, len(again.unchanged)) == ([], [], 12)
    with scope(practice=practice):
        assert (ActivityVersion.objects.count(), PathwayVersion.objects.count()) == (10, 2)
        assert AuditEvent.objects.filter(verb="homework.library_stocked").count() == 1


def test_changed_piece_gets_a_new_version_and_the_old_one_stays(practice, monkeypatch):
    stock_library(practice=practice, by=None, now=NOW)
    pieces = copy.deepcopy(shipped_activities())
    next(piece for piece in pieces if piece["slug"] == "worry-time")["minutes"] = 11
    monkeypatch.setattr(stocking, "shipped_activities", lambda: pieces)
    assert stock_library(practice=practice, by=None, now=NOW).renewed == ["worry-time"]
    with scope(practice=practice):
        versions = ActivityVersion.objects.filter(activity__slug="worry-time").order_by("number")
        assert [(version.number, version.minutes) for version in versions] == [(1, 10), (2, 11)]


def test_a_practices_own_piece_of_the_same_name_is_kept(practice):
    with scope(practice=practice):
        Activity.objects.create(practice=practice, slug="worry-time", title="Mine", created_at=NOW)
    assert stock_library(practice=practice, by=None, now=NOW).kept == ["worry-time"]
    with scope(practice=practice):
        assert Activity.objects.get(slug="worry-time").title == "Mine"


def test_a_broken_file_stocks_nothing(practice, monkeypatch):
    def broken():
        raise LibraryFaultError("x.json", "page “p1”", "no blocks")

    monkeypatch.setattr(stocking, "shipped_pathways", broken)
    with pytest.raises(LibraryFaultError):
        stock_library(practice=practice, by=None, now=NOW)
    with scope(practice=practice):
        assert Activity.objects.count() == 0


def test_command_says_what_changed(practice, capsys):
    call_command("stock_library")
    call_command("stock_library", practice=practice.pk)
    assert capsys.readouterr().out.splitlines() == [
        f"practice {practice.pk}: 12 new, 0 renewed, 0 unchanged, 0 kept",
        f"practice {practice.pk}: 0 new, 0 renewed, 12 unchanged, 0 kept",
    ]


def test_command_without_a_practice_says_so():
    with pytest.raises(CommandError, match="no practice yet"):
        call_command("stock_library")
