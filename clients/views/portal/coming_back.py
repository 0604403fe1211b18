"""How will you come back? Asked at the first visit of who has no e-mail; later it stands under Me."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clients.access import own_client
from practice.accounts.confirming import ask_first, is_fresh, ways_of
from practice.accounts.password_form import ChoosePasswordForm
from practice.accounts.second_factors import factors_of
from practice.accounts.sessions import stay_signed_in
from practice.accounts.staffing import change_password
from practice.accounts.throttling import LINK_CODES, is_allowed
from practice.permissions.doors import portal


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@portal
def coming_back(request: HttpRequest) -> HttpResponse:
    """Say how to sign in again, and take a password.

    Unless they have only just come in they prove that it is them: by the old one, or as for any change of their
    sign-in. Who came in by a code and has nothing else yet chooses their first one.
    """
    client, now = own_client(request), timezone.now()
    user, just_came = client.user, is_fresh(request, now)
    if not just_came and not user.has_usable_password() and ways_of(user, factors_of(user)):
        return ask_first(request)
    if request.method == "POST" and not is_allowed(request, LINK_CODES, f"password {user.pk}"):
        return render(request, "429.html", status=429)
    asks_old = user.has_usable_password() and not just_came
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None, user=user, asks_old=asks_old)
    if form.is_valid():
        practice = request.seat.practice
        password, here = form.cleaned_data["password1"], request.session.session_key
        change_password(user=user, practice=practice, password=password, now=now, keep=here)
        stay_signed_in(request, user)
        messages.success(request, _("Your password is set. Other devices are signed out."))
        return redirect("clients:portal-today")
    return render(request, "clients/portal/coming_back.html", {"client": client, "form": form})
