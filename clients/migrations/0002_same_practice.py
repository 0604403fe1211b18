"""The database refuses a row whose practice is not that of the row it points at."""

from django.db import migrations

from practice.tenancy.constraints import practice_key, same_practice


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [
        practice_key("clients_client"),
        practice_key("clients_appointment"),
        same_practice("clients_careteammember", "client_id", to="clients_client"),
        same_practice("clients_invitation", "client_id", to="clients_client"),
        same_practice("clients_consentreceipt", "client_id", to="clients_client"),
        same_practice("clients_appointment", "client_id", to="clients_client"),
        same_practice("clients_attentionitem", "client_id", to="clients_client"),
    ]
