"""A column with a constant default: no row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("homework", "0003_engine")]

    operations = [
        migrations.AddField(
            model_name="response", name="for_review", field=models.BooleanField(db_default=True, default=True)
        ),
    ]
