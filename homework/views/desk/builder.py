"""The builder: an activity's draft, its parts while someone works on them, the phone beside it, publishing."""

import json
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homework.access import activity_for
from homework.domain.content import minutes_for, things_to_look_at, validate_content
from homework.domain.drafting import save_about
from homework.domain.publishing import NotReady, has_changes, publish_activity
from homework.forms.library import AboutForm
from homework.queries.builder import chapters, palette
from practice.permissions.doors import desk


@require_GET
@desk
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The builder."""
    activity = activity_for(request.seat, pk, to="change")
    context = _parts(activity.draft, page=request.GET.get("page", ""), block=request.GET.get("block", ""))
    context |= {
        "activity": activity,
        "changed": has_changes(activity),
        "minutes": activity.about.get("minutes") or minutes_for(activity.draft),
        "state": {"rev": activity.draft_rev, "title": activity.title, "content": activity.draft},
    }
    return render(request, "homework/desk/builder.html", context)


@require_POST
@desk
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """The chapters of a draft that may not be saved yet, as HTML. 422 when it isn't an activity at all."""
    activity_for(request.seat, pk, to="change")
    try:
        asked = json.loads(request.body)
        content = asked["content"]
        page, block = str(asked.get("page", "")), str(asked.get("block", ""))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=422)
    if validate_content(content):
        return HttpResponse(status=422)
    return render(request, "homework/desk/_parts.html", _parts(content, page=page, block=block))


@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@desk
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One page as the client sees it on a phone: of the draft, or of what is published."""
    activity = activity_for(request.seat, pk)
    published = activity.latest if request.GET.get("of") == "published" else None
    pages = (published.content if published else activity.draft)["pages"]
    at = next((number for number, page in enumerate(pages) if page["id"] == request.GET.get("page")), 0)
    if request.GET.get("number", "").isdecimal():
        at = min(max(int(request.GET["number"]), 1), len(pages)) - 1
    context = {
        "activity": activity,
        "page": pages[at],
        "number": at + 1,
        "count": len(pages),
        "of": "published" if published else "draft",
    }
    return render(request, "homework/desk/preview.html", context)


@require_http_methods(["GET", "POST"])
@desk
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """Purpose, evidence and times."""
    activity = activity_for(request.seat, pk, to="change")
    form = AboutForm(request.POST or None, initial=AboutForm.starting(activity.about))
    if request.method == "POST" and form.is_valid():
        save_about(activity=activity, about=form.about(activity.about), by=request.user, now=timezone.now())
        messages.success(request, _("Kept. It is published together with the pages."))
        return redirect("homework:desk-activity-edit", pk=pk)
    context = {"thing": activity, "form": form, "back": reverse("homework:desk-activity-edit", kwargs={"pk": pk})}
    return render(request, "homework/desk/about.html", context, status=400 if form.errors else 200)


@require_POST
@desk
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a version of the draft."""
    activity = activity_for(request.seat, pk, to="change")
    try:
        made = publish_activity(activity=activity, by=request.user, now=timezone.now())
    except NotReady as reason:
        first = reason.problems[0]
        messages.error(request, _("Not published yet. %(problem)s") % {"problem": first.message})
        return redirect(f"{request.path.removesuffix('publish/')}edit/?page={first.page}&block={first.block}")
    messages.success(request, _("Version %(number)d is published and can be sent.") % {"number": made.number})
    return redirect("homework:desk-activity", pk=pk)


def _parts(content: dict[str, Any], *, page: str, block: str) -> dict[str, Any]:
    problems = things_to_look_at(content)
    return {
        "chapters": chapters(content, problems, page_id=page, block_id=block),
        "problems": problems,
        "palette": palette(),
        "page_count": len(content["pages"]),
        "block_count": sum(len(one["blocks"]) for one in content["pages"]),
    }
