"""Wrapped keys. No plain key is ever stored."""

from django.db import models


class PracticeKey(models.Model):
    """A practice's key, wrapped by the environment key `master_id`."""

    practice = models.OneToOneField("practice.Practice", on_delete=models.CASCADE, related_name="+")
    master_id = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"key of practice {self.practice_id}"


class DataKey(models.Model):
    """The key of one owner (a client, a conversation, an author), wrapped by the practice's key.

    Deleting the row is what makes everything sealed with it unreadable, in every backup too.
    """

    practice = models.ForeignKey("practice.Practice", on_delete=models.CASCADE, related_name="+")
    owner_kind = models.CharField(max_length=20)
    owner_id = models.BigIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_kind", "owner_id"], name="one_data_key_per_owner")]

    def __str__(self) -> str:
        return f"key of {self.owner_kind} {self.owner_id}"
