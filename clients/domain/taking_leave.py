"""A therapist is away for a while: who stands in, from when to when, and that everybody knows. It ends by itself."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from clients.domain.telling import ask_instead, tell_leave
from clients.events import leave_changed
from clients.models import Client, Leave
from clients.queries.staff import therapists_of
from practice.audit.recording import record_for_each
from practice.clock.resolving import day_start, local
from practice.people.models import Membership, Practice, User
from practice.tenancy import scope

LONGEST = dt.timedelta(days=366)
WORDS_AT_MOST = 500


class CannotTakeLeave(Exception):
    """Why the leave can't be arranged like this; the message is for the page."""


@dataclass(frozen=True)
class Plan:
    """What is wanted: the first day away, the day of return, who stands in, what clients read."""

    user: User
    stand_in: User | None
    first: dt.date
    back: dt.date
    message: str = ""


@transaction.atomic
def take_leave(*, practice: Practice, plan: Plan, by: User, now: dt.datetime) -> Leave:
    """Return the leave. From its beginning to its end the stand-in reads and answers for the therapist.

    Clients, stand-in and therapist are told now. One that begins today begins at once, and what waits for the
    therapist is asked of the stand-in. Locks the memberships of both. Raises CannotTakeLeave.
    """
    with scope(practice=practice):
        both = Membership.objects.filter(
            practice=practice, user__in=[plan.user, *([plan.stand_in] * bool(plan.stand_in))]
        )
        list(both.select_for_update().order_by("pk"))
        starts_at, ends_at = check(practice=practice, plan=plan, now=now)
        leave: Leave = Leave.objects.create(
            practice=practice,
            user=plan.user,
            stand_in=plan.stand_in,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=plan.user.zone,
            message=plan.message.strip()[:WORDS_AT_MOST] or None,
            created_by=by,
            created_at=now,
        )
        _announce(leave, "leave_taken", by, now)
        if leave.holds_at(now):
            ask_instead(clients=_clients_of(leave), former=plan.user, now=now)
    return leave


@transaction.atomic
def end_leave(*, leave: Leave, by: User, now: dt.datetime) -> Leave:
    """Return the leave, over now, or called off when it had not begun. Ending one that is over changes nothing."""
    with scope(practice=leave.practice_id):
        row: Leave = Leave.objects.select_for_update(of=("self",)).select_related("user", "stand_in").get(pk=leave.pk)
        if row.ends_at <= now:
            return row
        was_on = row.holds_at(now)
        row.ends_at = max(now, row.starts_at)
        row.save(update_fields=["ends_at"])
        _announce(row, "leave_ended", by, now)
        if was_on and row.stand_in:
            ask_instead(clients=_clients_of(row), former=row.stand_in, now=now)
    return row


def check(*, practice: Practice, plan: Plan, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return from when to when the leave would last. Changes nothing. Raises CannotTakeLeave."""
    user, today = plan.user, local(now, plan.user.zone).date()
    if plan.first < today:
        raise CannotTakeLeave(_("The first day lies in the past. Choose today or a later day."))
    if not plan.first < plan.back <= plan.first + LONGEST:
        raise CannotTakeLeave(_("The day of return comes after the first day away, within a year."))
    starts_at = now if plan.first == today else day_start(plan.first, user.zone)
    ends_at = day_start(plan.back, user.zone)
    _check_people(practice, plan)
    _check_others(plan, Q(starts_at__lt=ends_at, ends_at__gt=starts_at))
    return starts_at, ends_at


def _check_people(practice: Practice, plan: Plan) -> None:
    wanted = {person.pk for person in (plan.user, plan.stand_in) if person}
    known = set(therapists_of(practice).filter(pk__in=wanted).values_list("pk", flat=True))
    if known != wanted:
        raise CannotTakeLeave(_("Only therapists of this practice go on leave and stand in."))
    if plan.stand_in == plan.user:
        raise CannotTakeLeave(_("Choose someone else to stand in."))


def _check_others(plan: Plan, then: Q) -> None:
    clash = Leave.objects.filter(then, starts_at__lt=F("ends_at")).select_related("user", "stand_in")
    own = clash.filter(user=plan.user).first()
    if own is not None:
        raise CannotTakeLeave(
            _("%(name)s is on leave from %(first)s to %(back)s already. End that leave first.") % _words(own, own.user)
        )
    covering = clash.filter(stand_in=plan.user).first()
    if covering is not None:
        raise CannotTakeLeave(
            _("Stands in for %(name)s from %(first)s to %(back)s. Find someone else for that first.")
            % _words(covering, covering.user)
        )
    theirs = clash.filter(user=plan.stand_in).first() if plan.stand_in else None
    if theirs is not None:
        raise CannotTakeLeave(
            _("%(name)s is away from %(first)s to %(back)s. Choose someone else.") % _words(theirs, theirs.user)
        )


def _words(leave: Leave, person: User) -> dict[str, Any]:
    return {
        "name": person.name,
        "first": formats.date_format(leave.starts_on, "j F"),
        "back": formats.date_format(leave.back_on, "j F"),
    }


def _clients_of(leave: Leave) -> list[Client]:
    rows = Client.objects.active().filter(therapist=leave.user_id).select_related("therapist", "user")
    return list(rows.order_by("sort_name", "pk"))


def _announce(leave: Leave, verb: str, by: User, now: dt.datetime) -> None:
    clients = _clients_of(leave)
    ids = [client.pk for client in clients]
    record_for_each(verb, client_ids=ids, practice_id=leave.practice_id, by=by, now=now, subject=leave)
    tell_leave(leave=leave, clients=clients, now=now)
    leave_changed.send(Leave, leave=leave, clients=clients, by=by, now=now)
