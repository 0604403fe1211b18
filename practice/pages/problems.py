"""One error shape for the API: application/problem+json (RFC 9457)."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "status": serializers.IntegerField(),
        "title": serializers.CharField(),
        "detail": serializers.CharField(),
        "errors": serializers.JSONField(required=False, help_text="What to mend, by field."),
        "stored": serializers.JSONField(required=False, help_text="What was saved meanwhile."),
    },
)
WORDS = {
    400: "What was sent can't be kept; `errors` says why, by field.",
    403: "Not signed in, the token is missing, or this may only be read now.",
    404: "There is none, or it isn't theirs.",
    409: "Something else was saved meanwhile; it is in `stored`.",
    415: "The body isn't JSON.",
    429: "Too much at once; `Retry-After` says when to come back.",
}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the documented refusals of a route, all of one shape."""
    shape = "application/problem+json"
    return {(status, shape): OpenApiResponse(PROBLEM, description=WORDS[status]) for status in statuses}


class Conflict(APIException):
    """409: what was saved meanwhile is in `extra`, so that nothing is overwritten in silence."""

    status_code = 409
    default_detail = _("Someone saved another text meanwhile.")
    default_code = "conflict"

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.extra = extra


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return DRF's answer in the problem shape: title, status, detail, and `errors` by field."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    detail = getattr(exc, "detail", str(exc))
    problem: dict[str, Any] = {"type": "about:blank", "status": response.status_code, "title": response.status_text}
    if isinstance(exc, ValidationError):
        problem |= {"detail": _now("Some of it can't be saved as it is."), "errors": response.data}
    else:
        problem["detail"] = str(detail)
    problem |= getattr(exc, "extra", {})
    response.data = problem
    response.content_type = "application/problem+json"
    return response
