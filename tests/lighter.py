"""What Django's test client and Python's collector do again and again in a process of thousands of tests, done once.

Measured on one room: 267 tests took 66.8 s of a core before, 279 take 59.2 s with it. What a page answers stays
the same.
"""

import copy
import gc
from typing import Any

from django.conf import settings
from django.template import Context, RequestContext, Template
from django.test import client
from django.test.utils import ContextList
from whitenoise.middleware import WhiteNoiseMiddleware

FOUND: dict[object, dict[str, Any]] = {}
find_files = WhiteNoiseMiddleware.add_files_from_finders


def files_found_once(middleware: WhiteNoiseMiddleware) -> None:
    """Each test client makes the middleware anew, and it then reads hundreds of files' dates: once is enough."""
    told = (middleware.static_prefix, middleware.max_age, tuple(settings.STATICFILES_DIRS))
    if told not in FOUND:
        find_files(middleware)
        FOUND[told] = dict(middleware.files)
    middleware.files.update(FOUND[told])


def page_kept(
    store: dict[str, Any], signal: object, sender: object, template: Template, context: Context, **_kwargs: object
) -> None:
    """Keep for `answer.context` what the page was given; not a copy for each of its hundreds of pieces."""
    if isinstance(context, RequestContext) and context.template is template:
        store.setdefault("templates", []).append(template)
        store.setdefault("context", ContextList()).append(copy.copy(context))


def lighten() -> None:
    """Do so from now on, in this process."""
    WhiteNoiseMiddleware.add_files_from_finders = files_found_once
    client.store_rendered_templates = page_kept


def stop_looking_at_what_stays() -> None:
    """What is loaded by now lives as long as the process: the collector leaves it alone, and comes less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
