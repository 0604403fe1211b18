"""Planning and moving an appointment. Times are the planner's wall clock."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Appointment, AppointmentMode
from practice.clock.resolving import local, resolve


class AppointmentForm(forms.Form):
    """Day, time, length, place."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=50)
    mode = forms.ChoiceField(label=_("Where"), choices=AppointmentMode.choices, initial=AppointmentMode.ROOM)

    def starts_at(self, zone: str) -> datetime:
        """Return the moment, read in the planner's zone."""
        return resolve(datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]), zone)

    @classmethod
    def of(cls, appointment: Appointment, zone: str) -> "AppointmentForm":
        """Return the form filled with an appointment."""
        at = local(appointment.starts_at, zone)
        start = {"day": at.date().isoformat(), "time": at.strftime("%H:%M")}
        return cls(initial={**start, "minutes": appointment.minutes, "mode": appointment.mode})
