"""The scope itself, kept by django-scopes in a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager

import django_scopes
from django_scopes.exceptions import ScopeError

from practice.people.models import Practice

EVERYWHERE = 0


@contextmanager
def scope(*, practice: Practice | int) -> Iterator[None]:
    """Run queries in one practice. May be nested for the same practice; another one inside raises ScopeError."""
    practice_id = practice if isinstance(practice, int) else practice.pk
    outer = current_practice_id()
    if outer not in {None, EVERYWHERE, practice_id}:
        raise ScopeError(f"practice {practice_id} asked for inside the scope of practice {outer}")
    with django_scopes.scope(practice=practice_id):
        yield


@contextmanager
def every_practice(reason: str) -> Iterator[None]:
    """Run queries over all practices. `reason` says why this place may."""
    if not reason:
        raise ScopeError("say why every practice is needed")
    with django_scopes.scope(practice=EVERYWHERE):
        yield


def current_practice_id() -> int | None:
    """Return the practice of the open scope, EVERYWHERE (0), or None when there is no scope."""
    value: int | None = django_scopes.get_scope().get("practice")
    return value
