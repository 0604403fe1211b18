"""Sign-in links, invitations to a practice's staff, addresses that wait to be confirmed, devices."""

from typing import Any

from django.db import models
from django.db.models import Q

__all__ = ["Device", "EmailChange", "SignInLink", "StaffInvitation"]


class SignInLink(models.Model):
    """A single-use link, with a code in the same mail. Only hashes are stored."""

    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"link for {self.user_id}"


class StaffInvitation(models.Model):
    """A single-use link by which someone joins a practice's staff, good for seven days. Only its hash is stored.

    `name` and `email` are as they were written down here: what the person is called elsewhere is nobody's business.
    `sent_by` is empty for the first admin. It is over when it was accepted, withdrawn, or replaced by a newer one.
    """

    practice = models.ForeignKey("practice.Practice", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    roles: Any = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    sent_by = models.ForeignKey("practice.User", null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "user"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_practice",
            )
        ]

    def __str__(self) -> str:
        return f"invitation of {self.user_id}"


class EmailChange(models.Model):
    """An address that someone is to have from now on, until they confirm it by a mail that went there.

    Single use; of link and code only hashes are stored. `asked_by` is themself, or the therapist who wrote it down.
    It is over when it was confirmed, taken back, or replaced by a newer one. An address that somebody else has gets a
    row all the same, whose link was never mailed: nobody can see the difference.
    """

    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    asked_by = models.ForeignKey("practice.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="one_address_waits_to_be_confirmed"
            )
        ]

    def __str__(self) -> str:
        return f"another address of {self.user_id}"


class Device(models.Model):
    """Where someone is signed in: one row a session. It is over when its session is gone."""

    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"device of {self.user_id}"
