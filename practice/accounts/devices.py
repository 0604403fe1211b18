"""Where someone is signed in, and how that ends: one device, all others, all of them. Their sockets close at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction

from practice.accounts.models import Device
from practice.accounts.telling import tell_of_change
from practice.live.hints import hint
from practice.people.models import User

# What a browser calls itself, in the order of asking: Edge calls itself Chrome too, and Chrome Safari.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
PHONES = ("iPhone", "iPad", "Android")
SWEPT = 100


@dataclass(frozen=True)
class SeenDevice:
    """A device as its owner knows it. `browser` and `system` are empty when it doesn't say."""

    pk: int
    browser: str
    system: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool

    @property
    def is_phone(self) -> bool:
        """Return whether it is a phone or tablet."""
        return self.system in PHONES


def note_device(*, user: User, session_key: str, now: datetime, address: str | None, agent: str) -> None:
    """Write down that someone is signed in here. Called again it says when. Forgets what is over."""
    Device.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "seen_at": now, "address": address or None, "agent": agent[:300]},
        create_defaults={
            "user": user,
            "began_at": now,
            "seen_at": now,
            "address": address or None,
            "agent": agent[:300],
        },
    )
    _sweep(now)
    _over(user).delete()


def devices_of(user: User, *, here: str | None, now: datetime) -> list[SeenDevice]:
    """Return where someone is signed in, this device (`here`, its session's key) first, then the latest. One query."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = Device.objects.filter(user=user, session_key__in=live).order_by("-seen_at")
    seen = [_as_seen(row, here) for row in rows]
    return sorted(seen, key=lambda device: not device.is_this)


@transaction.atomic
def sign_out_device(*, user: User, device_id: int, now: datetime, address: str | None = None) -> bool:
    """End one device's session; False when it isn't theirs or is over."""
    device = Device.objects.select_for_update().filter(user=user, pk=device_id).first()
    if device is None:
        return False
    _end(user, [device.session_key])
    tell_of_change(user=user, what="signed_out_device", now=now, address=address, mail=False)
    return True


@transaction.atomic
def sign_out_everywhere(
    *,
    user: User,
    now: datetime,
    keep: str | None = None,
    address: str | None = None,
    mail: bool = True,
    by_operator: bool = False,
) -> int:
    """End every session of someone but the one to `keep`; returns how many. They are told by `mail`."""
    keys = list(Device.objects.filter(user=user).exclude(session_key=keep or "").values_list("session_key", flat=True))
    _end(user, keys)
    tell_of_change(
        user=user, what="signed_out_everywhere", now=now, by_operator=by_operator, address=address, mail=mail
    )
    return len(keys)


def forget_device(session_key: str) -> None:
    """Forget a device whose owner signed out."""
    Device.objects.filter(session_key=session_key).delete()


def named(agent: str) -> tuple[str, str]:
    """Return browser and system by what a browser says of itself; empty words for what it doesn't say."""
    return _first(BROWSERS, agent), _first(SYSTEMS, agent)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")


def _end(user: User, keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    Device.objects.filter(session_key__in=keys).delete()
    hint(f"user.{user.pk}", what="recheck")


def _sweep(now: datetime) -> None:
    """Delete some of the sessions that are over, anybody's: whoever comes in takes a few along."""
    over = Session.objects.filter(expire_date__lt=now).select_for_update(skip_locked=True)
    with transaction.atomic():
        Session.objects.filter(session_key__in=list(over.values_list("session_key", flat=True)[:SWEPT])).delete()


def _over(user: User) -> Any:
    return Device.objects.filter(user=user).exclude(session_key__in=Session.objects.values("session_key"))


def _as_seen(row: Device, here: str | None) -> SeenDevice:
    browser, system = named(row.agent)
    return SeenDevice(
        pk=row.pk,
        browser=browser,
        system=system,
        address=row.address or "",
        began_at=row.began_at,
        seen_at=row.seen_at,
        is_this=row.session_key == here,
    )
