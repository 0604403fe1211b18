"""An enrolment's life against a plain model in memory, after every step: tick, submit, pause, resume, skip, zone, a
new version, archive, restore, enrol again, and a worker that dies in the middle of a batch."""

import os
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clients.domain.archiving import archive_client, restore_client
from clients.models import Client
from homework.domain import sending, steering
from homework.domain.answering import submit
from homework.domain.auditing import audit_plans
from homework.domain.enrolling import enrol
from homework.domain.expiring import close_due
from homework.domain.planning import plan_due
from homework.domain.sending import drain
from homework.models import Activity, ActivityVersion, Assignment, AssignmentStatus, Enrolment
from practice import clock
from practice.notifications.models import Channel, Notification
from tests.factories.activities import publish, publish_pathway
from tests.faults.told import Told, tell
from tests.people import World

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.timeout(3000)]
S = AssignmentStatus
ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu", "Antarctica/Troll"]
FIXED = {"s1": (0, None), "s2": (2, time(9)), "s4": (12, time(10))}  # days after the start, at
TIMINGS = [
    {"kind": "interval", "days": 0},
    {"kind": "interval", "days": 2, "at": "09:00"},
    {"kind": "after_completed", "days": 1},
    {"kind": "interval", "days": 12, "at": "10:00"},
]
NO_SHRINKING = (Phase.explicit, Phase.generate)  # a life costs a second: the step that failed is said, not the shortest
LIVES = int(os.environ.get("MODEL_LIVES", "150"))
SOON = timedelta(minutes=30)
DAY = timedelta(days=1)
WISH, OVER = {"waits", "planned"}, {"done", "skipped"}


class Died(Exception):
    """The worker was killed between the claim and the commit."""


class Model:
    """What a person with a calendar would write down."""

    def __init__(self, start: datetime, tz: str) -> None:
        self.start, self.tz, self.running, self.paused_at = start, tz, True, None
        self.steps = {"s1": "planned", "s2": "planned", "s3": "waits", "s4": "planned"}
        self.completed: dict[str, datetime] = {}
        self.pauses: list[tuple[datetime, datetime]] = []
        self.floor: dict[str, datetime] = {}

    def wall(self, step: str) -> datetime:
        """When the step is due on the wall clock, after all pauses."""
        if step == "s3":
            base = clock.local(self.completed["s2"], self.tz)
            due = base + DAY
        else:
            base, (days, at) = self.start, FIXED[step]
            due = base + days * DAY
            due = datetime.combine(due, at) if at else due
        for began, ended in self.pauses:
            if began > due or base >= ended:
                continue
            if base <= began:
                due += days_of(ended - began)
            elif due < ended:
                due += days_of(ended - due)
        return due

    def due_at(self, step: str) -> datetime:
        """The moment in UTC, never sooner than half an hour after a move to another zone."""
        planned = clock.resolve(self.wall(step), self.tz)
        return max(planned, self.floor.get(step, planned))

    def complete(self, step: str, how: str, now: datetime) -> None:
        """Send back or leave out; what follows is planned while it runs."""
        self.steps[step] = how
        self.completed[step] = now
        if step == "s2" and self.steps["s3"] == "waits" and self.running:
            self.steps["s3"] = "planned"
        self.settle()

    def settle(self) -> None:
        """Nothing left to happen: it has ended."""
        if self.running and self.paused_at is None and set(self.steps.values()) <= OVER:
            self.running = False

    def end(self) -> None:
        """Stop for good."""
        self.running, self.paused_at = False, None
        self.steps = {step: "cancelled" if state in WISH else state for step, state in self.steps.items()}

    def shown(self) -> dict[str, str]:
        """Each step's state as the table must show it."""
        held = {"planned": "held"} if self.paused_at else {}
        return {step: held.get(state, state) for step, state in self.steps.items()}


def days_of(length: timedelta) -> timedelta:
    return -(-length // DAY) * DAY


NAMES = {
    S.PLANNED: "waits", S.SCHEDULED: "planned", S.SENT: "sent", S.DONE: "done", S.HELD: "held", S.SKIPPED: "skipped",
    S.CANCELLED: "cancelled",
}  # fmt: skip


class EnrolmentMachine(RuleBasedStateMachine):
    world: World  # set by the test: making one takes longer than a whole life

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.scope = self.world.scope()
        self.scope.__enter__()
        self.now, self.version, self.archived = self.world.now, 1, False
        publish(self.world)
        self.pathway = publish_pathway(self.world, *TIMINGS)
        self.sent_versions = {}
        self.begin("Europe/Berlin")

    def teardown(self):
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)
        self.savepoint.__exit__(None, None, None)

    def begin(self, tz):
        start = clock.local(self.now, tz)
        self.enrolment = enrol(
            client=self.client(), pathway_version=self.pathway, start_local=start, tz=tz, by=None, now=self.now
        )
        self.model = Model(start, tz)

    def client(self):
        return Client.objects.get(pk=self.world.client.pk)

    def row(self, step):
        return Assignment.objects.select_related("client").get(enrolment=self.enrolment, step=step)

    def fresh(self):
        return Enrolment.objects.get(pk=self.enrolment.pk)

    def in_states(self, *states):
        return [step for step, state in self.model.steps.items() if state in states]

    @rule(hours=st.sampled_from([1, 5, 20, 30, 75]))
    def time_passes_and_ticks(self, hours):
        self.now += timedelta(hours=hours)
        drain(moment=self.now)
        close_due(moment=self.now)
        plan_due(now=self.now)
        if self.model.running and self.model.paused_at is None:
            for step in self.in_states("planned"):
                if self.model.due_at(step) <= self.now:
                    self.model.steps[step] = "sent"
                    self.sent_versions[self.row(step).pk] = self.version
        self.model.settle()

    @rule(hours=st.sampled_from([1, 40]))
    def worker_dies_in_a_batch(self, hours):
        def die(point):
            if point == "after_claim":
                raise Died

        before, sending.crash_if = sending.crash_if, die
        try:
            drain(moment=self.now + timedelta(hours=hours))
        except Died:
            pass
        finally:
            sending.crash_if = before

    @precondition(lambda self: self.in_states("sent") and not self.archived)
    @rule(pick=st.integers(0, 3))
    def client_sends_back(self, pick):
        open_steps = self.in_states("sent")
        step = open_steps[pick % len(open_steps)]
        submit(assignment=self.row(step), by=self.world.client.user, now=self.now)
        self.model.complete(step, "done", self.now)

    @precondition(lambda self: self.model.running and self.model.paused_at is None)
    @rule()
    def pause(self):
        steering.pause(enrolment=self.fresh(), by=None, now=self.now)
        self.model.paused_at = self.now

    @precondition(lambda self: self.model.paused_at)
    @rule()
    def resume(self):
        steering.resume(enrolment=self.fresh(), by=None, now=self.now)
        began, ended = (clock.local(moment, self.model.tz) for moment in (self.model.paused_at, self.now))
        if ended > began:
            self.model.pauses.append((began, ended))
        self.model.paused_at = None
        self.model.floor.clear()
        self.model.settle()

    @precondition(lambda self: self.model.running and self.in_states(*WISH))
    @rule(pick=st.integers(0, 3))
    def skip(self, pick):
        wishes = self.in_states(*WISH)
        step = wishes[pick % len(wishes)]
        steering.skip(assignment=self.row(step), by=None, now=self.now)
        self.model.complete(step, "skipped", self.now)

    @precondition(lambda self: self.model.running and not self.model.pauses and self.model.paused_at is None)
    @rule(tz=st.sampled_from(ZONES))
    def move_zone(self, tz):
        steering.move_zone(enrolment=self.fresh(), tz=tz, by=None, now=self.now)
        self.model.tz = tz
        for step in self.in_states("planned"):
            soonest = self.now + SOON
            if clock.resolve(self.model.wall(step), tz) < soonest:
                self.model.floor[step] = soonest
            else:
                self.model.floor.pop(step, None)

    @rule()
    def new_version(self):
        activity = Activity.objects.get(slug="walk")
        self.version += 1
        latest = ActivityVersion.objects.get(pk=activity.latest_id)
        latest.pk, latest.number = None, self.version
        latest._state.adding = True
        latest.save()
        activity.latest = latest
        activity.save()

    @precondition(lambda self: not self.archived)
    @rule()
    def archive(self):
        archive_client(client=self.client(), by=self.world.therapist, now=self.now)
        self.archived = True
        self.model.end()

    @precondition(lambda self: self.archived)
    @rule()
    def restore(self):
        restore_client(client=self.client(), by=self.world.therapist, now=self.now)
        self.archived = False

    @precondition(lambda self: not self.model.running and not self.archived)
    @rule(tz=st.sampled_from(ZONES))
    def enrol_again(self, tz):
        self.begin(tz)

    @invariant()
    def rows_are_as_the_model_says(self):
        rows = {row.step: row for row in Assignment.objects.filter(enrolment=self.enrolment)}
        assert {step: NAMES[S(row.status)] for step, row in rows.items()} == self.model.shown()
        assert (self.fresh().status != "ended") == self.model.running
        if self.model.paused_at is None:
            for step in self.in_states("planned"):
                assert rows[step].send_at == self.model.due_at(step), step

    @invariant()
    def what_was_sent_was_not_early_and_told_once(self):
        for row in Assignment.objects.filter(sent_at__isnull=False).select_related("activity_version"):
            assert row.sent_at >= row.send_at
            assert Notification.objects.filter(subject_id=row.pk, kind=30, channel=Channel.EMAIL).count() <= 1
            assert Notification.objects.filter(subject_id=row.pk, kind=30, channel=Channel.IN_APP).count() == 1
            assert row.activity_version.number <= self.sent_versions.get(row.pk, self.version)

    @invariant()
    def auditor_finds_nothing(self):
        found = audit_plans()
        assert (found.scheduled_under_stopped, found.running_without_future) == ([], [])


@pytest.mark.parametrize("examples", [6, pytest.param(LIVES, marks=pytest.mark.long)])
def test_enrolment_does_what_the_model_does(request, world, examples):
    EnrolmentMachine.world = world
    chosen = settings(
        max_examples=examples, stateful_step_count=25, deadline=None, derandomize=examples < 50, print_blob=True,
        suppress_health_check=list(HealthCheck), database=None, phases=NO_SHRINKING,
    )  # fmt: skip
    run_state_machine_as_test(EnrolmentMachine, settings=chosen)
    tell(request, Told("model of an enrolment", more=f"{examples} lives of 25 steps"))
