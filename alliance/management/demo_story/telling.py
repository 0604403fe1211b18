"""Twelve weeks told day by day: arriving, meeting, homework, comments, messages. Every act goes through a verb."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

from alliance.management.demo_story import arriving, doing, words
from alliance.management.demo_story.clockwork import Clockwork
from alliance.management.demo_story.courses import COURSES, will_do
from alliance.management.demo_story.engine import send_quietly, tick
from alliance.management.demo_story.people import Person
from alliance.management.demo_story.stage import ZONE, Stage
from clients.domain.meeting import note_missed, plan_appointment, we_met
from clients.domain.recording import note_opening, note_visit
from clients.models import Appointment
from homework.domain.commenting import comment, mark_reviewed
from homework.domain.enrolling import send_activity
from homework.domain.steering import move
from homework.models import Activity, Assignment, AssignmentStatus, Response
from messaging.domain.marking import mark_read, settle
from messaging.domain.opening import open_conversation
from messaging.domain.posting import post
from practice import clock
from practice.people.models import User
from practice.tenancy import scope

TICKS = ("09:02", "17:02")
HOME = ZoneInfo(ZONE)
BEFORE_THE_FIRST = timedelta(days=3)  # the pathway for new clients starts three days before the first session
SECOND_PATHWAY = timedelta(weeks=6, hours=1)
AGREED = {timedelta(weeks=5, hours=1): "small-brave-step", timedelta(weeks=9, hours=1): "staying-well"}
MOOD_AGAIN = (2, 5, 8)


class Telling:
    """The story while it is told: who is where, what was already noticed, and the clock that calls the acts."""

    def __init__(self, *, stage: Stage, end: datetime, people: Sequence[Person], weeks: int) -> None:
        self.stage, self.end, self.people, self.weeks = stage, end, people, weeks
        self.start = end - timedelta(weeks=weeks)
        self.clock, self.chance = Clockwork(), Random(7)  # noqa: S311 - a story, not a secret
        self.exchanges = {person.key: islice(cycle(words.exchanges()), n, None) for n, person in enumerate(people)}
        self.arrived: dict[str, datetime] = {}
        self.noticed: set[int] = set()

    def tell(self) -> None:
        """Put the first acts on the clock and run it up to the end."""
        for person in self.people:
            self.clock.put(self.arrival_of(person), partial(self.arrive, person))
        day = self.start
        while day <= self.end:
            for at in TICKS:
                self.clock.put(_local(day, at), self.beat)
            day += timedelta(days=1)
        self.clock.run(until=self.end)

    def arrival_of(self, person: Person) -> datetime:
        """Return when the person is added: four days before their first session; the new one came the day before."""
        if person.course == "new":
            return self.end - timedelta(hours=26)
        return self.first_session(person) - timedelta(days=4)

    def first_session(self, person: Person) -> datetime:
        """Return the person's first session on their weekday, in or after their week."""
        if person.course == "new":
            return _local(self.end + timedelta(days=2), person.at)
        day = self.start + timedelta(weeks=person.week, days=4)
        return _local(day + timedelta(days=(person.weekday - day.weekday()) % 7), person.at)

    def along(self, person: Person, at: datetime) -> float:
        """Return how far the person has come by then, from 0 to 1."""
        begun = self.arrived[person.key]
        return min(1.0, (at - begun) / max(self.end - begun, timedelta(days=1)))

    def arrive(self, person: Person, at: datetime) -> None:
        """Add and invite the person, let them accept, plan the sessions, start the pathway."""
        self.arrived[person.key] = at
        arriving.add_and_invite(stage=self.stage, person=person, now=at)
        self.clock.put(at + timedelta(hours=self.chance.randint(2, 12)), partial(self.accept, person))

    def accept(self, person: Person, at: datetime) -> None:
        """Let the person accept and consent; what follows can now be planned."""
        arriving.accept_and_consent(stage=self.stage, person=person, now=at)
        session = self.first_session(person)
        arriving.start_pathway(
            stage=self.stage, person=person, key=person.pathway, begins=session - BEFORE_THE_FIRST, now=at
        )
        client = self.stage.clients[person.key]
        open_conversation(client=client, now=at)
        self.plan_session(person, session, at)
        for week, step in () if person.then else AGREED.items():
            self.clock.put(session + week, partial(self.agree_on, person, step))
        if person.then:
            self.clock.put(session + SECOND_PATHWAY, partial(self.go_on, person))
        if person.therapist == 0:
            for number in MOOD_AGAIN:
                self.clock.put(session + timedelta(weeks=number, hours=20), partial(self.mood_again, person))
        for number in range(1, self.weeks, 3):
            self.clock.put(session + timedelta(weeks=number, hours=27), partial(self.exchange, person))

    def go_on(self, person: Person, at: datetime) -> None:
        """Start the person's second pathway."""
        arriving.start_pathway(stage=self.stage, person=person, key=person.then, begins=at, now=at)

    def mood_again(self, person: Person, at: datetime) -> None:
        """Send the mood check by itself, between those of the pathway."""
        with scope(practice=self.stage.practice):
            version = Activity.objects.select_related("latest").get(slug="mood-check").latest
        client, therapist = self.stage.clients[person.key], self.stage.therapist_of(person)
        send_activity(clients=[client], activity_version=version, at_local=None, by=therapist, now=at)

    # Sessions

    def plan_session(self, person: Person, starts_at: datetime, now: datetime) -> None:
        """Plan one session; what becomes of it is decided when it is over."""
        therapist = self.stage.therapist_of(person)
        client = self.stage.clients[person.key]
        planned = plan_appointment(
            client=client, therapist=therapist, starts_at=starts_at, by=therapist, now=now, mode=person.mode, zone=ZONE
        )
        self.clock.put(starts_at + timedelta(minutes=50), partial(self.after_session, person, planned))

    def after_session(self, person: Person, planned: Appointment, at: datetime) -> None:
        """Say what became of a session, send its forms, and plan the next."""
        therapist = self.stage.therapist_of(person)
        note_opening(client=self.stage.clients[person.key], by=therapist, now=at)
        if self.along(person, at) > COURSES[person.course].quiet_after + 0.15:
            note_missed(appointment=planned, by=therapist, now=at)
        else:
            we_met(appointment=planned, by=therapist, now=at)
        self.turn(at)
        self.plan_session(person, _a_week_later(planned.starts_at), at)

    # Homework and forms

    def beat(self, at: datetime) -> None:
        """Let the engine plan, close and send, then let people notice what arrived."""
        tick(now=at)
        self.turn(at)

    def turn(self, at: datetime) -> None:
        """Send what is due, then let people notice what arrived."""
        send_quietly(now=at)
        with scope(practice=self.stage.practice):
            sent = Assignment.objects.filter(status=AssignmentStatus.SENT).exclude(pk__in=self.noticed)
            for assignment in sent.select_related("activity_version__activity", "client", "recipient"):
                self.noticed.add(assignment.pk)
                self.notice(assignment, at)

    def notice(self, assignment: Assignment, at: datetime) -> None:
        """Decide whether and when the recipient does what was sent."""
        person = next(one for one in self.people if self.stage.clients.get(one.key) == assignment.client)
        if assignment.rater == "therapist":
            self.clock.put(at + timedelta(minutes=self.chance.randint(6, 90)), partial(self.form, person, assignment))
            return
        if not will_do(COURSES[person.course], self.along(person, at), self.chance):
            return
        hours = self.chance.uniform(0.3, 5) if doing.form_of(assignment) else self.chance.uniform(2, 40)
        act = self.form if doing.form_of(assignment) else self.worksheet
        self.clock.put(at + timedelta(hours=hours), partial(act, person, assignment))

    def form(self, person: Person, assignment: Assignment, at: datetime) -> None:
        """Fill in a form, by whoever it was sent to."""
        found = doing.form_of(assignment)
        if found is None or not self.is_open(assignment):
            return
        answers = doing.form_answers(
            found[0],
            person=person,
            along=self.along(person, at),
            days_left=(self.end - (assignment.sent_at or at)) / timedelta(days=1),
            rater=assignment.rater,
            chance=self.chance,
        )
        doing.fill_in(assignment=assignment, by=assignment.recipient, answers=answers, now=at)
        if assignment.rater == "client":
            self.visit(person, at)
            self.clock.put(
                _working(at + timedelta(hours=self.chance.uniform(1, 20))),
                partial(self.read, person, assignment),
            )

    def worksheet(self, person: Person, assignment: Assignment, at: datetime) -> None:
        """Begin a worksheet; finish it at once, or some days later when part of it is for later."""
        if not self.is_open(assignment):
            return
        slug = assignment.activity_version.activity.slug
        answers = doing.written_answers(slug, person=person, sent_at=assignment.sent_at or at, chance=self.chance)
        doing.begin(assignment=assignment, by=assignment.recipient, answers=answers, now=at)
        self.visit(person, at)
        wait = timedelta(days=self.chance.uniform(3, 5)) if doing.has_later_pages(assignment) else timedelta(minutes=9)
        self.clock.put(at + wait, partial(self.send_back, person, assignment, answers))

    def send_back(self, person: Person, assignment: Assignment, answers: dict[str, object], at: datetime) -> None:
        """Finish a worksheet; the therapist reads it a day or so later."""
        if not self.is_open(assignment):
            return
        doing.finish(assignment=assignment, by=assignment.recipient, answers=answers, now=at)
        self.visit(person, at)
        read_at = _working(at + timedelta(hours=self.chance.uniform(5, 44)))
        self.clock.put(read_at, partial(self.read, person, assignment))

    def read(self, person: Person, assignment: Assignment, at: datetime) -> None:
        """Read what was sent back; comment on most of it."""
        therapist = self.stage.therapist_of(person)
        said = words.comments_on(assignment.activity_version.activity.slug)
        with scope(practice=self.stage.practice):
            response = Response.objects.get(assignment=assignment)
        if said and self.chance.random() < 0.7:
            comment(response=response, body=said[self.chance.randrange(len(said))], by=therapist, now=at)
        else:
            mark_reviewed(response=response, by=therapist, now=at)

    def is_open(self, assignment: Assignment) -> bool:
        """Whether it can still be answered; brings it up to date."""
        with scope(practice=self.stage.practice):
            assignment.refresh_from_db(fields=["status"])
        return assignment.status in (AssignmentStatus.SENT, AssignmentStatus.OPENED, AssignmentStatus.STARTED)

    def visit(self, person: Person, at: datetime) -> None:
        """Remember that the client was here."""
        note_visit(client=self.stage.clients[person.key], now=at)

    def agree_on(self, person: Person, step: str, at: datetime) -> None:
        """Set the date of a step that waited for one, three days from now."""
        client = self.stage.clients[person.key]
        with scope(practice=self.stage.practice):
            waits = Assignment.objects.filter(client=client, step=step, status=AssignmentStatus.PLANNED).first()
        if waits is not None:
            wall = clock.local(at, client.zone).replace(hour=9, minute=0, second=0, microsecond=0)
            move(assignment=waits, at_local=wall + timedelta(days=3), by=self.stage.therapist_of(person), now=at)

    # Messages

    def exchange(self, person: Person, at: datetime) -> None:
        """Begin a short exchange; each line follows hours after the one before."""
        if self.along(person, at) > COURSES[person.course].quiet_after:
            return
        lines = next(self.exchanges[person.key])
        for line in lines:
            by_client = line[0] == "client"
            moment = at if by_client else _working(at)
            author = self.stage.clients[person.key].user if by_client else self.stage.therapist_of(person)
            self.clock.put(moment, partial(self.say, person, author, line[1]))
            at = moment + timedelta(hours=self.chance.uniform(0.5, 9))
        if lines[-1][0] == "client":
            self.clock.put(_working(at), partial(self.need_no_answer, person))

    def need_no_answer(self, person: Person, at: datetime) -> None:
        """Let the therapist read the last word and say that it needs no answer."""
        client, therapist = self.stage.clients[person.key], self.stage.therapist_of(person)
        conversation = open_conversation(client=client, now=at)
        mark_read(
            conversation_id=conversation.pk,
            practice_id=client.practice_id,
            user=therapist,
            seq=conversation.head,
            now=at,
        )
        settle(conversation=conversation, by=therapist, now=at)

    def say(self, person: Person, author: User, text: str, at: datetime) -> None:
        """Read what is there, then post one message."""
        client = self.stage.clients[person.key]
        conversation = open_conversation(client=client, now=at)
        here = {"conversation_id": conversation.pk, "practice_id": client.practice_id}
        if conversation.head:
            mark_read(**here, user=author, seq=conversation.head, now=at)
        post(**here, author=author, text=text, client_uuid=uuid4(), now=at, notify=False)


def _local(day: datetime, at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    return day.astimezone(HOME).replace(hour=hour, minute=minute, second=0, microsecond=0)


def _a_week_later(moment: datetime) -> datetime:
    """The same time on the wall a week later, also when the clocks change between."""
    wall = moment.astimezone(HOME).replace(tzinfo=None) + timedelta(weeks=1)
    return wall.replace(tzinfo=HOME)


def _working(moment: datetime) -> datetime:
    """This moment, or the next one between nine and five on a working day."""
    wall = moment.astimezone(HOME)
    if wall.hour < 9:
        wall = wall.replace(hour=9, minute=17)
    elif wall.hour >= 17:
        wall = wall.replace(hour=9, minute=26) + timedelta(days=1)
    while wall.weekday() > 4:
        wall += timedelta(days=1)
    return wall
