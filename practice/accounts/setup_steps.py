"""When the ground's own steps of setting up count as done."""

from practice.accounts.models import StaffInvitation
from practice.accounts.second_factors import has_factor
from practice.accounts.setting_up import said
from practice.notifications.models import Channel, Notification, NotificationStatus
from practice.people.models import Membership, Role
from practice.permissions.seats import Seat

ARRIVED = (NotificationStatus.ACCEPTED, NotificationStatus.DELIVERED)


def has_second_factor(seat: Seat) -> bool:
    """Return whether this admin signs in with a second factor. One query."""
    return has_factor(seat.user)


def details_known(seat: Seat) -> bool:
    """Return whether clients are told a telephone number of the practice. No query."""
    return bool(seat.practice.name and seat.practice.zone and seat.practice.phone)


def hours_said(seat: Seat) -> bool:
    """Return whether a therapist has said when they work; this one, if they treat. One query at most."""
    if seat.has(Role.THERAPIST):
        return seat.membership is not None and seat.membership.hours_said_at is not None
    rows = Membership.objects.filter(practice=seat.practice, is_active=True, hours_said_at__isnull=False)
    return rows.filter(roles__contains=[Role.THERAPIST.value]).exists()


def has_colleagues(seat: Seat) -> bool:
    """Return whether someone else works here or was invited, or this therapist works alone. Two queries at most."""
    if said(seat.practice, "alone") and seat.has(Role.THERAPIST):
        return True
    others = Membership.objects.filter(practice=seat.practice, is_active=True).exclude(user=seat.user)
    waiting = StaffInvitation.objects.filter(
        practice=seat.practice, accepted_at__isnull=True, withdrawn_at__isnull=True, bounced_at__isnull=True
    )
    return others.exists() or waiting.exists()


def mail_leaves(seat: Seat) -> bool:
    """Return whether a mail server has taken a mail of this practice. One query."""
    return bool(Notification.objects.filter(channel=Channel.EMAIL, status__in=ARRIVED).exists())
