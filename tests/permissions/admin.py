"""Who gets what in the admin site. Whoever is no admin is sent to sign in; another practice's row is 404."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from clients.domain.attending import raise_item
from clients.domain.consenting import texts_for
from clients.models import CareTeamMember
from practice.audit.models import AuditEvent
from practice.notifications.enqueueing import enqueue
from practice.notifications.models import EngineLane, Notification
from practice.people.models import Membership
from tests.people import NOW, World
from tests.permissions.row import LOGIN, Expected, Row, everyone


def admins(answer: Expected, **given: Expected) -> dict[str, Expected]:
    """Return the expectations of a page for admins, each in their own practice."""
    return everyone(LOGIN, admin=answer, outsider=answer, superuser=404) | given


def rows_of(
    model: str, row: Callable[[World], Any], *, adds: int = 404, superuser: int = 404, outsider: int = 404
) -> list[Row]:
    """Return the rows of a model: its list, its empty form, and one row of the first practice."""
    return [
        Row(f"admin:{model}_changelist", "GET", admins(200, superuser=superuser)),
        Row(f"admin:{model}_add", "GET", admins(adds)),
        Row(
            f"admin:{model}_change",
            "GET",
            admins(200, outsider=outsider, superuser=superuser),
            of(row),
        ),
    ]


def of(row: Callable[[World], int]) -> Callable[[World], dict[str, Any]]:
    """Return the arguments that name a row."""
    return lambda world: {"object_id": row(world)}


def the_practice(world: World) -> int:
    """Return the first practice."""
    return world.practice.pk


def the_client(world: World) -> int:
    """Return the client."""
    return world.client.pk


def roles(world: World) -> dict[str, Any]:
    """Fill in other roles."""
    return {"roles": ["therapist", "supervisor"], "is_active": "on"}


def facts(world: World) -> dict[str, Any]:
    """Fill in the practice."""
    return {"name": "Elm House", "country": "DE", "zone": "Europe/Berlin", "language": "en", "lines_checked": "on"}


def another_therapist(world: World) -> dict[str, Any]:
    """Fill in another primary therapist."""
    return {"therapist": world.colleague.pk}


def a_new_team_member(world: World) -> dict[str, Any]:
    """Fill in who joins a care team; admins of another practice don't find these people."""
    return {"client": world.client.pk, "user": world.colleague.pk}


def a_new_text(world: World) -> dict[str, Any]:
    """Fill in a text."""
    return {"kind": "treatment", "language": "en", "body": "We work together here."}


def an_item(world: World) -> int:
    """Return an attention item."""
    return raise_item(client=world.client, kind="help_asked", key="table", now=timezone.now()).pk


def a_team_member(world: World) -> int:
    """Return a row of the care team."""
    with world.scope():
        return CareTeamMember.objects.get(client=world.client).pk


def a_text(world: World) -> int:
    """Return a consent text."""
    return texts_for(client=world.client, now=NOW)["treatment"].pk


def a_mail(world: World) -> int:
    """Return a row of the outbox."""
    enqueue(
        kind="care_team",
        user_ids=[world.client.user_id],
        practice_id=world.practice.pk,
        subject_type="client",
        subject_id=world.client.pk,
        now=NOW,
    )
    with world.scope():
        return Notification.objects.filter(user=world.client.user).latest("pk").pk


def a_trace(world: World) -> int:
    """Return a row of the audit trail."""
    with world.scope():
        return AuditEvent.objects.latest("pk").pk


def a_lane(world: World) -> int:
    """Return a lane of the engine."""
    return EngineLane.objects.get_or_create(name="sends")[0].pk


def a_member(world: World) -> int:
    """Return a member of staff."""
    return Membership.objects.get(user=world.colleague).pk


ROWS: list[Row] = [
    Row("admin:index", "GET", admins(200, superuser=200)),
    Row("admin:login", "GET", everyone(302, anonymous=LOGIN)),
    Row("admin:logout", "GET", everyone(302)),
    Row("admin:jsi18n", "GET", admins(200, superuser=200)),
    Row("admin:app_list", "GET", admins(200, superuser=200), lambda world: {"app_label": "practice"}),
    Row("admin:practice_membership_change", "POST", admins(302, outsider=404), of(a_member), roles),
    Row("admin:practice_practice_change", "POST", admins(302, outsider=404, superuser=403), of(the_practice), facts),
    Row("admin:clients_client_change", "POST", admins(302, outsider=404), of(the_client), another_therapist),
    Row("admin:clients_careteammember_add", "POST", admins(302, outsider=200), data=a_new_team_member),
    Row("admin:clients_consenttext_add", "POST", admins(302), data=a_new_text),
    *rows_of("practice_membership", a_member),
    *rows_of("practice_practice", the_practice, superuser=200),
    *rows_of("practice_notification", a_mail),
    *rows_of("practice_auditevent", a_trace),
    *rows_of("practice_enginelane", a_lane, superuser=200, outsider=200),
    *rows_of("clients_client", the_client),
    *rows_of("clients_careteammember", a_team_member, adds=200),
    *rows_of("clients_consenttext", a_text, adds=200),
    *rows_of("clients_attentionitem", an_item),
]
