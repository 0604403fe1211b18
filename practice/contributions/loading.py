"""Imports each room's `contributes.py` once, at start."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings


def load_contributions() -> None:
    """Import `contributes` of every first-party app, lowest room first."""
    for label in settings.FIRST_PARTY_APPS:
        name = f"{apps.get_app_config(label).name}.contributes"
        if find_spec(name):
            import_module(name)
