"""The engine's handles from outside: send_due, export_pathway, engine."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from homework.domain.enrolling import enrol, send_activity
from homework.domain.stocking import stock_library
from homework.models import Assignment, AssignmentStatus, Enrolment
from messaging.domain.holding import hold, release_due
from messaging.models import Conversation, HeldMessage
from practice import clock
from practice.notifications.models import EngineLane, Notification, NotificationStatus
from tests.factories.activities import publish
from tests.homework.drafts import make_pathway

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(world):
    """One send that is due now, by the real clock."""
    with world.scope():
        wall = clock.local(timezone.now() - timedelta(minutes=3), world.client.zone)
        send_activity(
            clients=[world.client], activity_version=publish(world), at_local=wall, by=world.therapist,
            now=timezone.now(),
        )  # fmt: skip
    return world


def run(capsys, *words, **options):
    call_command(*words, **options)
    return capsys.readouterr().out


def test_send_due_prints_one_line(due, capsys):
    line = run(capsys, "send_due", "--once")
    assert line.count("\n") == 1
    told = json.loads(line)
    assert (told["sent"], told["expired"], told["seconds"] < 5) == (1, 0, True)
    assert json.loads(run(capsys, "send_due", "--once"))["sent"] == 0


def test_send_due_on_hold_sends_nothing_and_exits_3(due, capsys):
    run(capsys, "engine", "hold", reason="moving house")
    with pytest.raises(SystemExit) as end:
        call_command("send_due", "--once")
    assert end.value.code == 3
    assert json.loads(capsys.readouterr().out)["sent"] == 0
    with due.scope():
        assert Assignment.objects.get().status == AssignmentStatus.SCHEDULED


def test_release_where_nobody_can_answer_releases_nothing(due, capsys, monkeypatch):
    run(capsys, "engine", "hold")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match=r"Not released. .*--yes"):
        call_command("engine", "release")
    assert "on hold" in run(capsys, "engine", "status")


def test_release_loses_what_is_too_old_and_sends_the_rest(due, capsys):
    run(capsys, "engine", "hold")
    before = (timezone.now() + timedelta(minutes=1)).isoformat()
    said = run(capsys, "engine", "release", lose_before=before, yes=True)
    assert "would be lost as too old: 1 sends" in said
    assert json.loads(run(capsys, "send_due", "--once")) | {"seconds": 0} == {"sent": 0, "expired": 0, "seconds": 0}
    with due.scope():
        assert Assignment.objects.get().status == AssignmentStatus.EXPIRED


def test_what_was_joined_into_a_lost_mail_is_lost_or_leaves_by_its_own_time(due, capsys):
    """Three mails were joined, one after the other; the mail server refused for now, and then the copy was made."""
    run(capsys, "engine", "hold")
    moment = timezone.now() - timedelta(minutes=30)
    with due.scope():
        old, older, young = (
            waiting(due, number, moment + timedelta(minutes=at)) for number, at in enumerate((-2, -3, 2))
        )
        for joined, lead in ((older, old), (young, older)):
            Notification.objects.filter(pk=joined).update(
                status=NotificationStatus.COLLAPSED, last_error=f"into {lead}"
            )

    said = run(capsys, "engine", "release", lose_before=moment.isoformat(), yes=True)

    assert "would leave: 1 sends, 1 notifications" in said
    assert "would be lost as too old: 0 sends, 2 notifications" in said
    with due.scope():
        rows = Notification.objects.order_by("pk").values_list("pk", "status", "last_error")
        assert list(rows) == [
            (old, NotificationStatus.SUPPRESSED, "lost at release"),
            (older, NotificationStatus.SUPPRESSED, "lost at release"),
            (young, NotificationStatus.READY, ""),
        ]


def waiting(world, number, moment):
    """Put a mail into the outbox that is ready since then; return its number."""
    row = Notification(
        practice_id=world.practice.pk, user_id=world.client.user_id, kind=31, channel=2, subject_type=1,
        subject_id=number, not_before=moment, created_at=moment,
    )  # fmt: skip
    row.save()
    return row.pk


def test_release_plans_what_the_copy_had_not_planned_before_it_lists(due, capsys):
    """The copy is old: two calendar days beyond its plan have passed, and one of them is to be lost."""
    now = timezone.now()
    steps = [
        {
            "key": f"{ago}-days-ago",
            "activity": "when-a-worry-knocks",
            "timing": {"kind": "date", "date": str((now - timedelta(days=ago)).date()), "at": "09:00"},
        }
        for ago in (20, 2)
    ]
    version = make_pathway(due, body=steps).latest
    with due.scope():
        old = enrol(
            client=due.client, pathway_version=version, start_local=clock.local(now, due.client.zone),
            tz=due.client.zone, by=due.therapist, now=now,
        )  # fmt: skip
        Assignment.objects.filter(enrolment=old).delete()
        Enrolment.objects.update(planned_until=now + timedelta(days=3650))
        Enrolment.objects.filter(pk=old.pk).update(planned_until=None)
    run(capsys, "engine", "hold")

    assert "not counted: what 1 pathways have yet to plan" in run(capsys, "engine", "status")
    said = run(capsys, "engine", "release", lose_before=(now - timedelta(days=10)).isoformat(), yes=True)

    assert "would leave: 2 sends" in said
    assert "would be lost as too old: 1 sends" in said
    assert "steps that are planned only once these are sent, closed or lost" in said
    assert json.loads(run(capsys, "send_due", "--once"))["sent"] == 2


def test_messages_written_for_later_wait_for_a_release_and_are_counted(due, capsys):
    moment = timezone.now() - timedelta(days=1)
    with due.scope():
        conversation = Conversation.objects.get(client=due.client)
        for hours, text in ((-1, "Old"), (1, "New")):
            hold(
                conversation=conversation, author=due.therapist, text=text, client_uuid=uuid4(),
                release_at=moment + timedelta(hours=hours), now=moment - timedelta(hours=2),
            )  # fmt: skip
    run(capsys, "engine", "hold")
    assert release_due(now=timezone.now()) == 0

    said = run(capsys, "engine", "release", lose_before=moment.isoformat(), yes=True)

    assert "would leave: 1 sends, 0 notifications, 1 messages" in said
    assert "lost as too old: 0 sends, 0 notifications, 1 messages" in said
    assert release_due(now=timezone.now()) == 1
    with due.scope():
        rows = HeldMessage.objects.order_by("release_at")
        assert [(row.body, bool(row.refused_at), bool(row.posted_at)) for row in rows] == [
            ("Old", True, False), ("New", False, True),
        ]  # fmt: skip


def test_release_sends_what_it_said(due, capsys):
    run(capsys, "engine", "hold")
    assert "would leave: 1 sends" in run(capsys, "engine", "status")
    run(capsys, "engine", "release", yes=True)
    assert not EngineLane.objects.filter(hold=True).exists()
    assert json.loads(run(capsys, "send_due", "--once"))["sent"] == 1


def test_release_when_the_moment_is_nonsense(world):
    with pytest.raises(CommandError, match="no moment"):
        call_command("engine", "release", lose_before="yesterday")


def test_exported_pathway_can_be_previewed(world, capsys, tmp_path):
    stock_library(practice=world.practice, by=None, now=world.now)
    exported = run(capsys, "export_pathway", "calmer-days")
    assert set(json.loads(exported)) >= {"format", "key", "title", "steps"}
    file = tmp_path / "calmer-days.json"
    file.write_text(exported)
    rows = json.loads(run(capsys, "preview_plan", str(file), zone="Europe/Berlin", start="2026-03-27T10:00"))
    assert rows[0]["utc"] == "2026-03-27T08:00:00Z"
    assert {row["waits_for"] for row in rows if "waits_for" in row} >= {"date"}


def test_export_when_there_is_no_such_pathway(world):
    stock_library(practice=world.practice, by=None, now=world.now)
    with pytest.raises(CommandError, match=r"there are: calmer-days, first-four-weeks$") as error:
        call_command("export_pathway", "nowhere")
    assert error.value.returncode == 2
    with pytest.raises(CommandError, match="there is no practice 4711"):
        call_command("export_pathway", "calmer-days", practice=4711)


def test_quiet_drain_talks_to_no_provider(due):
    from homework.domain.sending import drain

    drain(quiet=True)
    with due.scope():
        assert set(Notification.objects.values_list("channel", "status")) == {
            (1, NotificationStatus.DELIVERED),
            (2, NotificationStatus.ACCEPTED),
        }
