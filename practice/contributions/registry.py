"""A named set of things that rooms add to at start."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(Exception):
    """Two things claim one key; the message names it."""


class Registry(Generic[T]):
    """Things by key, in the order of `order` and then of registration."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, tuple[int, T]] = {}

    def register(self, key: str, item: T, *, order: int = 100) -> T:
        """Add an item and return it. Raises AlreadyRegistered when the key is taken."""
        if key in self._items:
            raise AlreadyRegistered(f"{self.name}: {key!r} is registered twice.")
        self._items[key] = (order, item)
        return item

    def __getitem__(self, key: str) -> T:
        return self._items[key][1]

    def get(self, key: str) -> T | None:
        """Return the item, or None when nobody registered the key."""
        entry = self._items.get(key)
        return entry[1] if entry else None

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter([item for _, item in sorted(self._items.values(), key=lambda pair: pair[0])])

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> list[tuple[str, T]]:
        """Return (key, item) pairs in order."""
        return [(key, item) for key, (_, item) in sorted(self._items.items(), key=lambda pair: pair[1][0])]
