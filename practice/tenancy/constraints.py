"""SQL for migrations: the database refuses a row whose practice is not its client's."""

from django.db import migrations


def practice_key(table: str) -> migrations.RunSQL:
    """Make (practice_id, id) of `table` a key that others can point at."""
    name = f"{table}_practice_key"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (practice_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def same_practice(table: str, column: str, to: str) -> migrations.RunSQL:
    """Bind `table.column` to a row of `to` in the same practice (its table has `practice_key`)."""
    name = f"{table}_{column}_same_practice"[:63]
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (practice_id, {column}) "
        f"REFERENCES {to} (practice_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
