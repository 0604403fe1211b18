"""Pages of one's own sign-in: what is set up, the authenticator app, the recovery codes."""

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from practice.accounts import changing_factors as changing
from practice.accounts.changing_email import waiting_change
from practice.accounts.confirming import fresh
from practice.accounts.devices import devices_of
from practice.accounts.framing import show
from practice.accounts.mailing import home_of
from practice.accounts.qr import qr_svg
from practice.accounts.second_factors import SecondFactorAdapter, factors_of
from practice.accounts.security_forms import AppForm
from practice.accounts.sessions import note_here
from practice.accounts.throttling import address_of
from practice.permissions.going import is_ours, next_url
from practice.permissions.second_factor import is_missing, is_proven, prove

APP_SECRET, AFTERWARDS = "app_secret", "after_set_up"  # in the session


@require_GET
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Say why a second factor is needed and offer both; who has one shows it; who has shown it goes on."""
    to = next_url(request, "account_security")
    request.session[AFTERWARDS] = to
    if is_proven(request.session):
        return redirect(to)
    if factors_of(request.user).any:  # type: ignore[arg-type]
        return redirect(f"{resolve_url('account_confirm')}?{urlencode({'next': to})}")
    return render(request, "account/second_factor.html", {"is_needed": is_missing(request)})


@require_GET
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Show what is set up."""
    user: Any = request.user
    note_here(request, user, timezone.now())
    found = devices_of(user, here=request.session.session_key, now=timezone.now())
    context = {"factors": factors_of(user), "devices": found, "waiting": waiting_change(user, now=timezone.now())}
    return show(request, "account/security.html", context | {"may_have_email": home_of(user) is not None}, top=True)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@fresh()
def app(request: HttpRequest) -> HttpResponse:
    """Show a new secret as picture and text, and take its first code."""
    user, adapter = request.user, SecondFactorAdapter()
    if request.method == "GET" or APP_SECRET not in request.session:
        request.session[APP_SECRET] = adapter.encrypt(generate_totp_secret())
    secret = adapter.decrypt(request.session[APP_SECRET])
    form = AppForm(request.POST or None, user=user, secret=secret)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        changing.set_up_app(user=user, secret=secret, now=timezone.now(), address=address_of(request))  # type: ignore[arg-type]
        del request.session[APP_SECRET]
        prove(request.session)
        messages.success(request, _("Your app is set up."))
        return after_adding(request)
    picture = qr_svg(adapter.build_totp_url(user, secret))
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    replaces = factors_of(user).app is not None  # type: ignore[arg-type]
    return show(request, "account/app.html", {"form": form, "picture": picture, "secret": groups, "replaces": replaces})


@require_http_methods(["GET", "POST"])
@fresh(back="account_security")
def app_remove(request: HttpRequest) -> HttpResponse:
    """Ask, then remove the app."""
    factor = factors_of(request.user).app  # type: ignore[arg-type]
    if factor is None:
        raise Http404
    return removed(request, factor)


def removed(request: HttpRequest, factor: Authenticator) -> HttpResponse:
    """Ask on GET; on POST remove an app or a passkey and say so, or say why it stays."""
    if request.method == "GET":
        return show(request, "account/factor_remove.html", {"factor": factor})
    try:
        changing.remove_factor(factor=factor, now=timezone.now(), address=address_of(request))
    except changing.CannotRemove as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Removed."))
    return redirect("account_security")


@require_http_methods(["GET", "POST"])
@fresh(back="account_codes")
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes until they are kept; afterwards only how many are left. POST makes new ones."""
    factors = factors_of(request.user)  # type: ignore[arg-type]
    if not factors.any:
        raise Http404
    if request.method == "POST":
        changing.renew_codes(user=request.user, now=timezone.now(), address=address_of(request))  # type: ignore[arg-type]
        return redirect("account_codes")
    shown = factors.codes.wrap().get_unused_codes() if factors.codes and factors.codes_are_new else []
    return show(request, "account/codes.html", {"codes": shown, "factors": factors})


@require_GET
@fresh(back="account_codes")
def codes_text(request: HttpRequest) -> HttpResponse:
    """Give the new codes as a text file, as long as they are shown."""
    factors = factors_of(request.user)  # type: ignore[arg-type]
    if factors.codes is None or not factors.codes_are_new:
        raise Http404
    response = render(
        request,
        "account/codes.txt",
        {"codes": factors.codes.wrap().get_unused_codes(), "now": timezone.now()},
        content_type="text/plain; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


@require_POST
@fresh(back="account_codes")
def codes_kept(request: HttpRequest) -> HttpResponse:
    """Never show them again, and go on to where the set-up began."""
    changing.keep_codes(user=request.user)  # type: ignore[arg-type]
    return afterwards(request)


def after_adding(request: HttpRequest) -> HttpResponse:
    """Go on from a new second factor: to the recovery codes if they are new, else to where it began."""
    return redirect("account_codes") if factors_of(request.user).codes_are_new else afterwards(request)  # type: ignore[arg-type]


def afterwards(request: HttpRequest) -> HttpResponse:
    """Go on to where the set-up began, or to one's own sign-in page."""
    to = request.session.pop(AFTERWARDS, "")
    return redirect(to if is_ours(request, to) else "account_security")
