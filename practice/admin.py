"""The ground in the admin site: the practice, its staff, what was sent, the engine's lanes, the audit trail."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.accounts.staffing import CannotChangeStaff, PracticeFacts, change_member, change_practice, check_member
from practice.audit.models import AuditEvent
from practice.clock.zones import known_zones
from practice.contributions import AUDIT_VERBS, NOTIFICATION_KINDS
from practice.notifications.models import EngineLane, Notification
from practice.people.models import Membership, Practice, Role
from practice.permissions.model_admin import InstallationModelAdmin, PracticeModelAdmin, seat_of


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A member of staff: what they may do. New ones are invited from the desk."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Membership
        fields = ("roles", "is_active")

    def clean(self) -> dict[str, Any]:
        """Say beside the form why someone stays as they are."""
        cleaned = super().clean() or self.cleaned_data
        roles = [Role(role) for role in cleaned.get("roles", [])]
        try:
            check_member(membership=self.instance, roles=roles, is_active=bool(cleaned.get("is_active")))
        except CannotChangeStaff as why:
            raise ValidationError(str(why)) from why
        return cleaned


@admin.register(Membership)
class MembershipAdmin(PracticeModelAdmin):
    """The practice's staff."""

    changes = True
    form = MemberForm
    fields = ("roles", "is_active")
    list_display = ("user_name", "user_email", "role_names", "is_active")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    ordering = ("user__name",)

    @admin.display(description=_("name"), ordering="user__name")
    def user_name(self, member: Membership) -> str:
        """Return the name."""
        return member.user.name

    @admin.display(description=_("e-mail"))
    def user_email(self, member: Membership) -> str:
        """Return the address."""
        return member.user.email or ""

    @admin.display(description=_("roles"))
    def role_names(self, member: Membership) -> str:
        """Return the roles in words."""
        return ", ".join(str(Role(role).label) for role in member.roles)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Change what they may do."""
        data = form.cleaned_data
        roles = [Role(role) for role in data["roles"]]
        change_member(
            membership=obj,
            roles=roles,
            is_active=data["is_active"],
            by=request.user,
            now=timezone.now(),  # type: ignore[arg-type]
        )


class PracticeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The practice's own facts."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=lambda: [(name, name) for name in sorted(known_zones())])
    lines_checked = forms.BooleanField(
        label=_("Somebody has called the crisis lines of our country"),
        required=False,
        help_text=_("Only then clients see them. Until then they see the emergency number and the practice's own."),
    )

    class Meta:
        model = Practice
        fields = ("name", "phone", "country", "zone", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        confirmed = self.instance.settings.get("crisis_confirmed", [])
        self.fields["lines_checked"].initial = self.instance.country in confirmed


@admin.register(Practice)
class PracticeAdmin(PracticeModelAdmin):
    """The practice itself."""

    changes = True
    form = PracticeForm
    list_display = ("name", "country", "zone", "language", "phone")
    fields = ("name", "phone", "country", "lines_checked", "zone", "language")

    def is_open_to(self, request: HttpRequest) -> bool:
        """Open to the practice's admin, and as a list to who runs the installation."""
        return super().is_open_to(request) or bool(request.user.is_superuser)  # type: ignore[union-attr]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the person is the practice's admin."""
        return PracticeModelAdmin.is_open_to(self, request)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the own practice; all of them for who runs the installation."""
        seat = seat_of(request)
        rows = Practice.objects.all()
        return rows.filter(pk=seat.practice.pk) if seat else rows

    def save_model(self, request: HttpRequest, obj: Practice, form: Any, change: bool) -> None:
        """Change the facts."""
        data = form.cleaned_data
        facts = PracticeFacts(**{name: data[name] for name in self.fields})
        change_practice(practice=obj, facts=facts, by=request.user, now=timezone.now())  # type: ignore[arg-type]


@admin.register(Notification)
class NotificationAdmin(PracticeModelAdmin):
    """What was sent, to whom, by which channel, and whether it arrived. Never what it said."""

    list_display = ("id", "kind_name", "channel", "status", "attempts", "not_before", "done_at", "last_error")
    list_filter = ("status", "channel")
    fields = ("kind_name", "channel", "status", "attempts", "not_before", "expires_at", "done_at", "last_error")
    readonly_fields = fields
    ordering = ("-pk",)

    def heading(self, obj: Notification) -> str:
        """Return the kind in words."""
        return self.kind_name(obj)

    @admin.display(description=_("kind"))
    def kind_name(self, row: Notification) -> str:
        """Return the kind in words."""
        return next((str(kind.label) for kind in NOTIFICATION_KINDS if kind.number == row.kind), str(row.kind))


@admin.register(AuditEvent)
class AuditAdmin(PracticeModelAdmin):
    """Who did what, when. Kinds and numbers only."""

    list_display = ("at", "actor", "verb_name", "client_ref", "subject_type", "subject_ref")
    list_select_related = ("actor",)
    fields = ("at", "actor", "verb_name", "client_ref", "subject_type", "subject_ref", "address")
    readonly_fields = fields
    ordering = ("-at", "-pk")

    def heading(self, obj: AuditEvent) -> str:
        """Return the verb in words."""
        return self.verb_name(obj)

    @admin.display(description=_("what"))
    def verb_name(self, row: AuditEvent) -> str:
        """Return the verb in words."""
        return str(AUDIT_VERBS.get(row.verb) or row.verb)


@admin.register(EngineLane)
class LaneAdmin(InstallationModelAdmin):
    """The engine's lanes: when they last ran, what they are waiting for."""

    list_display = ("name", "is_held", "hold_reason", "last_tick_at", "last_drained_at", "oldest_due_at", "sent_total")
    fields = list_display
    readonly_fields = fields

    def is_open_to(self, request: HttpRequest) -> bool:
        """Open to practice admins too: a lane says nothing about anybody."""
        return super().is_open_to(request) or PracticeModelAdmin.is_open_to(self, request)

    @admin.display(description=_("on hold"))
    def is_held(self, lane: EngineLane) -> str:
        """Return yes or no in words: a red cross would call the good answer bad."""
        return str(_("yes") if lane.hold else _("no"))
