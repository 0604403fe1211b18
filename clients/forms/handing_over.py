"""A handover: which clients go to whom, and whether the former therapist stays on the care team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.queries.caseload import held_by
from clients.queries.staff import therapists_of
from practice.people.models import User
from practice.permissions.seats import Seat


class HandOverForm(forms.Form):
    """Clients of one therapist; all are ticked at first."""

    to: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("New therapist"), queryset=None, empty_label=_("Choose a therapist")
    )
    clients: "forms.ModelMultipleChoiceField[Any]" = forms.ModelMultipleChoiceField(
        label=_("Clients"), queryset=None, error_messages={"required": _("Tick at least one client.")}
    )
    keep = forms.BooleanField(
        label=_("The former therapist stays on the care team"),
        required=False,
        help_text=_("Otherwise they read nothing from that moment on."),
    )

    def __init__(self, *args: Any, seat: Seat, former: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = therapists_of(seat.practice).exclude(pk=former.pk)
        to.label_from_instance = lambda user: user.name
        mine: Any = self.fields["clients"]
        mine.queryset = held_by(former)
        mine.initial = list(mine.queryset.values_list("pk", flat=True))
