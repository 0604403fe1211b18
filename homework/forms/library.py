"""Filters of the library, and the words about an activity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homework.queries.library import FROM, LENGTHS, TAG_WORDS, Wanted


class LibraryFilter(forms.Form):
    """What someone looks for. Anything unknown is ignored: a filter never fails."""

    q = forms.CharField(required=False, max_length=100)
    origin = forms.ChoiceField(required=False, choices=[("", ""), *FROM.items()])
    purpose = forms.SlugField(required=False, max_length=40)
    minutes = forms.ChoiceField(
        required=False, choices=[("", ""), *((key, value[0]) for key, value in LENGTHS.items())]
    )

    def wanted(self) -> Wanted:
        """Return the filter."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(said.get("q", ""), said.get("origin", ""), said.get("purpose", ""), said.get("minutes", ""))


def _words(label: Any, help_text: Any = "", *, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-autosize": ""})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=2_000, widget=widget)


class AboutForm(forms.Form):
    """Purpose, evidence and times of an activity."""

    purpose = _words(_("What it is for"), _("One sentence, as you would say it to the client."), rows=2)
    for_whom = _words(_("For whom"), rows=2)
    not_for = _words(_("When not to use it"), _("One reason a line."), rows=4)
    watch_for = _words(_("What to look for in the answers"))
    evidence = _words(_("What is known about it"), _("Honest, in about three sentences."))
    sources = _words(_("Sources"), _("One a line."))
    problem = forms.MultipleChoiceField(
        label=_("Fits"), required=False, choices=list(TAG_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), help_text=_("Empty: estimated."), required=False, min_value=1, max_value=120
    )
    open_days = forms.IntegerField(
        label=_("Stays open, in days"), help_text=_("Empty: for ever."), required=False, min_value=1, max_value=365
    )
    reminder_days = forms.IntegerField(
        label=_("One reminder after, in days"), help_text=_("Empty: none."), required=False, min_value=1, max_value=365
    )

    @staticmethod
    def starting(about: dict[str, Any]) -> dict[str, Any]:
        """Return the form's first values from what is kept."""
        lines = {key: "\n".join(about.get(key) or []) for key in ("not_for", "sources")}
        return {**about, **lines, "problem": (about.get("tags") or {}).get("problem", [])}

    def about(self, kept: dict[str, Any]) -> dict[str, Any]:
        """Return the words to keep."""
        said = dict(self.cleaned_data)
        for key in ("not_for", "sources"):
            said[key] = [line.strip() for line in said[key].splitlines() if line.strip()]
        empty: dict[str, Any] = {"approach": [], "phase": [], "ways": ["portal"]}
        said["tags"] = {**empty, **(kept.get("tags") or {}), "problem": said.pop("problem")}
        return said


class PathwayAboutForm(forms.Form):
    """For whom a pathway is, and when to hold it."""

    for_whom = _words(_("For whom"), rows=2)
    purpose = _words(_("How it goes"), _("The parts of it, and about how much time a week."))
    not_for = _words(_("When not to use it"), _("One reason a line."), rows=4)
    stops = _words(_("When to hold it"), _("One sign a line."), rows=4)
    evidence = _words(_("What is known about it"), _("Honest, in about three sentences."))

    @staticmethod
    def starting(about: dict[str, Any]) -> dict[str, Any]:
        """Return the form's first values from what is kept."""
        return {**about, **{key: "\n".join(about.get(key) or []) for key in ("not_for", "stops")}}

    def about(self) -> dict[str, Any]:
        """Return the words to keep."""
        said = dict(self.cleaned_data)
        for key in ("not_for", "stops"):
            said[key] = [line.strip() for line in said[key].splitlines() if line.strip()]
        return said


class TitleForm(forms.Form):
    """The name of something new."""

    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("Clients read it. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
