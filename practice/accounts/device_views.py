"""Where I am signed in: end one, end all others."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from practice.accounts import devices
from practice.accounts.throttling import address_of


@require_POST
@login_required
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one device. Needs no fresh proof: who fears a stranger must be quick."""
    user: Any = request.user
    ended = devices.sign_out_device(user=user, device_id=pk, now=timezone.now(), address=address_of(request))
    if not ended:
        raise Http404
    if ended == request.session.session_key:
        logout(request)
        return redirect("account_login")
    messages.success(request, _("Signed out there."))
    return redirect("account_security")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user: Any = request.user
    keep = request.session.session_key
    devices.sign_out_everywhere(user=user, now=timezone.now(), keep=keep, address=address_of(request))
    messages.success(request, _("You are signed in here and nowhere else."))
    return redirect("account_security")
