"""Sending one activity, and moving a date."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from homework.queries.library import sendable
from homework.queries.recipients import clients_of
from practice.people.models import User

NOW, AT = "now", "at"


class LocalTimeForm(forms.Form):
    """A date and a time of day on the client's own clock."""

    date = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def at_local(self) -> dt.datetime:
        """Return the wall clock time."""
        return dt.datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"])


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A client to choose, by their whole name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        return str(obj.name)


class SendForm(forms.Form):
    """One activity to one or several clients, now or at a time."""

    activity: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("Activity"),
        queryset=None,
        empty_label=_("Choose an activity"),
        error_messages={"required": _("Choose what to send."), "invalid_choice": _("Choose what to send.")},
    )
    clients: "forms.ModelMultipleChoiceField[Any]" = forms.ModelMultipleChoiceField(
        label=_("To whom"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one client."),
            "invalid_choice": _("Choose clients of yours."),
            "invalid_pk_value": _("Choose clients of yours."),
        },
    )
    when = forms.ChoiceField(
        label=_("When"), choices=[(NOW, _("Now")), (AT, _("At a time"))], initial=NOW, widget=forms.RadioSelect
    )
    date = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = sendable()  # type: ignore[attr-defined]
        self.fields["clients"].queryset = clients_of(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for date and time only where they are meant."""
        said = super().clean() or {}
        if said.get("when") == AT:
            for field, words in (("date", _now("Choose a date.")), ("time", _now("Choose a time."))):
                if not said.get(field) and field not in self.errors:
                    self.add_error(field, words)
        return said

    def at_local(self) -> dt.datetime | None:
        """Return the clients' wall clock time, None for now."""
        said = self.cleaned_data
        return dt.datetime.combine(said["date"], said["time"]) if said["when"] == AT else None
