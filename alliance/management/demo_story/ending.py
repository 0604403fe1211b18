"""How the story ends, today: what is left open for the reader of the demo to find."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db.models import F

from alliance.management.demo_story import doing
from alliance.management.demo_story.engine import send_quietly
from alliance.management.demo_story.people import PEOPLE, Person
from clients.domain.archiving import archive_client
from clients.domain.attending import resolve
from clients.domain.taking_leave import Plan, take_leave
from clients.models import AttentionItem, AttentionState
from homework.domain.enrolling import send_activity
from homework.models import Activity, Assignment, AssignmentStatus
from messaging.domain.opening import open_conversation
from messaging.domain.posting import post
from practice.clock.resolving import local
from practice.notifications.models import Channel, Notification, NotificationStatus
from practice.people.models import Practice
from practice.tenancy import scope

if TYPE_CHECKING:
    from alliance.management.demo_story.telling import Telling

WELCOME_WORDS = "That was a brave thing to try on Sunday. I would like to hear how it was, when we meet."
A_QUESTION = "Can I do the night page on paper this week? My phone stays in the kitchen now, as we said."
AWAY_WORDS = "I am by the sea for a week, and back with you afterwards."
JUST_SENT_BACK = {"ben": ("sleep-week", 19), "idris": ("hard-thought", 15), "lina": ("small-things", 4)}
BY_KEY = {person.key: person for person in PEOPLE}


def leave_open(story: "Telling") -> None:
    """A risk answer in a form left half-way; a step, a date and an unread message for the demo's client; a question."""
    _risk_answer(story, BY_KEY["amira"], story.end - timedelta(minutes=35))
    _something_to_do(story, BY_KEY["client"], story.end - timedelta(minutes=50))
    for key, (slug, hours) in JUST_SENT_BACK.items():
        if key in story.stage.clients:
            _sent_back(story, BY_KEY[key], slug, story.end - timedelta(hours=hours))
    story.agree_on(BY_KEY["client"], "small-brave-step", story.end - timedelta(minutes=45))
    _say(story, "client", "therapist", story.end - timedelta(minutes=20), WELCOME_WORDS)
    if "ben" in story.stage.clients:
        _say(story, "ben", "client", story.end - timedelta(minutes=70), A_QUESTION)
    _someone_leaves(story, story.end - timedelta(hours=3))


def _someone_leaves(story: "Telling", now: datetime) -> None:
    """One treatment has ended, with things still planned; the demo's therapist goes on leave in nine days."""
    practice, (noor, jonas, lead) = story.stage.practice, story.stage.therapists
    if "mina" in story.stage.clients:
        archive_client(client=story.stage.clients["mina"], by=lead, now=now)
    first = local(now, noor.zone).date() + timedelta(days=9)
    away = Plan(user=noor, stand_in=jonas, first=first, back=first + timedelta(days=7), message=AWAY_WORDS)
    take_leave(practice=practice, plan=away, by=noor, now=now)


def resolve_old_ones(story: "Telling") -> None:
    """Let the therapists have dealt with what was raised more than eight days ago, a day after it was."""
    with scope(practice=story.stage.practice):
        old = AttentionItem.objects.filter(
            state=AttentionState.OPEN, raised_at__lt=story.end - timedelta(days=8), client__isnull=False
        )
        for item in old.select_related("client__therapist"):
            resolve(item=item, by=item.client.therapist, now=item.raised_at + timedelta(hours=26))


def settle_outbox(*, practice: Practice, now: datetime) -> None:
    """Count every row of the history as accepted, and what is older than a day as seen. No provider was talked to."""
    with scope(practice=practice):
        rows = Notification.objects.filter(created_at__lt=now - timedelta(hours=1))
        rows.filter(status=NotificationStatus.READY, not_before__lte=now).update(
            status=NotificationStatus.ACCEPTED, done_at=F("not_before"), payload=None
        )
        rows.filter(channel=Channel.IN_APP, seen_at__isnull=True, created_at__lt=now - timedelta(days=1)).update(
            seen_at=F("created_at")
        )


def _send(story: "Telling", person: Person, slug: str, now: datetime) -> Assignment:
    with scope(practice=story.stage.practice):
        version = Activity.objects.select_related("latest").get(slug=slug).latest
        client, therapist = story.stage.clients[person.key], story.stage.therapist_of(person)
        (enrolment,) = send_activity(clients=[client], activity_version=version, at_local=None, by=therapist, now=now)
        send_quietly(now=now)
        return Assignment.objects.select_related("activity_version__activity", "recipient").get(enrolment=enrolment)


def _risk_answer(story: "Telling", person: Person, now: datetime) -> None:
    assignment = _send(story, person, "mood-check", now - timedelta(hours=3))
    if assignment.status == AssignmentStatus.SENT:
        answers = doing.form_answers(
            "phq-9", person=person, along=1.0, days_left=0.0, rater="client", chance=story.chance, risk=1
        )
        doing.fill_in(assignment=assignment, by=assignment.recipient, answers=answers, now=now, finish=False)
        story.visit(person, now)


def _sent_back(story: "Telling", person: Person, slug: str, now: datetime) -> None:
    """A worksheet that came back after the therapist last looked."""
    assignment = _send(story, person, slug, now - timedelta(days=5))
    if assignment.status == AssignmentStatus.SENT:
        answers = doing.written_answers(slug, person=person, sent_at=now - timedelta(days=5), chance=story.chance)
        doing.begin(assignment=assignment, by=assignment.recipient, answers=answers, now=now - timedelta(days=4))
        doing.finish(assignment=assignment, by=assignment.recipient, answers=answers, now=now)
        story.visit(person, now)


def _something_to_do(story: "Telling", person: Person, now: datetime) -> None:
    with scope(practice=story.stage.practice):
        client = story.stage.clients[person.key]
        has_some = Assignment.objects.filter(client=client, rater="client", status=AssignmentStatus.SENT).exists()
    if not has_some:
        _send(story, person, "small-things", now)


def _say(story: "Telling", key: str, who: str, now: datetime, text: str) -> None:
    person, client = BY_KEY[key], story.stage.clients[key]
    conversation = open_conversation(client=client, now=now)
    post(
        conversation_id=conversation.pk,
        practice_id=client.practice_id,
        author=client.user if who == "client" else story.stage.therapist_of(person),
        text=text,
        client_uuid=uuid4(),
        now=now,
        notify=False,
    )
