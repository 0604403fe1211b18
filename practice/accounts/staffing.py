"""Changing a member of staff, and the practice's own facts."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from practice.accounts.devices import end_sessions
from practice.accounts.telling import tell_of_change
from practice.audit import record
from practice.clock.zones import canonical_zone
from practice.contributions import STAFF_TIES
from practice.people.events import staff_left
from practice.people.models import Membership, Practice, Role, User
from practice.tenancy import scope


class CannotChangeStaff(Exception):
    """Why the member stays as they are; the message is for the page."""


@dataclass(frozen=True)
class PracticeFacts:
    """What an admin says about the practice. `lines_checked`: someone called the crisis lines of its country."""

    name: str
    phone: str
    country: str
    zone: str
    language: str
    lines_checked: bool


@transaction.atomic
def change_member(*, membership: Membership, roles: list[Role], is_active: bool, by: User, now: datetime) -> Membership:
    """Return the member with other roles, or no longer of the staff: `staff_left` is sent, and they are out at once.

    What was is read from the locked row: a form may have written what is wanted into the member it was given.
    Raises CannotChangeStaff for the last admin, and for who would leave someone behind (STAFF_TIES).
    """
    list(Membership.objects.select_for_update().filter(practice_id=membership.practice_id).order_by("pk"))
    was = check_member(membership=membership, roles=roles, is_active=is_active)
    membership.roles, membership.is_active = [role.value for role in roles], is_active
    membership.save(update_fields=["roles", "is_active"])
    with scope(practice=membership.practice_id):
        record("staff_changed", practice_id=membership.practice_id, by=by, now=now, subject=membership)
    if was.is_active and not is_active:
        staff_left.send(Membership, membership=membership, by=by, now=now)
    return membership


def check_member(*, membership: Membership, roles: list[Role], is_active: bool) -> Membership:
    """Return the member as the table has it. Changes nothing. Raises CannotChangeStaff when they can't become so."""
    others = Membership.objects.filter(practice_id=membership.practice_id, is_active=True).exclude(pk=membership.pk)
    if not (is_active and Role.ADMIN in roles) and not any(other.has(Role.ADMIN) for other in others):
        raise CannotChangeStaff(_("A practice needs at least one admin."))
    was = Membership.objects.get(pk=membership.pk)
    if was.has(Role.THERAPIST) and not (is_active and Role.THERAPIST in roles):
        _check_ties(was)
    return was


def _check_ties(membership: Membership) -> None:
    with scope(practice=membership.practice_id):
        words = next((words for words in (tie(membership) for tie in STAFF_TIES) if words), None)
    if words:
        raise CannotChangeStaff(words)


@transaction.atomic
def change_practice(*, practice: Practice, facts: PracticeFacts, by: User, now: datetime) -> Practice:
    """Return the practice with other facts."""
    practice.name, practice.phone, practice.country = facts.name, facts.phone, facts.country
    practice.zone, practice.language = canonical_zone(facts.zone), facts.language
    practice.settings = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk).settings
    confirmed = set(practice.settings.get("crisis_confirmed", [])) - {facts.country}
    practice.settings["crisis_confirmed"] = sorted(confirmed | ({facts.country} if facts.lines_checked else set()))
    practice.save(update_fields=["name", "phone", "country", "zone", "language", "settings"])
    with scope(practice=practice):
        record("practice_changed", practice_id=practice.pk, by=by, now=now, subject=practice)
    return practice


@transaction.atomic
def change_password(*, user: User, practice: Practice, password: str, now: datetime, keep: str | None = None) -> None:
    """Give the user another password. Every session that was opened with the old one ends; they are told by mail.

    `keep` is the session in which they changed it: the caller lets it go on under the new password.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user, keep=keep)
    tell_of_change(user=user, what="password_changed", now=now, practice_id=practice.pk)
