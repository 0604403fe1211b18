"""Bodies of the drafts' API."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


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
