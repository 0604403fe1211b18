"""Whether a request opens a page, as opposed to a page that is open already and fetches itself anew."""

from django.http import HttpRequest


def is_opening(request: HttpRequest) -> bool:
    """Return whether a person opens this page now, as the request says: each time is a line in the audit trail.

    What only shows again leaves a line too unless its reader opened it lately: `practice.audit.recording`.
    """
    return request.method == "GET" and "X-Live" not in request.headers
