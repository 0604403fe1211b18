"""The therapist's Messages: the list, a conversation beside it, writing now or for opening."""

from typing import Any
from uuid import uuid4

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import client_for
from clients.queries.cover import covers_of
from messaging.access import conversation_for, conversation_of, held_for
from messaging.domain.holding import hold, release, take_back
from messaging.domain.looking import note_opening
from messaging.domain.marking import mark_read, settle
from messaging.domain.posting import post
from messaging.domain.words import Refused
from messaging.forms.message import MessageForm
from messaging.models import Conversation
from messaging.queries.listing import conversation_page, held_of, lines, waiting_count
from messaging.queries.promise import Promise, moment_words, promise_of
from messaging.queries.side import side_of
from messaging.queries.thread import thread
from messaging.rules import is_open
from messaging.views.numbers import number_in
from practice.clock import local
from practice.live.epoch import epoch
from practice.permissions.doors import desk
from practice.permissions.opening import is_opening


@require_GET
@desk
def messages(request: HttpRequest) -> HttpResponse:
    """Show the list; on a wide page with room for a conversation beside it."""
    return render(request, "messaging/desk/messages.html", _list(request))


@require_GET
@desk
def conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Show one conversation beside the list. Opening it is reading it, and is written in the record."""
    row = conversation_for(request.user, conversation_id)
    now = timezone.now()
    if is_opening(request):
        mark_read(conversation_id=row.pk, practice_id=row.practice_id, user=request.user, seq=row.head, now=now)
    context = _context(request, row, MessageForm(initial={"uuid": uuid4()}))
    return render(request, "messaging/desk/messages.html", context)


@require_GET
@desk
def of_client(request: HttpRequest, client_id: int) -> HttpResponse:
    """Lead from a client's page to their conversation."""
    client = client_for(request.seat, client_id)  # type: ignore[attr-defined]
    return redirect("messaging:desk-conversation", conversation_of(request.user, client).pk)


@require_POST
@desk
def write(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Post what was written, or keep it for opening; a refusal keeps it on the page."""
    row = conversation_for(request.user, conversation_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            _send(request, row, form.cleaned_data)
            return redirect("messaging:desk-conversation", row.pk)
        except Refused as refused:
            form.add_error("text", str(refused))
    return render(request, "messaging/desk/messages.html", _context(request, row, form), status=422)


@require_POST
@desk
def no_answer_needed(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Let a conversation no longer wait."""
    row = conversation_for(request.user, conversation_id, to="settle")
    settle(conversation=row, by=request.user, now=timezone.now())
    return redirect("messaging:desk-conversation", row.pk)


@require_POST
@desk
def held_now(request: HttpRequest, held_id: int) -> HttpResponse:
    """Send a held message now."""
    held = held_for(request.user, held_id)
    if release(held=held, now=timezone.now()) is None:
        notices.error(request, _("It could not be sent. Your words are still here."))
    return redirect("messaging:desk-conversation", held.conversation_id)


@require_POST
@desk
def held_back(request: HttpRequest, held_id: int) -> HttpResponse:
    """Take a held message back into the composer."""
    held = held_for(request.user, held_id)
    if not is_open(request.user, held.conversation):
        notices.error(request, _("The conversation is closed. Your words are still here."))
        return redirect("messaging:desk-conversation", held.conversation_id)
    try:
        text = take_back(held=held, now=timezone.now())
    except Refused as refused:
        notices.info(request, str(refused))
        return redirect("messaging:desk-conversation", held.conversation_id)
    row = conversation_for(request.user, held.conversation_id)
    form = MessageForm(initial={"uuid": uuid4(), "text": text})
    return render(request, "messaging/desk/messages.html", _context(request, row, form))


def _send(request: HttpRequest, row: Conversation, given: dict[str, Any]) -> None:
    now = timezone.now()
    promise = promise_of(client=row.client, now=now)
    if given["when"] == "opening" and promise.opens_at and not promise.is_open:
        conversation_for(request.user, row.pk, to="write_in")
        hold(
            conversation=row,
            author=request.user,
            text=given["text"],
            client_uuid=given["uuid"],
            release_at=promise.opens_at,
            now=now,
        )
        return
    post(
        conversation_id=row.pk,
        practice_id=row.practice_id,
        author=request.user,
        text=given["text"],
        client_uuid=given["uuid"],
        now=now,
    )


def _list(request: HttpRequest, current: Conversation | None = None) -> dict[str, Any]:
    only_waiting = request.GET.get("show") == "waiting"
    page = conversation_page(user=request.user, only_waiting=only_waiting, number=request.GET.get("page"))
    now, all_shown = timezone.now(), [*page.object_list, *([current] if current else [])]
    held = held_of(request.user, [row.pk for row in all_shown])
    covers = covers_of([row.client for row in all_shown], now=now)
    rows = lines(
        conversations=page.object_list,
        held=held,
        covers=covers,
        reader=request.user,
        known=request.seat.membership,
        now=now,
    )
    return {
        "page": page,
        "query": "show=waiting&" if only_waiting else "",
        "only_waiting": only_waiting,
        "waiting": [line for line in rows if line.reply_by],
        "others": [line for line in rows if not line.reply_by],
        "waiting_total": waiting_count(request),
        "current": current,
        "covers": covers,
        "held_rows": held.get(current.pk, []) if current else [],
    }


def _context(request: HttpRequest, row: Conversation, form: MessageForm) -> dict[str, Any]:
    """What shows a conversation beside the list; that it is shown is written down."""
    now, client, user = timezone.now(), row.client, request.user
    note_opening(conversation=row, by=user, now=now, anew=is_opening(request))  # type: ignore[arg-type]
    shown = _list(request, row)
    promise = promise_of(client=client, now=now, known=request.seat.membership, cover=shown["covers"][client.pk])
    before = number_in(request, "before")
    return shown | {
        "conversation": row,
        "client": client,
        "thread": thread(conversation=row, reader=user, zone=user.zone, now=now, before=before, read=row.seen),
        "held": [(held, moment_words(held.release_at, zone=user.zone, now=now)) for held in shown["held_rows"]],
        "promise": promise,
        "hours": _hours(promise, row, now, user.zone),
        "there": f"{local(now, client.zone):%H:%M}",
        "place": client.zone.rsplit("/", 1)[-1].replace("_", " "),
        "is_open": is_open(user, row),
        "form": form,
        "epoch": epoch(),
        "zone": user.zone,
        "side": side_of(request=request, client=client, reader=user, now=now),
    }


def _hours(promise: Promise, row: Conversation, now: Any, zone: str) -> dict[str, str]:
    """Return what the composer says out of hours; empty while the therapist works."""
    if promise.is_open or promise.opens_at is None or promise.reply_by is None:
        return {}
    here, there = local(promise.reply_by, zone), local(promise.reply_by, row.client.zone)
    return {
        "now": f"{local(now, zone):%H:%M}",
        "opens": moment_words(promise.opens_at, zone=zone, now=now),
        "opens_time": f"{local(promise.opens_at, zone):%H:%M}",
        "promise_there": moment_words(promise.reply_by, zone=row.client.zone, now=now),
        "promise_here": f"{here:%H:%M}" if here.time() != there.time() else "",
    }
