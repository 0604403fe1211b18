"""What a client decides about being reached and addressed."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clients.domain.reaching import Preferences
from clients.forms.choices import language_choices, zone_choices
from clients.models import Client

TIME = {"type": "time"}


class PreferencesForm(forms.Form):
    """The form of the page Me."""

    preferred_name = forms.CharField(label=_("What should we call you?"), max_length=60, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    email = forms.BooleanField(
        label=_("Tell me by e-mail when something is new"),
        required=False,
        help_text=_("It never says what is new."),
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(attrs=TIME, format="%H:%M"))
    quiet_until = forms.TimeField(label=_("Quiet until"), widget=forms.TimeInput(attrs=TIME, format="%H:%M"))
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    context = forms.CharField(
        label=_("What should your care team know about you?"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Family, faith, culture, health: what you want them to keep in mind."),
    )

    def wanted(self) -> Preferences:
        """Return what the verb takes."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "email"}
        return Preferences(**given, channels=["email"] if self.cleaned_data.get("email") else [])

    @classmethod
    def for_client(cls, client: Client, data: QueryDict | None = None) -> "PreferencesForm":
        """Return the form as the client has it now, or with what they typed; no e-mail, no question about e-mails."""
        names = [name for name in cls.base_fields if name != "email"]
        now = {name: getattr(client, name) for name in names} | {"email": "email" in client.channels}
        form = cls(data, initial=now)
        if not client.user.email:
            del form.fields["email"]
        return form
