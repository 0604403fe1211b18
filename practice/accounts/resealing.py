"""Second factors under the newest environment key: secrets of apps, seeds of recovery codes, codes brought along."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from practice.accounts.second_factors import BOUND_TO
from practice.vault.installing import key_of, open_here, seal_here
from practice.vault.rotating import SEALED_HERE, Sealed, newest_key

SEALED_FIELDS = ("secret", "seed", "migrated_codes")  # of `Authenticator.data`, by allauth's own names


def _sealed(data: dict[str, Any]) -> dict[str, list[str]]:
    """The sealed texts by field: one, or those of a list."""
    there = {name: data[name] for name in SEALED_FIELDS if data.get(name)}
    return {name: value if isinstance(value, list) else [value] for name, value in there.items()}


def _keys_of(data: dict[str, Any]) -> frozenset[str]:
    return frozenset(key_of(text) for texts in _sealed(data).values() for text in texts)


def lying_under() -> Iterator[tuple[int, frozenset[str]]]:
    """Yield every second factor that holds something sealed, and the keys it needs."""
    for number, data in Authenticator.objects.order_by("pk").values_list("pk", "data").iterator():
        if keys := _keys_of(data):
            yield number, keys


@transaction.atomic
def seal_anew(number: int) -> None:
    """Seal one by the newest key, unless it was removed meanwhile. Raises CannotOpen when the old key is gone."""
    row = Authenticator.objects.select_for_update().filter(pk=number).first()
    if row is None or _keys_of(row.data) <= {newest_key()}:
        return
    for name, texts in _sealed(row.data).items():
        anew = [seal_here(BOUND_TO, open_here(BOUND_TO, text)) for text in texts]
        row.data[name] = anew if isinstance(row.data[name], list) else anew[0]
    row.save(update_fields=["data"])


SEALED_HERE.register("second factors", Sealed("second factors", lying_under, seal_anew), order=20)
