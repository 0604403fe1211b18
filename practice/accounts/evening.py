"""Answers that take the same time for known and unknown addresses: no clock tells who is a client here."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

FLOOR_SECONDS = 0.2  # well above what writing a mail into the outbox takes


def evenly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let no POST be answered before the floor. It is throttled, so sleeping threads stay few."""

    @wraps(view)
    def even(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        began = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - began)))
        return response

    return even
