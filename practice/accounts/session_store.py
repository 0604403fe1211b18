"""Sessions in the database that know when they are over: `expire_date` is the moment by the rules of sessions.py.

So whatever asks the table alone (the sockets' check, the list of devices) sees the same end as a page.
"""

from collections.abc import Collection
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

    @classmethod
    def note_uses(cls, session_keys: Collection[str], now: datetime) -> None:
        """Write down that these sessions' people are there, at most once a minute each. One that is over stays so.

        For what reaches us on another way than a page: a message over a socket. Locks the sessions' rows, so that
        nothing that a page writes meanwhile is lost; one that a page or another process holds is left to it, so that
        no other waits. Devices come after the commit, since who signs one out locks it before its session, and in the
        order in which they are locked there. A few queries, however many they are.
        """
        sessions = cls.get_model_class().objects
        with transaction.atomic():
            rows = sessions.filter(session_key__in=session_keys, expire_date__gt=now).order_by("session_key")
            used = []
            for row in rows.select_for_update(skip_locked=True):
                kept = row.get_decoded()
                if BEGAN in kept and now.timestamp() - kept[SEEN] > WRITE_EVERY.total_seconds():
                    kept[SEEN] = now.timestamp()
                    row.session_data, row.expire_date = sessions.encode(kept), ends_at(kept)
                    used.append(row)
            sessions.bulk_update(used, ["session_data", "expire_date"])
        devices = Device.objects.filter(session_key__in=[row.session_key for row in used]).order_by("pk")
        with transaction.atomic():
            there = list(devices.select_for_update(skip_locked=True).values_list("pk", flat=True))
            Device.objects.filter(pk__in=there).update(seen_at=now)
