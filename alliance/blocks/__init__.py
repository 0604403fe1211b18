"""Block types of this room; they are registered with homework in `contributes.py`."""
