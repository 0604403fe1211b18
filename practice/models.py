"""Gathers the slices' tables for Django."""

from practice.accounts.models import *  # noqa: F403
from practice.audit.models import AuditChain, AuditEvent, AuditMark, AuditSeal
from practice.notifications.models import EngineLane, Notification, SendAttempt, UserChannel
from practice.people.models import Membership, Practice, User
from practice.vault.models import DataKey, PracticeKey

__all__ = [
    "AuditChain",
    "AuditEvent",
    "AuditMark",
    "AuditSeal",
    "DataKey",
    "EngineLane",
    "Membership",
    "Notification",
    "Practice",
    "PracticeKey",
    "SendAttempt",
    "User",
    "UserChannel",
]
