"""The bare side of `pages`: Django as it comes, with session and user, a view that asks the same statements and answers
with the same bytes. No ORM, no template, nothing of the house's own middleware.

gunicorn benchmarks.bare.page:application      with DATABASE_URL, and BARE_PAGES: a folder with a file of statements
                                               (<name>.json) and one of the body (<name>.html) for each page
"""

import json
import os
from pathlib import Path

import django
from django.conf import settings

django.setup()
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

FOLDER = Path(os.environ["BARE_PAGES"])


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Ask what the page asks, and answer with what it answered."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    with connection.cursor() as cursor:
        for statement in json.loads((FOLDER / f"{name}.json").read_text()):
            cursor.execute(statement)
            cursor.fetchall()
    return HttpResponse((FOLDER / f"{name}.html").read_bytes())


urlpatterns = [path("<slug:name>", page)]
application = get_wsgi_application()
