"""Pathways: drafts, files, publishing, sentences, dates, the start."""

import json
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from homework.domain.arranging import (
    BadFile,
    archive_pathway,
    copy_pathway,
    import_pathway,
    save_steps,
    validate_steps,
)
from homework.domain.enrolling import preview_enrolment
from homework.domain.keeping import BadDraft, DraftMoved
from homework.domain.publishing import NotReady, publish_pathway
from homework.models import Assignment, Enrolment, Pathway
from homework.queries.exports import file_of
from homework.queries.pathways import dates_for, pathway_list, step_lines, timing_words
from tests.homework.drafts import make_draft, make_pathway, make_published, steps
from tests.people import NOW


def save(world, pathway, body, rev):
    return save_steps(pathway=pathway, title="Kept", steps=body, rev=rev, by=world.therapist, now=NOW)


def test_save_on_an_old_revision_overwrites_nothing(world):
    pathway = make_pathway(world)
    save(world, pathway, steps()[:1], pathway.draft_rev)
    with pytest.raises(DraftMoved) as moved:
        save(world, pathway, [], pathway.draft_rev)
    assert moved.value.current.draft == steps()[:1]


@pytest.mark.parametrize(
    "bad",
    [
        None,
        {},
        [1],
        [{"key": "a", "activity": "x"}],
        [{"key": "a b", "activity": "x", "timing": {"kind": "date"}}],
        [{"key": "a", "activity": "x", "timing": {"kind": "cron"}}],
        [{"key": "a", "activity": "x", "timing": {"kind": "date", "at": "9 o'clock"}}],
        [{"key": "a", "activity": "x", "timing": {"kind": "interval", "days": -1}}],
        [{"key": "a", "activity": "x", "timing": {"kind": "interval", "days": float("nan")}}],
        [{"key": "a", "activity": "x", "timing": {"kind": "weekly", "count": 10**9}}],
        [{"key": "a", "activity": "x\x00", "timing": {"kind": "date"}}],
        [{"key": "a", "activity": "x", "timing": {"kind": "date"}, "client": 1}],
        [{"key": "a", "activity": "", "timing": {"kind": "date"}}] * 2,
        [{"key": f"s{n}", "activity": "", "timing": {"kind": "date"}} for n in range(1_000)],
    ],
    ids=lambda bad: str(bad)[:40],
)
def test_steps_that_cannot_be_kept_are_refused_in_words(world, bad):
    assert validate_steps(bad)[0].message.endswith(".")
    pathway = make_pathway(world)
    with pytest.raises(BadDraft):
        save(world, pathway, bad, pathway.draft_rev)


def test_publish_counts_on_and_leaves_the_old_version(world):
    pathway = make_pathway(world)
    first = pathway.latest
    save(world, pathway, steps()[:1], pathway.draft_rev)
    second = publish_pathway(pathway=pathway, by=world.therapist, now=NOW)
    assert (first.number, second.number, len(second.steps)) == (1, 2, 1)
    assert publish_pathway(pathway=pathway, by=world.therapist, now=NOW).pk == second.pk


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ([], "no step yet"),
        ([{**steps()[0], "activity": ""}], "sends nothing yet"),
        ([{**steps()[0], "activity": "unfinished"}], "not published yet"),
        ([steps()[1]], "none before it"),
    ],
)
def test_publish_says_what_is_missing(world, body, says):
    make_draft(world, title="Unfinished")
    pathway = make_pathway(world, published=False)
    save(world, pathway, body, pathway.draft_rev)
    with pytest.raises(NotReady, match=says):
        publish_pathway(pathway=pathway, by=world.therapist, now=NOW)


def test_file_goes_out_and_comes_in_again(world):
    pathway = make_pathway(world)
    written = json.loads(json.dumps(file_of(pathway)))
    made = import_pathway(practice=world.practice, raw=written, by=world.therapist, now=NOW)
    assert (made.title, made.draft, made.latest) == (pathway.title, pathway.draft, None)
    assert made.key != pathway.key


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"format": 2, "key": "x", "title": "X", "steps": []}, {"key": "x", "title": "X", "steps": [{}]}],
)
def test_file_that_is_no_pathway_is_refused(world, raw):
    with pytest.raises(BadFile):
        import_pathway(practice=world.practice, raw=raw, by=world.therapist, now=NOW)


def test_file_with_unknown_activities_names_them(world):
    raw = {"format": 1, "key": "x", "title": "X", "steps": [{**steps()[0], "activity": "from-elsewhere"}]}
    with pytest.raises(BadFile, match="from-elsewhere"):
        import_pathway(practice=world.practice, raw=raw, by=world.therapist, now=NOW)


def test_copy_and_put_away(world):
    pathway = make_pathway(world)
    copied = copy_pathway(pathway=pathway, by=world.therapist, now=NOW)
    assert copied.draft == pathway.latest.steps
    archive_pathway(pathway=pathway, away=True, by=world.therapist, now=NOW)
    with world.scope():
        assert [found.pk for found in pathway_list()] == [copied.pk]
        assert [found.pk for found in pathway_list(archived=True)] == [pathway.pk]


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        ({"kind": "interval", "days": 0, "at": "09:00"}, "At the start, at 09:00"),
        ({"kind": "interval", "days": 1, "from": "start"}, "1 day after the start"),
        ({"kind": "interval", "days": 7, "from": "previous_sent"}, "7 days after the step before was sent"),
        ({"kind": "after_completed"}, "When the step before is finished"),
        ({"kind": "after_completed", "days": 2, "hours": 3}, "2 days and 3 hours after the step before is finished"),
        (
            {"kind": "weekly", "weekdays": ["mo", "th"], "at": "18:30", "count": 6},
            "Every week on Mon, Thu, at 18:30, 6 times",
        ),
        ({"kind": "date"}, "On a date you set for each client"),
        ({"kind": "with_previous"}, "Together with the step before"),
    ],
)
def test_timing_reads_as_a_sentence(timing, words):
    assert timing_words(timing) == words


def test_dates_are_on_the_clients_clock_and_tell_of_the_clocks(world):
    pathway = make_pathway(world)
    start = datetime(2026, 10, 20, 9, 0)
    weekly = [
        {
            "key": "w",
            "activity": "when-a-worry-knocks",
            "timing": {"kind": "weekly", "weekdays": ["su"], "at": "02:30", "count": 2},
        }
    ]
    save(world, pathway, weekly, pathway.draft_rev)
    version = publish_pathway(pathway=pathway, by=world.therapist, now=NOW)
    with world.scope():
        preview = preview_enrolment(client=world.client, pathway_version=version, start_local=start)
        dates = dates_for(step_lines(version.steps), preview.rows, tz=preview.tz)
    assert [line.at.isoformat() for line in dates.lines] == ["2026-10-25T02:30:00", "2026-11-01T02:30:00"]
    assert [(day.date().isoformat(), forward) for day, forward in dates.changes] == [("2026-10-25", False)]


@pytest.mark.parametrize("many", [1, 30])
def test_list_costs_one_query(world, many, django_assert_num_queries):
    make_published(world)
    for _number in range(many):
        make_pathway(world)
    with world.scope(), django_assert_num_queries(1):
        assert pathway_list()[0].latest.steps


def address(name, pathway):
    return reverse(f"homework:{name}", kwargs={"pk": pathway.pk})


def test_dates_are_shown_before_anything_starts(world):
    pathway = make_pathway(world)
    query = f"?client={world.client.pk}&date=2100-03-01&time=09:00"
    text = world.as_(world.therapist).get(address("desk-pathway", pathway) + query).content.decode()
    assert "Mon 1 Mar, 09:00" in text
    assert "until “When a worry knocks” is finished" in text
    with world.scope():
        assert not Enrolment.objects.exists()


def test_start_plans_the_steps(world):
    pathway = make_pathway(world)
    data = {"client": world.client.pk, "date": "2100-03-01", "time": "09:00"}
    answer = world.as_(world.therapist).post(address("desk-pathway", pathway), data)
    assert answer["Location"] == reverse("homework:client-homework", kwargs={"client_id": world.client.pk})
    with world.scope():
        assert [one.step for one in Assignment.objects.order_by("pk")] == ["first", "then"]


def test_a_second_click_starts_nothing_twice(world):
    pathway = make_pathway(world)
    data = {"client": world.client.pk, "date": "2100-03-01", "time": "09:00", "once": "a1b2"}
    for _click in range(2):
        assert world.as_(world.therapist).post(address("desk-pathway", pathway), data).status_code == 302
    with world.scope():
        assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"client": ""}, "Choose a client."),
        ({"date": "2001-01-01"}, "The start lies in the past."),
        ({"date": ""}, "This field is required."),
        ({"time": "25:00"}, "Enter a valid time."),
    ],
)
def test_refused_start_says_what_to_mend(world, data, says):
    pathway = make_pathway(world)
    given = {"client": world.client.pk, "date": "2100-03-01", "time": "09:00"} | data
    answer = world.as_(world.therapist).post(address("desk-pathway", pathway), given)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    with world.scope():
        assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    "words", [b"", b"\xff\xfe", b"[" * 50_000, b'{"steps": 1}'], ids=["empty", "bytes", "deep", "odd"]
)
def test_import_of_nonsense_says_so(world, words):
    file = SimpleUploadedFile("../../x.json", words)
    answer = world.as_(world.therapist).post(reverse("homework:desk-pathway-import"), {"file": file})
    assert answer.status_code == 400
    with world.scope():
        assert not Pathway.objects.exists()


def test_export_is_a_file(world):
    answer = world.as_(world.therapist).get(address("desk-pathway-export", make_pathway(world)))
    assert answer["Content-Disposition"] == 'attachment; filename="worry-step-by-step.json"'
    assert [step["key"] for step in answer.json()["steps"]] == ["first", "then"]


def put(world, pathway, body, name="api-pathway-draft", method="put", who=None):
    raw = body if isinstance(body, str) else json.dumps(body)
    browser = world.as_(who or world.therapist)
    return getattr(browser, method)(address(name, pathway), raw, content_type="application/json")


def test_api_save_and_conflict(world):
    pathway = make_pathway(world)
    body = {"rev": pathway.draft_rev, "title": pathway.title, "steps": steps()[:1]}
    assert put(world, pathway, body).json()["rev"] == pathway.draft_rev + 1
    answer = put(world, pathway, body | {"steps": []}, who=world.colleague)
    assert answer.status_code == 409
    assert answer.json()["stored"]["steps"] == steps()[:1]


@pytest.mark.parametrize("body", ["", "[" * 100_000, "{}", '{"rev": 1, "title": "x", "steps": [{}]}'])
def test_api_refuses_nonsense_calmly(world, body):
    assert put(world, make_pathway(world), body).status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"start": "2026-03-27T10:00+01:00"}, 400),
        ({"start": "soon"}, 400),
        ({"start": "9999-01-01T10:00"}, 400),
        ({"steps": [{}]}, 400),
        ({"steps": [steps()[1]]}, 400),
        ({"client": 10**30}, 400),
        ({"client": 0}, 400),
    ],
)
def test_api_preview(world, change, status):
    body = {"steps": steps(), "client": world.client.pk, "start": "2026-03-27T10:00"} | change
    answer = put(world, make_pathway(world), body, "api-pathway-preview", "post")
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["lines"][0] == {
            "title": "When a worry knocks",
            "local": "2026-03-27T09:00:00",
            "waits": "",
        }


def test_api_preview_of_someone_elses_client_is_not_found(world):
    body = {"steps": steps(), "client": world.stranger.pk, "start": "2026-03-27T10:00"}
    assert put(world, make_pathway(world), body, "api-pathway-preview", "post").status_code == 404


def test_words_about_a_pathway_are_kept_and_published(world):
    pathway = make_pathway(world)
    data = {"for_whom": "Worry", "stops": "Sleepy at the wheel.\n\nPanic."}
    assert world.as_(world.therapist).post(address("desk-pathway-about", pathway), data).status_code == 302
    version = publish_pathway(pathway=pathway, by=world.therapist, now=NOW)
    assert (version.number, version.about["stops"]) == (2, ["Sleepy at the wheel.", "Panic."])


def test_words_that_are_too_long_stay_on_the_page(world):
    data = {"for_whom": "x" * 2_001, "purpose": "Step by step"}
    answer = world.as_(world.therapist).post(address("desk-pathway-about", make_pathway(world)), data)
    assert answer.status_code == 400
    assert "Step by step" in answer.content.decode()
