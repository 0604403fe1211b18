"""Where browsers report what the content security policy stopped. One line in the log; nothing that names a person."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from practice.live.limits import Window

logger = logging.getLogger("practice.csp")
LONGEST = 10_000
EVERYBODY = 0
reports = Window(count=20, seconds=60.0)


@csrf_exempt  # the browser itself posts here, without a token; nothing is changed
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Answer 204 whatever was sent; log which directive stopped whose address, at most twenty a minute."""
    told = _told(request.body[:LONGEST]) if not reports.wait(EVERYBODY) else None
    if told is not None:
        logger.warning("a page was kept from loading: %s %s", *told)
    return HttpResponse(status=204)


def _told(body: bytes) -> tuple[str, str] | None:
    """Return the directive and the host that was asked for; None when the body is no report."""
    try:
        report: Any = json.loads(body)["csp-report"]
        directive, blocked = report.get("effective-directive") or report["violated-directive"], report["blocked-uri"]
        host = urlsplit(str(blocked)).netloc or str(blocked)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return _plain(directive), _plain(host)


def _plain(text: Any) -> str:
    """Return at most 60 characters that can't start a line of their own in a log."""
    return "".join(letter for letter in str(text)[:60] if letter.isprintable())
