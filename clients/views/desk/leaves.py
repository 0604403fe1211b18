"""Leave and handover: who is away, who stands in; arranging it, ending it early."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import arranging_door, leave_for
from clients.domain.taking_leave import CannotTakeLeave, check, end_leave, take_leave
from clients.forms.leave import LeaveForm
from clients.queries.leaves import leaves_for, preview_leave
from practice.permissions.doors import desk


@require_GET
@desk
def leaves(request: HttpRequest) -> HttpResponse:
    """Show leaves that are not over."""
    seat, now = arranging_door(request.seat), timezone.now()
    return render(request, "clients/desk/leaves.html", {"leaves": leaves_for(seat, now=now), "now": now})


@require_http_methods(["GET", "POST"])
@desk
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the days; show whom they touch; arrange it when that was confirmed."""
    seat, now = arranging_door(request.seat), timezone.now()
    form, context = LeaveForm(request.POST or None, seat=seat), {}
    if form.is_valid():
        plan = form.plan()
        try:
            starts_at, ends_at = check(practice=seat.practice, plan=plan, now=now)
            if request.POST.get("sure"):
                take_leave(practice=seat.practice, plan=plan, by=seat.user, now=now)
                messages.success(request, _("Arranged. Everybody whom it concerns is told."))
                return redirect("clients:leaves")
        except CannotTakeLeave as error:
            form.add_error(None, str(error))
        else:
            context = {"plan": plan, "preview": preview_leave(plan.user, starts_at=starts_at, ends_at=ends_at)}
    return render(request, "clients/desk/leave_new.html", context | {"form": form}, status=400 if form.errors else 200)


@require_POST
@desk
def end(request: HttpRequest, leave_id: int) -> HttpResponse:
    """End a leave now, or call it off."""
    end_leave(leave=leave_for(request.seat, leave_id), by=request.user, now=timezone.now())
    messages.success(request, _("The leave is over. Everybody whom it concerned is told."))
    return redirect("clients:leaves")
