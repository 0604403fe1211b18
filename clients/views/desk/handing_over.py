"""Handing over a caseload, or a part of it: choose, look, confirm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clients.access import arranging_door, caseload_holder
from clients.domain.teaming import CannotChangeTeam, hand_over
from clients.forms.handing_over import HandOverForm
from clients.queries.handing_over import what_moves
from clients.queries.leaves import caseload_holders
from practice.people.models import User
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def page(request: HttpRequest) -> HttpResponse:
    """Show a therapist's clients to choose from; then what would move; then move it, one client at a time."""
    seat, now = arranging_door(request.seat), timezone.now()
    former = caseload_holder(seat, request.GET.get("from", ""))
    form = HandOverForm(request.POST or None, seat=seat, former=former)
    context = {"form": form, "former": former, "holders": caseload_holders(seat)}
    if form.is_valid():
        chosen, to = list(form.cleaned_data["clients"]), form.cleaned_data["to"]
        if request.POST.get("sure") and _handed_over(request, form, former):
            return redirect("clients:leaves")
        context |= {"moving": what_moves(chosen, former, now=now), "to": to}
    return render(request, "clients/desk/hand_over.html", context, status=400 if form.errors else 200)


def _handed_over(request: HttpRequest, form: HandOverForm, former: User) -> bool:
    data, now = form.cleaned_data, timezone.now()
    try:
        for client in data["clients"]:
            hand_over(client=client, to=data["to"], by=request.user, now=now, keep=data["keep"])
    except CannotChangeTeam as error:
        form.add_error("to", str(error))
        return False
    words = ngettext(
        "%(n)s client is with %(name)s now. They are told.",
        "%(n)s clients are with %(name)s now. They are told.",
        len(data["clients"]),
    )
    messages.success(request, words % {"n": len(data["clients"]), "name": data["to"].name})
    return True
