"""Passkeys: added, named, removed; signing in with one alone."""

import json
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.accounts import changing_factors as changing
from practice.accounts.confirming import fresh
from practice.accounts.framing import show
from practice.accounts.passkey_forms import PasskeyForm
from practice.accounts.second_factors import SecondFactorAdapter, factors_of
from practice.accounts.security_forms import NameForm
from practice.accounts.security_views import after_adding, removed
from practice.accounts.sessions import call_own
from practice.accounts.throttling import address_of
from practice.permissions.second_factor import prove

page = require_http_methods(["GET", "POST"])


@page
@fresh()
def add(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey that can sign in alone, check it and keep it."""
    user: Any = request.user
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changing.add_passkey(
            user=user,
            name=given["name"],
            credential=given["credential"],
            now=timezone.now(),
            address=address_of(request),
        )
        prove(request.session)
        messages.success(request, _("Your passkey is added."))
        return after_adding(request)
    options = json.dumps(begin_registration(user, passwordless=True)["publicKey"], default=dict)
    if request.method == "GET":
        name = SecondFactorAdapter().generate_authenticator_name(user, Authenticator.Type.WEBAUTHN)
        form = PasskeyForm(initial={"name": name})
    return show(request, "account/passkey_add.html", {"form": form, "options": options})


@page
@fresh(back="account_security")
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    passkey = _own(request, pk)
    form = NameForm(request.POST or None, initial={"name": passkey.data["name"]})
    if request.method == "POST" and form.is_valid():
        changing.rename_passkey(passkey=passkey, name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("account_security")
    return show(request, "account/passkey.html", {"form": form, "passkey": passkey})


@page
@fresh(back="account_security")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then remove a passkey."""
    return removed(request, _own(request, pk))


class PasskeyLogin(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey and nothing else, for staff and clients alike."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, for as long as the device allows."""
        call_own(self.request, own="own_device" in self.request.POST)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that it didn't work, on the page where it was tried."""
        messages.error(self.request, _("This passkey doesn't open an account here. Sign in another way."))
        return redirect("account_login")


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The second factor while signing in: a code, or a passkey of whoever has one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the person has, and what their browser is asked for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        factors = factors_of(self.stage.login.user)
        options = json.dumps(context["js_data"]["request_options"]["publicKey"], default=dict)
        return context | {"factors": factors, "options": options if factors.passkeys else ""}


login = page(PasskeyLogin.as_view())
second_step = page(SecondStep.as_view())


def _own(request: HttpRequest, pk: int) -> Authenticator:
    for passkey in factors_of(request.user).passkeys:  # type: ignore[arg-type]
        if passkey.pk == pk:
            return passkey
    raise Http404
