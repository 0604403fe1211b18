"""The client's record and their care team."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.leave import Leave
from practice.people.models import User
from practice.tenancy import TenantModel, TenantQuerySet, tenant_manager
from practice.vault import Address, SealedModel, SealedTextField

QUIET_FROM, QUIET_UNTIL = dt.time(21, 0), dt.time(8, 0)


class ClientStatus(models.TextChoices):
    """Where a client stands with the practice."""

    ACTIVE = "active", _("active")
    ARCHIVED = "archived", _("archived")


def default_forms() -> list[str]:
    """Return the forms a new client fills in after a session: the 40-second check-in."""
    return ["check-in"]


def default_channels() -> list[str]:
    """Return the channels of a new client."""
    return ["email"]


def is_cared_for_by(user: User, client: str = "pk") -> models.Q:
    """Return the rule of `cared_for_by` as a condition, for rows of other tables too: `client` names their client.

    Each half is asked once for all rows, and none of the clients themselves is read for it.
    """
    team = CareTeamMember.objects.filter(user=user, until__isnull=True)
    stood_in_for = Client.objects.stood_in_for_by(user)
    in_either = models.Q(**{f"{client}__in": team.values("client_id")})
    return in_either | models.Q(**{f"{client}__in": stood_in_for.values("pk")})


class ClientQuerySet(TenantQuerySet["Client"]):
    """Clients of the practice."""

    def active(self) -> "ClientQuerySet":
        """Return those in treatment."""
        return self.filter(status=ClientStatus.ACTIVE)

    def locked(self) -> "ClientQuerySet":
        """Return them under a lock that what names them (an answer, a message) needn't wait for.

        Else archiving, which then asks for the enrolments, and sending back, which holds one and inserts, could wait
        for each other.
        """
        return self.select_for_update(of=("self",), no_key=True)

    def treated_by(self, user: User) -> "ClientQuerySet":
        """Return those on whose care team the user is now."""
        team = CareTeamMember.objects.filter(user=user, until__isnull=True)
        return self.filter(pk__in=team.values("client_id"))

    def stood_in_for_by(self, user: User) -> "ClientQuerySet":
        """Return those whose therapist is on leave now, with the user standing in."""
        return self.active().filter(therapist__in=Leave.objects.covered_by(user).values("user_id"))

    def cared_for_by(self, user: User) -> "ClientQuerySet":
        """Return those on whose care team the user is now, and those whose therapist they stand in for now."""
        return self.filter(is_cared_for_by(user))


class Client(SealedModel, TenantModel):
    """A person in treatment. Their words about themselves (`context`) are sealed with their own key.

    `joined_at` is when they accepted an invitation of this practice: before that its portal is closed to them.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    sort_name = models.CharField(max_length=160, editable=False)
    preferred_name = models.CharField(_("preferred name"), max_length=60, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    country = models.CharField(_("country"), max_length=2, default="GB")
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/London")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    quiet_from = models.TimeField(_("quiet from"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("quiet until"), default=QUIET_UNTIL)
    channels = models.JSONField(default=default_channels)
    forms = models.JSONField(default=default_forms)
    context = SealedTextField(null=True)
    status = models.CharField(max_length=10, choices=ClientStatus, default=ClientStatus.ACTIVE)
    archived_at = models.DateTimeField(null=True)
    therapist_since = models.DateTimeField(null=True)
    treatment_consent = models.BooleanField(default=False)
    messages_consent = models.BooleanField(default=False)
    sessions_held = models.PositiveIntegerField(default=0)
    last_seen_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = tenant_manager(ClientQuerySet)  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="one_client_per_practice_and_user")]
        indexes = [models.Index(fields=["practice", "sort_name"], name="clients_by_name")]

    def __str__(self) -> str:
        return self.called

    @property
    def has_ended(self) -> bool:
        """Return whether treatment here is over: what there is can be read, nothing is added."""
        return bool(self.status == ClientStatus.ARCHIVED)

    @property
    def called(self) -> str:
        """Return the name the client wants to be called."""
        return self.preferred_name or self.name.split(" ")[0]

    @property
    def short_name(self) -> str:
        """Return the first name and the initial of the last, as lists show it."""
        words = self.name.split()
        return f"{self.called} {words[-1][:1]}." if len(words) > 1 else self.called

    def sealed_for(self) -> Address:
        """Return the client's own key."""
        return ("client", self.pk)


class CareTeamMember(TenantModel):
    """Who of the staff works with a client, since when, until when. Who only stands in is found by the leave."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="care_team", db_constraint=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("member of a care team")
        verbose_name_plural = _("care teams")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user"], condition=models.Q(until__isnull=True), name="once_on_a_care_team"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.client_id}"
