"""Another e-mail address: asking for it, and confirming it by the link or the code that went there."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from practice.accounts import changing_email as changing
from practice.accounts.confirming import fresh
from practice.accounts.evening import evenly
from practice.accounts.forms import EmailForm
from practice.accounts.framing import show
from practice.accounts.mailing import home_of
from practice.accounts.security_forms import MailedCodeForm
from practice.accounts.throttling import EMAIL_CHANGES, EMAIL_CODES, address_of, is_allowed
from practice.permissions.second_factor import is_owed


@require_http_methods(["GET", "POST"])
@fresh()
@evenly
def email(request: HttpRequest) -> HttpResponse:
    """Ask for an address; one that somebody else has gets the same answer in the same time."""
    user: Any = request.user
    if home_of(user) is None:  # who runs the installation: no practice whose mail could go there
        raise Http404
    unproven = user.email and not user.email_proven_at
    form = EmailForm(request.POST or None, user=user, initial={"email": user.email} if unproven else None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["email"]
        if not (is_allowed(request, EMAIL_CHANGES, f"user {user.pk}") and is_allowed(request, EMAIL_CHANGES, wanted)):
            return render(request, "429.html", status=429)
        changing.ask_for_email(user=user, email=wanted, by=user, now=timezone.now(), address=address_of(request))
        return redirect("account_email_sent")
    return show(request, "account/email.html", {"form": form})


@require_http_methods(["GET", "POST"])
@login_required
def email_sent(request: HttpRequest) -> HttpResponse:
    """Say where a mail went, and take its code."""
    user: Any = request.user
    if is_owed(user, request.session):
        return _prove_first(request)
    change = changing.waiting_change(user, now=timezone.now())
    if change is None:
        return redirect("account_email")
    form = MailedCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_allowed(request, EMAIL_CODES, f"user {user.pk}"):
            return render(request, "429.html", status=429)
        try:
            changing.confirm_by_code(
                user=user, code=form.cleaned_data["code"], now=timezone.now(), address=address_of(request)
            )
        except changing.CannotConfirm as error:
            form.add_error("code", str(error))
        else:
            return _done(request)
    return show(request, "account/email_sent.html", {"form": form, "change": change})


@require_http_methods(["GET", "POST"])
@login_required
def email_open(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button on GET (mail scanners follow links, and aren't signed in); take the address on POST."""
    user: Any = request.user
    if is_owed(user, request.session):
        return _prove_first(request)
    if not is_allowed(request, EMAIL_CODES, f"user {user.pk}"):
        return render(request, "429.html", status=429)
    now = timezone.now()
    try:
        if request.method == "POST":
            changing.confirm_by_link(user=user, token=token, now=now, address=address_of(request))
            return _done(request)
        change = changing.find_change(user=user, token=token, now=now)
    except changing.CannotConfirm as error:
        return show(request, "account/email_over.html", {"why": error}, status=410)
    return show(request, "account/email_open.html", {"change": change})


@require_POST
@login_required
def email_back(request: HttpRequest) -> HttpResponse:
    """Keep the address as it is."""
    user: Any = request.user
    changing.take_back(user=user, now=timezone.now())
    messages.success(request, _("Your address stays as it is."))
    return redirect("account_security")


def _prove_first(request: HttpRequest) -> HttpResponse:
    """Staff who owe a second factor confirm no address, by link or by code."""
    return redirect(f"{resolve_url(settings.SECOND_FACTOR_URL)}?{urlencode({'next': request.path})}")


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Done. You sign in with the new address from now on."))
    return redirect("account_security")
