"""Autovacuum looks at this busy table every few thousand changes: by default a fifth of it would have to change first."""

from django.db import migrations

OFTEN = "ALTER TABLE practice_notification SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
AS_ELSEWHERE = "ALTER TABLE practice_notification RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)"


class Migration(migrations.Migration):

    dependencies = [("practice", "0010_email_change")]

    operations = [migrations.RunSQL(OFTEN, AS_ELSEWHERE)]
