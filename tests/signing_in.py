"""Signs a browser in without the sign-in pages, which have journeys of their own."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import BrowserContext

from practice.accounts.confirming import note
from practice.accounts.session_store import SessionStore
from practice.people.models import User
from practice.permissions.second_factor import prove

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(context: BrowserContext, user: User, url: str = "http://localhost", *, fresh: bool = True) -> None:
    """Give the browser a session of this person, by a second factor too; `fresh`: as if they had just signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["signed_in_at"] = datetime.now(UTC).isoformat()
    prove(session)
    if fresh:
        note(session, datetime.now(UTC))
    session.create()
    context.add_cookies(
        [{"name": "sessionid", "value": str(session.session_key), "domain": urlsplit(url).hostname or "", "path": "/"}]
    )
