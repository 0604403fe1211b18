"""What a mail says. Neutral by design: that there is something, never what; nothing about health leaves the house."""

import json
from typing import Any

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string, select_template
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from practice.contributions import NotificationKind
from practice.notifications.channels import Letter
from practice.notifications.models import Notification

SALT = "practice.notifications.unsubscribe"


def letter_for(row: Notification, *, key: str, kind: NotificationKind) -> Letter:
    """The letter for a row, in the reader's language; `row.user` is loaded. A sealed payload speaks for itself."""
    if row.payload is not None:
        return _own_words(row, json.loads(row.payload))
    user = row.user
    with translation.override(user.language):
        context: dict[str, Any] = {
            "name": user.first_name,
            "link": settings.PUBLIC_URL + _path(kind),
            "for_staff": kind.for_staff,
            "unsubscribe": "" if kind.essential else unsubscribe_link(user.pk, row.channel),
        }
        text = select_template([f"mail/{key}.txt", "mail/notice.txt"]).render(context)
        subject, _, body = text.strip().partition("\n")
        html = render_to_string("mail/notice.html", {**context, "subject": subject, "lines": _paragraphs(body)})
    return Letter(
        to=user.email or "",
        subject=subject.strip(),
        text=body.strip() + "\n",
        html=html,
        reference=reference_of(row),
        headers=_headers(context["unsubscribe"]),
    )


def reference_of(row: Notification) -> str:
    """The Message-ID, the same at every try."""
    host = settings.PUBLIC_URL.partition("://")[2].partition(":")[0] or "localhost"
    return f"<{row.pk}.{row.seal_id.hex}@{host}>"


def unsubscribe_link(user_id: int, channel: int) -> str:
    """The link that stops what isn't essential, by one click and without signing in."""
    token = signing.dumps([user_id, channel], salt=SALT)
    return settings.PUBLIC_URL + reverse("notifications:unsubscribe", args=[token])  # type: ignore[no-any-return]


def read_unsubscribe(token: str) -> tuple[int, int]:
    """User and channel of a link. Raises signing.BadSignature."""
    user_id, channel = signing.loads(token, salt=SALT)
    return user_id, channel


def _own_words(row: Notification, payload: dict[str, Any]) -> Letter:
    return Letter(
        to=payload.get("to") or row.user.email or "",
        subject=payload["subject"],
        text=payload["text"],
        html=payload.get("html", ""),
        reference=reference_of(row),
        headers=_headers(""),
    )


def _headers(unsubscribe: str) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if unsubscribe:
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _paragraphs(body: str) -> list[str]:
    """Paragraphs of a text without the lines that are only links: the page has a button for these."""
    parts = [part.strip() for part in body.strip().split("\n\n")]
    return [part for part in parts if part and "://" not in part and not part.startswith("--")]


def _path(kind: NotificationKind) -> str:
    try:
        return reverse(kind.url_name)
    except NoReverseMatch:
        return "/desk/" if kind.for_staff else "/"
