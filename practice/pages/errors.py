"""Pages for when something is wrong. They are rendered without a request, so that neither the session nor the database
is asked: an error page must not fail with what it reports. Under /api/ the same is said in the API's own shape."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template

from practice.tenancy.outages import is_outage

API = "/api/"


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    if request.path.startswith(API):
        title = HTTPStatus(status).phrase
        problem = {"type": "about:blank", "status": status, "title": title, "detail": title}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    return HttpResponse(get_template(name).render(), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for 400."""
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for 403."""
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose token is missing or too old."""
    return _page(request, "403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for 404: unknown and forbidden look alike."""
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for 500; for 503 when the database can't serve now. Called while the exception is handled."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    return _page(request, "500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the page for 503, with a hint when to come back."""
    response = _page(request, "503.html", 503)
    response.headers["Retry-After"] = "120"
    return response
