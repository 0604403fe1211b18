"""Names of time zones: which are valid, and what a retired name is called today."""

import zoneinfo
from functools import cache
from typing import Final

# Retired names that people, browsers and imports still send. Left: what arrives; right: what we keep.
ALIASES: Final = {
    "Europe/Kiev": "Europe/Kyiv",
    "Europe/Uzhgorod": "Europe/Kyiv",
    "Europe/Zaporozhye": "Europe/Kyiv",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Dacca": "Asia/Dhaka",
    "Asia/Thimbu": "Asia/Thimphu",
    "Asia/Ulan_Bator": "Asia/Ulaanbaatar",
    "Asia/Macao": "Asia/Macau",
    "Asia/Tel_Aviv": "Asia/Jerusalem",
    "Asia/Istanbul": "Europe/Istanbul",
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Godthab": "America/Nuuk",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Australia/ACT": "Australia/Sydney",
    "Australia/NSW": "Australia/Sydney",
    "Australia/LHI": "Australia/Lord_Howe",
    "US/Eastern": "America/New_York",
    "US/Central": "America/Chicago",
    "US/Mountain": "America/Denver",
    "US/Pacific": "America/Los_Angeles",
    "US/Alaska": "America/Anchorage",
    "US/Hawaii": "Pacific/Honolulu",
    "Canada/Eastern": "America/Toronto",
    "Canada/Pacific": "America/Vancouver",
    "GB": "Europe/London",
    "Eire": "Europe/Dublin",
    "NZ": "Pacific/Auckland",
    "Japan": "Asia/Tokyo",
    "Israel": "Asia/Jerusalem",
    "Turkey": "Europe/Istanbul",
    "Egypt": "Africa/Cairo",
    "Cuba": "America/Havana",
    "Etc/UTC": "UTC",
    "Etc/GMT": "UTC",
    "GMT": "UTC",
    "Z": "UTC",
    "Zulu": "UTC",
}

NOT_FOR_PEOPLE: Final = {"Factory", "localtime", "posixrules"}


class UnknownZone(ValueError):
    """Raised for a name that no time zone has."""


@cache
def known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - NOT_FOR_PEOPLE)


def canonical_zone(name: str) -> str:
    """The name we keep for a zone: today's spelling of a retired one. Raises UnknownZone for anything else."""
    kept = ALIASES.get(name, name)
    if kept in known_zones():
        return kept
    if name in known_zones():  # an old tzdata may lack the new spelling
        return name
    raise UnknownZone(f"unknown time zone {name!r}")


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone itself. Raises UnknownZone."""
    return zoneinfo.ZoneInfo(canonical_zone(name))
