"""The end of a treatment: what would be cancelled, ending it, taking it up again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.access import client_for
from clients.domain.archiving import CannotArchive, archive_client, restore_client
from clients.queries.client_frame import client_frame
from clients.queries.endings import what_ends, what_is_critical
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def archive(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show by date what would be cancelled, and what must be settled first; end the treatment."""
    client, now = client_for(request.seat, client_id, to="change"), timezone.now()
    if client.has_ended:
        return redirect("clients:client-record", client_id=client.pk)
    if request.method == "POST":
        try:
            archive_client(client=client, by=request.user, now=now)
        except CannotArchive as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(name)s is archived. Nothing more is sent.") % {"name": client.called})
            return redirect("clients:client-record", client_id=client.pk)
    context = client_frame(request.seat, client, tab="record", now=now)
    context |= {"lines": what_ends(client, now=now), "critical": what_is_critical(client)}
    return render(request, "clients/desk/archive.html", context, status=409 if request.method == "POST" else 200)


@require_POST
@desk
def restore(request: HttpRequest, client_id: int) -> HttpResponse:
    """Take the treatment up again; nothing that was cancelled comes back by itself."""
    client = client_for(request.seat, client_id, to="change")
    restore_client(client=client, by=request.user, now=timezone.now())
    messages.success(
        request, _("%(name)s is in treatment again. What was cancelled stays cancelled.") % {"name": client.called}
    )
    return redirect("clients:client-record", client_id=client.pk)
