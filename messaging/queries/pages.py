"""Pages of a list without counting it: one row more than a page says whether there is a next one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator


class Turning(Paginator):  # type: ignore[type-arg]
    """A paginator that knows how far it has turned, not how much there is."""

    def get_page(self, number: Any) -> Page[Any]:
        """Return the page; nonsense, and a page beyond the last, is the first. One query, two beyond the last."""
        wanted = int(number) if str(number).isascii() and str(number).isdigit() and len(str(number)) < 7 else 1
        return self._turned(max(wanted, 1)) or self._turned(1) or Page([], 1, self)

    def _turned(self, number: int) -> Page[Any] | None:
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        self.__dict__["count"] = start + len(rows)  # what Page asks for; a next page exists when one row is left over
        return Page(rows[: self.per_page], number, self) if rows else None
