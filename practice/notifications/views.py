"""The page behind "no more mails like this": a button, because mail scanners follow links."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from practice.notifications.channelling import stop_channel
from practice.notifications.models import Channel
from practice.notifications.writing import read_unsubscribe


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed token is the permission
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, stop on POST."""
    try:
        user_id, channel = read_unsubscribe(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if request.method == "POST":
        stop_channel(user_id=user_id, channel=Channel(channel), now=timezone.now())
    return render(request, "practice/unsubscribe.html", {"stopped": request.method == "POST"})
