"""Founding a practice and taking on its staff."""

from datetime import datetime
from typing import Any

from django.db import transaction

from practice.audit import record
from practice.notifications.channelling import DEFAULT, set_channels
from practice.people.models import Membership, Practice, Role, User
from practice.tenancy import scope
from practice.vault import create_data_key
from practice.vault.keyring import create_practice_key


@transaction.atomic
def found_practice(*, name: str, now: datetime, **fields: Any) -> Practice:
    """Return a new practice with its key and the key of its staff's own notes."""
    practice = Practice.objects.create(name=name, created_at=now, **fields)
    create_practice_key(practice_id=practice.pk)
    create_data_key(practice_id=practice.pk, owner=("staff", practice.pk))
    return practice


@transaction.atomic
def take_on(
    *,
    practice: Practice,
    email: str,
    name: str,
    roles: list[Role],
    now: datetime,
    by: User | None = None,
    password: str | None = None,
    stand_in: Membership | None = None,
) -> Membership:
    """Return the membership of a new member of staff; a known e-mail is the same person.

    With a password they can sign in at once. They are told in the app and by e-mail until they choose otherwise.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(
            email, password, name=name, zone=practice.zone, language=practice.language, activated_at=now
        )
        create_data_key(practice_id=practice.pk, owner=("user", user.pk))
        set_channels(user_id=user.pk, channels=DEFAULT)
    with scope(practice=practice):
        membership = Membership.objects.create(
            practice=practice, user=user, roles=[role.value for role in roles], stand_in=stand_in, created_at=now
        )
        record("staff_joined", practice_id=practice.pk, by=by, now=now, subject=membership)
    return membership
