"""The practice's own facts."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from practice.clock.zones import known_zones
from practice.pages.countries import country_choices
from practice.people.models import Practice

NAMES = ("name", "phone", "country", "zone", "language")


class PracticeDetailsForm(forms.Form):
    """Name, telephone, and where it is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=_("Clients see it under Help now."),
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, help_text=_("Decides which crisis lines are offered.")
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name.replace("_", " ")) for name in sorted(known_zones())]
    )
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)

    @staticmethod
    def of(practice: Practice) -> dict[str, Any]:
        """Return the form's values as they are now."""
        return {name: getattr(practice, name) for name in NAMES}
