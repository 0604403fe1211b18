"""The keys under which everything a person wrote lies."""

from collections import Counter

from django.conf import settings

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn
from practice.vault.keyring import wrapped_practice_keys
from practice.vault.rotating import used_keys

DEMO_KEY = "demo"
PRACTICES = "keys of practices"


def look_at_keys() -> list[Finding]:
    """Return whether every practice's key opens, and which of VAULT_KEYS are still needed."""
    there = list(settings.VAULT_KEYS)
    rows = list(wrapped_practice_keys())
    shut = [row for row in rows if not row.opens]
    used = used_keys()
    found = [
        fail(
            f"the key of practice {row.practice_id} doesn't open with {row.master_id!r}",
            "Put that key back into VAULT_KEYS, from the copy you keep apart. Nothing of this practice can be read.",
            practice=row.practice_id,
        )
        for row in shut
    ]
    found += _gone(there, used)
    if any(row.master_id == DEMO_KEY for row in rows) and not settings.DEMO:
        found.append(fail("a practice lies under the demo's key, which everybody knows", "Found a practice anew."))
    return found or _order(there, used, len(rows))


def _gone(there: list[str], used: dict[str, Counter[str]]) -> list[Finding]:
    """What was sealed without a practice's key: a practice's own key is tried above."""
    return [
        fail(
            f"{number} {label} lie under {key!r}, which VAULT_KEYS doesn't have",
            "Put that key back into VAULT_KEYS, from the copy you keep apart.",
        )
        for label, keys in used.items()
        for key, number in keys.items()
        if key not in there and label != PRACTICES
    ]


def _order(there: list[str], used: dict[str, Counter[str]], practices: int) -> list[Finding]:
    newest = there[0]
    facts = {"newest": newest, "used": {label: dict(keys) for label, keys in used.items()}}
    found = [fine(f"every practice's key opens ({practices}); new ones are wrapped by {newest!r}", **facts)]
    for label, keys in used.items():
        old = [key for key in there[1:] if keys[key]]
        if old:
            says = f"{sum(keys[key] for key in old)} {label} still lie under an older key: {', '.join(old)}"
            found.append(warn(says, "manage.py rotate_keys brings them under the newest. Leave the old one.", **facts))
    return found


DOCTOR_CHECKS.register("keys", look_at_keys, order=70)
