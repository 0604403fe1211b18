"""Block types: what a page of an activity is made of. A file in this folder is registered by being there.

A higher room registers its own (alliance's instrument) from its `contributes.py`: `BLOCK_TYPES.register(key, TYPE)`.
"""

from importlib import import_module
from pkgutil import iter_modules

from homework.blocks.block_type import BLOCK_TYPES, SKIPPED, BadAnswer, BlockType, is_skipped

__all__ = ["BLOCK_TYPES", "SKIPPED", "BadAnswer", "BlockType", "is_skipped"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
