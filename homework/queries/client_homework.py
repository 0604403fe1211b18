"""The Homework tab of a client: pathways that run, what comes, what is open, what is done. Constant queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from clients.models import Client
from homework.models import Assignment, AssignmentStatus, Enrolment, EnrolmentStatus
from homework.models.assignment import OPEN_STATES, OVER, WISHES
from homework.queries.review import readable
from homework.timings import DATE, Planned, Waiting
from practice import clock

S = AssignmentStatus
MOST_OPEN, MOST_AHEAD, MOST_DONE = 60, 60, 30


@dataclass(frozen=True)
class Row:
    """One assignment as a line. `at` is on the client's wall clock; `waits` says what it waits for."""

    assignment: Assignment
    title: str
    at: datetime | None
    waits: str = ""
    pathway: str = ""
    response: int | None = None  # the number of what can be read
    needs_date: bool = False

    @property
    def can_withdraw(self) -> bool:
        """Return whether it was sent and not begun."""
        return self.assignment.status in {S.SENT, S.OPENED}


@dataclass(frozen=True)
class Homework:
    """A client's homework."""

    pathways: list[Enrolment]
    ahead: list[Row]
    more_ahead: int
    open: list[Row]
    done: list[Row]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was ever sent or planned."""
        return not (self.pathways or self.ahead or self.open or self.done)


@dataclass(frozen=True)
class Change:
    """A date before and after an act; both on the client's wall clock."""

    title: str
    before: datetime | None
    after: datetime | None
    waits: str = ""

    @property
    def moves(self) -> bool:
        """Return whether the act changes it."""
        return self.before != self.after


def homework_of(client: Client) -> Homework:
    """Return everything of the tab. Three queries."""
    mine = Assignment.objects.filter(client=client, rater="client").select_related(
        "activity_version", "enrolment__pathway_version"
    )
    lean = mine.defer("activity_version__content", "activity_version__about")
    now_and_later = lean.filter(status__in=(*OPEN_STATES, *WISHES)).order_by("send_at", "step", "occurrence")
    rows = list(now_and_later[: MOST_OPEN + MOST_AHEAD + 1])
    opened = [one for one in rows if one.status in OPEN_STATES][::-1]
    ahead = [one for one in rows if one.status in WISHES]
    to_read = Subquery(readable().filter(assignment=OuterRef("pk")).values("pk")[:1])
    over = lean.filter(status__in=OVER).annotate(to_read=to_read)
    done = list(over.order_by(F("done_at").desc(nulls_last=True), "-pk")[:MOST_DONE])
    return Homework(
        pathways=running(client),
        ahead=_lines_ahead(ahead[:MOST_AHEAD], opened),
        more_ahead=max(0, len(ahead) - MOST_AHEAD),
        open=[_row(one, one.sent_at) for one in opened],
        done=[_row(one, one.done_at, one.to_read) for one in done],
    )


def running(client: Client) -> list[Enrolment]:
    """Return the client's pathways that run or pause, newest first. Single sends and forms are no pathways."""
    rows = Enrolment.objects.filter(client=client, single=False, rater="client").exclude(status=EnrolmentStatus.ENDED)
    return list(rows.select_related("pathway_version").order_by("-created_at"))


def changes(enrolment: Enrolment, rows: list[Planned | Waiting], *, gone: int | None = None) -> list[Change]:
    """Return the dates of what lies ahead, before and after. `rows` is what an act said; `gone` is left out by it.

    One query; nothing when the act plans nothing anew.
    """
    if not rows:
        return []
    wishes = Assignment.objects.filter(enrolment=enrolment, status__in=WISHES).select_related("activity_version")
    told: Mapping[tuple[str, int], Planned | Waiting] = {(row.step, getattr(row, "occurrence", 1)): row for row in rows}
    found = []
    for wish in wishes.order_by("send_at", "step", "occurrence"):
        after = told.get((wish.step, wish.occurrence)) if wish.pk != gone else None
        waits = waiting_words(after.waits_for, {}) if isinstance(after, Waiting) else ""
        at = after.local_at if isinstance(after, Planned) else None
        found.append(Change(_numbered(wish), wish.local_at, at, waits or ("" if at else _("left out"))))
    return found


def waiting_words(waits_for: str, titles: Mapping[str, str]) -> str:
    """Return what a step waits for, in words."""
    if waits_for == DATE:
        return _("until you set a date")
    title = titles.get(waits_for)
    return _("until “%(title)s” is finished") % {"title": title} if title else _("until the step before is finished")


def _lines_ahead(ahead: list[Assignment], opened: list[Assignment]) -> list[Row]:
    titles = {(one.enrolment_id, one.step): str(one.activity_version.title) for one in [*ahead, *opened]}
    return [_ahead(one, titles) for one in ahead]


def _ahead(one: Assignment, titles: Mapping[tuple[int, str], str]) -> Row:
    steps = [(step["key"], step["timing"]["kind"]) for step in one.enrolment.pathway_version.steps]
    at = next((place for place, (key, _kind) in enumerate(steps) if key == one.step), 0)
    needs_date = one.local_at is None and bool(steps) and steps[at][1] == "date"
    before = steps[at - 1][0] if at else ""
    names = {before: titles[one.enrolment_id, before]} if (one.enrolment_id, before) in titles else {}
    waits = "" if one.local_at else waiting_words(DATE if needs_date else before, names)
    return Row(one, _numbered(one), one.local_at, waits, _pathway(one), needs_date=needs_date)


def _row(one: Assignment, moment: datetime | None, response: int | None = None) -> Row:
    at = clock.local(moment, one.tz) if moment else None
    return Row(one, _numbered(one), at, pathway=_pathway(one), response=response)


def _pathway(one: Assignment) -> str:
    return "" if one.enrolment.single else str(one.enrolment.pathway_version.title)


def _numbered(one: Assignment) -> str:
    title = str(one.activity_version.title)
    return title if one.occurrence == 1 else _("%(title)s, number %(n)d") % {"title": title, "n": one.occurrence}
