"""Subjects of notifications that belong to this room. Numbers are stored, never reused."""

from practice.notifications.kinds import Subject

INVITATION, ATTENTION, CLIENT, LEAVE = Subject(21), Subject(22), Subject(23), Subject(24)
