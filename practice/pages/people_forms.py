"""Forms about the practice's people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from practice.people.models import Membership, Role

ROLE_WORDS = [
    (Role.THERAPIST.value, _("Therapist: has clients")),
    (Role.ADMIN.value, _("Admin: runs the practice, sees no therapy content")),
    (Role.LEAD.value, _("Clinical lead: is asked when a therapist doesn't answer")),
    (Role.SUPERVISOR.value, _("Supervisor: sees what a client agreed to")),
]


class RolesField(forms.MultipleChoiceField):
    """What someone may do here; one role at least."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Roles"),
            choices=ROLE_WORDS,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one role.")},
            **kwargs,
        )


class InviteMemberForm(forms.Form):
    """Whom to invite to the staff."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The invitation goes there. It is their sign-in, too."))
    roles = RolesField(initial=[Role.THERAPIST.value])

    def clean_name(self) -> str:
        """Return the name with single spaces."""
        return " ".join(str(self.cleaned_data["name"]).split())


class MemberForm(forms.Form):
    """What a member of the staff may do, and whether they still work here."""

    roles = RolesField()
    is_active = forms.BooleanField(
        label=_("Works here"), required=False, help_text=_("Off: their desk closes at once. The record stays.")
    )

    @classmethod
    def of(cls, member: Membership) -> "MemberForm":
        """Return the form as it stands now."""
        return cls(initial={"roles": member.roles, "is_active": member.is_active})
