"""Autosave of the builders: one PUT on top of a revision; 409 brings what was saved meanwhile."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clients.access import client_for
from homework.access import activity_for, pathway_for
from homework.domain.arranging import save_steps, validate_steps
from homework.domain.content import minutes_for, things_to_look_at
from homework.domain.drafting import save_draft
from homework.domain.enrolling import preview_steps
from homework.domain.keeping import BadDraft, DraftMoved
from homework.domain.publishing import problems_of_steps
from homework.domain.timing import TimingError, parse_steps
from homework.models import Activity, Pathway
from homework.queries.pathways import dates_for, step_lines
from homework.serializers.drafts import ActivityDraftIn, DraftOut, PathwayDraftIn, PreviewIn, PreviewOut
from practice.pages.problems import Conflict, problems


class ActivityDraftView(APIView):
    """`PUT /api/v1/activities/<pk>/draft`."""

    @extend_schema(request=ActivityDraftIn, responses={200: DraftOut, **problems(400, 403, 404, 409, 415)})
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


class PathwayDraftView(APIView):
    """`PUT /api/v1/pathways/<pk>/draft`."""

    @extend_schema(request=PathwayDraftIn, responses={200: DraftOut, **problems(400, 403, 404, 409, 415)})
    def put(self, request: Request, pk: int) -> Response:
        """Return the new revision with what is left to look at; 409 with the stored steps; 400 with what to mend."""
        pathway = pathway_for(request.seat, pk, to="change")
        asked = PathwayDraftIn(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            saved = save_steps(pathway=pathway, by=request.user, now=timezone.now(), **asked.validated_data)
        except BadDraft as wrong:
            raise ValidationError({"steps": [problem.message for problem in wrong.problems[:20]]}) from wrong
        except DraftMoved as moved:
            stored = _steps_stored(moved.current) | {"title": moved.current.title, "steps": moved.current.draft}
            raise Conflict(stored=stored) from moved
        left = [{"block": found.block, "message": found.message} for found in problems_of_steps(saved.draft)]
        return Response(_steps_stored(saved) | {"problems": left})


class PathwayPreviewView(APIView):
    """`POST /api/v1/pathways/<pk>/preview`: the dates that steps would have for one client. Writes nothing."""

    @extend_schema(request=PreviewIn, responses={200: PreviewOut, **problems(400, 403, 404, 415)})
    def post(self, request: Request, pk: int) -> Response:
        """Return dated lines and what waits, by the planner that everything else uses."""
        pathway_for(request.seat, pk)
        asked = PreviewIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        client = client_for(request.seat, given["client"])
        wrong_steps = validate_steps(given["steps"])
        if wrong_steps:
            raise ValidationError({"steps": [wrong_steps[0].message]})
        try:
            preview = preview_steps(steps=parse_steps(given["steps"]), start_local=given["start"], tz=client.zone)
        except TimingError as wrong:
            raise ValidationError({"steps": [str(wrong)]}) from wrong
        dates = dates_for(step_lines(given["steps"]), preview.rows, tz=preview.tz)
        return Response(
            {
                "zone": preview.tz,
                "lines": [{"title": line.title, "local": line.at, "waits": line.words} for line in dates.lines],
                "later": dates.later,
                "clocks": [{"on": day.date(), "forward": forward} for day, forward in dates.changes],
            }
        )


def _steps_stored(pathway: Pathway) -> dict[str, Any]:
    return {"rev": pathway.draft_rev, "saved_at": pathway.draft_saved_at}


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
