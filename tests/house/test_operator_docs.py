"""What operators are told to type is there: commands and their options, variables, services, checks."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from practice.contributions import DOCTOR_CHECKS
from practice.doctor.checks import load_checks

HOUSE = Path(__file__).parents[2]
PAGES = sorted((HOUSE / "docs" / "operator").glob("*.md"))
CALL = re.compile(r"manage\.py ([a-z_]+)([^\n`|]*(?:\\\n[^\n`|]*)*)")
OPTION = re.compile(r"(?<!\S)(--[a-z][a-z-]*)")
VARIABLE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b")
UNIT = re.compile(r"\brapport(?:-[a-z]+)?\.(?:service|timer|target)\b|\brapport-[a-z]+\b")
NOT_OURS = {  # of PostgreSQL's SQL, and of Compose's own
    "LOCALE_PROVIDER", "BUILTIN_LOCALE",
}  # fmt: skip
OTHER_NAMES = {"rapport-20261130"}  # files and databases

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@cache
def options_of(name):
    """Every option that a command takes."""
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    return {option for action in parser._actions for option in action.option_strings}


@each_page
def test_every_command_is_there_and_takes_the_options_named(page):
    wrong = []
    for name, rest in CALL.findall(page.read_text()):
        if name not in get_commands():
            wrong.append(name)
        else:
            wrong += [f"{name} {option}" for option in OPTION.findall(rest) if option not in options_of(name)]
    assert wrong == []


def test_the_commands_are_read_out_of_the_pages():
    named = {name for page in PAGES for name, _rest in CALL.findall(page.read_text())}
    assert {"doctor", "backup", "restore", "engine", "verify_audit", "start_practice", "rotate_keys"} <= named


@each_page
def test_one_word_for_the_command_that_every_installation_has(page):
    assert re.findall(r".*(?<!\.venv/bin/)python3? manage\.py.*", page.read_text()) == []


@each_page
def test_every_variable_is_in_the_example(page):
    listed = {line.partition("=")[0] for line in (HOUSE / ".env.example").read_text().splitlines()}
    assert set(VARIABLE.findall(page.read_text())) - listed - NOT_OURS == set()


@each_page
def test_every_service_is_a_unit_or_one_of_compose(page):
    units = {path.name for path in (HOUSE / "deploy" / "systemd").iterdir()}
    there = units | {name.partition(".")[0] for name in units} | OTHER_NAMES
    assert {name for name in UNIT.findall(page.read_text()) if name not in there} == set()
    compose = yaml.safe_load((HOUSE / "docker-compose.yml").read_text())["services"]
    stopped = re.findall(r"docker compose stop ([a-z ]+)", page.read_text())
    assert {name for line in stopped for name in line.split()} <= set(compose)


def test_the_page_about_monitoring_names_every_check():
    load_checks()
    told = (HOUSE / "docs" / "operator" / "monitoring.md").read_text()
    rows = set(re.findall(r"^\| `([a-z ]+)` \|", told, re.M))
    assert rows == {key for key, _check in DOCTOR_CHECKS.items()}


def test_installing_shows_what_every_check_says():
    load_checks()
    told = (HOUSE / "docs" / "operator" / "install.md").read_text()
    assert {key for key, _check in DOCTOR_CHECKS.items()} <= set(re.findall(r"^ +ok +([a-z ]+):", told, re.M))
