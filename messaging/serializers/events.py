"""Events out, messages and read cursors in. The socket and the API speak the same."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from messaging.domain.words import Unsayable, tidy
from messaging.queries.reading import ShownEvent


def event_json(event: ShownEvent) -> dict[str, Any]:
    """Return an event as JSON. `html` is safe; `uuid` lets a device know its own again."""
    return {
        "seq": event.seq,
        "no": event.message_no,
        "by": event.author_id,
        "name": event.author,
        "at": event.at.isoformat(),
        "uuid": str(event.uuid),
        "text": event.text,
        "html": str(event.html),
    }


class EventOut(serializers.Serializer):  # type: ignore[type-arg]
    """An event, as `event_json` makes it."""

    seq = serializers.IntegerField()
    no = serializers.IntegerField()
    by = serializers.IntegerField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    uuid = serializers.UUIDField()
    text = serializers.CharField()
    html = serializers.CharField()


class EventsOut(serializers.Serializer):  # type: ignore[type-arg]
    """A range of events, the newest number, and the epoch that both belong to."""

    epoch = serializers.CharField()
    head = serializers.IntegerField()
    events = EventOut(many=True)


@extend_schema_field({"type": "string"})
class Words(serializers.Field):  # type: ignore[type-arg]
    """The text of a message, tidied as everywhere."""

    def to_internal_value(self, data: Any) -> str:
        """Return the tidied text."""
        try:
            return tidy(data)
        except Unsayable as refused:
            raise serializers.ValidationError(str(refused)) from refused


class MessageIn(serializers.Serializer):  # type: ignore[type-arg]
    """A message to post. `uuid` is made by the browser and stays the same when it tries again."""

    uuid = serializers.UUIDField()
    text = Words()


class ReadIn(serializers.Serializer):  # type: ignore[type-arg]
    """How far the reader has read."""

    seq = serializers.IntegerField(min_value=0, max_value=2**62)


class RangeIn(serializers.Serializer):  # type: ignore[type-arg]
    """Which events are wanted: those above `after`, at most `limit`."""

    after = serializers.IntegerField(min_value=0, max_value=2**62, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=200)
