"""What this room does when another announces something, in the same transaction."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from clients import events as client_events
from clients.domain.unsubscribing import forget_channel
from clients.models import Client, ConsentKind
from homework import events
from homework.domain.alarming import alarm_hold, alarm_unreached
from homework.domain.consenting import end_all, hold_all, move_zones, plan_from_consent
from homework.domain.planning import plan_anew
from homework.domain.reaching import refresh_channels
from homework.domain.telling import tell_commented, tell_submitted
from homework.models import Comment, Response
from practice.notifications import events as outbox_events
from practice.notifications.models import Channel
from practice.people.models import User


@receiver(client_events.consent_changed)
def follow_consent(sender: Any, client: Client, kind: str, given: bool, now: datetime, **kwargs: Any) -> None:
    """Hold or plan anew with treatment consent; open or close channels with consent to messages."""
    refresh_channels(client)
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


@receiver(client_events.client_archived)
def end_with_treatment(sender: Any, client: Client, by: User | None, now: datetime, **kwargs: Any) -> None:
    """End what runs."""
    end_all(client=client, by=by, now=now)


@receiver(events.submitted)
def plan_what_follows(sender: Any, response: Response, now: datetime, **kwargs: Any) -> None:
    """Plan the steps that waited for this one."""
    plan_anew(enrolment_id=response.assignment.enrolment_id, practice_id=response.practice_id, now=now)


@receiver(events.submitted)
def tell_therapist(sender: Any, response: Response, now: datetime, **kwargs: Any) -> None:
    """Let the therapist know that there is something to read."""
    tell_submitted(response=response, now=now)


@receiver(events.commented)
def tell_client(sender: Any, comment: Comment, now: datetime, **kwargs: Any) -> None:
    """Let the client know that there is a reply."""
    tell_commented(comment=comment, now=now)


@receiver(outbox_events.lanes_held)
def show_hold(sender: Any, now: datetime, **kwargs: Any) -> None:
    """Tell every practice that nothing leaves."""
    alarm_hold(now=now)


@receiver(outbox_events.bounced)
def show_bounced(sender: Any, user_id: int, practice_id: int, now: datetime, **kwargs: Any) -> None:
    """Remember the refused address and show it."""
    alarm_unreached(user_id=user_id, practice_id=practice_id, bounced=True, now=now)


@receiver(outbox_events.unsubscribed)
def keep_choice(sender: Any, user_id: int, channel: Channel, **kwargs: Any) -> None:
    """Keep the client's choice of channels in step with a mail's stop link."""
    forget_channel(user_id=user_id, channel=channel)


@receiver(outbox_events.gave_up)
def show_given_up(sender: Any, user_id: int, practice_id: int, now: datetime, **kwargs: Any) -> None:
    """Show who could not be reached."""
    alarm_unreached(user_id=user_id, practice_id=practice_id, bounced=False, now=now)
