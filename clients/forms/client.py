"""The client's record: adding and changing it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.domain.adding import ClientDetails
from clients.forms.choices import country_choices, language_choices, zone_choices
from clients.models import Client
from clients.queries.staff import therapists_of
from practice.people.models import Role
from practice.permissions.seats import Seat


class DetailsForm(forms.Form):
    """What staff write down about a person."""

    name = forms.CharField(label=_("Name"), max_length=120)
    preferred_name = forms.CharField(label=_("Wants to be called"), max_length=60, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, help_text=_("Decides which help lines are shown.")
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    def clean_name(self) -> str:
        """Return the name with single spaces."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def details(self) -> ClientDetails:
        """Return what the verbs take."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in self.fields if name in DETAIL_NAMES}
        return ClientDetails(**given)

    @classmethod
    def of(cls, client: Client) -> "DetailsForm":
        """Return the form filled with the client's record."""
        return cls(initial={name: getattr(client, name) for name in DETAIL_NAMES if name != "email"})


class NewClientForm(DetailsForm):
    """A new person."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("The invitation goes there. Nothing here? Then they come in by a code that you show in the room."),
    )
    invite = forms.BooleanField(label=_("Mail the invitation now"), required=False, initial=True)
    therapist: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=_("Therapist"), queryset=None, empty_label=None
    )
    field_order = [
        "name",
        "email",
        "preferred_name",
        "pronouns",
        "phone",
        "language",
        "country",
        "zone",
        "therapist",
        "invite",
    ]

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["therapist"]
        field.queryset = therapists_of(seat.practice)  # type: ignore[attr-defined]
        field.label_from_instance = lambda user: user.name  # type: ignore[attr-defined]
        if seat.has(Role.THERAPIST):
            field.initial = seat.user.pk

    @classmethod
    def empty(cls, seat: Seat) -> "NewClientForm":
        """Return an empty form that starts with the practice's place and language, and with this therapist."""
        practice = seat.practice
        return cls(
            seat=seat,
            initial={"language": practice.language, "country": practice.country, "zone": practice.zone, "invite": True},
        )


class AddressForm(forms.Form):
    """The client's e-mail address, added or corrected."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"})
    )


DETAIL_NAMES = ("name", "email", "preferred_name", "pronouns", "phone", "language", "country", "zone")
