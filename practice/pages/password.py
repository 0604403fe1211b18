"""A member of staff changes their password."""

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from practice.accounts.sessions import stay_signed_in
from practice.accounts.staffing import change_password
from practice.accounts.throttling import LINK_CODES, is_allowed
from practice.permissions.doors import desk


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@desk
def password(request: HttpRequest) -> HttpResponse:
    """Ask for the old one and twice for the new one; every other session of theirs ends."""
    user = request.user
    if request.method == "POST" and not is_allowed(request, LINK_CODES, f"password {user.pk}"):
        return render(request, "429.html", status=429)
    form: PasswordChangeForm = PasswordChangeForm(user, request.POST or None)
    form.fields["old_password"].widget.attrs.pop("autofocus", None)
    if request.method == "POST" and form.is_valid():
        password, here = form.cleaned_data["new_password1"], request.session.session_key
        change_password(user=user, practice=request.seat.practice, password=password, now=timezone.now(), keep=here)
        stay_signed_in(request, user)
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return redirect("pages:me")
    return render(request, "practice/password.html", {"form": form})
