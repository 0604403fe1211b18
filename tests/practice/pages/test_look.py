"""The small tags under every component."""

import pytest
from django import forms
from django.utils import translation

from practice.pages.icons import ALIASES, ICONS, icon_svg
from practice.templatetags.look import (
    TONES,
    control,
    control_kind,
    duration,
    first_error,
    initial,
    is_optional,
    pips,
    tone_for,
)


class Asked(forms.Form):
    title = forms.CharField(help_text="Short and plain.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A")])
    pace = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    told = forms.BooleanField(required=False)


def test_an_icon_is_hidden_from_listeners_and_drawn_in_the_current_colour():
    svg = icon_svg("home", "m")
    assert 'aria-hidden="true"' in svg
    assert 'class="ic ic-m"' in svg


def test_an_icon_that_points_somewhere_turns_round():
    assert "ic-mirror" in icon_svg("back")
    assert "ic-mirror" not in icon_svg("home")


def test_a_missing_icon_is_a_fault_of_the_page():
    with pytest.raises(KeyError, match="unicorn"):
        icon_svg("unicorn")


def test_every_second_name_leads_to_a_drawing():
    assert set(ALIASES.values()) - ICONS.keys() == set()


def test_a_person_keeps_their_tone():
    assert tone_for("Noor") == tone_for("Noor")
    assert tone_for("Noor") in TONES


@pytest.mark.parametrize(("name", "letter"), [("noor", "N"), ("  Émile", "É"), ("", ""), ("نور", "ن")])
def test_the_letter_of_an_avatar(name, letter):
    assert initial(name) == letter


@pytest.mark.parametrize(
    ("on", "of", "lit"), [(2, 3, [True, True, False]), (0, 2, [False, False]), (5, 40, [True] * 5 + [False] * 7)]
)
def test_marks_are_a_few_of_a_few(on, of, lit):
    assert pips(on, of) == lit


def test_a_field_knows_its_kind_and_whether_it_may_stay_empty():
    form = Asked()
    assert [control_kind(field) for field in form] == ["control", "control", "control", "group", "switch"]
    assert [is_optional(field) for field in form] == [False, True, False, False, True]


def test_a_control_describes_its_help_and_its_error():
    html = control(Asked({})["title"])
    assert 'aria-describedby="id_title-help id_title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="input"' in html
    assert first_error(Asked({})["title"]) == "This field is required."


def test_each_widget_gets_our_hand():
    form = Asked()
    assert 'class="pick"' in control(form["kind"])
    assert "data-autosize" in control(form["note"])
    assert 'role="switch"' in control(form["told"])


def test_a_duration_is_said_with_the_readers_own_numbers():
    assert (duration(5_498.4), duration(7.6)) == ("1 h 32 min", "7.6 s")
    with translation.override("de"):
        assert duration(7.6).startswith("7,6 ")
