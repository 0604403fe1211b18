"""Student's t: quantiles from the incomplete beta function, exact to the last digits that matter. Pure."""

import math
from functools import cache

_TINY = 1e-300
_ENOUGH = 1e-15
_MOST_TERMS = 400
_HALVINGS = 200


def tail(t: float, df: int) -> float:
    """The probability that a t variable with `df` degrees of freedom exceeds `t`, for t ≥ 0."""
    return incomplete_beta(df / (df + t * t), df / 2, 0.5) / 2


@cache
def quantile(probability: float, df: int) -> float:
    """The value that a t variable with `df` degrees of freedom stays below with this probability (0.5 to 1).

    Found by halving an interval on the tail, so it needs no table. Raises ValueError outside its range.
    """
    if not 0.5 <= probability < 1 or df < 1:
        raise ValueError(f"no quantile for probability {probability} and {df} degrees of freedom")
    target, low, high = 1 - probability, 0.0, 1.0
    while tail(high, df) > target:
        low, high = high, high * 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if tail(middle, df) > target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a * _continued_fraction(x, a, b)


def _continued_fraction(x: float, a: float, b: float) -> float:
    c = 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            value *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
