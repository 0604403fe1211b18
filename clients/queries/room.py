"""The code on the therapist's screen: its picture, and how far it came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.models import Client, RoomCode
from clients.queries.seating import sits_elsewhere
from practice.accounts.qr import qr_svg


@dataclass(frozen=True)
class CodeState:
    """How far the newest code came, in a word and a tone."""

    key: str
    words: Any
    tone: str


@dataclass(frozen=True)
class Shown:
    """A code as it stands on the screen: the picture, the short address, the characters in two groups."""

    picture: SafeString
    address: str
    groups: tuple[str, str]
    expires_at: datetime


def why_no_code(client: Client) -> str:
    """Return why this client can't come in by a code, in words; empty when they can. Two queries at most.

    Who had come in before treatment ended comes in again, to read.
    """
    user = client.user
    if client.has_ended and client.joined_at is None:
        return gettext("Our work here has ended.")
    by_mail = user.email and user.email_proven_at and not user.email_bounced_at and user.activated_at
    if by_mail or user.is_superuser or sits_elsewhere(client):
        return gettext("This address is in use already: only its owner comes in, by e-mail.")
    return ""


def code_state(client: Client, *, now: datetime) -> CodeState:
    """Return how far the newest code came. One query."""
    newest = RoomCode.objects.filter(client=client).order_by("-made_at", "-pk").first()
    if newest is None:
        return CodeState("none", _("No code yet."), "")
    if newest.used_at:
        return CodeState("in", pgettext_lazy("code shown in the room", "Joined"), "teal")
    if newest.replaced_at or newest.expires_at <= now:
        return CodeState("over", _("The code is over."), "honey")
    if newest.opened_at:
        return CodeState("opened", _("Opened on a device …"), "plum")
    return CodeState("waiting", _("Waiting for the code to be opened …"), "")


def shown(code: str, *, expires_at: datetime) -> Shown:
    """Return what the screen shows of a new code."""
    link = settings.PUBLIC_URL + reverse("clients:room-enter", kwargs={"code": code})
    address = (settings.PUBLIC_URL + reverse("clients:room-door")).split("://", 1)[1]
    half = len(code) // 2
    return Shown(qr_svg(link, title=gettext("QR code")), address, (code[:half], code[half:]), expires_at)
