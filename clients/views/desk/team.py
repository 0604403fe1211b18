"""The care team on the Record tab."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import client_for, colleague_for
from clients.domain import teaming
from practice.permissions.doors import desk


@require_POST
@desk
def join(request: HttpRequest, client_id: int) -> HttpResponse:
    """Add a colleague to the care team."""
    client = client_for(request.seat, client_id, to="change")
    user = colleague_for(request.seat, request.POST.get("user", ""))
    try:
        teaming.join_team(client=client, user=user, by=request.user, now=timezone.now())
    except teaming.CannotChangeTeam as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s is on the care team now. Both are told.") % {"name": user.name})
    return redirect("clients:client-record", client_id=client.pk)


@require_POST
@desk
def leave(request: HttpRequest, client_id: int) -> HttpResponse:
    """Take someone off the care team."""
    client = client_for(request.seat, client_id, to="change")
    user = colleague_for(request.seat, request.POST.get("user", ""))
    try:
        teaming.leave_team(client=client, user=user, by=request.user, now=timezone.now())
    except teaming.CannotChangeTeam as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s has left the care team. Both are told.") % {"name": user.name})
    gone = user.pk == request.user.pk
    return redirect("clients:caseload") if gone else redirect("clients:client-record", client_id=client.pk)
