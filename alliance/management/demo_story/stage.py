"""The practice before the first day: its people, its library, its own pathways."""

from dataclasses import dataclass, field
from datetime import datetime

from alliance.management.demo_story.people import ADMIN, THERAPISTS, Person, Staff
from clients.models import Client
from homework.domain.publishing import publish_pathway
from homework.domain.stocking import stock_library
from homework.models import Origin, Pathway
from practice.accounts.founding import found_practice, take_on
from practice.people.models import Membership, Practice, Role, User
from practice.tenancy import scope

PASSWORD = "rapport-demo"  # noqa: S105 - shown on the demo's own login page
ZONE = "Europe/London"


@dataclass
class Stage:
    """Who is there."""

    practice: Practice
    admin: User
    therapists: list[User]
    clients: dict[str, Client] = field(default_factory=dict)

    def therapist_of(self, person: Person) -> User:
        """Return the person's primary therapist."""
        return self.therapists[person.therapist]


def set_stage(*, now: datetime) -> Stage:
    """Return the practice with its staff and its library, a few days before the first client comes."""
    practice = found_practice(
        name="Harbour Street Practice",
        now=now,
        country="GB",
        zone=ZONE,
        phone="+44 20 7946 0321",
        is_demo=True,
        settings={"crisis_confirmed": ["GB"], "setup": {"hidden": True}},
    )
    lead = _take_on(practice, THERAPISTS[2], now)
    second = _take_on(practice, THERAPISTS[1], now, stand_in=lead)
    first = _take_on(practice, THERAPISTS[0], now, stand_in=second)
    admin = _take_on(practice, ADMIN, now)
    stock_library(practice=practice, by=admin.user, now=now)
    with scope(practice=practice):
        for shipped in list(Pathway.objects.filter(origin=Origin.SHIPPED)):
            _adapt(shipped, by=first.user, now=now)
    return Stage(practice=practice, admin=admin.user, therapists=[first.user, second.user, lead.user])


def _adapt(shipped: Pathway, *, by: User, now: datetime) -> None:
    """Publish the practice's own copy without the weekly check-in: here it goes out after each session instead."""
    copied = Pathway.objects.create(
        practice_id=shipped.practice_id,
        key=own_key(shipped.key),
        title=f"{shipped.title}, as we do it",
        draft=[step for step in shipped.draft if step["activity"] != "check-in"],
        about=shipped.about,
        draft_saved_at=now,
        created_by=by,
        created_at=now,
    )
    publish_pathway(pathway=copied, by=by, now=now)


def own_key(key: str) -> str:
    """The key of the practice's own copy of a shipped pathway."""
    return f"{key}-here"


def _take_on(practice: Practice, staff: Staff, now: datetime, stand_in: Membership | None = None) -> Membership:
    roles = [Role(word) for word in staff.roles]
    return take_on(
        practice=practice,
        email=staff.email,
        name=staff.name,
        roles=roles,
        now=now,
        password=PASSWORD,
        stand_in=stand_in,
    )
