"""Queries compiled once: the rows of the ORM's own, for every value and practice, and never outside a scope."""

from datetime import date, timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDay
from django.utils.translation import get_language

from clients.models import Appointment, CareTeamMember, Client
from clients.queries.appointments import NEXT
from practice.people.models import Membership, User
from practice.tenancy import ScopeError, every_practice, scope
from practice.tenancy.compiled import KEPT, Compiled, NotFixed
from tests.people import NOW

pytestmark = pytest.mark.django_db
TREATED = Compiled(
    lambda user: (
        Client.objects.treated_by(user)
        .select_related("therapist")
        .annotate(mine=Exists(CareTeamMember.objects.filter(client=OuterRef("pk"), user=user)))
        .order_by("pk")
    )
)
NAMED = Compiled(lambda ids: Client.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
STAFF = Compiled(lambda user: Membership.objects.filter(user=user).order_by("pk"))


def test_each_person_gets_their_own_rows(world, django_assert_num_queries):
    for user in (world.therapist, world.colleague, world.admin):
        with world.scope():
            assert TREATED.of(user) == list(TREATED.rows(user))
    with world.scope(), django_assert_num_queries(1):
        found = TREATED.of(world.therapist)
        assert [(row.therapist, row.mine) for row in found] == [(world.therapist, True)] * 2


def test_another_practice_gets_none_of_them(world):
    with scope(practice=world.other_practice):
        assert TREATED.of(world.therapist) == []
        assert TREATED.of(world.outsider) == list(TREATED.rows(world.outsider)) != []


def test_outside_a_scope_it_raises_as_the_orm_does(world):
    with world.scope():
        assert TREATED.first(world.therapist) is not None
    with pytest.raises(ScopeError):
        TREATED.of(world.therapist)


def test_over_all_practices_only_where_that_is_said(world):
    wanted = [world.client.pk, world.other_client.pk]
    with world.scope():
        assert NAMED.of(wanted) == [world.client.pk]
    with every_practice("a test looks"):
        assert NAMED.of(wanted) == sorted(wanted)
    assert STAFF.first(world.therapist).user_id == world.therapist.pk


def test_a_list_may_have_any_length(world):
    with world.scope():
        everybody = sorted([world.client.pk, world.second.pk, world.stranger.pk])
        for count in (1, 3, 2, 1):
            assert NAMED.of(everybody[:count]) == everybody[:count]
        for count in range(1, KEPT + 5):
            assert NAMED.of([world.client.pk] * count) == [world.client.pk]
    assert len(NAMED._statements) <= KEPT


def test_moments_are_the_caller_s(world):
    with world.scope():
        for hours in (1, 2):
            Appointment.objects.create(
                practice=world.practice, client=world.client, therapist=world.therapist, number=hours, zone="UTC",
                starts_at=NOW + timedelta(hours=hours), created_at=NOW,
            )  # fmt: skip
        found = [NEXT.first(world.client, NOW + timedelta(minutes=minutes)) for minutes in (0, 61, 121)]
    assert [row and row.number for row in found] == [1, 2, None]


def test_a_moment_may_be_moved_by_the_rule(world):
    joined = Compiled(
        lambda since, until: Client.objects.filter(
            created_at__gt=since - timedelta(days=7), created_at__lte=until + timedelta(minutes=1)
        ).order_by("pk")
    )
    with world.scope():
        Client.objects.filter(pk=world.client.pk).update(created_at=NOW)
        Client.objects.exclude(pk=world.client.pk).update(created_at=NOW + timedelta(days=30))
        week, minute = timedelta(days=7), timedelta(minutes=1)
        assert joined.of(NOW + week - minute, NOW - minute) == [world.client]
        assert joined.of(NOW + week, NOW) == joined.of(NOW, NOW - 2 * minute) == []


@pytest.mark.parametrize(
    "rows",
    [
        lambda client, since: Client.objects.filter(pk=client) if since.hour < 3 else Client.objects.none(),
        lambda client, since: Client.objects.filter(pk=client, name=since.isoformat()),
        lambda client, since: Client.objects.filter(pk=client, created_at__gt=since.replace(hour=0)),
        lambda client, since: Client.objects.filter(pk=client, created_at__gt=since.replace(second=0, microsecond=0)),
        lambda client, since: Client.objects.filter(pk=client, created_at__gt=since, joined_at__lt=NOW),
        lambda client, since: Client.objects.filter(pk=client + 1, created_at__gt=since),
    ],
    ids=[
        "decided by a value",
        "a value as words",
        "the hour changed",
        "a moment rounded",
        "a moment of its own",
        "an id changed",
    ],
)
def test_what_its_stand_ins_dont_show_is_refused(world, rows):
    with world.scope(), pytest.raises(NotFixed):
        Compiled(rows).of(world.client.pk, NOW)


@pytest.mark.parametrize(
    "rows",
    [
        lambda client: Client.objects.filter(pk=client).select_for_update(),
        lambda client: Client.objects.filter(pk=client).prefetch_related("user"),
        lambda client: Client.objects.using("default").filter(pk=client),
        lambda client: Client.objects.filter(pk=client.pk, therapist=client.therapist_id),
        lambda client: Appointment.objects.filter(number=client.pk),
        lambda client: Appointment.objects.filter(client__isnull=False, number__gt=client.pk),
        lambda client: Client.objects.filter(created_at__date__lte=date(2026, 11, 24), pk=client),
        lambda client: Client.objects.filter(pk=client).annotate(day=TruncDay("created_at")),
        lambda client: Client.objects.filter(pk=client, language=get_language()),
    ],
    ids=[
        "locks",
        "fetches others along",
        "another database",
        "a field of a row",
        "a column too narrow",
        "a condition that falls out",
        "a day of its own",
        "the reader's zone",
        "the reader's language",
    ],
)
def test_what_would_silently_be_something_else_is_refused(world, rows):
    with world.scope(), pytest.raises(NotFixed):
        Compiled(rows).of(world.client)


def test_rows_built_in_another_scope_are_refused(world):
    with scope(practice=world.other_practice):
        theirs = Client.objects.all()
    with world.scope(), pytest.raises(NotFixed):
        Compiled(lambda client: theirs.exclude(pk=client)).of(world.client)


def test_nothing_in_place_of_a_value_is_refused(world):
    mine = Compiled(lambda user: Client.objects.filter(user=user))
    with world.scope():
        assert mine.of(world.client.user) == [world.client]
        for nobody in (None, User(name="Nobody yet")):
            with pytest.raises(NotFixed):
                mine.of(nobody)
