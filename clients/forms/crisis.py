"""The practice's crisis lines."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from practice.people.models import Practice

OWN_LINES = 3


class CrisisLinesForm(forms.Form):
    """Whether the country's lines were called, and up to three lines of the practice's own."""

    checked = forms.BooleanField(
        label=_("Somebody of us has called these lines"),
        required=False,
        help_text=_("Only then clients see them. Until then they see the emergency number and your telephone."),
    )

    def __init__(self, data: QueryDict | None, *, practice: Practice, has_lines: bool) -> None:
        own = practice.settings.get("crisis_lines", [])
        initial: dict[str, Any] = {"checked": practice.country in practice.settings.get("crisis_confirmed", [])}
        for n, line in enumerate(own[:OWN_LINES], start=1):
            initial |= {f"name{n}": line["name"], f"number{n}": line["number"], f"when{n}": line["when"]}
        super().__init__(data, initial=initial)
        if not has_lines:
            del self.fields["checked"]
        for n in range(1, OWN_LINES + 1):
            self.fields[f"name{n}"] = forms.CharField(label=_("Name"), max_length=80, required=False)
            self.fields[f"number{n}"] = forms.CharField(
                label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
            )
            self.fields[f"when{n}"] = forms.CharField(label=_("When"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """A line needs a name and a number."""
        cleaned = super().clean() or self.cleaned_data
        for n in range(1, OWN_LINES + 1):
            name, number = cleaned.get(f"name{n}"), cleaned.get(f"number{n}")
            if number and not any(sign.isdigit() for sign in number):
                self.add_error(f"number{n}", _("Write the number to call."))
            if bool(name) != bool(number):
                self.add_error(f"number{n}" if name else f"name{n}", _("A line needs a name and a number."))
        return cleaned

    def rows(self) -> list[list[Any]]:
        """Return the fields of each own line, for the page."""
        return [[self[f"name{n}"], self[f"number{n}"], self[f"when{n}"]] for n in range(1, OWN_LINES + 1)]

    def own(self) -> list[dict[str, str]]:
        """Return the lines that were filled in."""
        data = self.cleaned_data
        lines = [{key: data[f"{key}{n}"] for key in ("name", "number", "when")} for n in range(1, OWN_LINES + 1)]
        return [line for line in lines if line["name"]]
