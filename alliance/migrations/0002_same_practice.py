"""The database refuses a row whose practice is not that of the row it points at."""

from django.db import migrations

from practice.tenancy.constraints import practice_key, same_practice


class Migration(migrations.Migration):
    dependencies = [("alliance", "0001_initial"), ("clients", "0002_same_practice"), ("homework", "0002_same_practice")]
    operations = [
        same_practice("alliance_rating", "client_id", to="clients_client"),
        same_practice("alliance_rating", "appointment_id", to="clients_appointment"),
        same_practice("alliance_rating", "assignment_id", to="homework_assignment"),
        same_practice("alliance_signal", "client_id", to="clients_client"),
    ]
