"""The two questions of the first sign-in. Both must be answered: silence is no consent, and no refusal either."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ConsentKind

ANSWERS = [("yes", _("Yes")), ("no", _("No"))]
CHOOSE = {"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")}


class WelcomeForm(forms.Form):
    """Treatment with this platform, and being told by e-mail."""

    treatment = forms.ChoiceField(label=_("Do you agree?"), choices=ANSWERS, error_messages=CHOOSE)
    messages = forms.ChoiceField(label=_("May we?"), choices=ANSWERS, error_messages=CHOOSE)

    def answers(self) -> dict[ConsentKind, bool]:
        """Return what was decided about each kind."""
        return {kind: self.cleaned_data[kind.value] == "yes" for kind in ConsentKind}
