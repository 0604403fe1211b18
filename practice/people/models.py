"""Practice, User, Membership."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DEFAULT_HOURS = {day: [["09:00", "17:00"]] for day in ("mo", "tu", "we", "th", "fr")}


def default_hours() -> dict[str, list[list[str]]]:
    """Return weekdays, nine to five."""
    return {day: [list(span) for span in spans] for day, spans in DEFAULT_HOURS.items()}


class Practice(models.Model):
    """A practice: the tenant."""

    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, default="GB")
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/London")
    language = models.CharField(_("language"), max_length=10, default="en")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users whose e-mail is their login, stored in lower case."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        """Return a new user; without a password they can't sign in by one."""
        user = self.model(email=email.strip().lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a user who runs the installation (and sees no client rows)."""
        return self.create_user(email, password, is_superuser=True, activated_at=timezone.now(), **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this e-mail."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who may sign in. `activated_at` is empty until they accepted their invitation.

    Who has no e-mail signs in by a code shown in the room, or by `sign_in_name` and a password. `email_proven_at`: they
    opened an invitation that was mailed there, so the address is theirs.
    """

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    sign_in_name = models.CharField(_("sign-in name"), max_length=40, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/London")
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    email_bounced_at = models.DateTimeField(null=True, blank=True)
    email_proven_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """Return the first word of the name, for greetings."""
        return self.name.split()[0] if self.name.strip() else ""


class Role(models.TextChoices):
    """What a member of staff may do; one person may hold several."""

    ADMIN = "admin", _("admin")
    THERAPIST = "therapist", _("therapist")
    SUPERVISOR = "supervisor", _("supervisor")
    LEAD = "lead", _("clinical lead")


class Membership(models.Model):
    """A member of a practice's staff, with roles, working hours and a stand-in.

    `hours_said_at` is empty until they said themselves when they work; until then the hours are a guess.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    roles = models.JSONField(default=list)
    hours = models.JSONField(default=default_hours)
    reply_days = models.PositiveSmallIntegerField(default=1)
    hours_said_at = models.DateTimeField(null=True, blank=True)
    stand_in = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="one_membership_per_practice")]

    def __str__(self) -> str:
        return f"{self.user} · {self.practice}"

    def has(self, role: Role) -> bool:
        """Return whether this member holds the role now."""
        return self.is_active and role.value in self.roles
