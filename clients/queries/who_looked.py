"""The client's page "who looked at my record": the audit trail in plain sentences, by day, in the reader's zone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import CareTeamMember, Client
from clients.queries.registries import TRAIL_LINES
from practice.audit.models import AuditEvent
from practice.clock import local
from practice.contributions import AUDIT_VERBS
from practice.people.models import Membership, Role

PAGE: Final = 40
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
LOOKED, CHANGED, OWN = "", "changed", "mine"
VIEWS: Final = (
    (LOOKED, gettext_lazy("Looked")),
    (CHANGED, gettext_lazy("Changed")),
    (OWN, gettext_lazy("By me")),
)
ROLES: Final = (
    (Role.LEAD, gettext_lazy("clinical lead of the practice")),
    (Role.SUPERVISOR, gettext_lazy("supervisor at the practice")),
    (Role.THERAPIST, gettext_lazy("therapist at the practice")),
    (Role.ADMIN, gettext_lazy("in the practice's office")),
)


@dataclass
class Line:
    """One sentence, when it happened last, and how often in a row that day."""

    who: str
    said: str
    at: datetime
    time: str
    times: int = 1


@dataclass
class Day:
    """The lines of one local day, newest first."""

    day: date
    label: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Looks:
    """One page of the trail. `earlier` is what to ask for next, or ''."""

    days: list[Day]
    earlier: str


def looks_at(client: Client, *, now: datetime, show: str = LOOKED, before: str = "", limit: int = PAGE) -> Looks:
    """Return one page, newest first: who looked, who changed something, or what the client did. At most five queries.

    `before` is the `earlier` of the page above; nonsense gives the first page.
    """
    rows = _chosen(client, show)
    cursor = _cursor(before)
    if cursor:
        at, pk = cursor
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows.select_related("actor").order_by("-at", "-pk")[: limit + 1])
    shown = found[:limit]
    earlier = _written(shown[-1]) if len(found) > limit else ""
    return Looks(_days(client, shown, now=now, mine=show == OWN), earlier)


def latest_looks(client: Client, *, now: datetime, limit: int = 4) -> list[Day]:
    """Return the newest looks alone, for a card. At most five queries."""
    return looks_at(client, now=now, limit=limit).days


def _chosen(client: Client, show: str) -> Any:
    rows = AuditEvent.objects.filter(client_ref=client.pk)
    if show == OWN:
        return rows.filter(actor_id=client.user_id)
    others = rows.exclude(actor_id=client.user_id)
    reading = [verb for verb, line in TRAIL_LINES.items() if line.reads]
    return others.exclude(verb__in=reading) if show == CHANGED else others.filter(verb__in=reading)


def _days(client: Client, rows: list[AuditEvent], *, now: datetime, mine: bool) -> list[Day]:
    roles = {} if mine else _roles(client, {row.actor_id for row in rows if row.actor_id})
    titles = _titles(rows)
    days: list[Day] = []
    for row in rows:
        there = local(row.at, client.zone)
        if not days or days[-1].day != there.date():
            days.append(Day(there.date(), _label(there.date(), local(now, client.zone).date())))
        line = _line(row, roles, titles, mine=mine, time=date_format(there, "H:i"))
        last = days[-1].lines[-1] if days[-1].lines else None
        if last and last.said == line.said:
            last.times += 1
        else:
            days[-1].lines.append(line)
    return days


def _line(row: AuditEvent, roles: dict[int, Any], titles: dict[int, Any], *, mine: bool, time: str) -> Line:
    label = AUDIT_VERBS.get(row.verb) or row.verb
    if row.actor is None:
        return Line("Rapport", _("Rapport itself %(what)s.") % {"what": label}, row.at, time)
    if mine:
        return Line(row.actor.name, _("You %(what)s.") % {"what": label}, row.at, time)
    words = {"name": row.actor.name, "role": roles[row.actor.pk], "what": label}
    line = TRAIL_LINES.get(row.verb)
    if line is None:
        said = _("%(name)s, %(role)s, %(what)s.") % words
    elif line.titled and row.pk in titles:
        said = line.titled % {**words, "title": titles[row.pk]}
    else:
        said = line.said % words
    return Line(row.actor.name, str(said), row.at, time)


def _titles(rows: list[AuditEvent]) -> dict[int, Any]:
    """Titles by event, one query for each verb that has any."""
    found: dict[int, Any] = {}
    for verb, line in TRAIL_LINES.items():
        about = {row.pk: row.subject_ref for row in rows if row.verb == verb and row.subject_ref}
        if about and line.titles:
            titles = line.titles(sorted(set(about.values())))
            found |= {pk: titles[ref] for pk, ref in about.items() if ref in titles}
    return found


def _roles(client: Client, user_ids: Iterable[int]) -> dict[int, Any]:
    """What each of them is to the client. Two queries."""
    ids = list(user_ids)
    team = CareTeamMember.objects.filter(client=client, user_id__in=ids).order_by("since")
    on_team = {member.user_id: member.until is None for member in team}
    staff = Membership.objects.filter(practice_id=client.practice_id, user_id__in=ids)
    members = {member.user_id: member for member in staff}
    return {pk: _role(client, pk, on_team.get(pk), members.get(pk)) for pk in ids}


def _role(client: Client, user_id: int, on_team: bool | None, member: Membership | None) -> Any:
    if user_id == client.therapist_id:
        return _("your therapist")
    if on_team:
        return _("on your care team")
    if member is None or not member.is_active:
        return _("no longer at the practice")
    if on_team is False:
        return _("on your care team before")
    return next((words for role, words in ROLES if member.has(role)), _("at the practice"))


def _label(day: date, today: date) -> str:
    plain = date_format(day, "l, j F" if day.year == today.year else "l, j F Y")
    if day == today:
        return _("Today, %(day)s") % {"day": plain}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": plain}
    return plain


def _written(row: AuditEvent) -> str:
    return f"{(row.at - BEGINNING) // timedelta(microseconds=1)}-{row.pk}"


def _cursor(text: str) -> tuple[datetime, int] | None:
    moment, _dash, number = text.partition("-")
    if not (moment.isascii() and moment.isdigit() and number.isascii() and number.isdigit()) or len(text) > 40:
        return None
    try:
        return BEGINNING + timedelta(microseconds=int(moment)), min(int(number), 2**63 - 1)
    except OverflowError:
        return None
