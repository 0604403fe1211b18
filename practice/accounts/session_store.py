"""Sessions in the database that know when they are over: `expire_date` is the moment by the rules of sessions.py.

So whatever asks the table alone (the sockets' check, the list of devices) sees the same end as a page.
"""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.db import transaction

from practice.accounts.models import Device
from practice.accounts.sessions import BEGAN, SEEN, WRITE_EVERY, ends_at


class SessionStore(db.SessionStore):
    """The library's, with the end written down. Before anyone signed in it lives as long as the cookie."""

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return when the session is over unless someone uses it until then."""
        return ends_at(self) if BEGAN in self else super().get_expiry_date(**kwargs)

    def note_use(self, now: datetime) -> None:
        """Write down that the person is there, at most once a minute. One that is over stays so.

        For what reaches us on another way than a page: a message over a socket. Locks the session's row, so that
        nothing that a page writes meanwhile is lost.
        """
        with transaction.atomic():
            found = self.model.objects.filter(session_key=self.session_key, expire_date__gt=now)
            row = found.select_for_update().first()
            if row is None:
                return
            kept = row.get_decoded()
            if BEGAN in kept and now.timestamp() - kept[SEEN] > WRITE_EVERY.total_seconds():
                kept[SEEN] = now.timestamp()
                found.update(session_data=self.encode(kept), expire_date=ends_at(kept))
                Device.objects.filter(session_key=self.session_key).update(seen_at=now)
