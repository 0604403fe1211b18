"""One answer on its way in and out."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

MOST_FIELDS = 2_000


class AnswerOut(serializers.Serializer[Any]):
    """What was kept."""

    rev = serializers.IntegerField()
    saved_at = serializers.DateTimeField()


class AnswerIn(serializers.Serializer[Any]):
    """Either `value`, or `form`: the block's form fields as `[[name, value], …]`. `rev` is what it is based on."""

    rev = serializers.IntegerField(min_value=0, max_value=2_000_000_000)
    uuid = serializers.UUIDField()
    value = serializers.JSONField(required=False, allow_null=True)
    form = serializers.ListField(
        child=serializers.ListField(
            child=serializers.CharField(allow_blank=True, trim_whitespace=False), min_length=2, max_length=2
        ),
        required=False,
        max_length=MOST_FIELDS,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the input. Raises when neither or both ways of answering are there."""
        if ("value" in attrs) == ("form" in attrs):
            raise serializers.ValidationError(_("Send either value or form."))
        return attrs
