"""The form of a member of staff's own settings."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from practice.accounts.working import Working
from practice.clock.hours import WEEKDAYS, parse_hours
from practice.clock.zones import known_zones
from practice.people.models import Membership

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
DASH = re.compile(r"\s*(?:-|–|—|to)\s*")


class SettingsForm(forms.Form):
    """Hours a weekday, the reply promise, a stand-in, zone and language."""

    reply_days = forms.ChoiceField(label=_("I answer"))
    stand_in = forms.ChoiceField(label=_("Stands in for me"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        choice = self.fields
        choice["reply_days"].choices = [  # type: ignore[attr-defined]
            (1, _("by the end of the next working day")),
            (2, _("within two working days")),
            (3, _("within three working days")),
        ]
        choice["zone"].choices = [(name, name.replace("_", " ")) for name in sorted(known_zones())]  # type: ignore[attr-defined]
        others = Membership.objects.filter(practice_id=membership.practice_id, is_active=True).exclude(pk=membership.pk)
        self.others = {str(other.pk): other for other in others.select_related("user").order_by("user__name")}
        nobody = [("", _("nobody"))]
        choice["stand_in"].choices = nobody + [(pk, other.user.name) for pk, other in self.others.items()]  # type: ignore[attr-defined]
        for key, label in zip(WEEKDAYS, DAYS, strict=True):
            choice[key] = forms.CharField(label=label, required=False, max_length=80)

    def clean(self) -> dict[str, Any]:
        """Read each day's hours, and say which day can't be read."""
        cleaned = super().clean() or self.cleaned_data
        hours: dict[str, Any] = {}
        for key in WEEKDAYS:
            spans = [DASH.split(part.strip()) for part in cleaned.get(key, "").split(",") if part.strip()]
            try:
                parse_hours({key: spans})
            except ValueError:
                self.add_error(key, _("Write times such as 09:00–12:00, 13:00–17:00."))
            if spans:
                hours[key] = spans
        cleaned["hours"] = hours
        return cleaned

    def wanted(self) -> Working:
        """Return what the verb takes."""
        data = self.cleaned_data
        return Working(
            hours=data["hours"],
            reply_days=int(data["reply_days"]),
            stand_in=self.others.get(data["stand_in"]),
            zone=data["zone"],
            language=data["language"],
        )

    @staticmethod
    def initial_of(membership: Membership) -> dict[str, Any]:
        """Return the form's values as they are now."""
        days = {key: ", ".join("–".join(span) for span in spans) for key, spans in membership.hours.items()}
        user = membership.user
        return {
            "reply_days": membership.reply_days,
            "stand_in": membership.stand_in_id or "",
            "zone": user.zone,
            "language": user.language,
            **days,
        }
