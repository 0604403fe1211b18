"""The checklist "Set up your practice", and the pages about the practice that belong to the ground."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.accounts import setting_up
from practice.accounts.access import as_admin
from practice.accounts.mail_state import mail_state
from practice.accounts.mailing import mail_test
from practice.accounts.staffing import PracticeFacts, change_practice
from practice.contributions import PRACTICE_PAGES
from practice.pages.practice_form import PracticeDetailsForm
from practice.permissions.doors import desk


def setup_card(request: Any, now: datetime) -> dict[str, Any] | None:
    """Return the checklist for an admin's Today until it is done or put away. Done once, it stays away."""
    seat = request.seat
    if setting_up.is_over(seat):
        return None
    steps = setting_up.steps_of(seat)
    done = sum(step["done"] for step in steps)
    if done == len(steps):
        setting_up.keep(practice=seat.practice, key="done", value=True, by=seat.user, now=now)
        return None
    return {"steps": steps, "done": done, "all": len(steps)}


def practice_tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs of the pages about the practice."""
    return [
        {"label": page.label, "url": reverse(page.url_name), "current": key == current}
        for key, page in PRACTICE_PAGES.items()
    ]


@require_http_methods(["GET", "POST"])
@desk
def setup(request: HttpRequest) -> HttpResponse:
    """Show every step; take what an admin says instead of doing one."""
    seat = as_admin(request.seat)
    if request.method == "POST":
        try:
            setting_up.say(practice=seat.practice, key=request.POST.get("say", ""), by=seat.user, now=timezone.now())
        except setting_up.CannotSay:
            raise Http404 from None
        return redirect("pages:setup" if request.POST["say"] != "hidden" else "/desk/")
    context = {"steps": setting_up.steps_of(seat), "over": setting_up.is_over(seat), "tabs": practice_tabs("setup")}
    return render(request, "practice/setup.html", context)


@require_http_methods(["GET", "POST"])
@desk
def details(request: HttpRequest) -> HttpResponse:
    """Change the practice's name, telephone, country, zone and language."""
    practice = as_admin(request.seat).practice
    given = request.POST if request.method == "POST" else None
    form = PracticeDetailsForm(given, initial=PracticeDetailsForm.of(practice))
    if form.is_valid():
        data = form.cleaned_data
        checked = data["country"] in practice.settings.get("crisis_confirmed", [])
        facts = PracticeFacts(**data, lines_checked=checked)
        change_practice(practice=practice, facts=facts, by=request.seat.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("pages:practice")
    return render(request, "practice/details.html", {"form": form, "tabs": practice_tabs("details")})


@require_http_methods(["GET", "POST"])
@desk
def mail(request: HttpRequest) -> HttpResponse:
    """Send oneself a mail, and say what became of the last one."""
    seat = as_admin(request.seat)
    if request.method == "POST":
        mail_test(practice_id=seat.practice.pk, user=seat.user, now=timezone.now())
        messages.success(request, _("A test is on its way to %(email)s.") % {"email": seat.user.email})
        return redirect("pages:mail")
    context = {"state": mail_state(user=seat.user), "tabs": practice_tabs("mail")}
    return render(request, "practice/mail_test.html", context)
