"""Bodies of the drafts' API."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class LeftToDo(serializers.Serializer[Any]):
    """Something to look at before publishing, and where it is."""

    page = serializers.CharField(required=False)
    block = serializers.CharField()
    message = serializers.CharField()


class DraftOut(serializers.Serializer[Any]):
    """What was kept, and what is left to look at."""

    rev = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(required=False)
    problems = LeftToDo(many=True)


class LineOut(serializers.Serializer[Any]):
    """A step with its date, or with what it waits for."""

    title = serializers.CharField()
    local = serializers.DateTimeField(allow_null=True)
    waits = serializers.CharField(allow_blank=True)


class ClockChange(serializers.Serializer[Any]):
    """A day on which the clocks change."""

    on = serializers.DateField()
    forward = serializers.BooleanField()


class PreviewOut(serializers.Serializer[Any]):
    """The dates that steps would have."""

    zone = serializers.CharField()
    lines = LineOut(many=True)
    later = serializers.IntegerField()
    clocks = ClockChange(many=True)


class ActivityDraftIn(serializers.Serializer[Any]):
    """A draft on top of a revision. What `content` may be is `homework.domain.content`'s."""

    rev = serializers.IntegerField(min_value=0)
    title = serializers.CharField(max_length=400, allow_blank=True, trim_whitespace=False)
    content = serializers.JSONField()


class PathwayDraftIn(serializers.Serializer[Any]):
    """A pathway's draft on top of a revision."""

    rev = serializers.IntegerField(min_value=0)
    title = serializers.CharField(max_length=400, allow_blank=True, trim_whitespace=False)
    steps = serializers.JSONField()


@extend_schema_field({"type": "string", "example": "2026-03-27T10:00"})
class WallClockIn(serializers.Field[Any, Any, Any, Any]):
    """A local date and time without a zone: 2026-03-27T10:00."""

    def to_internal_value(self, data: Any) -> Any:
        """Return a naive datetime between 1970 and 2200."""
        try:
            moment = datetime.fromisoformat(data)
        except (ValueError, TypeError):
            raise serializers.ValidationError(_("Please give a date and a time, such as 2026-03-27T10:00.")) from None
        if moment.tzinfo is not None or not 1971 <= moment.year <= 2199:
            raise serializers.ValidationError(_("Please give a date and a time, such as 2026-03-27T10:00."))
        return moment


class PreviewIn(serializers.Serializer[Any]):
    """Steps, for whom, from when on their own clock."""

    steps = serializers.JSONField()
    client = serializers.IntegerField(min_value=1, max_value=2**62)
    start = WallClockIn()
