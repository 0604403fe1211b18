"""Whether the tables are those of this code."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine


def look_at_migrations() -> Finding:
    """Return how many migrations wait."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{step.app_label}.{step.name}" for step, _backwards in plan[:3])
        says = f"{len(plan)} migrations wait: {names}{' …' if len(plan) > 3 else ''}"
        return fail(says, "Run: manage.py migrate", waiting=len(plan))
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    ours = {app for app, _name in executor.loader.disk_migrations}
    newer = sorted(f"{app}.{name}" for app, name in unknown if app in ours)
    if newer and not _squashed(executor, newer):
        says = f"the database is newer than this code: {newer[0]} was applied"
        return fail(says, "Start the newer version, or roll back as docs/operator/upgrading.md says.")
    return fine("every migration is applied")


def _squashed(executor: MigrationExecutor, names: list[str]) -> bool:
    replaced = {
        f"{app}.{name}"
        for migration in executor.loader.disk_migrations.values()
        for app, name in migration.replaces  # type: ignore[attr-defined]
    }
    return set(names) <= replaced


DOCTOR_CHECKS.register("migrations", look_at_migrations, order=20)
