"""The page that an invitation's link opens. Opening it changes nothing; its button lets the client in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.domain import inviting
from practice.accounts.throttling import INVITATIONS, is_allowed
from practice.accounts.views import enter


@require_http_methods(["GET", "POST"])
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Greet on GET; accept and sign in on POST."""
    if not is_allowed(request, INVITATIONS, token):
        return render(request, "429.html", status=429)
    now = timezone.now()
    try:
        if request.method == "POST":
            client = inviting.accept(token=token, now=now)
            return enter(request, client.user, to="/welcome/", own="own_device" in request.POST)
        invitation = inviting.find_invitation(token=token, now=now)
    except inviting.CannotAccept as error:
        return render(request, "clients/portal/invitation_over.html", {"why": error}, status=410)
    return render(request, "clients/portal/invitation.html", {"invitation": invitation})
