"""Numbers, ticks and the width of words: the small arithmetic under every chart."""

from collections.abc import Sequence


def plain(value: float) -> str:
    """A number as short as it is: 6, 4.1, −2."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text runs in our text face, in units of the picture."""
    return len(text) * size * 0.54


ROUND_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


def even_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """At most `most` ticks in steps people read easily, with both ends when the scale allows it."""
    span = high - low
    if span <= 0:
        return [low]
    if span == int(span):
        steps = [step for step in range(1, int(span) + 1) if span % step == 0 and span / step <= most - 1]
        best = next((step for step in ROUND_STEPS if step in steps), min(steps))
        if span / best >= 2 or span <= 2:
            return _multiples(low, high, best, start=low)
    step = 10.0**-2
    while True:
        for factor in (1, 2, 5):
            if span / (step * factor) <= most - 1 + 1e-9:
                return _multiples(low, high, step * factor, start=round(low / (step * factor)) * step * factor)
        step *= 10


def _multiples(low: float, high: float, step: float, *, start: float) -> list[float]:
    ticks = [round(start, 6)]
    while ticks[-1] + step <= high + 1e-9:
        ticks.append(round(ticks[-1] + step, 6))
    return [tick for tick in ticks if tick >= low - 1e-9]


def spread(labels: Sequence[str], places: Sequence[float], gap: float = 14) -> list[int]:
    """Which labels of an axis to show so that none touches the next; the first and the last always stay."""
    if not labels:
        return []
    last = len(labels) - 1
    shown = [0]
    for index in range(1, last):
        room = places[index] - places[shown[-1]]
        need = (text_width(labels[index]) + text_width(labels[shown[-1]])) / 2 + gap
        to_last = places[last] - places[index]
        need_last = (text_width(labels[index]) + text_width(labels[last])) / 2 + gap
        if room >= need and to_last >= need_last:
            shown.append(index)
    if last > 0:
        shown.append(last)
    return shown
