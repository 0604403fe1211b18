"""A member of staff's own settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.accounts.working import change_working
from practice.pages.settings_form import SettingsForm
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def me(request: HttpRequest) -> HttpResponse:
    """Show and change hours, reply promise, stand-in, zone and language."""
    member = request.seat.membership  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else None
    form = SettingsForm(given, membership=member, initial=SettingsForm.initial_of(member))
    if given is not None and form.is_valid():
        change_working(membership=member, wanted=form.wanted(), by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
        return redirect("pages:me")
    return render(request, "practice/me.html", {"form": form})
