"""The database refuses a row whose practice is not that of the row it points at."""

from django.db import migrations

from practice.tenancy.constraints import practice_key, same_practice


class Migration(migrations.Migration):
    dependencies = [("homework", "0001_initial"), ("clients", "0002_same_practice")]
    operations = [
        practice_key("homework_assignment"),
        practice_key("homework_response"),
        same_practice("homework_enrolment", "client_id", to="clients_client"),
        same_practice("homework_assignment", "client_id", to="clients_client"),
        same_practice("homework_response", "client_id", to="clients_client"),
        same_practice("homework_answer", "client_id", to="clients_client"),
        same_practice("homework_comment", "client_id", to="clients_client"),
        same_practice("homework_answer", "response_id", to="homework_response"),
        same_practice("homework_comment", "response_id", to="homework_response"),
    ]
