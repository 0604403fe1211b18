"""A leave: whose, from when, until when, who stands in, what clients read."""

from typing import Any

import rules
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.domain.taking_leave import WORDS_AT_MOST, Plan
from clients.queries.staff import therapists_of
from practice.permissions.seats import Seat


class LeaveForm(forms.Form):
    """Days are those of the therapist."""

    user: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("Who is away"), queryset=None, empty_label=None
    )
    first = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    back = forms.DateField(label=_("Back at work on"), widget=forms.DateInput(attrs={"type": "date"}))
    stand_in: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("Stands in"),
        queryset=None,
        required=False,
        empty_label=_("nobody"),
        help_text=_("Reads and answers for these clients, and is asked when something can't wait. It ends by itself."),
    )
    message = forms.CharField(
        label=_("A line for the clients"),
        required=False,
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: I am on holiday and think of you."),
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat
        everybody = therapists_of(seat.practice)
        for name in ("user", "stand_in"):
            field: Any = self.fields[name]
            field.queryset = everybody
            field.label_from_instance = lambda user: user.name
        if not rules.has_perm("clients.arrange_for_others", seat):
            del self.fields["user"]
        elif everybody.filter(pk=seat.user.pk).exists():
            self.fields["user"].initial = seat.user.pk

    def plan(self) -> Plan:
        """Return what the verb takes."""
        data = self.cleaned_data
        return Plan(
            user=data.get("user") or self.seat.user,
            stand_in=data["stand_in"],
            first=data["first"],
            back=data["back"],
            message=data["message"],
        )
