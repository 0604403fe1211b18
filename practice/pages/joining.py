"""The page that an invitation to the staff opens. Opening it changes nothing: mail scanners follow links.

1. a greeting with a button; 2. who has no password yet chooses one, who has one signs in with it; 3. to the desk.
"""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from practice.accounts import inviting
from practice.accounts.models import StaffInvitation
from practice.accounts.password_form import ChoosePasswordForm
from practice.accounts.throttling import INVITATIONS, is_allowed


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Greet; take a new password or the one they have; let them in."""
    if not is_allowed(request, INVITATIONS, token):
        return render(request, "429.html", status=429)
    now = timezone.now()
    try:
        invitation = inviting.find_invitation(token=token, now=now)
        if request.method == "POST":
            return _go_on(request, token, invitation)
    except inviting.CannotJoin as error:
        return render(request, "practice/join_over.html", {"why": error}, status=410)
    return render(request, "practice/join.html", _context(request, invitation))


def _go_on(request: HttpRequest, token: str, invitation: StaffInvitation) -> HttpResponse:
    now = timezone.now()
    inviting.note_opened(invitation=invitation, now=now)
    if not inviting.needs_password(invitation):
        if request.user != invitation.user:
            return redirect(f"/accounts/login/?{urlencode({'next': request.path})}")
        inviting.join_practice(token=token, password=None, now=now)
        return _enter(request, invitation)
    form = ChoosePasswordForm(request.POST if "password1" in request.POST else None, user=invitation.user)
    if form.is_valid():
        inviting.join_practice(token=token, password=form.cleaned_data["password1"], now=now)
        return _enter(request, invitation)
    return render(request, "practice/join_password.html", _context(request, invitation) | {"form": form})


def _enter(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    """Sign in anew through the library, so that the session lives by the rules for staff."""
    user = type(invitation.user).objects.get(pk=invitation.user_id)
    record_authentication(request, user, method="password", email=user.email)
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email, redirect_url="/desk/"))
    return response


def _context(request: HttpRequest, invitation: StaffInvitation) -> dict[str, object]:
    return {
        "invitation": invitation,
        "sender": invitation.sent_by.name if invitation.sent_by else "",
        "chooses": inviting.needs_password(invitation),
        "someone_else": request.user.is_authenticated and request.user != invitation.user,
    }
