"""Proving anew that it is really you."""

import json
from typing import Any

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from practice.accounts import confirming
from practice.accounts.framing import show
from practice.accounts.passkey_forms import ConfirmPasskeyForm
from practice.accounts.second_factors import factors_of
from practice.accounts.security_forms import ConfirmCodeForm, ConfirmPasswordForm, MailedCodeForm
from practice.accounts.throttling import CONFIRM_CODES, CONFIRM_TRIES, is_allowed
from practice.accounts.wording import PASSKEY_FAILED
from practice.permissions.going import next_url
from practice.permissions.second_factor import prove


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Take a proof and go on; the ways depend on what the person has."""
    user: Any = request.user
    ways = confirming.ways_of(user, factors_of(user))
    if request.method == "POST" and "mail" in request.POST and confirming.MAIL in ways:
        if not is_allowed(request, CONFIRM_CODES, f"confirm {user.pk}"):
            return render(request, "429.html", status=429)
        confirming.mail_code(request, timezone.now())
        return redirect(request.get_full_path())
    if request.method == "POST" and "credential" in request.POST and confirming.PASSKEY in ways:
        return _by_passkey(request)
    form = _form(request, ways)
    if request.method == "POST" and form is not None and form.is_valid() and _proved(request, form, ways):
        confirming.note(request.session, timezone.now())
        return redirect(next_url(request, "account_security"))
    mailed = confirming.MAIL in ways and confirming.MAILED in request.session
    options = json.dumps(begin_authentication(user)["publicKey"], default=dict) if confirming.PASSKEY in ways else ""
    return show(request, "account/confirm.html", {"form": form, "ways": ways, "mailed": mailed, "options": options})


def _by_passkey(request: HttpRequest) -> HttpResponse:
    form = ConfirmPasskeyForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, PASSKEY_FAILED)
        return redirect(request.get_full_path())
    form.save()
    prove(request.session)
    confirming.note(request.session, timezone.now())
    return redirect(next_url(request, "account_security"))


def _form(request: HttpRequest, ways: list[str]) -> Any:
    given, user = (request.POST or None), request.user
    if confirming.CODE in ways:
        return ConfirmCodeForm(given, user=user)
    if confirming.PASSWORD in ways:
        return ConfirmPasswordForm(given, user=user)  # type: ignore[arg-type]
    return MailedCodeForm(given) if confirming.MAIL in ways and confirming.MAILED in request.session else None


def _proved(request: HttpRequest, form: Any, ways: list[str]) -> bool:
    if confirming.CODE in ways:
        form.save()
        prove(request.session)
    elif confirming.MAIL in ways and not _fits(request, form.cleaned_data["code"]):
        form.add_error("code", _("That code doesn't fit. Look for the newest e-mail, or ask for a new one."))
        return False
    return True


def _fits(request: HttpRequest, code: str) -> bool:
    """Whether the mailed code is right. Counted in the session, where tries at one moment overtake each other, and
    where none does."""
    counted = is_allowed(request, CONFIRM_TRIES, f"confirm {request.user.pk}")
    return counted and confirming.is_right_code(request, code, timezone.now())
