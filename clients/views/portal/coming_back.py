"""How will you come back? Asked at the first visit of who has no e-mail; later it stands under Me."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clients.access import own_client
from practice.accounts.password_form import ChoosePasswordForm
from practice.accounts.sessions import BEGAN
from practice.accounts.staffing import change_password
from practice.accounts.throttling import LINK_CODES, is_allowed
from practice.permissions.doors import portal

JUST_NOW = timedelta(minutes=15)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@portal
def coming_back(request: HttpRequest) -> HttpResponse:
    """Say how to sign in again, and take a password. The old one is asked for unless they have only just come in."""
    client, now = own_client(request), timezone.now()
    user = client.user
    if request.method == "POST" and not is_allowed(request, LINK_CODES, f"password {user.pk}"):
        return render(request, "429.html", status=429)
    asks_old = user.has_usable_password() and not _came_in_just_now(request, now)
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None, user=user, asks_old=asks_old)
    if form.is_valid():
        practice = request.seat.practice
        change_password(user=user, practice=practice, password=form.cleaned_data["password1"], now=now)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is set. Other devices are signed out."))
        return redirect("clients:portal-today")
    return render(request, "clients/portal/coming_back.html", {"client": client, "form": form})


def _came_in_just_now(request: HttpRequest, now: datetime) -> bool:
    began = request.session.get(BEGAN)
    return began is not None and now - datetime.fromtimestamp(began, UTC) < JUST_NOW
