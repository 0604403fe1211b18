"""Manager and QuerySet that fail closed.

django-scopes' own disabled QuerySet lets through exists(), aexists(), explain(), async iteration, use as a
sub-query, create(), bulk_create(), save(), an instance's delete() and refresh_from_db(), and _base_manager.
Here the refusal sits in the SQL compiler, which all of these pass, and in the three writes that build their own query.
"""

from typing import Any, TypeVar

from django.db import models
from django.db.models import sql
from django_scopes.exceptions import ScopeError

from practice.tenancy.scoping import EVERYWHERE, current_practice_id

M = TypeVar("M", bound=models.Model)


class ClosedQuery(sql.Query):
    """A query made outside a scope: it compiles to nothing but an error."""

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_empty():
            return super().get_compiler(*args, **kwargs)
        raise _no_scope(self.model)

    def chain(self, klass: Any = None) -> Any:
        if klass is not None:
            raise _no_scope(self.model)
        return super().chain(klass)


class TenantQuerySet(models.QuerySet[M]):
    """Rows of one practice."""

    def _insert(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        for instance in objs:
            require_scope_of(instance)
        return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]

    _insert.queryset_only = False  # type: ignore[attr-defined]

    def _raw_delete(self, using: Any) -> Any:
        if isinstance(self.query, ClosedQuery):
            raise _no_scope(self.model)
        return super()._raw_delete(using)  # type: ignore[misc]

    _raw_delete.alters_data = True  # type: ignore[attr-defined]

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: hand-written SQL names the practice itself and goes through a cursor."""
        raise ScopeError(f"{self.model.__name__}: raw() knows no scope")


class TenantManager(models.Manager[M]):
    """Hands out the rows of the scope's practice; outside a scope a query that can't run."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> Any:
        """Return the practice's rows."""
        rows = super().get_queryset()
        practice_id = current_practice_id()
        if practice_id is None:
            rows.query.__class__ = ClosedQuery
            return rows
        return rows if practice_id == EVERYWHERE else rows.filter(practice_id=practice_id)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Refused, as on the QuerySet."""
        return self.get_queryset().raw(*args, **kwargs)


def tenant_manager(queryset: type[TenantQuerySet[M]]) -> Any:
    """Return a tenant manager with the methods of `queryset`."""
    return TenantManager.from_queryset(queryset)()


def require_scope_of(instance: Any) -> None:
    """Raise ScopeError unless the open scope is the instance's own practice."""
    practice_id = current_practice_id()
    if practice_id is None:
        raise _no_scope(type(instance))
    if practice_id not in {EVERYWHERE, instance.practice_id}:
        name = type(instance).__name__
        raise ScopeError(f"{name} of practice {instance.practice_id} in the scope of practice {practice_id}")


def _no_scope(model: Any) -> ScopeError:
    return ScopeError(f"{model.__name__}: no practice is in scope. Open one: with scope(practice=…)")
