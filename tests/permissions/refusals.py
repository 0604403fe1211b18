"""What each form refuses: the bad input that is posted to see its error state, written by hand.

A row names a route that takes a form, who posts, what, and which of the typed words must still stand on the page.
A posting route is either here or in BUTTONS, where a person types nothing (tests/house/test_refusals.py); axe looks
at every refused form (tests/journeys/test_every_page.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.people import World
from tests.permissions import admin, clients, homework, messaging, practice
from tests.permissions.row import nothing

TOO_LONG = "word " * 4_100


@dataclass(frozen=True)
class Refusal:
    """A form posted with something wrong. `keeps` are words of `data` that the answer shows again."""

    route: str
    who: str
    data: dict[str, Any]
    kwargs: Callable[[World], dict[str, Any]] = nothing
    keeps: tuple[str, ...] = ()
    first: tuple[str, dict[str, Any]] | None = None  # a form that must have been posted before


REFUSALS: list[Refusal] = [
    Refusal(
        "account_login", "anonymous", {"login": "noor@elm.example", "password": "wrong"}, keeps=("noor@elm.example",)
    ),
    Refusal("account_reset", "anonymous", {"email": "noor at elm"}, keeps=("noor at elm",)),
    Refusal(
        "account_new_password", "anonymous", {"password1": "short", "password2": "other"}, practice.with_a_reset_link
    ),
    Refusal("account_app", "therapist", {"code": "000000"}),
    Refusal("account_email", "client", {"email": "sam at elm"}, keeps=("sam at elm",)),
    Refusal("account_email_sent", "client", {"code": "000000"}, practice.with_a_new_address),
    Refusal("account_passkey_add", "therapist", {"name": "Mine", "credential": "{}"}, keeps=("Mine",)),
    Refusal("account_passkey", "therapist", {"name": ""}, practice.with_a_passkey),
    Refusal("account_confirm", "therapist", {"code": "000000"}, practice.with_an_app),
    Refusal("account_link", "anonymous", {"email": "noor at elm"}, keeps=("noor at elm",)),
    Refusal(
        "account_link_sent",
        "anonymous",
        {"code": "000000"},
        first=("account_link", {"email": "sam.dorn@elm.example"}),
    ),
    Refusal("pages:me", "therapist", {"mo": "nine till noon"}, keeps=("nine till noon",)),
    Refusal("pages:password", "therapist", {"old_password": "wrong", "new_password1": "a", "new_password2": "b"}),
    Refusal(
        "clients:client-new",
        "therapist",
        {"name": "", "email": "no address", "phone": "0123"},
        keeps=("no address", "0123"),
    ),
    Refusal(
        "clients:leave-new",
        "therapist",
        {"first": "2020-01-01", "back": "2020-01-02", "message": "I am at the sea"},
        keeps=("2020-01-01", "I am at the sea"),
    ),
    Refusal("clients:hand-over", "therapist", {"to": "", "clients": []}),
    Refusal(
        "clients:client-email",
        "therapist",
        {"email": "pip at home"},
        clients.of_client_without_email,
        keeps=("pip at home",),
    ),
    Refusal("clients:client-edit", "therapist", {"name": "", "phone": "0123"}, clients.of_client, keeps=("0123",)),
    Refusal(
        "clients:client-appointments",
        "therapist",
        {"day": "someday", "time": "10:00", "minutes": "2"},
        clients.of_client,
        keeps=("someday",),
    ),
    Refusal(
        "clients:appointment-move",
        "therapist",
        {"day": "someday", "time": "10:00", "minutes": "2"},
        clients.an_appointment,
        keeps=("someday",),
    ),
    Refusal(
        "clients:me", "client", {"quiet_from": "late", "context": "I pray at dusk"}, keeps=("late", "I pray at dusk")
    ),
    Refusal("clients:welcome", "client", {"treatment": "yes"}, keeps=('value="yes" checked',)),
    Refusal("clients:room-door", "anonymous", {"code": "AAAA BBBB"}, keeps=("AAAA BBBB",)),
    Refusal("clients:coming-back", "client", {"password1": "short", "password2": "other"}),
    Refusal("messaging:portal-write", "client", {"text": TOO_LONG, "when": "now"}, keeps=(TOO_LONG.strip(),)),
    Refusal(
        "messaging:desk-write", "therapist", {"text": TOO_LONG}, messaging.of_conversation, keeps=(TOO_LONG.strip(),)
    ),
    Refusal(
        "homework:portal-fill-page",
        "client",
        {"rev-worry": "0", "worry": TOO_LONG, "go": "next"},
        homework.page_of_client,
        keeps=(TOO_LONG.strip(),),
    ),
    Refusal(
        "homework:desk-fill-page",
        "therapist",
        {"rev-worry": "0", "worry": TOO_LONG, "go": "next"},
        homework.page_of_therapist,
        keeps=(TOO_LONG.strip(),),
    ),
    Refusal("homework:desk-activity-new", "therapist", {"title": "x" * 161}, keeps=("x" * 161,)),
    Refusal(
        "homework:desk-activity-about",
        "therapist",
        {"purpose": "Sleep", "minutes": "0"},
        homework.of_draft,
        keeps=("Sleep",),
    ),
    Refusal(
        "homework:desk-response-comment", "therapist", {"body": TOO_LONG}, homework.sent_back, keeps=(TOO_LONG.strip(),)
    ),
    Refusal("homework:desk-send", "therapist", {"when": "at", "date": "someday"}, keeps=("someday",)),
    Refusal(
        "homework:assignment-move",
        "therapist",
        {"date": "someday", "time": "", "do": "1"},
        homework.planned,
        keeps=("someday",),
    ),
    Refusal("homework:desk-pathway-new", "therapist", {"title": "x" * 161}, keeps=("x" * 161,)),
    Refusal("homework:desk-pathway-import", "therapist", {}),
    Refusal(
        "homework:desk-pathway", "therapist", {"client": "", "date": "someday"}, homework.of_pathway, keeps=("someday",)
    ),
    Refusal(
        "homework:desk-pathway-about",
        "therapist",
        {"for_whom": TOO_LONG},
        homework.of_pathway,
        keeps=(TOO_LONG.strip(),),
    ),
    Refusal("pages:practice", "admin", {"name": "Elm House", "phone": ""}, keeps=("Elm House",)),
    Refusal("clients:crisis-lines", "admin", {"name1": "Night line", "number1": ""}, keeps=("Night line",)),
    Refusal("pages:people-invite", "admin", {"name": "Kim", "email": "no address"}, keeps=("no address", "Kim")),
    Refusal("pages:people-member", "admin", {"is_active": "on"}, practice.a_member),
    Refusal("pages:join", "anonymous", {"password1": "short", "password2": "other"}, practice.a_way_to_join),
    Refusal("admin:practice_membership_change", "admin", {"is_active": "on"}, admin.of(admin.a_member)),
    Refusal("admin:practice_practice_change", "admin", {"name": "", "phone": "0123"}, admin.of(admin.the_practice)),
    Refusal("admin:clients_client_change", "admin", {"therapist": ""}, admin.of(admin.the_client)),
    Refusal("admin:clients_careteammember_add", "admin", {"client": "", "user": ""}),
    Refusal("admin:clients_consenttext_add", "admin", {"kind": "treatment", "body": ""}),
]

BUTTONS = {  # nothing is typed: a button, ticks, or a code that is asked for by a page of its own
    "account_logout",
    "account_email_open",
    "account_email_back",
    "account_app_remove",
    "account_codes",
    "account_device_end",
    "account_devices_end",
    "account_passkey_remove",
    "mfa_login_webauthn",
    "account_codes_kept",
    "mfa_authenticate",
    "account_link_open",
    "pages:people-again",
    "pages:seats",
    "pages:setup",
    "pages:mail",
    "clients:consent-texts",
    "pages:delivery-retry",
    "pages:delivery-discard",
    "pages:people-withdraw",
    "notifications:unsubscribe",
    "clients:item-acknowledge",
    "clients:item-resolve",
    "clients:client-invite",
    "clients:client-archive",
    "clients:client-restore",
    "clients:leave-end",
    "clients:client-room",
    "clients:room-enter",
    "clients:team-join",
    "clients:team-leave",
    "clients:appointment-decide",
    "clients:tell",
    "clients:text-size",
    "clients:consent",
    "clients:invitation",
    "messaging:desk-settle",
    "messaging:desk-held-send",
    "messaging:desk-held-back",
    "homework:desk-activity-copy",
    "homework:desk-activity-archive",
    "homework:desk-activity-publish",
    "homework:desk-response-read",
    "homework:assignment-steer",
    "homework:enrolment-steer",
    "homework:desk-pathway-publish",
    "homework:desk-pathway-copy",
    "homework:desk-pathway-archive",
    "alliance:portal-decline",
    "alliance:desk-decline",
    "alliance:desk-forms",
    "alliance:desk-signal-useful",
}
