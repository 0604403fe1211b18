"""Send one activity, now or at a time, to one or several clients."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from homework.access import workshop_door
from homework.domain.enrolling import CannotEnrol, send_activity
from homework.forms.sending import SendForm
from practice.pages.once import first_time, fresh_token, give_back
from practice.permissions.doors import desk


@require_http_methods(["GET", "POST"])
@desk
def send(request: HttpRequest) -> HttpResponse:
    """Choose what, to whom and when; what was chosen on the page before is ticked already."""
    seat = workshop_door(request.seat)
    given = request.GET
    initial = {"activity": given.get("activity"), "clients": given.getlist("client"), "when": "now"}
    form = SendForm(request.POST or None, user=seat.user, initial=initial)
    if request.method == "POST" and form.is_valid() and _sent_once(request, form):
        people = list(form.cleaned_data["clients"])
        if len(people) == 1:
            return redirect("homework:client-homework", client_id=people[0].pk)
        return redirect("homework:desk-library")
    context = {"form": form, "once": fresh_token()}
    return render(request, "homework/desk/send.html", context, status=400 if form.errors else 200)


def _sent_once(request: HttpRequest, form: SendForm) -> bool:
    """Send, unless the same form has been sent already: a second click sends nothing twice."""
    if not first_time(request):
        return True
    if not _sent(request, form):
        give_back(request)
        return False
    return True


def _sent(request: HttpRequest, form: SendForm) -> bool:
    said = form.cleaned_data
    people, activity = list(said["clients"]), said["activity"]
    at = form.at_local()
    try:
        send_activity(
            clients=people, activity_version=activity.latest, at_local=at, by=request.user, now=timezone.now()
        )
    except CannotEnrol as reason:
        form.add_error("date" if at else "clients", str(reason))
        return False
    words = {"title": activity.title, "n": len(people), "name": people[0].called}
    if at is None:
        said_words = ngettext(
            "“%(title)s” goes out to %(name)s.", "“%(title)s” goes out to %(n)d clients.", len(people)
        )
    else:
        said_words = ngettext(
            "“%(title)s” is planned for %(name)s.", "“%(title)s” is planned for %(n)d clients.", len(people)
        )
    messages.success(request, said_words % words)
    waiting = [client.called for client in people if not client.treatment_consent]
    if waiting:
        messages.warning(
            request, _("It waits until they agree to treatment: %(names)s") % {"names": ", ".join(waiting)}
        )
    return True
