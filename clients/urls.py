"""The addresses of this room."""

from django.urls import URLPattern, URLResolver, path, re_path

from clients.views.desk import address, appointments, clients, ending, handing_over, leaves, practice, room, team
from clients.views.desk import today as desk_today
from clients.views.portal import coming_back, invitation, me, seen, today
from clients.views.portal import room as portal_room

app_name = "clients"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", desk_today.today, name="desk-today"),
    path("desk/attention/", desk_today.attention, name="desk-attention"),
    path("desk/attention/<int:item_id>/acknowledge/", desk_today.acknowledge, name="item-acknowledge"),
    path("desk/attention/<int:item_id>/resolve/", desk_today.resolve, name="item-resolve"),
    path("desk/clients/", clients.caseload_page, name="caseload"),
    path("desk/clients/new/", clients.new, name="client-new"),
    path("desk/clients/<int:client_id>/", clients.overview, name="client-overview"),
    path("desk/clients/<int:client_id>/record/", clients.record, name="client-record"),
    path("desk/clients/<int:client_id>/edit/", clients.edit, name="client-edit"),
    path("desk/clients/<int:client_id>/email/", address.address, name="client-email"),
    path("desk/clients/<int:client_id>/invite/", clients.invite, name="client-invite"),
    path("desk/clients/<int:client_id>/room/", room.room, name="client-room"),
    path("desk/clients/<int:client_id>/archive/", ending.archive, name="client-archive"),
    path("desk/clients/<int:client_id>/restore/", ending.restore, name="client-restore"),
    path("desk/clients/<int:client_id>/team/join/", team.join, name="team-join"),
    path("desk/clients/<int:client_id>/team/leave/", team.leave, name="team-leave"),
    path("desk/clients/<int:client_id>/appointments/", appointments.of_client, name="client-appointments"),
    path("desk/practice/crisis-lines/", practice.crisis_lines, name="crisis-lines"),
    path("desk/practice/consents/", practice.consent_texts, name="consent-texts"),
    path("desk/leave/", leaves.leaves, name="leaves"),
    path("desk/leave/new/", leaves.new, name="leave-new"),
    path("desk/leave/<int:leave_id>/end/", leaves.end, name="leave-end"),
    path("desk/leave/hand-over/", handing_over.page, name="hand-over"),
    path("desk/appointments/", appointments.week, name="week"),
    path("desk/appointments/<int:appointment_id>/", appointments.move, name="appointment-move"),
    re_path(
        r"^desk/appointments/(?P<appointment_id>\d+)/(?P<decision>held|missed|cancelled)/$",
        appointments.decide,
        name="appointment-decide",
    ),
    path("", today.today, name="portal-today"),
    path("help/tell/", today.tell, name="tell"),
    path("me/", me.me, name="me"),
    path("me/text-size/", me.text_size, name="text-size"),
    re_path(r"^me/consents/(?P<kind>treatment|messages)/$", me.consent, name="consent"),
    path("me/seen/", seen.seen, name="seen"),
    path("welcome/", me.welcome, name="welcome"),
    path("welcome/back/", coming_back.coming_back, name="coming-back"),
    path("appointments/", me.appointments, name="appointments"),
    path("in/", portal_room.door, name="room-door"),
    path("in/<str:code>/", portal_room.enter_by_code, name="room-enter"),
    path("invitation/<str:token>/", invitation.open_invitation, name="invitation"),
]
