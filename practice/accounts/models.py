"""Sign-in links and what they need."""

from django.db import models

__all__ = ["SignInLink"]


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
