"""Bodies of the drafts' API."""

from typing import Any

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
