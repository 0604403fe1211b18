"""Mails for signing in. They go through the outbox, so that a slow mail server tells nobody which addresses exist."""

import json
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from practice.accounts.models import EmailChange, StaffInvitation
from practice.contributions import SEAT_SOURCES
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import Channel
from practice.people.models import Membership, User
from practice.tenancy import every_practice


def mail_sign_in(*, user: User, kind: str, now: datetime, until: datetime, path: str = "", code: str = "") -> None:
    """Put a mail with a link, a code or both into the outbox; nothing for someone who belongs to no practice."""
    context = {"name": user.first_name, "link": settings.PUBLIC_URL + path if path else "", "code": code}
    _mail_to_owner(user, kind, "account/mail/sign_in.txt", context, now=now, until=until)


def mail_new_password(*, user: User, path: str, now: datetime, until: datetime) -> None:
    """Mail the link to choose a new password; it is sealed until the mail server took it."""
    context = {"name": user.first_name, "link": settings.PUBLIC_URL + path}
    _mail_to_owner(user, "new_password", "account/mail/new_password.txt", context, now=now, until=until)


def mail_new_email(*, change: EmailChange, path: str, code: str, now: datetime) -> None:
    """Mail link and code to an address that someone is to have from now on; sealed until the mail server took it."""
    user, by = change.user, change.asked_by
    context = {
        "name": user.first_name,
        "sender": by.name if by != user else "",
        "link": settings.PUBLIC_URL + path,
        "code": code,
    }
    words, until = "account/mail/new_email.txt", change.expires_at
    _mail_to_owner(user, "new_email", words, context, now=now, until=until, about=change, to=change.email)


def mail_email_taken(*, user: User, now: datetime, until: datetime) -> None:
    """Tell the owner of an address that someone wanted to use it; nobody else learns that it is in use."""
    context = {"name": user.first_name, "link": settings.PUBLIC_URL + "/accounts/login/"}
    _mail_to_owner(user, "email_taken", "account/mail/email_taken.txt", context, now=now, until=until)


def _mail_to_owner(
    user: User,
    kind: str,
    template: str,
    context: dict[str, str],
    *,
    now: datetime,
    until: datetime,
    about: EmailChange | None = None,
    to: str = "",
) -> None:
    practice_id = home_of(user)
    if practice_id is None:
        return
    with every_practice("one person may belong to several practices"):
        enqueue(
            kind=kind,
            user_ids=[user.pk],
            practice_id=practice_id,
            subject_type="email_change" if about else "user",
            subject_id=about.pk if about else user.pk,
            generation=int(now.timestamp() * 10) % 2_000_000_000,
            now=now,
            expires_at=until,
            payload=sealed_words(template, context, language=user.language, to=to),
            channels=[Channel.EMAIL],
        )


def mail_staff_invitation(*, invitation: StaffInvitation, path: str, now: datetime) -> None:
    """Mail the link to join; it is sealed until the mail server took it."""
    sender = invitation.sent_by.name if invitation.sent_by else invitation.practice.name
    context = {"name": invitation.name, "sender": sender, "link": settings.PUBLIC_URL + path}
    enqueue(
        kind="staff_invitation",
        user_ids=[invitation.user_id],
        practice_id=invitation.practice_id,
        subject_type="staff_invitation",
        subject_id=invitation.pk,
        now=now,
        expires_at=invitation.expires_at,
        payload=sealed_words("account/mail/staff_invitation.txt", context, language=invitation.practice.language),
        channels=[Channel.EMAIL],
    )


def mail_test(*, practice_id: int, user: User, now: datetime) -> None:
    """Put a test mail to this person into the outbox."""
    enqueue(
        kind="test_mail",
        user_ids=[user.pk],
        practice_id=practice_id,
        subject_type="user",
        subject_id=user.pk,
        generation=int(now.timestamp()) % 2_000_000_000,
        now=now,
        payload=sealed_words("account/mail/test.txt", {"name": user.first_name}, language=user.language),
        channels=[Channel.EMAIL],
    )


def sealed_words(template: str, context: dict[str, str], *, language: str, to: str = "") -> str:
    """Return a payload for the outbox: first line of the template the subject, the rest the text.

    It goes to the reader's address of that moment, or to the address `to`.
    """
    with translation.override(language):
        subject, _, text = render_to_string(template, context).strip().partition("\n")
    words = {"subject": subject.strip(), "text": text.strip() + "\n"}
    return json.dumps(words | ({"to": to} if to else {}))


def home_of(user: User) -> int | None:
    """Return the first practice the user belongs to, as staff or as a client."""
    return next(iter(homes_of(user)), None)


def homes_of(user: User) -> list[int]:
    """Return the practices the user belongs to, those first whose staff they are."""
    staff = Membership.objects.filter(user=user, is_active=True).order_by("pk").values_list("practice_id", flat=True)
    client = [pk for source in SEAT_SOURCES for pk in source.practice_ids(user)]
    return list(dict.fromkeys([*staff, *client]))
