"""Choices that many forms share: languages, countries, zones by their names."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language

from practice.clock.zones import known_zones

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def country_choices() -> list[tuple[str, str]]:
    """Return ISO codes with names in the reader's language, by name."""
    return _countries(get_language() or "en")


def language_choices() -> list[tuple[str, str]]:
    """Return the languages that pages exist in."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return zones with readable names, "Europe · Berlin"."""
    names = sorted(name for name in known_zones() if name.split("/", 1)[0] in REGIONS)
    return [("UTC", "UTC"), *((name, name.replace("/", " · ").replace("_", " ")) for name in names)]


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    try:
        territories = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        territories = Locale("en").territories
    named = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    ]
    return sorted(named, key=lambda pair: pair[1])
