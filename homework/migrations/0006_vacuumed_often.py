"""Autovacuum looks at this busy table every few thousand changes: by default a fifth of it would have to change first."""

from django.db import migrations

OFTEN = "ALTER TABLE homework_assignment SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
AS_ELSEWHERE = "ALTER TABLE homework_assignment RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"


class Migration(migrations.Migration):

    dependencies = [("homework", "0005_responses_waiting")]

    operations = [migrations.RunSQL(OFTEN, AS_ELSEWHERE)]
