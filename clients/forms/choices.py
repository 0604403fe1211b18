"""Choices that many forms share: languages, zones by their names; countries come from the ground."""

from functools import cache

from django.conf import settings

from practice.clock.zones import known_zones
from practice.pages.countries import country_choices

__all__ = ["country_choices", "language_choices", "zone_choices"]

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def language_choices() -> list[tuple[str, str]]:
    """Return the languages that pages exist in."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return zones with readable names, "Europe · Berlin"."""
    names = sorted(name for name in known_zones() if name.split("/", 1)[0] in REGIONS)
    return [("UTC", "UTC"), *((name, name.replace("/", " · ").replace("_", " ")) for name in names)]
