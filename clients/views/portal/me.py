"""Me: how to reach me, what I agreed to, who may see what, how pages look."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import own_client
from clients.domain.consenting import change_consent, texts_for
from clients.domain.reaching import change_preferences
from clients.forms.preferences import PreferencesForm
from clients.forms.welcome import WelcomeForm
from clients.models import ConsentKind
from clients.queries.appointments import appointments_with
from clients.queries.consents import consents_of, latest_receipts
from clients.queries.cover import cover_of
from clients.queries.record import care_team
from clients.queries.who_looked import latest_looks
from practice.pages.context import TEXT_SIZE_COOKIE
from practice.permissions.doors import portal

YEAR = 60 * 60 * 24 * 365


@require_http_methods(["GET", "POST"])
@portal
def me(request: HttpRequest) -> HttpResponse:
    """Show and change preferences; show consents, care team and who looked."""
    client, now = own_client(request), timezone.now()
    form = PreferencesForm.for_client(client, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        change_preferences(client=client, wanted=form.wanted(), by=request.user, now=now)
        messages.success(request, _("Saved."))
        return redirect("clients:me")
    context = {
        "client": client,
        "form": form,
        "consents": consents_of(client),
        "team": care_team(client),
        "cover": cover_of(client, now=now),
        "looks": latest_looks(client, now=now),
        "text_size": request.COOKIES.get(TEXT_SIZE_COOKIE, ""),
    }
    return render(request, "clients/portal/me.html", context)


@require_POST
@portal
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep how large words are, on this device."""
    response = redirect("clients:me")
    size = request.POST.get("size", "")
    if size in {"large", "larger"}:
        response.set_cookie(
            TEXT_SIZE_COOKIE, size, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        response.delete_cookie(TEXT_SIZE_COOKIE)
    return response


@require_http_methods(["GET", "POST"])
@portal
def consent(request: HttpRequest, kind: str) -> HttpResponse:
    """Read a text; agree to it, or take it back."""
    client, now = own_client(request), timezone.now()
    if request.method == "POST":
        given = request.POST.get("given") == "yes"
        receipt = change_consent(client=client, kind=kind, given=given, by=request.user, now=now)
        if receipt is not None:
            messages.success(
                request, _("Noted. Your receipt has the number %(number)s.") % {"number": receipt.text_hash[:8]}
            )
        return redirect("clients:me")
    context = {
        "client": client,
        "kind": ConsentKind(kind),
        "text": texts_for(client=client, now=now)[kind],
        "receipt": latest_receipts(client).get(kind),
        "given": getattr(client, f"{kind}_consent"),
    }
    return render(request, "clients/portal/consent.html", context)


@require_http_methods(["GET", "POST"])
@portal
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask for both consents, once, at the first sign-in; later they stand under Me."""
    client, now = own_client(request), timezone.now()
    form = WelcomeForm(request.POST if request.method == "POST" else None, has_email=bool(client.user.email))
    if form.fields.keys() <= latest_receipts(client).keys():
        return redirect("clients:me")
    if form.is_valid():
        for kind, given in form.answers().items():
            change_consent(client=client, kind=kind, given=given, by=request.user, now=now)
        return redirect("clients:portal-today" if client.user.email_proven_at else "clients:coming-back")
    context = {"client": client, "form": form, "texts": texts_for(client=client, now=now)}
    return render(request, "clients/portal/welcome.html", context, status=400 if form.errors else 200)


@require_GET
@portal
def appointments(request: HttpRequest) -> HttpResponse:
    """Show next and past appointments."""
    client = own_client(request)
    ahead, over = appointments_with(client, now=timezone.now())
    return render(request, "clients/portal/appointments.html", {"client": client, "ahead": ahead, "over": over})
