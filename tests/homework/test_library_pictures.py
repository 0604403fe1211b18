"""The shipped pictures keep to classes and attributes, have a name, and mirror in right-to-left languages."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

FOLDER = Path(__file__).parents[2] / "templates" / "homework" / "pictures"
STYLES = Path(__file__).parents[2] / "static" / "css" / "components" / "pictures.css"
SVG = "{http://www.w3.org/2000/svg}"

each_picture = pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.svg")))


def drawn(name, language):
    with translation.override(language):
        return ElementTree.fromstring(render_to_string(f"homework/pictures/{name}.svg"))


def test_there_is_a_picture_for_each_worksheet_that_names_one():
    assert sorted(path.stem for path in FOLDER.glob("*.svg")) == [
        "bridge",
        "sleep-forces",
        "three-fields",
        "three-frames",
        "three-steps",
        "two-chairs",
        "worry-parking",
    ]


@each_picture
def test_picture_is_named_for_screen_readers(name):
    root = drawn(name, "en")
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text


@each_picture
def test_picture_has_no_style_script_or_fixed_colour(name):
    source = (FOLDER / f"{name}.svg").read_text()
    assert re.findall(r"style=|<style|<script|fill=|stroke=|#[0-9a-fA-F]{3}|\bon\w+=|href", source) == []


@each_picture
def test_every_class_is_in_the_style_sheet(name):
    known = set(re.findall(r"\.(pic[a-z-]*)", STYLES.read_text()))
    used = {
        word
        for attribute in re.findall(r'class="([^"]+)"', (FOLDER / f"{name}.svg").read_text())
        for word in attribute.split()
    }
    assert used - known == set()


@each_picture
def test_every_label_is_translatable(name):
    source = (FOLDER / f"{name}.svg").read_text()
    labels = re.findall(
        r"<(?:text|title)[^>]*?>([^<]+)</(?:text|title)>", re.sub(r"\{% (if|endif)[^%]*%\}", "", source)
    )
    assert [label for label in labels if "{% translate" not in label and not label.isdigit()] == []


@each_picture
def test_picture_mirrors_in_a_right_to_left_language(name):
    assert drawn(name, "en")[1].get("transform") is None
    assert drawn(name, "ar")[1].get("transform") == "translate(360 0) scale(-1 1)"


@each_picture
def test_labels_are_never_mirror_writing(name):
    """Each label is turned back by itself or stands in a group that was turned back."""
    root = drawn(name, "ar")
    turned = {
        label
        for group in root[1].findall(f"{SVG}g")
        if "scale(-1" in group.get("transform", "")
        for label in group.iter(f"{SVG}text")
    }
    labels = list(root.iter(f"{SVG}text"))
    assert labels
    assert all("scale(-1 1)" in label.get("transform", "") or label in turned for label in labels)
