"""A client's e-mail address, added or corrected by their therapist."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients.access import client_for
from clients.domain.readdressing import CannotReaddress, give_address
from clients.forms.client import AddressForm
from clients.queries.client_frame import client_frame
from practice.accounts.throttling import EMAIL_CHANGES, is_allowed
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def address(request: HttpRequest, client_id: int) -> HttpResponse:
    """Take an address; invite the client there, or ask them there to confirm it."""
    client, now = client_for(request.seat, client_id, to="change"), timezone.now()
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not is_allowed(request, EMAIL_CHANGES, email):
            return render(request, "429.html", status=429)
        try:
            given = give_address(client=client, email=email, by=request.user, now=now)
        except CannotReaddress as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _said(invited=given.invited) % {"email": email, "name": client.called})
            return redirect("clients:client-record", client_id=client.pk)
    context = client_frame(request.seat, client, tab="record", now=now)
    return render(request, "clients/desk/address.html", context | {"form": form})


def _said(*, invited: bool) -> str:
    if invited:
        return _("The invitation is on its way to %(email)s.")
    return _("A mail is on its way to %(email)s. The address counts once %(name)s has confirmed it.")
