"""Founding a practice and taking on its staff."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from practice.audit import record
from practice.notifications.channelling import DEFAULT, set_channels
from practice.people.models import Membership, Practice, Role, User
from practice.tenancy import scope
from practice.vault import create_data_key, ensure_data_key
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
    """Return the membership of a new member of staff, without asking them; a known e-mail is the same person.

    For demos and tests: real people are invited (`practice.accounts.inviting`). With a password they can sign in.
    """
    user = find_or_make_user(practice=practice, email=email, name=name)
    if user.activated_at is None:
        user.activated_at = user.email_proven_at = now
        user.set_password(password)
        user.save(update_fields=["activated_at", "email_proven_at", "password"])
    return give_seat(practice=practice, user=user, roles=roles, now=now, by=by, stand_in=stand_in)


def find_or_make_user(*, practice: Practice, email: str, name: str) -> User:
    """Return the person with this address: known, or new with a key, told in the app and by e-mail, not yet let in."""
    address = email.strip().lower()
    known = User.objects.filter(email=address).first()
    if known is not None:
        ensure_data_key(practice_id=practice.pk, owner=("user", known.pk))
        return known
    try:
        with transaction.atomic():
            user = User.objects.create_user(address, name=name, zone=practice.zone, language=practice.language)
    except IntegrityError:  # the same form was sent twice
        return User.objects.get(email=address)
    create_data_key(practice_id=practice.pk, owner=("user", user.pk))
    set_channels(user_id=user.pk, channels=DEFAULT)
    return user


def give_seat(
    *,
    practice: Practice,
    user: User,
    roles: list[Role],
    now: datetime,
    by: User | None,
    stand_in: Membership | None = None,
) -> Membership:
    """Return the person's membership with these roles. Who had left is a member again."""
    with transaction.atomic(), scope(practice=practice):
        membership, _is_new = Membership.objects.update_or_create(
            practice=practice,
            user=user,
            defaults={"roles": [role.value for role in roles], "is_active": True},
            create_defaults={"roles": [role.value for role in roles], "stand_in": stand_in, "created_at": now},
        )
        record("staff_joined", practice_id=practice.pk, by=by, now=now, subject=membership)
    return membership
