"""A nudge lets a worker look at once instead of at its next tick. It may be lost: the tick finds the row all the same.

It leaves from a thread of its own, one at a time: a broker that hangs makes nobody wait.
"""

import threading
from collections.abc import Callable
from typing import Any

from django.db import transaction

from practice.notifications.losses import Losses

_under_way = threading.Lock()
_lost = Losses("nudges")


def nudge(delay: Callable[..., Any], *args: Any) -> None:
    """Call a task's `delay` once this transaction has committed, unless another nudge is still on its way."""
    transaction.on_commit(lambda: _start(delay, *args), robust=True)


def _start(delay: Callable[..., Any], *args: Any) -> None:
    if _under_way.acquire(blocking=False):
        threading.Thread(target=_go, args=(delay, *args), daemon=True).start()


def _go(delay: Callable[..., Any], *args: Any) -> None:
    try:
        delay(*args)
        _lost.over()
    except Exception:  # kombu raises many kinds; none matters
        _lost.add()
    finally:
        _under_way.release()
