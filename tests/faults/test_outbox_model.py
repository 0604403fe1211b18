"""The outbox against a plain model in memory, after every step: lease, accept, refuse, unsure, bounce, expire, zombie,
dead, retried by hand, discarded, joined, taken back. What the model says a person got is what the provider was handed.
"""

import os
import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from practice.notifications import breaking, settling
from practice.notifications.channels import Outcome, Result, Sender
from practice.notifications.delivering import LEASE, deliver
from practice.notifications.models import Channel, EngineLane, Notification, NotificationStatus
from practice.notifications.retrying import CannotRetry, discard, try_again
from practice.notifications.suppressing import suppress
from tests.faults.letters import JOINED, LETTER, write
from tests.faults.told import Told, tell
from tests.people import World

pytestmark = [pytest.mark.fault, pytest.mark.django_db, pytest.mark.timeout(3000)]
S = NotificationStatus
OUTCOMES = st.sampled_from([Outcome.ACCEPTED] * 4 + [Outcome.REFUSED, Outcome.UNSURE, Outcome.DEAD, Outcome.BOUNCED])
NO_SHRINKING = (Phase.explicit, Phase.generate)  # a life costs a second: the step that failed is said, not the shortest
LIVES = int(os.environ.get("MODEL_LIVES", "150"))
WAITS = timedelta(minutes=1)
STALE = timedelta(hours=12)


class Died(BaseException):
    """The worker was killed in the middle."""


class Provider(Sender):
    """Says what the model told it to say for each letter; may take its worker along."""

    channel, has_provider = Channel.EMAIL, False

    def __init__(self, outcomes, dies_at=0):
        self.outcomes, self.dies_at, self.handed = outcomes, dies_at, []

    def send(self, letter):
        if self.dies_at and len(self.handed) + 1 == self.dies_at:
            raise Died
        outcome = self.outcomes[len(self.handed) % len(self.outcomes)]
        self.handed.append((letter.reference, outcome))
        return Result(outcome, "1", alive=True)


class OutboxMachine(RuleBasedStateMachine):
    """`rows` is the model: number of the subject → state, tries, when it may go, whether it is joined into another."""

    world: World  # set by the test: making one takes longer than a whole life

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = self.world.now
        self.scope = self.world.scope()
        self.scope.__enter__()
        self.number, self.rows, self.joined_rows = 0, {}, {}
        self.bounced = False  # from then on only what is essential is mailed to that address
        settling.backoff = lambda attempts: WAITS

    def teardown(self):
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)
        self.savepoint.__exit__(None, None, None)

    def found(self, pk):
        return Notification.objects.get(pk=pk)

    def pk_of(self, number):
        return Notification.objects.get(channel=Channel.EMAIL, subject_id=number).pk

    @rule()
    def put(self):
        self.number += 1
        write(self.world, first=self.number, last=self.number, now=self.now, kind=LETTER)
        self.rows[self.pk_of(self.number)] = {"state": S.READY, "tries": 0, "from": self.now, "held": None}

    @rule()
    def put_one_that_joins(self):
        self.number += 1
        write(self.world, first=self.number, last=self.number, now=self.now, kind=JOINED)
        if self.bounced:
            assert not Notification.objects.filter(channel=Channel.EMAIL, subject_id=self.number).exists()
        else:
            self.joined_rows[self.pk_of(self.number)] = self.now + STALE

    @rule(minutes=st.sampled_from([1, 2, 6, 61, 800]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    def ready(self):
        """The model's letters that a lease would take now, in its order."""
        free = {
            pk: row
            for pk, row in self.rows.items()
            if (row["state"] == S.READY and row["from"] <= self.now)
            or (row["state"] == S.LEASED and row["held"] < self.now)
        }
        return sorted(free, key=lambda pk: (free[pk]["from"], pk))

    @rule(outcomes=st.lists(OUTCOMES, min_size=1, max_size=4))
    def deliver_all(self, outcomes):
        provider = Provider(outcomes)
        due = self.ready()
        deliver(channel=Channel.EMAIL, moment=self.now, sender=provider)
        said = {int(reference[1:].split(".")[0]): outcome for reference, outcome in provider.handed}
        assert len(said) == len(provider.handed), "one row was handed over twice in one round"
        assert [pk for pk in said if pk in self.rows] == due
        self.bounced = self.bounced or Outcome.BOUNCED in said.values()
        for pk in due:
            self.settle(pk, said[pk])

    def settle(self, pk, outcome):
        row = self.rows[pk]
        row["tries"] += 1
        row["held"] = None
        if outcome in {Outcome.REFUSED, Outcome.UNSURE} and row["tries"] < settling.MOST_ATTEMPTS:
            row["state"], row["from"] = S.READY, self.now + WAITS
        else:
            ends = {Outcome.ACCEPTED: S.ACCEPTED, Outcome.BOUNCED: S.BOUNCED}
            row["state"] = ends.get(outcome, S.DEAD)

    @precondition(lambda self: self.ready() and not self.joins_wait())
    @rule(at=st.integers(min_value=1, max_value=3))
    def worker_dies(self, at):
        """Killed while it talks about one: what it settled stays, what it holds comes back when the lease is over."""
        due = self.ready()
        provider = Provider([Outcome.ACCEPTED], dies_at=at)
        try:
            deliver(channel=Channel.EMAIL, moment=self.now, sender=provider)
        except Died:
            for pk in due[at - 1 :]:
                row = self.rows[pk]
                row["state"], row["held"], row["tries"] = S.LEASED, self.now + LEASE, row["tries"] + 1
        for pk in due[: at - 1]:
            self.settle(pk, Outcome.ACCEPTED)

    def joins_wait(self):
        ready = Notification.objects.filter(pk__in=self.joined_rows, status__in=[S.READY, S.LEASED])
        return ready.exists()

    @precondition(lambda self: self.ready() and not self.joins_wait())
    @rule()
    def zombie_wakes(self):
        """Its lease is taken over while it talks: nothing of what it says counts."""
        due = self.ready()
        world, provider = self, Provider([Outcome.DEAD])
        talk = provider.send

        def send(letter):
            later = Provider([Outcome.ACCEPTED])
            if not provider.handed:
                deliver(channel=Channel.EMAIL, moment=world.now + LEASE * 2, sender=later)
                world.others = [int(reference[1:].split(".")[0]) for reference, _ in later.handed]
            return talk(letter)

        provider.send = send
        deliver(channel=Channel.EMAIL, moment=self.now, sender=provider)
        self.now += LEASE * 2
        assert len(provider.handed) == 1
        for pk in due:
            self.rows[pk]["tries"] += 1
        for pk in self.others:
            if pk in self.rows:
                self.settle(pk, Outcome.ACCEPTED)

    @precondition(lambda self: self.rows)
    @rule(chance=st.randoms(use_true_random=False))
    def taken_back(self, chance: random.Random):
        pk = chance.choice(sorted(self.rows))
        subject = self.found(pk).subject_id
        changed = suppress(subject_type="user", subject_ids=[subject], reason="by hand", now=self.now)
        waits = self.rows[pk]["state"] in {S.READY, S.LEASED}
        assert changed == waits
        if waits:
            self.rows[pk]["state"] = S.SUPPRESSED

    @precondition(lambda self: self.rows)
    @rule(chance=st.randoms(use_true_random=False))
    def tried_again_by_hand(self, chance: random.Random):
        """What was given up starts anew, with all its tries; anything else is refused and stays as it is."""
        pk = chance.choice(sorted(self.rows))
        row = self.rows[pk]
        try:
            try_again(notification=self.found(pk), by=self.world.admin, now=self.now)
        except CannotRetry:
            assert row["state"] not in {S.DEAD, S.BOUNCED}
        else:
            assert row["state"] in {S.DEAD, S.BOUNCED}
            row["state"], row["tries"], row["from"] = S.READY, 0, self.now

    @precondition(lambda self: self.rows)
    @rule(chance=st.randoms(use_true_random=False))
    def discarded_by_hand(self, chance: random.Random):
        pk = chance.choice(sorted(self.rows))
        row = self.rows[pk]
        try:
            discard(notification=self.found(pk), by=self.world.admin, now=self.now)
        except CannotRetry:
            assert row["state"] not in {S.DEAD, S.BOUNCED}
        else:
            assert row["state"] in {S.DEAD, S.BOUNCED}
            row["state"] = S.SUPPRESSED

    @invariant()
    def letters_are_as_the_model_says(self):
        there = Notification.objects.filter(pk__in=self.rows).values_list("pk", "status", "attempts")
        assert {pk: (status, tries) for pk, status, tries in there} == {
            pk: (row["state"], row["tries"]) for pk, row in self.rows.items()
        }

    @invariant()
    def what_was_joined_has_a_lead_that_was_not_taken_back(self):
        for row in Notification.objects.filter(pk__in=self.joined_rows, status=S.COLLAPSED):
            lead = self.found(int(row.last_error.removeprefix("into ")))
            assert lead.pk in self.joined_rows
            assert lead.status != S.SUPPRESSED

    @invariant()
    def breaker_is_closed(self):
        lane = EngineLane.objects.filter(name="outbox-email").first()
        assert lane is None or not breaking.is_open(lane.open_until, self.now)


@pytest.mark.parametrize("examples", [4, pytest.param(LIVES, marks=pytest.mark.long)])
def test_outbox_does_what_the_model_does(request, monkeypatch, world, examples):
    OutboxMachine.world = world
    monkeypatch.setattr(settling, "backoff", settling.backoff)
    chosen = settings(
        max_examples=examples, stateful_step_count=25, deadline=None, derandomize=examples < 50, print_blob=True,
        suppress_health_check=list(HealthCheck), database=None, phases=NO_SHRINKING,
    )  # fmt: skip
    run_state_machine_as_test(OutboxMachine, settings=chosen)
    tell(request, Told("model of the outbox", more=f"{examples} lives of 25 steps"))
