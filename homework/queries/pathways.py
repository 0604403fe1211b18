"""Pathways: the list, one as sentences, and its dates for one client. Constant queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from homework.models import Activity, Enrolment, EnrolmentStatus, Origin, Pathway
from homework.timings import DATE, Planned, Waiting
from practice import clock

WEEKDAYS = (
    ("mo", gettext_lazy("Mon")),
    ("tu", gettext_lazy("Tue")),
    ("we", gettext_lazy("Wed")),
    ("th", gettext_lazy("Thu")),
    ("fr", gettext_lazy("Fri")),
    ("sa", gettext_lazy("Sat")),
    ("su", gettext_lazy("Sun")),
)
KINDS = (
    ("interval:start", gettext_lazy("after the start")),
    ("interval:previous_sent", gettext_lazy("after the step before was sent")),
    ("after_completed", gettext_lazy("after the step before is finished")),
    ("with_previous", gettext_lazy("together with the step before")),
    ("weekly", gettext_lazy("every week")),
    ("date", gettext_lazy("on a date")),
)


@dataclass(frozen=True)
class StepLine:
    """A step for reading and for the builder."""

    raw: dict[str, Any]
    number: int
    title: str
    minutes: int | None
    published: bool
    choice: str
    words: str
    problems: list[str] = field(default_factory=list)

    @property
    def timing(self) -> dict[str, Any]:
        """Return the timing's fields."""
        timing: dict[str, Any] = self.raw["timing"]
        return timing


@dataclass(frozen=True)
class DatedLine:
    """An occurrence on the client's wall clock, or what a step waits for."""

    title: str
    at: datetime | None
    words: str = ""


@dataclass(frozen=True)
class Dates:
    """What an enrolment would do."""

    lines: list[DatedLine]
    later: list[str]
    changes: list[tuple[datetime, bool]]


def pathway_list(*, archived: bool = False) -> list[Pathway]:
    """Return the practice's pathways by title, with `steps_out` and `on_it` (clients on it now). One query."""
    on_it = (
        Enrolment.objects.filter(pathway_version__pathway=OuterRef("pk"))
        .exclude(status=EnrolmentStatus.ENDED)
        .order_by()
        .values("pathway_version__pathway")
        .annotate(n=Count("client", distinct=True))
        .values("n")
    )
    rows = Pathway.objects.exclude(origin=Origin.SYSTEM).filter(archived_at__isnull=not archived)
    return list(
        rows.select_related("latest")
        .annotate(on_it=Subquery(on_it, output_field=IntegerField()))
        .order_by("title", "pk")
    )


def step_lines(steps: Sequence[dict[str, Any]], problems: Iterable[Any] = ()) -> list[StepLine]:
    """Return the steps with their activities' titles. One query."""
    slugs = {step.get("activity", "") for step in steps}
    rows = Activity.objects.filter(slug__in=slugs).select_related("latest").defer("draft", "latest__content")
    activities = {activity.slug: activity for activity in rows}
    said = list(problems)
    return [_line(step, number, activities, said) for number, step in enumerate(steps, start=1)]


def _line(step: dict[str, Any], number: int, activities: dict[str, Activity], problems: list[Any]) -> StepLine:
    activity = activities.get(step.get("activity", ""))
    latest = activity.latest if activity else None
    return StepLine(
        raw=step,
        number=number,
        title=activity.title if activity else _("Nothing chosen yet"),
        minutes=latest.minutes if latest else None,
        published=latest is not None,
        choice=choice_of(step["timing"]),
        words=timing_words(step["timing"]),
        problems=[problem.message for problem in problems if problem.block == step["key"]],
    )


def choice_of(timing: dict[str, Any]) -> str:
    """Return the timing's kind as the builder's list has it."""
    kind = str(timing["kind"])
    return f"interval:{timing.get('from') or 'start'}" if kind == "interval" else kind


def timing_words(timing: dict[str, Any]) -> str:
    """Return a timing as a sentence without its full stop."""
    kind, delay = choice_of(timing), _delay(timing)
    facts = {"delay": delay, "at": _at(timing), "date": timing.get("date")}
    if kind == "weekly":
        return _weekly(timing)
    if kind == "with_previous":
        return _("Together with the step before")
    return _SENTENCES[kind, bool(delay if kind != "date" else facts["date"])] % facts


_SENTENCES: Final = {
    ("interval:start", True): gettext_lazy("%(delay)s after the start%(at)s"),
    ("interval:start", False): gettext_lazy("At the start%(at)s"),
    ("interval:previous_sent", True): gettext_lazy("%(delay)s after the step before was sent%(at)s"),
    ("interval:previous_sent", False): gettext_lazy("When the step before was sent%(at)s"),
    ("after_completed", True): gettext_lazy("%(delay)s after the step before is finished%(at)s"),
    ("after_completed", False): gettext_lazy("When the step before is finished%(at)s"),
    ("date", True): gettext_lazy("On %(date)s%(at)s"),
    ("date", False): gettext_lazy("On a date you set for each client%(at)s"),
}


def dates_for(lines: Sequence[StepLine], rows: Iterable[Planned | Waiting], *, tz: str) -> Dates:
    """Return planned rows in reading order, with the steps that lie beyond the horizon and changes of the clocks."""
    titles = {line.raw["key"]: line.title for line in lines}
    found = list(rows)
    dated = sorted((row for row in found if isinstance(row, Planned)), key=lambda row: row.send_at)
    waiting = [row for row in found if isinstance(row, Waiting)]
    seen = {row.step for row in found}
    made = [DatedLine(_numbered(titles, row, dated), clock.local(row.send_at, tz)) for row in dated]
    made += [DatedLine(titles.get(row.step, row.step), None, _waits(row, titles)) for row in waiting]
    later = [line.title for line in lines if line.raw["key"] not in seen]
    return Dates(made, later, _changes_of_the_clocks([line.at for line in made if line.at], tz))


def _numbered(titles: dict[str, str], row: Planned, dated: Sequence[Planned]) -> str:
    title = titles.get(row.step, row.step)
    several = sum(1 for one in dated if one.step == row.step) > 1
    return _("%(title)s, number %(n)d") % {"title": title, "n": row.occurrence} if several else title


def _waits(row: Waiting, titles: dict[str, str]) -> str:
    if row.waits_for == DATE:
        return _("until you set a date")
    return _("until “%(title)s” is finished") % {"title": titles.get(row.waits_for, row.waits_for)}


def _changes_of_the_clocks(moments: list[datetime], tz: str) -> list[tuple[datetime, bool]]:
    """Return the days on which the clocks change within the plan, and whether they go forward."""
    if not moments:
        return []
    zone, found = clock.zone(tz), []
    day = moments[0].replace(hour=12, minute=0)
    while day <= moments[-1] + timedelta(days=1):
        before, after = zone.utcoffset(day - timedelta(days=1)), zone.utcoffset(day)
        if before is not None and after is not None and before != after:
            found.append((day, after > before))
        day += timedelta(days=1)
    return found


def _delay(timing: dict[str, Any]) -> str:
    days, hours = timing.get("days") or 0, timing.get("hours") or 0
    words = []
    if days:
        words.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours:
        words.append(ngettext("%(n)g hour", "%(n)g hours", int(hours)) % {"n": hours})
    return _(" and ").join(words)


def _at(timing: dict[str, Any]) -> str:
    return _(", at %(time)s") % {"time": timing["at"]} if timing.get("at") else ""


def _weekly(timing: dict[str, Any]) -> str:
    names = dict(WEEKDAYS)
    days = ", ".join(str(names[day]) for day in timing.get("weekdays") or [] if day in names)
    number = int(timing.get("count") or 0)
    facts = {"days": days or _("the start's weekday"), "at": _at(timing), "n": number}
    if not number:
        return _("Every week on %(days)s%(at)s, until the pathway ends") % facts
    return ngettext("%(days)s%(at)s, once", "Every week on %(days)s%(at)s, %(n)d times", number) % facts
