"""Pages in production (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.config.settings")
application = get_wsgi_application()
