"""What this room does when another announces something, in the same transaction."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from clients import events as client_events
from clients.domain.reaching import recompute_channels
from clients.models import Client, ConsentKind
from clients.queries.cover import cover_of
from clients.queries.endings import Line
from clients.queries.record import care_team
from homework import events
from homework.domain.alarming import alarm_hold, alarm_unreached
from homework.domain.consenting import end_all, hold_all, move_zones, plan_from_consent
from homework.domain.planning import plan_anew
from homework.domain.readdressing import plan_for
from homework.domain.stocking import stock_library
from homework.domain.telling import tell_commented, tell_submitted
from homework.models import Comment, Response
from homework.tasks import engine_tick
from practice.accounts import events as account_events
from practice.live.hints import hint
from practice.notifications import events as outbox_events
from practice.notifications.nudging import nudge
from practice.people.models import Practice, User


@receiver(account_events.practice_started)
def stock_from_the_start(sender: Any, practice: Practice, now: datetime, **kwargs: Any) -> None:
    """Put the shipped library on the shelves of a new practice."""
    stock_library(practice=practice, by=None, now=now)


@receiver(client_events.consent_changed)
def follow_consent(sender: Any, client: Client, kind: str, given: bool, now: datetime, **kwargs: Any) -> None:
    """Hold or plan anew with treatment consent; open or close channels with consent to messages."""
    recompute_channels(client=client)
    if kind == ConsentKind.TREATMENT:
        if given:
            plan_from_consent(client=client, now=now)
        else:
            hold_all(client=client, now=now)


@receiver(client_events.client_moved)
def follow_zone(sender: Any, client: Client, before: str, now: datetime, **kwargs: Any) -> None:
    """Let what lies ahead keep its wall clock in the client's new zone."""
    if client.zone != before:
        move_zones(client=client, now=now)


@receiver(client_events.client_user_changed)
def follow_person(sender: Any, client: Client, former: User, **kwargs: Any) -> None:
    """What is planned for the client goes to who is meant."""
    plan_for(client=client, former=former)


@receiver(client_events.client_archived)
def end_with_treatment(sender: Any, client: Client, by: User | None, now: datetime, **kwargs: Any) -> list[Line]:
    """End what runs; return what was cancelled."""
    return end_all(client=client, by=by, now=now)


@receiver(events.submitted)
def plan_what_follows(sender: Any, response: Response, now: datetime, **kwargs: Any) -> None:
    """Plan the steps that waited for this one."""
    plan_anew(enrolment_id=response.assignment.enrolment_id, practice_id=response.practice_id, now=now)


@receiver(events.submitted)
def tell_therapist(sender: Any, response: Response, now: datetime, **kwargs: Any) -> None:
    """Let the therapist know that there is something to read, at once where a desk is open."""
    tell_submitted(response=response, now=now)
    readers = {member.user_id for member in care_team(response.client)}
    for user_id in readers | {cover_of(response.client, now=now).reader.pk}:
        hint(f"user.{user_id}", what="review")


@receiver(events.commented)
def tell_client(sender: Any, comment: Comment, now: datetime, **kwargs: Any) -> None:
    """Let the client know that there is a reply."""
    tell_commented(comment=comment, now=now)
    hint(f"user.{comment.response.author_id}", what="homework")


@receiver(outbox_events.lanes_held)
def show_hold(sender: Any, now: datetime, **kwargs: Any) -> None:
    """Tell every practice that nothing leaves."""
    alarm_hold(now=now)


@receiver([outbox_events.bounced, outbox_events.gave_up])
def show_given_up(sender: Any, user_id: int, practice_id: int, address: str, now: datetime, **kwargs: Any) -> None:
    """Show who could not be reached."""
    alarm_unreached(user_id=user_id, practice_id=practice_id, address=address, now=now)


@receiver(events.due_now)
def send_soon(sender: Any, **kwargs: Any) -> None:
    """Let what is due at once leave before the next tick."""
    nudge(engine_tick.delay)
