"""What a practice confirms before its first client: crisis lines, and the texts that clients agree to."""

from datetime import datetime

from django.db import transaction

from clients.models import ConsentText
from practice.accounts.setting_up import keep
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope


@transaction.atomic
def confirm_lines(*, practice: Practice, checked: bool, own: list[dict[str, str]], by: User, now: datetime) -> Practice:
    """Return the practice, whose clients see its country's lines (`checked`: somebody called them) and its own."""
    row = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    confirmed = set(row.settings.get("crisis_confirmed", [])) - {row.country}
    row.settings["crisis_confirmed"] = sorted(confirmed | ({row.country} if checked else set()))
    row.settings["crisis_lines"] = own
    row.save(update_fields=["settings"])
    practice.settings = row.settings
    with scope(practice=row):
        record("practice_changed", practice_id=row.pk, by=by, now=now, subject=row)
    return row


def confirm_texts(*, practice: Practice, texts: dict[str, ConsentText], by: User, now: datetime) -> None:
    """Note that an admin has read these texts; a newer version asks again."""
    keep(practice=practice, key="texts_read", value={k: text.version for k, text in texts.items()}, by=by, now=now)
