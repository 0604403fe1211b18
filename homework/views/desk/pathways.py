"""Pathways: the list, one with its dates for a client, its builder, import and export, the start."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from homework.access import library_door, pathway_for, workshop_door
from homework.domain.arranging import (
    BadFile,
    archive_pathway,
    copy_pathway,
    create_pathway,
    import_pathway,
    save_pathway_about,
    validate_steps,
)
from homework.domain.enrolling import CannotEnrol, enrol, preview_enrolment
from homework.domain.planning import CannotPlan
from homework.domain.publishing import NotReady, problems_of_steps, publish_pathway
from homework.domain.timing import TimingError
from homework.forms.library import PathwayAboutForm, TitleForm
from homework.forms.pathways import ImportForm, StartForm
from homework.models import Pathway
from homework.queries.exports import file_of
from homework.queries.library import sendable
from homework.queries.pathways import KINDS, WEEKDAYS, dates_for, pathway_list, step_lines
from homework.queries.recipients import clients_of
from practice.pages.once import first_time, fresh_token, give_back
from practice.permissions.doors import desk


@require_GET
@desk
def show_all(request: HttpRequest) -> HttpResponse:
    """All pathways."""
    library_door(request.seat)
    archived = request.GET.get("show") == "archived"
    return render(request, "homework/desk/pathways.html", _list(archived=archived))


@require_POST
@desk
def new(request: HttpRequest) -> HttpResponse:
    """Start a pathway and open its builder."""
    seat = workshop_door(request.seat)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return render(request, "homework/desk/pathways.html", _list() | {"title_form": form}, status=400)
    title = form.cleaned_data["title"]
    made = create_pathway(practice=seat.practice, title=title, by=request.user, now=timezone.now())
    return redirect("homework:desk-pathway-edit", pk=made.pk)


@require_POST
@desk
def take_in(request: HttpRequest) -> HttpResponse:
    """Import a pathway file as a draft."""
    seat = workshop_door(request.seat)
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = import_pathway(
                practice=seat.practice, raw=form.cleaned_data["file"], by=request.user, now=timezone.now()
            )
        except BadFile as wrong:
            form.add_error("file", str(wrong))
        else:
            messages.success(request, _("It is here as a draft. Look it through, then publish."))
            return redirect("homework:desk-pathway-edit", pk=made.pk)
    return render(request, "homework/desk/pathways.html", _list() | {"import_form": form}, status=400)


@require_http_methods(["GET", "POST"])
@desk
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One pathway; with a client and a start its dates; on POST it starts."""
    pathway = pathway_for(request.seat, pk)
    given = request.POST if request.method == "POST" else (request.GET if request.GET.get("date") else None)
    first = StartForm.starting(timezone.localtime(), request.GET.get("client"))
    form = StartForm(given, user=request.user, initial=first)
    if request.method == "POST" and pathway.latest and form.is_valid() and _started(request, pathway, form):
        return redirect("homework:client-homework", client_id=form.cleaned_data["client"].pk)
    lines = step_lines(_shown(pathway))
    context: dict[str, Any] = {"pathway": pathway, "form": form, "lines": lines, "dates": None, "once": fresh_token()}
    if given and form.is_valid() and pathway.latest:
        said = form.cleaned_data
        preview = preview_enrolment(client=said["client"], pathway_version=pathway.latest, start_local=form.at_local())
        context |= {"client": said["client"], "dates": dates_for(lines, preview.rows, tz=preview.tz)}
    return render(request, "homework/desk/pathway.html", context, status=400 if form.errors else 200)


@require_GET
@desk
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The pathway builder."""
    pathway = pathway_for(request.seat, pk, to="change")
    context = _parts(pathway.draft) | {
        "pathway": pathway,
        "state": {"rev": pathway.draft_rev, "title": pathway.title, "steps": pathway.draft},
        "clients": clients_of(request.user),
        "first": StartForm.starting(timezone.localtime(), None),
    }
    return render(request, "homework/desk/pathway_builder.html", context)


@require_http_methods(["GET", "POST"])
@desk
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """For whom it is, and when to hold it."""
    pathway = pathway_for(request.seat, pk, to="change")
    form = PathwayAboutForm(request.POST or None, initial=PathwayAboutForm.starting(pathway.about))
    if request.method == "POST" and form.is_valid():
        save_pathway_about(pathway=pathway, about=form.about(), by=request.user, now=timezone.now())
        messages.success(request, _("Kept. It is published together with the steps."))
        return redirect("homework:desk-pathway-edit", pk=pk)
    context = {"thing": pathway, "form": form, "back": reverse("homework:desk-pathway-edit", kwargs={"pk": pk})}
    return render(request, "homework/desk/about.html", context, status=400 if form.errors else 200)


@require_POST
@desk
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of a draft that may not be saved yet, as HTML. 422 when they are no steps at all."""
    pathway_for(request.seat, pk, to="change")
    try:
        steps = json.loads(request.body)["steps"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return HttpResponse(status=422)
    if validate_steps(steps):
        return HttpResponse(status=422)
    return render(request, "homework/desk/_steps.html", _parts(steps))


@require_POST
@desk
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a version of the draft."""
    pathway = pathway_for(request.seat, pk, to="change")
    try:
        made = publish_pathway(pathway=pathway, by=request.user, now=timezone.now())
    except NotReady as reason:
        messages.error(request, _("Not published yet. %(problem)s") % {"problem": reason.problems[0].message})
        return redirect("homework:desk-pathway-edit", pk=pk)
    messages.success(request, _("Version %(number)d is published and can be started.") % {"number": made.number})
    return redirect("homework:desk-pathway", pk=pk)


@require_POST
@desk
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a pathway and open the copy."""
    workshop_door(request.seat)
    made = copy_pathway(pathway=pathway_for(request.seat, pk), by=request.user, now=timezone.now())
    messages.success(request, _("This is your copy. The original stays as it is."))
    return redirect("homework:desk-pathway-edit", pk=made.pk)


@require_POST
@desk
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a pathway away, or back."""
    pathway = pathway_for(request.seat, pk, to="change")
    away = not request.POST.get("back")
    archive_pathway(pathway=pathway, away=away, by=request.user, now=timezone.now())
    messages.success(request, _("Put away. Who is on it stays on it.") if away else _("It is back in the list."))
    return redirect("homework:desk-pathway", pk=pk)


@require_GET
@desk
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The published pathway as a file."""
    pathway = pathway_for(request.seat, pk)
    if pathway.latest is None:
        messages.error(request, _("Publish it first, then it can be exported."))
        return redirect("homework:desk-pathway", pk=pk)
    answer = HttpResponse(
        json.dumps(file_of(pathway), ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{pathway.key}.json"'
    return answer


def _started(request: HttpRequest, pathway: Pathway, form: StartForm) -> bool:
    client = form.cleaned_data["client"]
    if not first_time(request):
        return True
    try:
        enrol(
            client=client,
            pathway_version=pathway.latest,  # type: ignore[arg-type]  # the caller looked
            start_local=form.at_local(),
            tz=client.zone,
            by=request.user,
            now=timezone.now(),
        )
    except (CannotEnrol, CannotPlan, TimingError) as reason:
        form.add_error("date", str(reason))
        give_back(request)
        return False
    messages.success(
        request, _("“%(title)s” is planned for %(name)s.") % {"title": pathway.title, "name": client.called}
    )
    return True


def _shown(pathway: Pathway) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = pathway.latest.steps if pathway.latest else pathway.draft
    return steps


def _list(*, archived: bool = False) -> dict[str, Any]:
    forms = {"import_form": ImportForm(), "title_form": TitleForm()}
    return {"pathways": pathway_list(archived=archived), "archived": archived} | forms


def _parts(steps: list[dict[str, Any]]) -> dict[str, Any]:
    problems = problems_of_steps(steps)
    return {
        "lines": step_lines(steps, problems),
        "problems": problems,
        "activities": [(activity.slug, activity.title) for activity in sendable()],
        "kinds": KINDS,
        "weekdays": WEEKDAYS,
    }
