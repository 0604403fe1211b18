"""People of the practice: inviting, roles, leaving. For admins, at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from practice.accounts import inviting
from practice.accounts.access import as_admin, invitation_for, member_for
from practice.accounts.people import people_of
from practice.accounts.staffing import CannotChangeStaff, change_member
from practice.pages.people_forms import InviteMemberForm, MemberForm
from practice.pages.setting_up import practice_tabs
from practice.people.models import Role
from practice.permissions.doors import desk


@require_GET
@desk
def people(request: HttpRequest) -> HttpResponse:
    """Show who works here and who was invited."""
    seat = as_admin(request.seat)
    context = {"people": people_of(seat.practice, now=timezone.now()), "tabs": practice_tabs("people")}
    return render(request, "practice/people.html", context)


@require_http_methods(["GET", "POST"])
@desk
def invite(request: HttpRequest) -> HttpResponse:
    """Invite someone by e-mail."""
    seat = as_admin(request.seat)
    form = InviteMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            inviting.invite_member(
                practice=seat.practice,
                email=data["email"],
                name=data["name"],
                roles=[Role(role) for role in data["roles"]],
                by=seat.user,
                now=timezone.now(),
            )
        except inviting.CannotInvite as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": data["email"]})
            return redirect("pages:people")
    return render(request, "practice/people_invite.html", {"form": form})


@require_POST
@desk
def again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again."""
    invitation = invitation_for(request.seat, invitation_id)
    try:
        inviting.send_again(invitation=invitation, by=request.seat.user, now=timezone.now())
    except inviting.CannotInvite as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
    return redirect("pages:people")


@require_POST
@desk
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = invitation_for(request.seat, invitation_id)
    inviting.withdraw_invitation(invitation=invitation, by=request.seat.user, now=timezone.now())
    messages.success(request, _("Withdrawn. The link no longer works."))
    return redirect("pages:people")


@require_http_methods(["GET", "POST"])
@desk
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """Change what someone may do, or close their desk."""
    found = member_for(request.seat, member_id)
    form = MemberForm(request.POST) if request.method == "POST" else MemberForm.of(found)
    if request.method == "POST" and form.is_valid():
        roles, is_active = [Role(role) for role in form.cleaned_data["roles"]], form.cleaned_data["is_active"]
        try:
            change_member(membership=found, roles=roles, is_active=is_active, by=request.seat.user, now=timezone.now())
        except CannotChangeStaff as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            is_self = found.user_id == request.seat.user.pk
            return redirect("/" if is_self else "pages:people")
    return render(request, "practice/people_member.html", {"form": form, "member": found})
