"""Making and changing drafts, and publishing them."""

import pytest

from homework.domain.drafting import (
    archive_activity,
    copy_activity,
    create_activity,
    restore_activity,
    save_about,
    save_draft,
)
from homework.domain.keeping import BadDraft, DraftMoved
from homework.domain.publishing import NotReady, has_changes, publish_activity
from homework.models import Activity, ActivityVersion
from practice.audit.models import AuditEvent
from practice.tenancy import scope
from tests.homework.drafts import QUESTION, TEXT, content, make_draft, make_published
from tests.people import NOW


def save(world, activity, body, rev, title="Kept"):
    return save_draft(activity=activity, title=title, content=body, rev=rev, by=world.therapist, now=NOW)


def test_new_activity_has_one_empty_page_and_a_slug_of_its_own(world):
    first = create_activity(practice=world.practice, title="A plan", by=world.therapist, now=NOW)
    second = create_activity(practice=world.practice, title="A plan", by=world.therapist, now=NOW)
    assert (first.slug, second.slug) == ("a-plan", "a-plan-2")
    assert len(first.draft["pages"]) == 1


def test_save_raises_the_revision(world):
    activity = make_draft(world)
    saved = save(world, activity, content(TEXT), activity.draft_rev)
    assert (saved.draft_rev, saved.title, saved.draft) == (activity.draft_rev + 1, "Kept", content(TEXT))


def test_save_of_the_same_again_changes_nothing(world):
    activity = make_draft(world)
    again = save(world, activity, activity.draft, 0, title=activity.title)
    assert again.draft_rev == activity.draft_rev


def test_save_on_an_old_revision_overwrites_nothing(world):
    activity = make_draft(world)
    save(world, activity, content(TEXT), activity.draft_rev)
    with pytest.raises(DraftMoved) as moved:
        save(world, activity, content(QUESTION), activity.draft_rev)
    assert moved.value.current.draft == content(TEXT)


def test_save_refuses_what_is_no_activity(world):
    activity = make_draft(world)
    with pytest.raises(BadDraft):
        save(world, activity, {"format": 1}, activity.draft_rev)
    with pytest.raises(BadDraft):
        save(world, activity, content(TEXT), activity.draft_rev, title="a\x00b")


def test_title_is_one_line_of_a_length_that_fits(world):
    activity = make_draft(world)
    saved = save(world, activity, content(TEXT), activity.draft_rev, title="  A\n plan " + "x" * 300)
    assert saved.title.startswith("A plan x")
    assert len(saved.title) == 160


def test_copy_is_ours_and_leaves_the_original(world):
    original = make_published(world)
    copied = copy_activity(activity=original, by=world.therapist, now=NOW)
    assert copied.origin == "own"
    assert copied.draft == original.latest.content
    assert copied.latest is None
    save(world, copied, content(TEXT), copied.draft_rev)
    with world.scope():
        assert Activity.objects.get(pk=original.pk).draft == original.draft


def test_publish_makes_a_version_that_never_changes(world):
    activity = make_draft(world)
    version = publish_activity(activity=activity, by=world.therapist, now=NOW)
    assert (version.number, version.title, version.content) == (1, activity.title, activity.draft)
    save(world, activity, content(TEXT), activity.draft_rev)
    with world.scope():
        assert ActivityVersion.objects.get(pk=version.pk).content == version.content


def test_publish_again_without_a_change_returns_the_same_version(world):
    activity = make_published(world)
    assert not has_changes(activity)
    assert publish_activity(activity=activity, by=world.therapist, now=NOW).pk == activity.latest_id


def test_publish_after_a_change_counts_on(world):
    activity = make_published(world)
    save_about(activity=activity, about={"minutes": 9, "strange": 1}, by=world.therapist, now=NOW)
    version = publish_activity(activity=activity, by=world.therapist, now=NOW)
    assert (version.number, version.minutes, "strange" in version.about) == (2, 9, False)


def test_publish_refuses_what_is_unfinished(world):
    activity = make_draft(world, body=content({**QUESTION, "label": ""}))
    with pytest.raises(NotReady) as refused:
        publish_activity(activity=activity, by=world.therapist, now=NOW)
    assert [problem.block for problem in refused.value.problems] == ["worry"]


def test_put_away_and_back_is_written_down(world):
    activity = make_published(world)
    assert archive_activity(activity=activity, by=world.therapist, now=NOW).archived_at == NOW
    assert restore_activity(activity=activity, by=world.therapist, now=NOW).archived_at is None
    with scope(practice=world.practice):
        verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["homework.activity_archived", "homework.activity_restored"]
