"""Whether a request opens a page, as opposed to a page that is open already and fetches itself anew."""

from django.http import HttpRequest


def is_opening(request: HttpRequest) -> bool:
    """Return whether a person opens this page now: that is what the audit trail counts."""
    return request.method == "GET" and "X-Live" not in request.headers
