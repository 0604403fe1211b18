"""Titles for the client's page "who looked at my record"."""

from collections.abc import Mapping
from typing import Any

from alliance.instruments.structure import instrument
from alliance.models import Rating


def titles_of_ratings(ids: list[int]) -> Mapping[int, Any]:
    """Return what a form is about, by rating. One query."""
    rows = Rating.objects.filter(pk__in=ids).values_list("pk", "instrument")
    return {pk: instrument(key).topic_name for pk, key in rows}
