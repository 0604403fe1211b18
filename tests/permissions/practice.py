"""Who gets what from the addresses of `practice`: signing in, settings, health."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone

from practice.notifications.models import Channel, EngineLane
from practice.notifications.writing import SALT
from tests.people import PASSWORD, World
from tests.permissions.row import LOGIN, PEOPLE, Row, SocketRow, everyone, staff

SIGNED_IN = 302  # on to where they belong
ONLY_ANONYMOUS = everyone(SIGNED_IN, anonymous=200)


def a_login(world: World) -> dict[str, Any]:
    """Fill in the sign-in page."""
    return {"login": world.therapist.email, "password": PASSWORD}


def an_address(world: World) -> dict[str, Any]:
    """Fill in an address for a link or a code."""
    return {"email": world.client.user.email}


def hours(world: World) -> dict[str, Any]:
    """Fill in the settings."""
    return {"mo": "09:00-12:00", "reply_days": "1", "zone": "Europe/Berlin", "language": "en"}


def a_new_password(world: World) -> dict[str, Any]:
    """Fill in the old password and a new one."""
    new = "quite another long one"
    return {"old_password": PASSWORD, "new_password1": new, "new_password2": new}


def no_link(world: World) -> dict[str, Any]:
    """Name a link that nobody asked for."""
    return {"token": "nobody-asked-for-this"}


def with_a_ticking_engine(world: World) -> dict[str, Any]:
    """Let the engine have ticked just now."""
    EngineLane.objects.update_or_create(name="sends", defaults={"last_tick_at": timezone.now()})
    return {}


def with_a_stop_link(world: World) -> dict[str, Any]:
    """Return the link of the client's mails; whoever holds it may stop them."""
    return {"token": signing.dumps([world.client.user_id, Channel.EMAIL], salt=SALT)}


def a_letter(world: World) -> dict[str, Any]:
    """Put a mail into the demo's box."""
    box = Path(settings.DEMO_MAIL_DIR)
    box.mkdir(parents=True, exist_ok=True)
    name = "01790000000000000000-abcdef12"
    (box / f"{name}.eml").write_text("To: sam@elm.example\nSubject: Something new\n\nHello\n")
    return {"name": name}


ROWS: list[Row] = [
    Row("pages:demo-mail", "GET", everyone(200)),
    Row("pages:demo-letter", "GET", everyone(200), a_letter),
    Row("account_login", "GET", ONLY_ANONYMOUS),
    Row("account_login", "POST", everyone(SIGNED_IN), data=a_login),
    Row("account_logout", "GET", everyone(200, anonymous=LOGIN)),
    Row("account_logout", "POST", everyone(LOGIN)),
    Row("account_request_login_code", "GET", ONLY_ANONYMOUS),
    Row("account_request_login_code", "POST", everyone(SIGNED_IN), data=an_address),
    Row("account_confirm_login_code", "GET", everyone(302)),
    Row("account_confirm_login_code", "POST", everyone(302)),
    Row("account_link", "GET", everyone(200)),
    Row("account_link", "POST", everyone(302), data=an_address),
    Row("account_link_sent", "GET", everyone(302)),
    Row("account_link_sent", "POST", everyone(302)),
    Row("account_link_open", "GET", everyone(410), no_link),
    Row("account_link_open", "POST", everyone(410), no_link),
    Row("pages:me", "GET", staff(200)),
    Row("pages:me", "POST", staff(302), data=hours),
    Row("pages:password", "GET", staff(200)),
    Row("pages:password", "POST", staff(302), data=a_new_password),
    Row("pages:livez", "GET", everyone(200)),
    Row("pages:healthz", "GET", everyone(200), with_a_ticking_engine),
    Row("notifications:unsubscribe", "GET", everyone(200), with_a_stop_link),
    Row("notifications:unsubscribe", "POST", everyone(200), with_a_stop_link),
]

SOCKET_ROWS: list[SocketRow] = [
    SocketRow("live", lambda world: "/ws/live/", {person: person != "anonymous" for person in PEOPLE}),
]
