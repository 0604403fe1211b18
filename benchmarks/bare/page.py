"""The bare side of `pages`: the same statements on one kept connection, then the same bytes. No ORM, no template.

gunicorn benchmarks.bare.page:application      with DATABASE_URL, and BARE_PAGES: a folder with a file of statements
                                               (<name>.json) and one of the body (<name>.html) for each page
"""

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg2

FOLDER = Path(os.environ["BARE_PAGES"])
KEPT = threading.local()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Ask what the page asks, and answer with what it answered."""
    name = environ["PATH_INFO"].strip("/")
    if not hasattr(KEPT, "link"):
        KEPT.link = psycopg2.connect(os.environ["DATABASE_URL"])
        KEPT.link.autocommit = True
    with KEPT.link.cursor() as cursor:
        for statement in json.loads((FOLDER / f"{name}.json").read_text()):
            cursor.execute(statement)
            cursor.fetchall()
    body = (FOLDER / f"{name}.html").read_bytes()
    start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
