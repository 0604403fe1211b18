"""`manage.py preview_plan`: what it prints, and how it refuses, as a program sees it."""

import json

import pytest
from django.core.management import CommandError, call_command

PATHWAY = {
    "format": 1,
    "key": "two",
    "title": "Two steps",
    "steps": [
        {"key": "look", "activity": "a", "timing": {"kind": "interval", "days": 2, "at": "02:30"}},
        {"key": "again", "activity": "b", "timing": {"kind": "after_completed", "days": 1}},
    ],
}


def preview(tmp_path, capsys, content, *, zone="Europe/Berlin", start="2026-03-27T10:00"):
    file = tmp_path / "pathway.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    call_command("preview_plan", str(file), zone=zone, start=start)
    return json.loads(capsys.readouterr().out)


def test_preview_plan_without_a_database(tmp_path, capsys):
    assert preview(tmp_path, capsys, PATHWAY) == [
        {"step": "look", "occurrence": 1, "local": "2026-03-29T03:30:00", "utc": "2026-03-29T01:30:00Z"},
        {"step": "again", "waits_for": "look"},
    ]


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (PATHWAY, {"zone": "Mars/Base"}, "unknown time zone"),
        (PATHWAY, {"start": "yesterday"}, "no local time"),
        (PATHWAY, {"start": "2026-03-27T10:00+01:00"}, "leave out the offset"),
        (PATHWAY, {"start": "9999-12-31T23:00"}, "between 1970 and 2200"),
        ("{", {}, "is no JSON"),
        ("[" * 100_000, {}, "is no JSON"),
        ({**PATHWAY, "steps": [{**PATHWAY["steps"][0], "timing": {"kind": "hourly"}}]}, {}, "step 'look': 'kind'"),
    ],
)
def test_preview_plan_refuses_in_one_line(tmp_path, capsys, content, more, words):
    with pytest.raises(CommandError, match=words) as error:
        preview(tmp_path, capsys, content, **more)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)


def test_preview_plan_when_the_file_is_missing(capsys):
    with pytest.raises(CommandError, match="No such file"):
        call_command("preview_plan", "/nowhere.json", zone="UTC", start="2026-01-01T00:00")
