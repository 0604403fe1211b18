"""The library: published and unpublished activities of the practice, filtered. Two queries, however many there are."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from homework.models import Activity, Origin

A_PAGE = 24
LENGTHS = {
    "5": (_("up to 5 minutes"), Q(latest__minutes__lte=5)),
    "10": (_("up to 10 minutes"), Q(latest__minutes__lte=10)),
    "20": (_("up to 20 minutes"), Q(latest__minutes__lte=20)),
}
FROM = {
    Origin.OWN.value: _("made here"),
    Origin.SHIPPED.value: _("Rapport's library"),
    "unpublished": _("not published yet"),
    "archived": _("put away"),
}
TAG_WORDS = {
    "low-mood": _("low mood"),
    "anxiety": _("anxiety"),
    "anger": _("anger"),
    "worry": _("worry"),
    "sleep": _("sleep"),
    "relapse": _("staying well"),
    "starting": _("starting out"),
    "alliance": _("working together"),
}


@dataclass(frozen=True)
class Wanted:
    """What someone looks for."""

    words: str = ""
    origin: str = ""
    purpose: str = ""
    minutes: str = ""

    @property
    def any(self) -> bool:
        """Return whether anything narrows the list."""
        return bool(self.words or self.origin or self.purpose or self.minutes)


@dataclass(frozen=True)
class Library:
    """A page of the library, and what it can be filtered by."""

    page: Page[Any]
    wanted: Wanted
    purposes: list[tuple[str, Any]] = field(default_factory=list)


def library(wanted: Wanted, *, number: str | int = 1) -> Library:
    """Return a page of activities by title. Needs an open scope; three queries."""
    rows = Activity.objects.exclude(origin=Origin.SYSTEM).select_related("latest").defer("draft", "latest__content")
    found = rows.filter(_narrowed(wanted)).order_by("title", "pk")
    return Library(Paginator(found, A_PAGE).get_page(number), wanted, _purposes())


def sendable() -> Any:
    """Return the activities that can be sent, by title, without their contents."""
    rows = Activity.objects.exclude(origin=Origin.SYSTEM).filter(latest__isnull=False, archived_at__isnull=True)
    return rows.select_related("latest").defer("draft", "latest__content").order_by("title", "pk")


def tag_words(tag: str) -> Any:
    """Return a tag as people say it."""
    return TAG_WORDS.get(tag, tag.replace("-", " "))


def _narrowed(wanted: Wanted) -> Q:
    narrowed = Q(archived_at__isnull=wanted.origin != "archived")
    if wanted.words:
        narrowed &= Q(title__icontains=wanted.words) | Q(about__purpose__icontains=wanted.words)
    if wanted.origin in Origin.values:
        narrowed &= Q(origin=wanted.origin)
    if wanted.origin == "unpublished":
        narrowed &= Q(latest__isnull=True)
    if wanted.purpose:
        narrowed &= Q(about__tags__problem__contains=[wanted.purpose])
    if wanted.minutes in LENGTHS:
        narrowed &= LENGTHS[wanted.minutes][1]
    return narrowed


def _purposes() -> list[tuple[str, Any]]:
    """Return the purposes that activities carry as tags, most frequent first."""
    counted: Counter[str] = Counter()
    for tags in Activity.objects.filter(archived_at__isnull=True).values_list("about__tags__problem", flat=True)[:2000]:
        counted.update(tag for tag in tags or [] if isinstance(tag, str))
    return [(tag, tag_words(tag)) for tag, _times in counted.most_common(20)]
