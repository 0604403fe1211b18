"""The composer as a plain form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.domain.words import Unsayable, tidy


class WordsField(forms.Field):
    """The text of a message. What was typed stays in the bound field."""

    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        """Return the tidied text."""
        try:
            return tidy(value or "")
        except Unsayable as refused:
            raise forms.ValidationError(str(refused)) from refused


class MessageForm(forms.Form):
    """A message, the uuid that makes sending it twice harmless, and whether it goes out now or at opening."""

    text = WordsField(label=_("Message"))
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    when = forms.ChoiceField(choices=[("now", _("Now")), ("opening", _("At opening"))], required=False)
