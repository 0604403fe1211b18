"""The ground's own checks. Each file registers its check with `DOCTOR_CHECKS`."""

import importlib
import pkgutil


def load_checks() -> None:
    """Import every check of this package once."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
