"""How long something took or has been waiting, as a person says it."""

from typing import Final

UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
TENTHS_BELOW: Final = 10


def duration_parts(seconds: float) -> list[tuple[float, str]]:
    """Return amounts and units, at most the two largest and none that is zero: 5498.4 is 1 h and 32 min.

    Under ten seconds to a tenth of one, else rounded to the smaller of the two units; nothing is 0 s.
    """
    seconds = max(0.0, seconds)
    if round(seconds, 1) < TENTHS_BELOW:
        return [(round(seconds, 1), "s")]
    for place, (_unit, size) in enumerate(UNITS):
        smaller = UNITS[min(place + 1, len(UNITS) - 1)][1]
        rounded = round(seconds / smaller) * smaller
        if rounded >= size:
            amounts = (rounded // size, rounded % size // smaller)
            return [(amount, unit) for amount, (unit, _size) in zip(amounts, UNITS[place:], strict=False) if amount]
    return [(0, "s")]


def duration_said(seconds: float) -> str:
    """Return "1 h 32 min", for commands and logs; pages say it in the reader's language (the filter `duration`)."""
    return " ".join(f"{amount:g} {unit}" for amount, unit in duration_parts(seconds))
