"""Where someone is signed in, and how that ends: one device, all others, all of them. Their sockets close at once."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

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
    _forget_over(user)


def devices_of(user: User, *, here: str | None, now: datetime) -> list[SeenDevice]:
    """Return where someone is signed in, this device (`here`, its session's key) first, then the latest. One query."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = Device.objects.filter(user=user, session_key__in=live).order_by("-seen_at")
    seen = [_as_seen(row, here) for row in rows]
    return sorted(seen, key=lambda device: not device.is_this)


@transaction.atomic
def sign_out_device(*, user: User, device_id: int, now: datetime, address: str | None = None) -> str:
    """Return the key of the session that ended with this device; empty when it isn't theirs or is over."""
    ended = _end(user, Device.objects.filter(user=user, pk=device_id))
    if ended:
        tell_of_change(user=user, what="signed_out_device", now=now, address=address, mail=False)
    return next(iter(ended), "")


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
    ended = end_sessions(user=user, keep=keep)
    tell_of_change(
        user=user, what="signed_out_everywhere", now=now, by_operator=by_operator, address=address, mail=mail
    )
    return len(ended)


def end_sessions(*, user: User, keep: str | None = None) -> list[str]:
    """Return the keys of someone's sessions, all ended but the one to `keep`. Joins the caller's transaction."""
    return _end(user, Device.objects.filter(user=user).exclude(session_key=keep or ""))


def rename_device(before: str, after: str) -> None:
    """Let a device go on under the other key of its session."""
    Device.objects.filter(session_key=before).update(session_key=after)


def forget_device(session_key: str) -> None:
    """Forget a device whose owner signed out."""
    Device.objects.filter(session_key=session_key).delete()


def named(agent: str) -> tuple[str, str]:
    """Return browser and system by what a browser says of itself; empty words for what it doesn't say."""
    return _first(BROWSERS, agent), _first(SYSTEMS, agent)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")


def _end(user: User, devices: "QuerySet[Device]") -> list[str]:
    """End the sessions of these devices. Devices are locked before their sessions, in one order, by whoever locks both
    or several."""
    found = dict(devices.select_for_update().order_by("pk").values_list("pk", "session_key"))
    Session.objects.filter(session_key__in=found.values()).delete()
    Device.objects.filter(pk__in=found).delete()
    hint(f"user.{user.pk}", what="recheck")
    return list(found.values())


def _sweep(now: datetime) -> None:
    """Delete some of the sessions that are over, anybody's: whoever comes in takes a few along."""
    over = Session.objects.filter(expire_date__lt=now).select_for_update(skip_locked=True)
    with transaction.atomic():
        Session.objects.filter(session_key__in=list(over.values_list("session_key", flat=True)[:SWEPT])).delete()


def _forget_over(user: User) -> None:
    """Forget this person's devices whose session is gone; one that somebody is just ending is left to them."""
    lives = Session.objects.filter(session_key=OuterRef("session_key"))
    over = Device.objects.filter(~Exists(lives), user=user).select_for_update(skip_locked=True)
    with transaction.atomic():
        if gone := list(over.values_list("pk", flat=True)):
            Device.objects.filter(pk__in=gone).delete()


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
