"""Who did or opened what, whose record, when. Rows are only ever added."""

from practice.audit.recording import record

__all__ = ["record"]
