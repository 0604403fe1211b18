"""Pages for a forgotten password."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from practice.accounts import resetting
from practice.accounts.evening import evenly
from practice.accounts.forms import LinkRequestForm
from practice.accounts.password_form import ChoosePasswordForm
from practice.accounts.throttling import RESETS, address_of, is_allowed


@require_http_methods(["GET", "POST"])
@evenly
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail a link there; known and unknown addresses get the same answer in the same time."""
    form = LinkRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_allowed(request, RESETS, form.cleaned_data["email"]):
            return render(request, "429.html", status=429)
        resetting.request_reset(email=form.cleaned_data["email"], now=timezone.now())
        return redirect("account_reset_sent")
    return render(request, "account/reset.html", {"form": form})


@require_GET
def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail may be on its way."""
    return render(request, "account/reset_sent.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Take a new password; then they sign in with it, and with their second factor."""
    user = resetting.whose_link(uid=uid, token=token)
    if user is None:
        return render(request, "account/reset_over.html", status=410)
    form = ChoosePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password1"]
        try:
            resetting.reset_password(
                user=user, token=token, password=password, now=timezone.now(), address=address_of(request)
            )
        except resetting.LinkOver:
            return render(request, "account/reset_over.html", status=410)
        logout(request)  # it may have been theirs, here too, and is over
        messages.success(request, _("Your password is changed. Sign in with it."))
        return redirect("account_login")
    return render(request, "account/new_password.html", {"form": form})
