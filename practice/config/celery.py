"""The Celery application. It turns the crank; what is due when stands in PostgreSQL."""

import os

from celery import Celery

from practice.config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.config.settings")

app = Celery("rapport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["practice.notifications"])
