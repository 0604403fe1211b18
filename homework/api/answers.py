"""Drafts: answers saved while they are typed."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from homework.access import assignment_to_fill
from homework.blocks import BLOCK_TYPES, BadAnswer
from homework.domain.answering import Saved, UnknownBlock, save_answer
from homework.forms.page import fields_as_form
from homework.models import Assignment
from homework.queries.questions import questions_of
from homework.serializers.answers import AnswerIn, AnswerOut
from practice.pages.problems import Conflict, problems


class AnswerView(APIView):
    """`PUT /api/v1/assignments/<pk>/answers/<block>`: save one answer on top of a revision."""

    @extend_schema(request=AnswerIn, responses={200: AnswerOut, **problems(400, 403, 404, 409, 415)})
    def put(self, request: Request, pk: int, block: str) -> Response:
        """Return the new revision; 409 with the stored answer when another text was saved meanwhile."""
        assignment = assignment_to_fill(request.seat, pk)
        asked = AnswerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            saved = save_answer(
                assignment=assignment,
                block_id=block,
                value=_value(assignment, block, given),
                rev=given["rev"],
                save_uuid=given["uuid"],
                by=request.user,
                now=timezone.now(),
            )
        except UnknownBlock as error:
            raise Http404 from error
        except BadAnswer as error:
            raise ValidationError({block: [str(error)]}) from error
        return _answer(assignment, saved)


def _value(assignment: Assignment, block_id: str, given: dict[str, Any]) -> Any:
    if "value" in given:
        return given["value"]
    block = _block(assignment, block_id)
    return BLOCK_TYPES[block["type"]].from_form(block, fields_as_form(given["form"]), block_id)


def _block(assignment: Assignment, block_id: str) -> dict[str, Any]:
    for block in questions_of(assignment.activity_version.content):
        if block["id"] == block_id:
            return block
    raise UnknownBlock(block_id)


def _answer(assignment: Assignment, saved: Saved) -> Response:
    if saved.closed is not None:
        raise Conflict(str(saved.closed), code="closed")
    if saved.conflict:
        block = _block(assignment, saved.block)
        other = BLOCK_TYPES[block["type"]].summary(block, saved.value) if saved.value is not None else ""
        raise Conflict(code="conflict", stored={"rev": saved.rev, "value": saved.value, "summary": other})
    return Response({"rev": saved.rev, "saved_at": saved.saved_at})
