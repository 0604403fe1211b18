"""One error shape for the API: application/problem+json (RFC 9457)."""

from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Conflict(APIException):
    """409: what was saved meanwhile is in `extra`, so that nothing is overwritten in silence."""

    status_code = 409
    default_detail = "Someone saved another text meanwhile."
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
        problem |= {"detail": "Some of it can't be saved as it is.", "errors": response.data}
    else:
        problem["detail"] = str(detail)
    problem |= getattr(exc, "extra", {})
    response.data = problem
    response.content_type = "application/problem+json"
    return response
