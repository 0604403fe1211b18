"""Signals and scores in words: every number comes with a sentence, every signal says its rule."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.signals.rupture import LEAST_EARLIER, MARKED

SCORES = {
    "total": gettext_lazy("Total"),
    "depth": gettext_lazy("Depth"),
    "smoothness": gettext_lazy("Smoothness"),
    "positivity": gettext_lazy("Positivity"),
    "arousal": gettext_lazy("Arousal"),
}
ENDS = {
    "depth": gettext_lazy("From shallow to deep: how much the session was worth."),
    "smoothness": gettext_lazy("From rough to smooth: how easy the session felt."),
    "positivity": gettext_lazy("From low to glad: the mood right afterwards."),
    "arousal": gettext_lazy("From still to stirred: how awake the body was afterwards."),
}
LEVELS = {"moderate": gettext_lazy("moderate"), "marked": gettext_lazy("marked")}


USUAL_FROM = LEAST_EARLIER + 1


def shown(value: float) -> str:
    """A number as people read it: one decimal at most, none when it is whole, in the reader's language."""
    rounded = round(value, 1)
    return number_format(rounded, decimal_pos=0 if rounded == int(rounded) else 1)


def rule(numbers: dict[str, Any], *, whose: str) -> str:
    """The rupture rule with this signal's numbers: the limit, where it comes from, and what the rating was.

    `whose` is the name of the person who rated.
    """
    marked = numbers["level"] == MARKED
    facts = {
        "name": whose,
        "limit": shown(numbers["marked_below"] if marked else numbers["moderate_below"]),
        "mean": shown(numbers["mean"]),
        "score": shown(numbers["score"]),
        "earlier": numbers["earlier"],
    }
    if numbers["norm_sd"] is not None:
        facts["spread"] = shown(max(numbers["spread"], numbers["norm_sd"]))
        return (_WIDE_MARKED if marked else _WIDE_MODERATE) % facts
    return (_RARE if marked else _UNUSUAL) % facts


_UNUSUAL = gettext_lazy(
    "Rule: moderate at %(limit)s or below, the limit that chance would cross once in twenty after %(earlier)s earlier "
    "ratings by %(name)s (mean %(mean)s). This was %(score)s."
)
_RARE = gettext_lazy(
    "Rule: marked at %(limit)s or below, the limit that chance would cross once in a hundred after %(earlier)s earlier "
    "ratings by %(name)s (mean %(mean)s). This was %(score)s."
)
_WIDE_MODERATE = gettext_lazy(
    "Rule: moderate at %(limit)s or below, one spread (%(spread)s) under the mean %(mean)s of %(earlier)s earlier "
    "ratings by %(name)s. This was %(score)s."
)
_WIDE_MARKED = gettext_lazy(
    "Rule: marked at %(limit)s or below, two spreads (%(spread)s each) under the mean %(mean)s of %(earlier)s earlier "
    "ratings by %(name)s. This was %(score)s."
)
FALSE_ALARMS = gettext_lazy(
    "Windows and counts are this project’s own choice. Someone whose view never changes meets a moderate signal "
    "about once in twenty ratings."
)


def until_usual(n: int) -> str:
    """How many ratings are missing before a usual range can be drawn."""
    missing = max(1, USUAL_FROM - n)
    return ngettext(
        "%(n)s more rating, and a usual range can be drawn.",
        "%(n)s more ratings, and a usual range can be drawn.",
        missing,
    ) % {"n": missing}


def desk_sentence(*, name: str, value: float, number: int | None, low: float | None, high: float | None) -> str:
    """Where the client's newest rating stands, for the therapist."""
    facts = {"name": name, "value": shown(value), "number": number}
    if low is None or high is None:
        if number is None:
            return _("%(name)s’s newest rating is %(value)s.") % facts
        return _("After session %(number)s %(name)s’s rating was %(value)s.") % facts
    if value < low:
        return _("%(name)s’s newest rating, %(value)s, lies below their usual range.") % facts
    if value > high:
        return _("%(name)s’s newest rating, %(value)s, lies above their usual range.") % facts
    return _("%(name)s’s newest rating, %(value)s, is within their usual range.") % facts


def portal_sentence(*, value: float, low: float | None, high: float | None) -> str:
    """The same for the client, in plain words."""
    facts = {"value": shown(value)}
    if low is None or high is None:
        return _("Your last answer came to %(value)s.") % facts
    if value < low:
        return _("Your last answer came to %(value)s. That is lower than usual for you.") % facts
    if value > high:
        return _("Your last answer came to %(value)s. That is higher than usual for you.") % facts
    return _("Your last answer came to %(value)s. That is in your usual range.") % facts
