"""Tables, one file an aggregate."""

from clients.models.appointment import Appointment, AppointmentMode, AppointmentStatus
from clients.models.attention import AttentionChange, AttentionItem, AttentionState, Urgency
from clients.models.client import CareTeamMember, Client, ClientQuerySet, ClientStatus, is_cared_for_by
from clients.models.consent import ConsentKind, ConsentReceipt, ConsentText
from clients.models.ending import Ending
from clients.models.invitation import Invitation, RoomCode
from clients.models.leave import Leave

__all__ = [
    "Appointment",
    "AppointmentMode",
    "AppointmentStatus",
    "AttentionChange",
    "AttentionItem",
    "AttentionState",
    "CareTeamMember",
    "Client",
    "ClientQuerySet",
    "ClientStatus",
    "ConsentKind",
    "ConsentReceipt",
    "ConsentText",
    "Ending",
    "Invitation",
    "Leave",
    "RoomCode",
    "Urgency",
    "is_cared_for_by",
]
