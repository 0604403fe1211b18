"""The table of Django's database cache: throttle counters live here, so that sign-in works without Redis."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE practice_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX practice_cache_expires ON practice_cache (expires);
            """,
            "DROP TABLE practice_cache",
        )
    ]
