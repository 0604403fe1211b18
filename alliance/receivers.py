"""What this room does when another announces something."""

from typing import Any

from django.dispatch import receiver

from alliance.domain.raising_risk import watch
from alliance.domain.rating import rate
from alliance.domain.sending_forms import send_forms
from clients.events import appointment_held
from homework.events import answer_saved, submitted


@receiver(appointment_held)
def ask_both(*, appointment: Any, by: Any, now: Any, **_: Any) -> None:
    """Send the client's forms to both raters."""
    send_forms(appointment=appointment, by=by, now=now)


@receiver(answer_saved)
def watch_for_risk(*, response: Any, block: Any, value: Any, by: Any, now: Any, **_: Any) -> None:
    """Tell someone about a risk answer, whatever becomes of the save."""
    watch(response=response, block=block, value=value, by=by, now=now)


@receiver(submitted)
def rate_forms(*, response: Any, now: Any, **_: Any) -> None:
    """Score the forms in what was sent back."""
    rate(response=response, now=now)
