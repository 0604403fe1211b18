"""Starting a pathway for a client, and taking a pathway file in."""

import datetime as dt
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homework.forms.sending import LocalTimeForm, PersonChoice
from homework.queries.recipients import clients_of
from practice.people.models import User

LARGEST_FILE = 512 * 1024


class StartForm(LocalTimeForm):
    """Who starts, and when on their own clock."""

    client = PersonChoice(
        label=_("For"),
        queryset=None,
        empty_label=_("Choose a client"),
        error_messages={"required": _("Choose a client."), "invalid_choice": _("Choose a client of yours.")},
    )
    field_order = ["client", "date", "time"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = clients_of(user)  # type: ignore[attr-defined]

    @staticmethod
    def starting(now: dt.datetime, client: str | None) -> dict[str, Any]:
        """Return tomorrow at nine."""
        return {"date": (now + dt.timedelta(days=1)).date(), "time": dt.time(9, 0), "client": client}


class ImportForm(forms.Form):
    """A pathway file."""

    file = forms.FileField(label=_("Pathway file"), error_messages={"required": _("Choose a file first.")})

    def clean_file(self) -> Any:
        """Return the file's JSON."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for a pathway."))
        try:
            return json.loads(given.read().decode("utf-8"))
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("This is no pathway file: it can't be read as JSON.")) from None
