"""Codes shown in the room; when each client joined. Who could sign in before had joined."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from practice.tenancy.constraints import same_practice


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0003_admin_names'),
        ('practice', '0006_joining'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='joined_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='RoomCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='room_codes', to='clients.client')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='practice.practice')),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        same_practice("clients_roomcode", "client_id", to="clients_client"),
        migrations.RunSQL(
            "UPDATE clients_client SET joined_at = practice_user.activated_at FROM practice_user"
            " WHERE practice_user.id = clients_client.user_id",
            migrations.RunSQL.noop,
        ),
    ]
