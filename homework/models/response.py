"""What a person answered, and what was said about it."""

import uuid

import pgtrigger
from django.db import models

from homework.models.assignment import Assignment
from practice.people.models import User
from practice.tenancy import TenantModel
from practice.vault import SealedJSONField, SealedModel, SealedTextField


class Response(TenantModel):
    """All answers to one assignment. Until `submitted_at` it is a draft that only its author sees.

    `for_review`: a client's, to be read by whom they work with. Not so the platform's own forms, nor what staff fill
    in: the room that sent those shows them. Settled when it is sent back; kept here, so that a queue of thousands
    is counted without asking for what was sent.
    """

    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="responses", db_constraint=False
    )
    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="response")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    for_review = models.BooleanField(default=True, db_default=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        base_manager_name = "objects"
        indexes = [
            models.Index(
                fields=["practice", "submitted_at", "id"],
                include=["client"],
                name="responses_waiting",
                condition=models.Q(submitted_at__isnull=False, reviewed_at__isnull=True, for_review=True),
            )
        ]

    def __str__(self) -> str:
        return f"response to {self.assignment_id}"


class Answer(SealedModel, TenantModel):
    """One block's answer. `rev` counts its saves; `save_uuid` makes a repeated save the same save."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    block = models.CharField(max_length=40)
    rev = models.PositiveIntegerField(default=1)
    save_uuid = models.UUIDField(default=uuid.uuid4)
    value = SealedJSONField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["response", "block"], name="one_answer_per_block")]

    def __str__(self) -> str:
        return f"{self.response_id}/{self.block}"


class Comment(SealedModel, TenantModel):
    """What a therapist wrote about an answer (`block`) or about the whole response (no block)."""

    client = models.ForeignKey("clients.Client", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="comments")
    block = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = SealedTextField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"comment on {self.response_id}"
