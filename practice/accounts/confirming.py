"""Proving anew that it is really you, before something weighty: changing second factors, exporting, erasing.

    @require_http_methods(["GET", "POST"])
    @fresh(back="account_security")
    def view(request): …

Whoever signed in or proved it within ten minutes goes on; others are asked first and come back. How someone proves it:
by a second factor when they have one, else by their password, else (clients who sign in by mailed link) by a freshly
mailed code. Someone without any of these signs out and in again.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from practice.accounts.mailing import mail_sign_in
from practice.accounts.second_factors import Factors, factors_of
from practice.people.models import User
from practice.permissions.seats import has_desk
from practice.permissions.second_factor import is_proven

CONFIRMED, MAILED = "confirmed", "confirming_code"
GOOD_FOR = timedelta(minutes=10)
CODE_GOOD_FOR = timedelta(minutes=30)
MOST_TRIES = 5
CODE, PASSKEY, PASSWORD, MAIL = "code", "passkey", "password", "mail"
View = Callable[..., HttpResponse]


def note(session: Any, now: datetime) -> None:
    """Note that this person has just proved who they are."""
    session[CONFIRMED] = now.timestamp()
    session.pop(MAILED, None)


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    """Return whether this person proved who they are a moment ago, and by a second factor when they have one."""
    at = request.session.get(CONFIRMED)
    if at is None or now - datetime.fromtimestamp(at, UTC) >= GOOD_FOR:
        return False
    return is_proven(request.session) or not factors_of(_user(request)).any


def fresh(*, back: str = "") -> Callable[[View], View]:
    """Guard a view. `back` names the page to come back to from a POST; without it, and from a GET, the same address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if is_fresh(request, timezone.now()):
                return view(request, *args, **kwargs)
            return ask_first(request, back=back)

        return guarded

    return decorate


def ask_first(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Return the way to the page that asks for a proof, and from there to `back` or to this address again."""
    to = resolve_url(back) if back and request.method != "GET" else request.get_full_path()
    return HttpResponseRedirect(f"{resolve_url('account_confirm')}?{urlencode({'next': to})}")


def ways_of(user: User, factors: Factors) -> list[str]:
    """Return how this person can prove who they are. Staff never by a mailed code."""
    if factors.any:
        return [CODE] * bool(factors.app or factors.codes) + [PASSKEY] * bool(factors.passkeys)
    if user.has_usable_password():
        return [PASSWORD]
    return [MAIL] if user.email and user.email_proven_at and not (user.is_superuser or has_desk(user)) else []


def mail_code(request: HttpRequest, now: datetime) -> None:
    """Mail a code; only its hash is kept, in the session that asked for it."""
    user, code = _user(request), f"{secrets.randbelow(1_000_000):06d}"
    until = now + CODE_GOOD_FOR
    request.session[MAILED] = {"hash": _hash(user, code), "until": until.timestamp(), "tries": 0}
    mail_sign_in(user=user, kind="sign_in_code", code=code, now=now, until=until)


def is_right_code(request: HttpRequest, code: str, now: datetime) -> bool:
    """Return whether this is the mailed code. Counts the try; after five the code is dead."""
    mailed = request.session.get(MAILED)
    if not mailed or mailed["tries"] >= MOST_TRIES or now.timestamp() >= mailed["until"]:
        return False
    request.session[MAILED] = mailed | {"tries": mailed["tries"] + 1}
    return constant_time_compare(mailed["hash"], _hash(_user(request), code.strip().replace(" ", "")))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the doors in front of this let nobody else through
    return request.user


def _hash(user: User, code: str) -> str:
    salt = f"practice.accounts.confirming:{user.pk}:{user.email}"  # a code mailed to a former address is over
    return salted_hmac(salt, code, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
