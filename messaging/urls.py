"""The addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from messaging.api.conversations import Events, Read
from messaging.views import desk, portal

app_name = "messaging"
urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", portal.messages, name="portal-messages"),
    path("messages/write/", portal.write, name="portal-write"),
    path("desk/messages/", desk.messages, name="desk-messages"),
    path("desk/messages/<int:conversation_id>/", desk.conversation, name="desk-conversation"),
    path("desk/messages/<int:conversation_id>/write/", desk.write, name="desk-write"),
    path("desk/messages/<int:conversation_id>/settled/", desk.no_answer_needed, name="desk-settle"),
    path("desk/messages/held/<int:held_id>/send/", desk.held_now, name="desk-held-send"),
    path("desk/messages/held/<int:held_id>/back/", desk.held_back, name="desk-held-back"),
    path("desk/clients/<int:client_id>/messages/", desk.of_client, name="desk-client"),
    path("api/v1/conversations/<int:conversation_id>/events", Events.as_view(), name="events"),
    path("api/v1/conversations/<int:conversation_id>/read", Read.as_view(), name="read"),
]
