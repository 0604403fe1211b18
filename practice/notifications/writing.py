"""What a mail says. Neutral by design: that there is something, never what; nothing about health leaves the house."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string, select_template
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import escape

from practice.contributions import NotificationKind
from practice.notifications.channels import Letter
from practice.notifications.models import Notification

SALT = "practice.notifications.unsubscribe"
# A place in a form for what differs from reader to reader. What is put there is not looked at for places again.
PLACE_OF: Final = "\ue000{}\ue001"
PLACE: Final = re.compile(PLACE_OF.format("([a-z]+)"))
LINKS: Final = ("://", PLACE_OF.format("link"), PLACE_OF.format("unsubscribe"))


def letter_for(row: Notification, *, key: str, kind: NotificationKind) -> Letter:
    """The letter for a row, in the reader's language; `row.user` is loaded. A sealed payload speaks for itself."""
    if row.has_own_words:
        return _own_words(row, json.loads(row.payload))
    user = row.user
    unsubscribe = "" if kind.essential else unsubscribe_link(user.pk, row.channel)
    form = _form(key, user.language, for_staff=kind.for_staff, essential=kind.essential)
    words = {"name": user.first_name, "link": settings.PUBLIC_URL + _path(kind), "unsubscribe": unsubscribe}
    html_words = {place: escape(word) for place, word in words.items()}
    return Letter(
        to=user.email or "",
        subject=PLACE.sub(lambda found: words[found[1]], form.subject),
        text=PLACE.sub(lambda found: words[found[1]], form.text),
        html=PLACE.sub(lambda found: html_words[found[1]], form.html),
        reference=reference_of(row),
        headers=_headers(unsubscribe),
    )


@dataclass(frozen=True)
class _Form:
    """What all letters of a kind in one language have in common."""

    subject: str
    text: str
    html: str


@lru_cache(maxsize=512)
def _form(key: str, language: str, *, for_staff: bool, essential: bool) -> _Form:
    """The templates of a kind, rendered once with places in them for what differs from reader to reader."""
    with translation.override(language):
        context: dict[str, Any] = {
            "name": PLACE_OF.format("name"),
            "link": PLACE_OF.format("link"),
            "for_staff": for_staff,
            "unsubscribe": "" if essential else PLACE_OF.format("unsubscribe"),
        }
        text = select_template([f"mail/{key}.txt", "mail/notice.txt"]).render(context)
        subject, _, body = text.strip().partition("\n")
        html = render_to_string("mail/notice.html", {**context, "subject": subject, "lines": _paragraphs(body)})
    return _Form(subject.strip(), body.strip() + "\n", html)


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


def address_of(row: Notification) -> str:
    """Return where the row goes: its own address when it has one, else the reader's; `row.user` is loaded."""
    own = json.loads(row.payload).get("to") if row.has_own_words else None
    return own or row.user.email or ""


def _own_words(row: Notification, payload: dict[str, Any]) -> Letter:
    return Letter(
        to=address_of(row),
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
    return [part for part in parts if part and not any(link in part for link in LINKS) and not part.startswith("--")]


def _path(kind: NotificationKind) -> str:
    try:
        return reverse(kind.url_name)
    except NoReverseMatch:
        return "/desk/" if kind.for_staff else "/"
