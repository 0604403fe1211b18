"""The append-only trail, and the seals that chain it."""

import pgtrigger
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from practice.tenancy import TenantModel


class TransactionNumber(Func):
    """The number of the transaction that writes the row."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class AuditEvent(TenantModel):
    """One act or one opening of a record. `client_id` is a number, not a foreign key: the trail outlives the client.

    Without a practice it is an act of who runs the installation. `transaction_no` is written by the database.
    """

    practice = models.ForeignKey(  # type: ignore[assignment]  # the only table that may go without
        "practice.Practice", null=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()
    actor = models.ForeignKey("practice.User", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    client_ref = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_ref = models.BigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    facts = models.JSONField(default=dict)
    transaction_no = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    class Meta:
        verbose_name = _("trace")
        verbose_name_plural = _("audit trail")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["client_ref", "-at"], name="audit_by_client"),
            models.Index(fields=["transaction_no", "id"], name="audit_by_transaction"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class AuditSeal(models.Model):
    """One link of a chain: which event, the link before it, and a hash over both. `chain` is a practice's number or 0.

    No foreign key: a missing event is a finding, not an error. `key` names the environment key of a keyed hash.
    """

    event_id = models.BigIntegerField(primary_key=True)
    chain = models.BigIntegerField()
    seq = models.BigIntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_link_a_place")]
        triggers = [pgtrigger.Protect(name="seals_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq}"


class AuditChain(models.Model):
    """The head of a chain: how long it is, and its last hash. It only grows."""

    chain = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=bytes)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="heads_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="heads_grow",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__seq__lt=pgtrigger.F("old__seq")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq}"


class AuditMark(models.Model):
    """How far the sealer came: everything written by transactions below `horizon` is sealed. One row, its lock.

    `identity` is the database that the numbers belong to; in a restored copy they mean nothing, and all is looked at.
    """

    identity = models.CharField(max_length=80, blank=True)
    horizon = models.BigIntegerField(default=0)
    complete_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.identity}:{self.horizon}"
