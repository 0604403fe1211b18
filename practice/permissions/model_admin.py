"""The ground of every page in the admin site: one practice, kinds and ids, writing only through verbs."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern

from practice.people.models import Role
from practice.permissions.seats import Seat
from practice.tenancy import TenantModel

SERVED = ("_changelist", "_add", "_change")


def seat_of(request: HttpRequest) -> Seat | None:
    """Return the admin's seat; a superuser may have none."""
    return getattr(request, "seat", None)


class PracticeModelAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Rows of the admin's own practice, read only unless a subclass names the verb that writes.

    A subclass that adds or changes overrides `save_model`, calls its verb there, and says so by `adds` and `changes`.
    """

    actions = None
    adds = changes = False
    list_per_page = 50
    show_full_result_count = False

    def is_open_to(self, request: HttpRequest) -> bool:
        """Return whether the person is an admin of the current practice."""
        seat = seat_of(request)
        return bool(seat and seat.has(Role.ADMIN))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether this page is open."""
        return self.is_open_to(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the page is listed."""
        return self.is_open_to(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether there is a verb that adds."""
        return self.adds and self.is_open_to(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether there is a verb that changes."""
        return self.changes and self.is_open_to(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: nothing is deleted here."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the practice's rows."""
        rows = super().get_queryset(request)
        seat = seat_of(request)
        if issubclass(self.model, TenantModel) or seat is None:
            return rows
        return rows.filter(practice=seat.practice)

    def get_urls(self) -> list[URLPattern]:
        """Serve list, add and change; there is nothing to delete, and the history is our own audit trail."""
        return [url for url in super().get_urls() if url.name and url.name.endswith(SERVED)]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list; to who may not see it there is none."""
        if not self.has_view_permission(request):
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one row, or an empty form where a verb adds; else there is nothing here."""
        if not (self.has_view_permission(request) if object_id else self.has_add_permission(request)):
            raise Http404
        if request.method == "POST" and not (self.changes if object_id else self.adds):
            return HttpResponseNotAllowed(["GET"])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def heading(self, obj: Any) -> str:
        """Return what one row is called above its page."""
        return str(obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Call the row by its heading."""
        obj = kwargs.get("obj")
        return super().render_change_form(
            request, {**context, "subtitle": self.heading(obj) if obj else None}, *args, **kwargs
        )

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: Any) -> HttpResponse:
        raise Http404

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Refuse: a subclass calls its verb."""
        raise NotImplementedError(f"{type(self).__name__} has no verb")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Leave it: the verb wrote everything."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Leave it: the verb wrote the audit trail."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Leave it: the verb wrote the audit trail."""


class InstallationModelAdmin(PracticeModelAdmin):
    """Rows that belong to the installation and to no client: for who runs it."""

    def is_open_to(self, request: HttpRequest) -> bool:
        """Return whether the person runs the installation."""
        return bool(request.user.is_active and request.user.is_superuser)  # type: ignore[union-attr]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return all rows."""
        return ModelAdmin.get_queryset(self, request)
