"""What lies beside the story: a second practice in which a therapist works too, and mails that were given up."""

from datetime import datetime, time, timedelta

from alliance.management.demo_story.stage import PASSWORD, ZONE, Stage
from clients.domain.adding import ClientDetails, add_client
from clients.domain.inviting import invite
from practice.accounts.founding import found_practice, take_on
from practice.clock import next_local
from practice.notifications.channels import Letter, Outcome, Result, Sender
from practice.notifications.delivering import deliver
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel
from practice.people.models import Practice, Role

FULL_MAILBOXES = ("carlos", "owen")


class FullMailbox(Sender):
    """A mail server that takes nothing for these people, for good."""

    channel = Channel.EMAIL

    def send(self, letter: Letter) -> Result:
        """Say no."""
        return Result(Outcome.DEAD, "552", alive=True)


def open_a_second_practice(*, stage: Stage, now: datetime) -> Practice:
    """Return a small practice of the second therapist's own, so that they choose a seat after signing in."""
    practice = found_practice(
        name="Mill Lane Practice",
        now=now,
        country="GB",
        zone=ZONE,
        phone="+44 20 7946 0644",
        is_demo=True,
        settings={"crisis_confirmed": ["GB"]},
    )
    tomas = stage.therapists[1]
    roles = [Role.ADMIN, Role.THERAPIST, Role.LEAD]
    take_on(practice=practice, email=tomas.email or "", name=tomas.name, roles=roles, now=now, password=PASSWORD)
    details = ClientDetails(name="Wren Ashby", email="wren@demo.example", pronouns="they/them", zone=ZONE)
    client = add_client(practice=practice, details=details, therapist=tomas, by=tomas, now=now)
    invite(client=client, by=tomas, now=now)
    return practice


def give_up_some_mails(*, stage: Stage, now: datetime) -> None:
    """Let mails to full mailboxes be given up last noon: an admin may try them again. Nothing else is due.

    Not some hours ago: where the demo is made by night, they would wait for the end of their readers' quiet hours.
    """
    then = next_local(time(12), ZONE, now - timedelta(hours=26))
    for key in FULL_MAILBOXES:
        if key in stage.clients:
            client = stage.clients[key]
            enqueue(
                kind="care_team",
                user_ids=[client.user_id],
                practice_id=client.practice_id,
                subject_type="client",
                subject_id=client.pk,
                generation=1,
                now=then,
                expires_at=now + timedelta(days=7),
                channels=[Channel.EMAIL],
            )
    deliver(channel=Channel.EMAIL, moment=then, sender=FullMailbox())
