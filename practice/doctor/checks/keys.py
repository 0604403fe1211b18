"""The keys under which everything a person wrote lies."""

from collections import Counter

from django.conf import settings

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn
from practice.vault.keyring import wrapped_practice_keys

DEMO_KEY = "demo"


def look_at_keys() -> list[Finding]:
    """Return whether every practice's key opens, and which of VAULT_KEYS are still needed."""
    there = list(settings.VAULT_KEYS)
    rows = list(wrapped_practice_keys())
    shut = [row for row in rows if not row.opens]
    used = Counter(row.master_id for row in rows)
    found = [
        fail(
            f"the key of practice {row.practice_id} doesn't open with {row.master_id!r}",
            "Put that key back into VAULT_KEYS, from the copy you keep apart. Nothing of this practice can be read.",
            practice=row.practice_id,
        )
        for row in shut
    ]
    if used[DEMO_KEY] and not settings.DEMO:
        found.append(fail("a practice lies under the demo's key, which everybody knows", "Found a practice anew."))
    return found or _order(there, used)


def _order(there: list[str], used: Counter[str]) -> list[Finding]:
    newest, old = there[0], [key for key in there[1:] if used[key]]
    facts = {"newest": newest, "used": dict(used)}
    found = [fine(f"every practice's key opens ({sum(used.values())}); new ones are wrapped by {newest!r}", **facts)]
    if old:
        says = f"{sum(used[key] for key in old)} practices still lie under an older key: {', '.join(old)}"
        found.append(warn(says, "Leave it in VAULT_KEYS. The newest stands first.", **facts))
    return found


DOCTOR_CHECKS.register("keys", look_at_keys, order=70)
