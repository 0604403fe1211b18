"""The door for a code shown in the room: typed at a short address, or opened by its picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clients.domain.letting_in import CannotEnter, come_in, find_code, note_opened
from clients.forms.room import CodeForm
from practice.accounts.throttling import ROOM_CODES, is_allowed
from practice.accounts.views import enter


@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Take the eight characters."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if not is_allowed(request, ROOM_CODES, code):
            return render(request, "429.html", status=429)
        try:
            find_code(code=code, now=timezone.now())
        except CannotEnter as error:
            form.add_error("code", str(error))
        else:
            return redirect("clients:room-enter", code=code)
    return render(request, "clients/portal/room_door.html", {"form": form})


@require_http_methods(["GET", "POST"])
def enter_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Greet on GET, and let the screen that shows the code know; let the client in on POST."""
    if not is_allowed(request, ROOM_CODES, code):
        return render(request, "429.html", status=429)
    now = timezone.now()
    try:
        found = find_code(code=code, now=now)
        if request.method == "POST":
            is_new = found.client.joined_at is None
            client = come_in(code=code, now=now)
            return enter(request, client.user, to="/welcome/" if is_new else "/", own="own_device" in request.POST)
    except CannotEnter as error:
        return render(request, "clients/portal/room_over.html", {"why": error}, status=410)
    note_opened(found=found, now=now)
    return render(request, "clients/portal/room_enter.html", {"client": found.client, "practice": found.practice})
