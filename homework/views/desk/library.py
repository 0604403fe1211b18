"""The library: find an activity, read it, copy it, put it away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from homework.access import activity_for, library_door, workshop_door
from homework.domain.content import minutes_for
from homework.domain.drafting import archive_activity, copy_activity, create_activity, restore_activity
from homework.domain.publishing import has_changes
from homework.forms.library import LibraryFilter, TitleForm
from homework.queries.library import FROM, LENGTHS, library, tag_words
from practice.permissions.doors import desk


@require_GET
@desk
def show(request: HttpRequest) -> HttpResponse:
    """All activities, filtered."""
    library_door(request.seat)
    return render(request, "homework/desk/library.html", _list(request))


@require_GET
@desk
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: what it is for, and as the client reads it."""
    row = activity_for(request.seat, pk)
    read = row.latest.content if row.latest else row.draft
    context = {
        "activity": row,
        "about": (row.latest or row).about,
        "pages": read["pages"],
        "minutes": row.latest.minutes if row.latest else minutes_for(read),
        "tags": [tag_words(tag) for tag in ((row.latest or row).about.get("tags") or {}).get("problem", [])],
        "changed": row.latest is not None and has_changes(row),
    }
    return render(request, "homework/desk/activity.html", context)


@require_POST
@desk
def new(request: HttpRequest) -> HttpResponse:
    """Start an activity and open the builder."""
    seat = workshop_door(request.seat)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return render(request, "homework/desk/library.html", _list(request) | {"title_form": form}, status=400)
    title = form.cleaned_data["title"]
    made = create_activity(practice=seat.practice, title=title, by=request.user, now=timezone.now())
    return redirect("homework:desk-activity-edit", pk=made.pk)


@require_POST
@desk
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy an activity and open the copy."""
    workshop_door(request.seat)
    made = copy_activity(activity=activity_for(request.seat, pk), by=request.user, now=timezone.now())
    messages.success(request, _("This is your copy. The original stays as it is."))
    return redirect("homework:desk-activity-edit", pk=made.pk)


@require_POST
@desk
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an activity away, or back."""
    row = activity_for(request.seat, pk, to="change")
    if request.POST.get("back"):
        restore_activity(activity=row, by=request.user, now=timezone.now())
        messages.success(request, _("It is back in the library."))
    else:
        archive_activity(activity=row, by=request.user, now=timezone.now())
        messages.success(request, _("Put away. What clients have stays as it is."))
    return redirect("homework:desk-activity", pk=pk)


def _list(request: HttpRequest) -> dict[str, Any]:
    found = library(LibraryFilter(request.GET).wanted(), number=request.GET.get("page", 1))
    return {
        "library": found,
        "origins": list(FROM.items()),
        "lengths": [(key, words) for key, (words, _part) in LENGTHS.items()],
        "query": _query(request),
        "title_form": TitleForm(),
    }


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
