"""`{% instrument_form %}`: the form of an instrument block, for its template."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.translation import get_language

from alliance.blocks.presenting import FormView, form_view
from alliance.instruments.structure import Instrument, offered
from alliance.models import Rating
from alliance.queries.asked import rating_asked
from alliance.queries.watching import Watch, watch_over

register = template.Library()


@register.simple_tag(takes_context=True)
def instrument_form(context: Context, block: Any, value: Any) -> FormView | None:
    """The form with the answers given so far; where no assignment is at hand (a preview) as a client would see it."""
    language = get_language() or "en"
    assignment = assignment_in(context)
    if assignment is None:
        return form_view(block, value, rater="client", language=language)
    client = assignment.client
    return form_view(
        block,
        value,
        rater=assignment.rater,
        language=language,
        therapist=client.therapist.first_name,
        client=client.called,
    )


@register.simple_tag(takes_context=True)
def risk_watch(context: Context) -> Watch | None:
    """Who is told about a risk answer in this assignment, and when they usually look. One query."""
    assignment = assignment_in(context)
    return watch_over(assignment.client, timezone.now()) if assignment else None


@register.simple_tag(takes_context=True)
def asked_rating(context: Context, block: Any) -> Rating | None:
    """The rating that this block was sent for after a session, while it is open. One query."""
    assignment = assignment_in(context)
    return rating_asked(assignment, block.get("instrument", "")) if assignment else None


def assignment_in(context: Context) -> Any | None:
    """The assignment that the page is about: its own, its page's or its response's."""
    for name in ("assignment", "page", "response"):
        found = context.get(name)
        assignment = found if name == "assignment" else getattr(found, "assignment", None)
        if assignment:
            return assignment
    return None


@register.simple_tag
def offered_instruments() -> list[tuple[str, Instrument]]:
    """The questionnaires that a builder may choose."""
    return [(found.id, found) for found in offered()]
