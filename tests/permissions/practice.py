"""Who gets what from the addresses of `practice`: signing in, settings, health."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from practice.accounts.changing_email import ask_for_email
from practice.accounts.changing_factors import add_passkey
from practice.accounts.devices import note_device
from practice.accounts.inviting import invite_member
from practice.accounts.linking import hash_of
from practice.accounts.models import Device, EmailChange, StaffInvitation
from practice.accounts.session_store import SessionStore
from practice.notifications.models import Channel, EngineLane
from practice.notifications.writing import SALT
from practice.people.models import Membership, Role
from tests.factories.outbox import dead_mail
from tests.passkeys import CREDENTIAL
from tests.people import NOW, PASSWORD, World, give_app
from tests.permissions.row import LOGIN, PEOPLE, Expected, Row, SocketRow, everyone, only, staff

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


def a_code(world: World) -> dict[str, Any]:
    """Fill in a code that is nobody's."""
    return {"code": "000000"}


def with_an_app(world: World) -> dict[str, Any]:
    """Let the therapist have set up an authenticator app."""
    give_app(world.therapist)
    return {}


def no_passkey(world: World) -> dict[str, Any]:
    """Fill in what no browser answers."""
    return {"name": "My phone", "credential": "{}"}


def with_a_passkey(world: World) -> dict[str, Any]:
    """Let the therapist have a passkey."""
    return {"pk": add_passkey(user=world.therapist, name="My phone", credential=CREDENTIAL, now=NOW).pk}


def a_name(world: World) -> dict[str, Any]:
    """Fill in another name."""
    return {"name": "My laptop"}


def a_new_address(world: World) -> dict[str, Any]:
    """Fill in another address."""
    return {"email": "new@elm.example"}


def with_a_new_address(world: World) -> dict[str, Any]:
    """Let the client have asked for another address."""
    _asked(world)
    return {}


def with_a_link_to_a_new_address(world: World) -> dict[str, Any]:
    """Return the link that went there; who is signed in as somebody else opens nothing by it."""
    change = _asked(world)
    token = f"the link of mail {change.pk}"
    EmailChange.objects.filter(pk=change.pk).update(token_hash=hash_of(token))
    return {"token": token}


def _asked(world: World) -> EmailChange:
    user = world.client.user
    return ask_for_email(user=user, email="new@elm.example", by=user, now=timezone.now())


def with_a_reset_link(world: World) -> dict[str, Any]:
    """Return the link that the client's mail holds; whoever holds it may choose a new password."""
    token = default_token_generator.make_token(world.client.user)
    return {"uid": urlsafe_base64_encode(force_bytes(world.client.user_id)), "token": token}


def two_new_passwords(world: World) -> dict[str, Any]:
    """Fill in a new password, twice."""
    return {"password1": "a small boat at sea", "password2": "a small boat at sea"}


def with_a_device(world: World) -> dict[str, Any]:
    """Let the therapist be signed in somewhere else, too."""
    session = SessionStore()
    session.create()
    note_device(user=world.therapist, session_key=session.session_key, now=NOW, address=None, agent="Firefox on Linux")
    return {"pk": Device.objects.get(session_key=session.session_key).pk}


def signed_in(answer: Expected, **given: Expected) -> dict[str, Expected]:
    """Return the expectations of a page of one's own: everybody who is signed in has it."""
    return everyone(answer, anonymous=LOGIN) | given


def a_report(world: World) -> dict[str, Any]:
    """Say what a browser refused to load."""
    return {"csp-report": {"effective-directive": "script-src", "blocked-uri": "https://evil.example/x.js?secret=1"}}


def no_link(world: World) -> dict[str, Any]:
    """Name a link that nobody asked for."""
    return {"token": "nobody-asked-for-this"}


def invited(world: World) -> tuple[StaffInvitation, str]:
    """Invite someone to the staff of the first practice."""
    return invite_member(
        practice=world.practice,
        email="nina@elm.example",
        name="Nina New",
        roles=[Role.THERAPIST],
        by=world.admin,
        now=timezone.now(),
    )


def an_invitation(world: World) -> dict[str, Any]:
    """Name an invitation to the staff."""
    return {"invitation_id": invited(world)[0].pk}


def a_way_to_join(world: World) -> dict[str, Any]:
    """Return the link of such an invitation; whoever holds it may open it."""
    return {"token": invited(world)[1].split("/")[2]}


def someone_new(world: World) -> dict[str, Any]:
    """Fill in whom to invite."""
    return {"name": "Nina New", "email": "nina@elm.example", "roles": ["therapist"]}


def a_member(world: World) -> dict[str, Any]:
    """Name a member of the first practice's staff."""
    return {"member_id": Membership.objects.get(user=world.colleague).pk}


def facts(world: World) -> dict[str, Any]:
    """Fill in the practice's details."""
    return {"name": "Elm House", "phone": "030 1", "country": "DE", "zone": "Europe/Berlin", "language": "en"}


def a_desk_here(world: World) -> dict[str, Any]:
    """Choose a seat at the desk of the first practice."""
    return {"practice": world.practice.pk, "door": "desk"}


def other_roles(world: World) -> dict[str, Any]:
    """Fill in what they may do."""
    return {"roles": ["therapist", "lead"], "is_active": "on"}


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


def given_up(world: World) -> dict[str, Any]:
    """Return a notification that a mail server refused for good."""
    return {"notification_id": dead_mail(world.client, now=timezone.now()).pk}


ROWS: list[Row] = [
    Row("pages:demo-mail", "GET", everyone(200)),
    Row("pages:demo-letter", "GET", everyone(200), a_letter),
    Row("account_login", "GET", ONLY_ANONYMOUS),
    Row("account_login", "POST", everyone(SIGNED_IN), data=a_login),
    Row("account_logout", "GET", everyone(200, anonymous=LOGIN)),
    Row("account_logout", "POST", everyone(LOGIN)),
    Row("mfa_authenticate", "GET", everyone(SIGNED_IN, anonymous=LOGIN)),
    Row("mfa_authenticate", "POST", everyone(SIGNED_IN, anonymous=LOGIN), data=a_code),
    Row("account_reset", "GET", everyone(200)),
    Row("account_reset", "POST", everyone(302), data=an_address),
    Row("account_reset_sent", "GET", everyone(200)),
    Row("account_new_password", "GET", everyone(200), with_a_reset_link),
    Row("account_new_password", "POST", everyone(LOGIN), with_a_reset_link, data=two_new_passwords),
    Row("account_second_factor", "GET", signed_in(302)),
    Row("account_security", "GET", signed_in(200)),
    Row("account_email", "GET", signed_in(200, superuser=404)),
    Row("account_email", "POST", signed_in(302, superuser=404), data=a_new_address),
    Row("account_email_sent", "GET", signed_in(302, client=200), with_a_new_address),
    Row("account_email_sent", "POST", signed_in(302, client=200), with_a_new_address, data=a_code),
    Row("account_email_open", "GET", signed_in(410, client=200), with_a_link_to_a_new_address),
    Row("account_email_open", "POST", signed_in(410, client=302), with_a_link_to_a_new_address),
    Row("account_email_back", "POST", signed_in(302)),
    Row("account_app", "GET", signed_in(200)),
    Row("account_app", "POST", signed_in(200), data=a_code),
    Row("account_app_remove", "GET", signed_in(404, therapist=200), with_an_app),
    Row("account_app_remove", "POST", signed_in(404, therapist=302), with_an_app),
    Row("account_codes", "GET", signed_in(404, therapist=200), with_an_app),
    Row("account_codes", "POST", signed_in(404, therapist=302), with_an_app),
    Row("account_codes_text", "GET", signed_in(404, therapist=200), with_an_app),
    Row("account_codes_kept", "POST", signed_in(302), with_an_app),
    Row("mfa_login_webauthn", "GET", everyone(SIGNED_IN, anonymous=LOGIN)),
    Row("mfa_login_webauthn", "POST", everyone(SIGNED_IN, anonymous=LOGIN), data=no_passkey),
    Row("account_passkey_add", "GET", signed_in(200)),
    Row("account_passkey_add", "POST", signed_in(200), data=no_passkey),
    Row("account_passkey", "GET", signed_in(404, therapist=200), with_a_passkey),
    Row("account_passkey", "POST", signed_in(404, therapist=302), with_a_passkey, data=a_name),
    Row("account_passkey_remove", "GET", signed_in(404, therapist=200), with_a_passkey),
    Row("account_passkey_remove", "POST", signed_in(404, therapist=302), with_a_passkey),
    Row("account_device_end", "POST", signed_in(404, therapist=302), with_a_device),
    Row("account_devices_end", "POST", signed_in(302)),
    Row("account_confirm", "GET", signed_in(200)),
    Row("account_confirm", "POST", signed_in(200), data=a_code),
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
    Row("pages:setup", "GET", only(admin=200, outsider=200)),
    Row("pages:setup", "POST", only(admin=302, outsider=302), data=lambda world: {"say": "alone"}),
    Row("pages:practice", "GET", only(admin=200, outsider=200)),
    Row("pages:practice", "POST", only(admin=302, outsider=302), data=facts),
    Row("pages:mail", "GET", only(admin=200, outsider=200)),
    Row("pages:mail", "POST", only(admin=302, outsider=302)),
    Row("pages:delivery", "GET", only(admin=200, outsider=200)),
    Row("pages:delivery-retry", "POST", only(admin=302), given_up),
    Row("pages:delivery-discard", "POST", only(admin=302), given_up),
    Row("pages:people", "GET", only(admin=200, outsider=200)),
    Row("pages:people-invite", "GET", only(admin=200, outsider=200)),
    Row("pages:people-invite", "POST", only(admin=302, outsider=302), data=someone_new),
    Row("pages:people-member", "GET", only(admin=200), a_member),
    Row("pages:people-member", "POST", only(admin=302), a_member, data=other_roles),
    Row("pages:people-again", "POST", only(admin=302), an_invitation),
    Row("pages:people-withdraw", "POST", only(admin=302), an_invitation),
    Row("pages:seats", "GET", everyone(200, anonymous=LOGIN, superuser=404)),
    Row("pages:seats", "POST", everyone(302, anonymous=LOGIN, superuser=404), data=a_desk_here),
    Row("pages:join", "GET", everyone(410), no_link),
    Row("pages:join", "POST", everyone(410), no_link),
    Row("pages:join", "GET", everyone(200), a_way_to_join),
    Row("pages:join", "POST", everyone(200), a_way_to_join),
    Row("pages:csp-report", "POST", everyone(204), data=a_report, json=True),
    Row("pages:livez", "GET", everyone(200)),
    Row("pages:healthz", "GET", everyone(200), with_a_ticking_engine),
    Row("notifications:unsubscribe", "GET", everyone(200), with_a_stop_link),
    Row("notifications:unsubscribe", "POST", everyone(200), with_a_stop_link),
]

SOCKET_ROWS: list[SocketRow] = [
    SocketRow("live", lambda world: "/ws/live/", {person: person != "anonymous" for person in PEOPLE}),
]
