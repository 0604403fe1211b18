"""Events of a conversation and read cursors, for the pages' own scripts, also where web sockets are blocked."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from messaging.access import conversation_for
from messaging.domain.looking import note_opening
from messaging.domain.marking import mark_read
from messaging.domain.posting import Closed, NotInIt, SaidOtherwise, post
from messaging.models import Conversation
from messaging.queries.reading import events_after
from messaging.serializers.events import EventOut, EventsOut, MessageIn, RangeIn, ReadIn, event_json
from practice.live.epoch import epoch
from practice.live.limits import posts
from practice.pages.problems import Conflict, problems


class Events(APIView):
    """`GET …/events?after=n&limit=200` reads on from an event; `POST …/events` writes a message."""

    @extend_schema(parameters=[RangeIn], responses={200: EventsOut, **problems(400, 403, 404)})
    def get(self, request: Request, conversation_id: int) -> Response:
        """Return the events above `after`, in order, with the head and the epoch they belong to."""
        conversation = _conversation(request, conversation_id)
        wanted = _valid(RangeIn, request.query_params)
        note_opening(conversation=conversation, by=request.user, now=timezone.now(), anew=False)
        events = events_after(conversation_id=conversation.pk, **wanted)
        return Response(
            {"epoch": epoch(), "head": conversation.head, "events": [event_json(event) for event in events]}
        )

    @extend_schema(
        request=MessageIn, responses={200: EventOut, 201: EventOut, **problems(400, 403, 404, 409, 415, 429)}
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Store a message; 201, or 200 when this uuid was stored before, 409 when it was with another text."""
        conversation = _conversation(request, conversation_id)
        message = _valid(MessageIn, request.data)
        if wait := posts.wait(request.user.pk):
            raise Throttled(wait=wait)
        try:
            posted = post(
                conversation_id=conversation.pk,
                practice_id=conversation.practice_id,
                author=request.user,
                text=message["text"],
                client_uuid=message["uuid"],
                now=timezone.now(),
            )
        except SaidOtherwise as other:
            raise Conflict(str(other), stored=event_json(other.stored)) from other
        except Closed as closed:
            raise PermissionDenied(str(closed)) from closed
        except NotInIt as gone:
            raise Http404 from gone
        return Response(event_json(posted.event), status=200 if posted.repeated else 201)


class Read(APIView):
    """`PUT …/read` moves the reader's cursor, forwards only."""

    @extend_schema(request=ReadIn, responses={204: None, **problems(400, 403, 404, 415)})
    def put(self, request: Request, conversation_id: int) -> Response:
        """Answer 204."""
        conversation = _conversation(request, conversation_id)
        wanted = _valid(ReadIn, request.data)
        mark_read(
            conversation_id=conversation.pk,
            practice_id=conversation.practice_id,
            user=request.user,
            seq=wanted["seq"],
            now=timezone.now(),
        )
        return Response(status=204)


def _conversation(request: Request, pk: int) -> Conversation:
    if request.seat is None:  # signed in, but at home in no practice
        raise Http404
    return conversation_for(request.user, pk)


def _valid(serializer: Any, data: Any) -> dict[str, Any]:
    checked = serializer(data=data)
    checked.is_valid(raise_exception=True)
    values: dict[str, Any] = checked.validated_data
    return values
