"""People in the admin site: names and states, care teams, consent texts, the attention list's kinds. No content."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.domain.consenting import publish_text
from clients.domain.teaming import hand_over, join_team
from clients.models import AttentionItem, CareTeamMember, Client, ConsentText
from clients.queries.registries import ATTENTION_KINDS
from clients.queries.staff import therapists_of
from practice.people.models import User
from practice.permissions.model_admin import PracticeModelAdmin, seat_of


class StaffChoice(PracticeModelAdmin):
    """Offers only the practice's therapists where a user is chosen."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Narrow users to therapists."""
        seat = seat_of(request)
        if db_field.related_model is User and seat is not None:
            kwargs["queryset"] = therapists_of(seat.practice)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Client)
class ClientAdmin(StaffChoice):
    """Clients by name and state. Their primary therapist can be changed: both sides are told."""

    changes = True
    list_display = ("name", "status", "therapist", "is_activated", "created_at")
    list_select_related = ("therapist", "user")
    list_filter = ("status",)
    search_fields = ("name",)
    fields = ("name", "status", "therapist")
    readonly_fields = ("name", "status")
    ordering = ("sort_name",)

    def heading(self, obj: Client) -> str:
        """Return the whole name, as in the list."""
        return obj.name

    @admin.display(description=_("signs in"), boolean=True)
    def is_activated(self, client: Client) -> bool:
        """Return whether they have come in."""
        return client.joined_at is not None

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """Hand the client over."""
        if "therapist" in form.changed_data:
            hand_over(client=obj, to=form.cleaned_data["therapist"], by=request.user, now=timezone.now())  # type: ignore[arg-type]


@admin.register(CareTeamMember)
class CareTeamAdmin(StaffChoice):
    """Who works with whom, since when, until when."""

    adds = True
    list_display = ("client", "user", "since", "until")
    list_select_related = ("client", "user")
    fields = ("client", "user")
    search_fields = ("client__name", "user__name")
    ordering = ("-since",)

    def heading(self, obj: CareTeamMember) -> str:
        """Return both names."""
        return f"{obj.user.name} · {obj.client.name}"

    def save_model(self, request: HttpRequest, obj: CareTeamMember, form: Any, change: bool) -> None:
        """Let someone join; both are told."""
        data = form.cleaned_data
        made = join_team(client=data["client"], user=data["user"], by=request.user, now=timezone.now())  # type: ignore[arg-type]
        obj.pk = made.pk


@admin.register(ConsentText)
class ConsentTextAdmin(PracticeModelAdmin):
    """Texts that clients agree to. A change is a new version; the old ones stay as they were."""

    adds = True
    list_display = ("kind", "version", "language", "published_at")
    fields = ("kind", "language", "body")
    ordering = ("kind", "language", "-version")

    def heading(self, obj: ConsentText) -> str:
        """Return the kind in words, and which version."""
        return f"{obj.get_kind_display()} · {obj.version}"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Ask for kind, language and words."""
        return super().get_form(request, obj, change, widgets={"body": forms.Textarea(attrs={"rows": 12})}, **kwargs)

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        """Publish the next version."""
        seat, data = seat_of(request), form.cleaned_data
        made = publish_text(
            practice=seat.practice,  # type: ignore[union-attr]
            kind=data["kind"],
            language=data["language"],
            body=data["body"],
            now=timezone.now(),
        )
        obj.pk, obj.version = made.pk, made.version


@admin.register(AttentionItem)
class AttentionAdmin(PracticeModelAdmin):
    """What asked for attention: kind, state, when. Never what it says."""

    list_display = ("id", "kind_name", "urgency", "state", "raised_at", "acknowledged_at", "resolved_at")
    list_filter = ("state", "urgency")
    fields = ("kind_name", "urgency", "state", "raised_at", "acknowledged_at", "resolved_at")
    readonly_fields = fields
    ordering = ("-raised_at",)

    def heading(self, obj: AttentionItem) -> str:
        """Return the kind in words."""
        return self.kind_name(obj)

    @admin.display(description=_("kind"))
    def kind_name(self, item: AttentionItem) -> str:
        """Return the kind in words; an item of a client says only that it is about one."""
        kind = ATTENTION_KINDS.get(item.kind)
        return str(kind.label) if kind else item.kind
