"""Starting a real practice: the practice, and the invitation of its first admin."""

from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from practice.accounts import events
from practice.accounts.founding import found_practice
from practice.accounts.inviting import invite_member
from practice.accounts.models import StaffInvitation
from practice.clock.zones import UnknownZone, canonical_zone
from practice.people.models import Membership, Practice, Role


class CannotStart(Exception):
    """Why nothing was made; the message is for the operator."""


@dataclass(frozen=True)
class Wanted:
    """What an operator says about a practice and its first admin."""

    name: str
    zone: str
    country: str
    language: str
    admin_name: str
    admin_email: str
    roles: tuple[str, ...]


@transaction.atomic
def start_practice(*, wanted: Wanted, mail: bool, now: datetime) -> str:
    """Return the path of the link by which the first admin joins; also mailed if `mail`. Raises CannotStart.

    A practice of this name must not exist yet: then nothing is changed.
    """
    roles = _checked(wanted)
    if _named(wanted.name) is not None:
        raise CannotStart(
            f"There is a practice called “{wanted.name}” already, and nothing was changed. "
            "If its first admin has not joined and needs another link, run this again with --new-link."
        )
    practice = found_practice(
        name=wanted.name.strip(),
        zone=canonical_zone(wanted.zone),
        country=wanted.country.upper(),
        language=wanted.language,
        now=now,
    )
    _invitation, path = invite_member(
        practice=practice, email=wanted.admin_email, name=wanted.admin_name, roles=roles, by=None, now=now, mail=mail
    )
    events.practice_started.send(sender=Practice, practice=practice, now=now)
    return path


@transaction.atomic
def renew_link(*, name: str, mail: bool, now: datetime) -> tuple[str, str]:
    """Return the address and a new link of the first admin, as long as nobody has joined. Raises CannotStart."""
    practice = _named(name)
    if practice is None:
        raise CannotStart(f"There is no practice called “{name}”.")
    if Membership.objects.filter(practice=practice).exists():
        raise CannotStart("Somebody has joined this practice already. Its admin invites the others, at the desk.")
    last = StaffInvitation.objects.filter(practice=practice).order_by("-sent_at", "-pk").first()
    if last is None:
        raise CannotStart("Nobody was ever invited to this practice.")
    _invitation, path = invite_member(
        practice=practice,
        email=last.email,
        name=last.name,
        roles=[Role(role) for role in last.roles],
        by=None,
        now=now,
        mail=mail,
    )
    return last.email, path


def _named(name: str) -> Practice | None:
    return Practice.objects.filter(name__iexact=name.strip()).first()


def _checked(wanted: Wanted) -> list[Role]:
    if not wanted.name.strip() or not wanted.admin_name.strip():
        raise CannotStart("A practice and its admin need a name.")
    try:
        canonical_zone(wanted.zone)
    except UnknownZone:
        raise CannotStart(f"{wanted.zone!r} is no time zone. Write it like Europe/Berlin.") from None
    if wanted.country.upper() not in Locale("en").territories or len(wanted.country) != 2:
        raise CannotStart(f"{wanted.country!r} is no country. Write two letters, like DE.")
    languages = [code for code, _name in settings.LANGUAGES]
    if wanted.language not in languages:
        raise CannotStart(f"Pages don't exist in {wanted.language!r}. Choose one of: {', '.join(languages)}.")
    try:
        validate_email(wanted.admin_email)
    except ValidationError:
        raise CannotStart(f"{wanted.admin_email!r} is no e-mail address.") from None
    unknown = sorted(set(wanted.roles) - set(Role.values))
    if unknown:
        raise CannotStart(f"Unknown roles: {', '.join(unknown)}. There are: {', '.join(Role.values)}.")
    if Role.ADMIN.value not in wanted.roles:
        raise CannotStart("The first person must have the role admin.")
    return [Role(role) for role in wanted.roles]
