"""What a row of the permission table is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.people import World

LOGIN = "login"  # sent to the sign-in page
PEOPLE = (
    "anonymous",
    "client",  # whose rows the address names
    "second",  # another client of the same therapist
    "other_client",  # a client of another practice
    "therapist",  # on the client's care team
    "colleague",  # same practice, not on the care team
    "lead",  # the practice's clinical lead
    "admin",  # the practice's admin
    "outsider",  # therapist and admin of another practice
    "superuser",  # runs the installation
)
Expected = int | str | set[int]


def nothing(world: World) -> dict[str, Any]:
    """Return no arguments."""
    return {}


@dataclass(frozen=True)
class Row:
    """What each person gets from one method of one route. `kwargs` and `data` may make what they name."""

    route: str
    method: str
    expect: dict[str, Expected]
    kwargs: Callable[[World], dict[str, Any]] = nothing
    data: Callable[[World], dict[str, Any]] = nothing
    json: bool = False

    def __post_init__(self) -> None:
        missing = set(PEOPLE) ^ set(self.expect)
        assert not missing, f"{self.route} {self.method}: {missing}"


@dataclass(frozen=True)
class SocketRow:
    """Whether each person's socket is accepted. `route` is the key in SOCKET_ROUTES, `path` its address."""

    route: str
    path: Callable[[World], str]
    expect: dict[str, bool] = field(default_factory=dict)


def only(**given: Expected) -> dict[str, Expected]:
    """Return the expectations of a page: who isn't named gets 404; the anonymous are sent to sign in."""
    return {person: LOGIN if person == "anonymous" else 404 for person in PEOPLE} | given


def only_api(**given: Expected) -> dict[str, Expected]:
    """Return the expectations of an API route: who isn't named gets 404; the anonymous get 403."""
    return only(anonymous=403) | given


def everyone(answer: Expected, **given: Expected) -> dict[str, Expected]:
    """Return the same answer for everybody but those named."""
    return dict.fromkeys(PEOPLE, answer) | given


def staff(answer: Expected, **given: Expected) -> dict[str, Expected]:
    """Return the expectations of a desk page without an object: all staff of any practice see their own."""
    return only(therapist=answer, colleague=answer, lead=answer, admin=answer, outsider=answer) | given


def clients(answer: Expected, **given: Expected) -> dict[str, Expected]:
    """Return the expectations of a portal page without an object: each client sees their own."""
    return only(client=answer, second=answer, other_client=answer) | given
