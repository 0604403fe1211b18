"""Pages about the practice that belong to this room: crisis lines, and the texts that clients agree to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients.domain.confirming import confirm_lines, confirm_texts
from clients.domain.consenting import texts_of
from clients.forms.crisis import CrisisLinesForm
from clients.models import ConsentKind
from clients.queries.help import WORLDWIDE_EMERGENCY, lines_of
from clients.queries.setup_steps import texts_read
from practice.accounts.access import as_admin
from practice.pages.setting_up import practice_tabs
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def crisis_lines(request: HttpRequest) -> HttpResponse:
    """Show the lines of the country with their source; take whether they were called, and lines of one's own."""
    practice = as_admin(request.seat).practice
    known = lines_of(practice.country)
    given = request.POST if request.method == "POST" else None
    form = CrisisLinesForm(given, practice=practice, has_lines=bool(known))
    if form.is_valid():
        checked = form.cleaned_data.get("checked", False)
        confirm_lines(practice=practice, checked=checked, own=form.own(), by=request.seat.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("clients:crisis-lines")
    emergency = known.get("emergency", WORLDWIDE_EMERGENCY)
    context = {"form": form, "known": known, "emergency": emergency, "tabs": practice_tabs("crisis")}
    return render(request, "clients/desk/crisis_lines.html", context)


@require_http_methods(["GET", "POST"])
@desk
def consent_texts(request: HttpRequest) -> HttpResponse:
    """Show what clients agree to; take that it was read."""
    seat, now = as_admin(request.seat), timezone.now()
    texts = texts_of(practice=seat.practice, now=now)
    if request.method == "POST":
        confirm_texts(practice=seat.practice, texts=texts, by=seat.user, now=now)
        messages.success(request, _("Noted: these are your words."))
        return redirect("clients:consent-texts")
    shown = [{"kind": kind, "text": texts[kind]} for kind in ConsentKind]
    context = {"texts": shown, "is_read": texts_read(seat), "tabs": practice_tabs("consents")}
    return render(request, "clients/desk/consent_texts.html", context)
