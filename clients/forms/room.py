"""The code shown in the room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.domain.letting_in import LENGTH, plain


class CodeForm(forms.Form):
    """Eight characters, however they are typed."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "narrow"}
        ),
        help_text=_("Eight letters and numbers, from your therapist's screen."),
    )

    def clean_code(self) -> str:
        """Return the characters alone."""
        code = plain(self.cleaned_data["code"])
        if len(code) != LENGTH or not code.isascii():
            raise forms.ValidationError(_("The code has eight letters and numbers. Look again."))
        return code
