"""The house's look holds its own rules: components say what they take, templates and styles stay within the policy."""

import re
from pathlib import Path

import pytest
from django_cotton.compiler_regex import CottonCompiler, Tag

from practice.pages.icons import ALIASES, ICONS

HOUSE = Path(__file__).parents[2]
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
COMPONENTS = sorted((HOUSE / "templates" / "cotton").glob("*.html"))
PASSED = {
    "id", "class", "name", "value", "title", "role", "required", "autocomplete", "inputmode", "min", "max", "step",
    "pattern", "placeholder", "maxlength", "minlength", "rows", "form", "formaction", "formmethod",
    "formnovalidate", "checked", "accept", "list", "multiple", "tabindex", "target", "rel", "download", "lang",
    "dir", "spellcheck", "autofocus", "readonly", "disabled", "hidden", "enctype", "enterkeyhint", "capture",
    "popovertarget",
}  # fmt: skip
OPEN = ("data-", "aria-", "hx-")
COMMENT = re.compile(r"^(?:\{% load [^%]*%\}\s*)*\{% comment %\}(.*?)\{% endcomment %\}", re.DOTALL)
INCLUDED = re.compile(r'{% include "(components/\w+\.html)"')
VARS = re.compile(r"<c-vars\s+([^>]*?)/?>", re.DOTALL)
INCLUDED = re.compile(r'include "(components/[\w/]+\.html)"')
INLINE = (
    (re.compile(r"<[^>]*\sstyle\s*="), "a style attribute"),
    (re.compile(r"<[^>]*\son[a-z]+\s*="), "an event attribute"),
    (re.compile(r"hx-on"), "hx-on"),
    (re.compile(r"<style[\s>]"), "a style element"),
    (re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"), "an inline script"),
    (re.compile(r"javascript:"), "a javascript address"),
)


def tags(source):
    """The component tags of a template, without what stands in comments."""
    processed, _ = CottonCompiler().exclude_ignorables(source)
    return [tag for tag in map(Tag, Tag.tag_pattern.finditer(processed)) if not tag.is_closing]


def attributes(tag):
    return [(key, value is not None) for key, _, value, _ in Tag.attr_pattern.findall(tag.attrs)]


def declared(component):
    path = HOUSE / "templates" / "cotton" / f"{component.replace('-', '_').replace('.', '/')}.html"
    if not path.exists():
        return None, False
    source = path.read_text()
    source += "".join((HOUSE / "templates" / name).read_text() for name in INCLUDED.findall(source))
    found = VARS.search(source)
    names = (
        {key.lstrip(":").replace("-", "_") for key, *_ in Tag.attr_pattern.findall(found.group(1))} if found else set()
    )
    whole = source + "".join((HOUSE / "templates" / inner).read_text() for inner in INCLUDED.findall(source))
    return names, "{{ attrs }}" in whole


def faults(source):
    """What a template says to components that they don't know."""
    found = []
    for tag in tags(source):
        name = tag.tag_name.removeprefix("c-")
        if name in {"vars", "slot"}:
            continue
        names, passes = declared(name)
        if names is None:
            found.append(f"<c-{name}> does not exist")
            continue
        for key, _ in attributes(tag):
            plain = key.lstrip(":")
            if plain.replace("-", "_") in names:
                continue
            if not passes or (plain not in PASSED and not plain.startswith(OPEN)):
                found.append(f"<c-{name}> does not declare {plain}")
            elif key.startswith(":"):
                found.append(f"<c-{name}> passes {plain} through: a dynamic argument must be declared")
    return found


each_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE / "templates")))
each_component = pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)


@each_template
def test_a_component_is_called_only_with_what_it_declares(path):
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<c-chip colour="red">x</c-chip>', "<c-chip> does not declare colour"),
        ('<c-nothing title="x" />', "<c-nothing> does not exist"),
        (
            '<c-button :title="name">x</c-button>',
            "<c-button> passes title through: a dynamic argument must be declared",
        ),
    ],
)
def test_a_planted_fault_is_found(source, fault):
    assert faults(source) == [fault]


@each_component
def test_a_component_opens_with_a_comment_that_names_its_arguments(path):
    source = path.read_text()
    comment = COMMENT.match(source)
    assert comment, "the first thing in a component is a comment"
    names, _ = declared(path.stem)
    told = comment.group(1)
    unnamed = {name for name in names if name not in {"class"} and not re.search(rf"\b{name}\b", told)}
    assert unnamed == set()


@each_component
def test_a_component_is_in_the_readme(path):
    assert f"`<c-{path.stem.replace('_', '-')}>`" in (HOUSE / "templates" / "README.md").read_text()


@each_template
def test_a_template_has_no_inline_style_or_script(path):
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
    assert [what for pattern, what in INLINE if pattern.search(source)] == []


@each_template
def test_a_named_icon_exists(path):
    source = re.sub(r'\s:(?:chip_)?icon="', " ", path.read_text())
    named = set(re.findall(r'\{% icon "([\w-]+)"', source)) | set(
        re.findall(r'\s(?:chip_)?icon(?:_end)?="([\w-]+)"', source)
    )
    assert named - ICONS.keys() - ALIASES.keys() == set()


def test_every_behaviour_is_loaded_and_every_loaded_behaviour_exists():
    folder = HOUSE / "static" / "js" / "behaviours"
    loaded = set(re.findall(r'import\("\./([\w-]+\.js)"\)', (folder / "index.js").read_text()))
    imported = {
        name for path in folder.glob("*.js") for name in re.findall(r'from "\./([\w-]+\.js)"', path.read_text())
    }
    there = {path.name for path in folder.glob("*.js")} - {"index.js"}
    assert loaded - there == set()
    assert there - loaded - imported == set()
