"""The client's Messages."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients.access import own_client
from messaging.access import conversation_of
from messaging.domain.marking import mark_read
from messaging.domain.posting import post
from messaging.domain.words import Refused
from messaging.forms.message import MessageForm
from messaging.models import Conversation
from messaging.queries.promise import moment_words, promise_of
from messaging.queries.thread import care_team_names, thread
from messaging.views.numbers import number_in
from practice.live.epoch import epoch
from practice.permissions.doors import portal


@require_GET
@portal
def messages(request: HttpRequest) -> HttpResponse:
    """Show the conversation, newest below; opening it is reading it."""
    conversation = conversation_of(request.user, own_client(request))
    context = _context(request, conversation, MessageForm(initial={"uuid": uuid4()}))
    if "X-Live" not in request.headers:  # not the page asking for its own living parts
        mark_read(
            conversation_id=conversation.pk,
            practice_id=conversation.practice_id,
            user=request.user,
            seq=conversation.head,
            now=timezone.now(),
        )
    return render(request, "messaging/portal/messages.html", context)


@require_POST
@portal
def write(request: HttpRequest) -> HttpResponse:
    """Post what was written; a refusal keeps it on the page."""
    conversation = conversation_of(request.user, own_client(request))
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            post(
                conversation_id=conversation.pk,
                practice_id=conversation.practice_id,
                author=request.user,
                text=form.cleaned_data["text"],
                client_uuid=form.cleaned_data["uuid"],
                now=timezone.now(),
            )
            return redirect("messaging:portal-messages")
        except Refused as refused:
            form.add_error("text", str(refused))
    return render(request, "messaging/portal/messages.html", _context(request, conversation, form), status=422)


def _context(request: HttpRequest, conversation: Conversation, form: MessageForm) -> dict[str, Any]:
    now, client = timezone.now(), conversation.client
    promise = promise_of(client=client, now=now)
    before = number_in(request, "before")
    shown = thread(
        conversation=conversation,
        reader=request.user,
        zone=client.zone,
        now=now,
        before=before,
        read=conversation.seen,
    )
    return {
        "conversation": conversation,
        "client": client,
        "therapist": client.therapist.first_name,
        "answers": promise.therapist.first_name,
        "readers": care_team_names(conversation)[1:],
        "thread": shown,
        "promise": promise,
        "reply_by": moment_words(promise.reply_by, zone=client.zone, now=now) if promise.reply_by else "",
        "place": client.zone.rsplit("/", 1)[-1].replace("_", " "),
        "is_open": client.treatment_consent and not client.has_ended,
        "form": form,
        "epoch": epoch(),
        "zone": client.zone,
    }
