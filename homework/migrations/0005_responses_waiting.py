"""Says of the platform's own forms, and of what staff filled in, that they aren't for review; the queue's index goes by it.

Outside a transaction: the index is built beside whoever answers, and the old one goes when the new one is there.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NOT_FOR_REVIEW = """
UPDATE homework_response r SET for_review = FALSE
FROM homework_assignment a JOIN homework_activityversion v ON v.id = a.activity_version_id
  JOIN homework_activity t ON t.id = v.activity_id
WHERE a.id = r.assignment_id AND r.for_review AND (a.rater <> 'client' OR t.origin = 'system')
"""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("homework", "0004_response_for_review")]

    operations = [
        migrations.RunSQL(NOT_FOR_REVIEW, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="response",
            index=models.Index(
                condition=models.Q(
                    ("for_review", True), ("reviewed_at__isnull", True), ("submitted_at__isnull", False)
                ),
                fields=["practice", "submitted_at", "id"],
                include=["client"],
                name="responses_waiting",
            ),
        ),
        RemoveIndexConcurrently(model_name="response", name="responses_to_review"),
    ]
