"""Numbers in an address's query."""

from django.http import HttpRequest


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a positive number of the query, None when there is none or it is nonsense."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 and int(text) > 0 else None
