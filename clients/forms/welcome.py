"""The two questions of the first sign-in. Both must be answered: silence is no consent, and no refusal either."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ConsentKind

ANSWERS = [("yes", _("Yes")), ("no", _("No"))]
CHOOSE = {"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")}


class WelcomeForm(forms.Form):
    """Treatment with this platform, and being told by e-mail where there is one."""

    treatment = forms.ChoiceField(label=_("Do you agree?"), choices=ANSWERS, error_messages=CHOOSE)
    messages = forms.ChoiceField(label=_("May we?"), choices=ANSWERS, error_messages=CHOOSE)

    def __init__(self, *args: Any, has_email: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_email:
            del self.fields["messages"]

    def answers(self) -> dict[ConsentKind, bool]:
        """Return what was decided about each kind that was asked."""
        return {ConsentKind(name): answer == "yes" for name, answer in self.cleaned_data.items()}
