"""Autosave of the builders: one PUT on top of a revision; 409 brings what was saved meanwhile."""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from homework.access import activity_for
from homework.domain.content import minutes_for, things_to_look_at
from homework.domain.drafting import BadDraft, DraftMoved, save_draft
from homework.models import Activity
from homework.serializers.drafts import ActivityDraftIn
from practice.pages.problems import Conflict


class ActivityDraftView(APIView):
    """`PUT /api/v1/activities/<pk>/draft`."""

    def put(self, request: Request, pk: int) -> Response:
        """Return the new revision with what is left to look at; 409 with the stored draft; 400 with what to mend."""
        activity = activity_for(request.seat, pk, to="change")
        asked = ActivityDraftIn(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            saved = save_draft(activity=activity, by=request.user, now=timezone.now(), **asked.validated_data)
        except BadDraft as wrong:
            raise ValidationError({"content": [problem.message for problem in wrong.problems[:20]]}) from wrong
        except DraftMoved as moved:
            raise Conflict(stored=_stored(moved.current)) from moved
        return Response(_stored(saved, whole=False) | {"problems": _problems(saved)})


def _stored(activity: Activity, *, whole: bool = True) -> dict[str, Any]:
    said: dict[str, Any] = {
        "rev": activity.draft_rev,
        "saved_at": activity.draft_saved_at,
        "minutes": activity.about.get("minutes") or minutes_for(activity.draft),
    }
    return said | ({"title": activity.title, "content": activity.draft} if whole else {})


def _problems(activity: Activity) -> list[dict[str, str]]:
    return [
        {"page": problem.page, "block": problem.block, "message": problem.message}
        for problem in things_to_look_at(activity.draft)
    ]
