"""The database refuses a row whose practice is not that of the row it points at."""

from django.db import migrations

from practice.tenancy.constraints import practice_key, same_practice


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("clients", "0002_same_practice")]
    operations = [
        practice_key("messaging_conversation"),
        same_practice("messaging_conversation", "client_id", to="clients_client"),
        same_practice("messaging_conversationevent", "conversation_id", to="messaging_conversation"),
        same_practice("messaging_participant", "conversation_id", to="messaging_conversation"),
        same_practice("messaging_heldmessage", "conversation_id", to="messaging_conversation"),
    ]
