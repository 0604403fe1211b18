"""Bounds in seconds, held on a machine that does other things meanwhile.

    best_of(TRIES, scene)      # the short form: three tries; the full form: best_of(1, scene)

Whatever must be right is asserted in every try and ends the test when it isn't: it is waited for with patience. Only
how long it took, told to `in_time`, may be tried again.
"""

from collections.abc import Callable

TRIES = 3
PATIENCE = 60.0  # seconds until what must come has come, however busy the machine


class Late(AssertionError):
    """All was right, but it took longer than the list of faults allows."""


def in_time(took: float, bound: float, what: str) -> None:
    """Raise Late when it took longer than its bound."""
    if took > bound:
        raise Late(f"{what}: {took:.2f} s, and {bound:.2f} s are allowed")


def best_of(tries: int, scene: Callable[[], None]) -> None:
    """Play a scene until it is in time, at most so many times. Raises what it asserts, and Late after the last try."""
    for left in reversed(range(tries)):
        try:
            scene()
        except Late as late:
            print(f"late, {left} tries left: {late}")
            if not left:
                raise
        else:
            return
